"""The values that arrow keys move a knob to."""

from __future__ import annotations

import math
from typing import Any, get_args

from infecon_tui.errors import UnitError
from infecon_tui.knobs import Knob
from infecon_tui.values import WORDS, checked, exact_text

LADDER = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0)
FAR = 10
Steps = tuple[str | None, str | None, str | None, str | None]


def choices_of(knob: Knob) -> tuple[str, ...]:
    """The words that may stand in a knob, or none when it takes numbers or text."""
    kind = knob.slot.kind
    if kind is bool:
        return tuple(WORDS.values())
    words = tuple(str(word) for word in get_args(kind)) if _is_choice(kind) else ()
    return (*words, knob.slot.info.none) if words and knob.slot.optional else words


def _is_choice(kind: Any) -> bool:
    return bool(get_args(kind)) and isinstance(get_args(kind)[0], str)


def steps_of(knob: Knob) -> Steps:
    """One down, one up, far down, far up, each as a text that the knob reads; None at an end."""
    if choices := choices_of(knob):
        return _among(knob, choices)
    if knob.slot.kind not in (int, float):
        return None, None, None, None
    if knob.value is None:
        return _from_none(knob)
    down, up = _moved(knob, -1), _moved(knob, 1)
    return down, up, _moved(knob, -FAR) or down, _moved(knob, FAR) or up


def _among(knob: Knob, choices: tuple[str, ...]) -> Steps:
    at = choices.index(knob.text) if knob.text in choices else 0
    before, after = choices[(at - 1) % len(choices)], choices[(at + 1) % len(choices)]
    return before, after, choices[0], choices[-1]


def _from_none(knob: Knob) -> Steps:
    """From `auto` or `unlimited`, the first step up gives the least sensible number."""
    least = max(1.0, knob.slot.info.low)
    start = 10_000.0 if knob.slot.name.endswith("_tok_s") else least
    return None, exact_text(knob.slot, checked(knob.slot, start)), None, None


def _moved(knob: Knob, count: int) -> str | None:
    """The value `count` steps away, or None when the bounds do not allow it."""
    info = knob.slot.info
    if info.step == "linear":
        number = round((knob.value + count * info.by) / info.by) * info.by
    elif info.step == "pow2":
        number = _power_of_two(knob.value, 1 if count > 0 else -1, times=2 if abs(count) > 1 else 1)
    else:
        number = _on_ladder(knob.value, count)
    if knob.slot.kind is int:
        number = round(number)
    try:
        value = checked(knob.slot, float(f"{number:.12g}"))
    except UnitError:
        return knob.slot.info.none if count < 0 and knob.slot.optional else None
    return exact_text(knob.slot, value) if value != knob.value else None


def _power_of_two(value: float, sign: int, times: int) -> float:
    if value <= 0:
        return 1.0
    power = math.log2(value)
    start = math.floor(power + 1e-9) if sign > 0 else math.ceil(power - 1e-9)
    return float(2.0 ** (start + sign * (1 if times == 1 else 3)))


def _on_ladder(value: float, count: int) -> float:
    """The next value on 1, 1.5, 2, 3, 5, 7, 10 …; a far step is a factor of ten."""
    if abs(count) > 1:
        return value * (10.0 if count > 0 else 0.1)
    if value <= 0:
        return 1.0 if count > 0 else 0.0
    decade = math.floor(math.log10(value) + 1e-9)
    rungs = [rung * 10.0 ** (decade + shift) for shift in (-1, 0, 1) for rung in LADDER]
    if count > 0:
        return next(rung for rung in rungs if rung > value * (1 + 1e-9))
    return next(rung for rung in reversed(rungs) if rung < value * (1 - 1e-9))
