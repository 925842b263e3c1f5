"""What moves cost and speed, as a sentence, as a table and as the bars of a tornado."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from infecon_tui.sensitivity.freed import freed_at
from infecon_tui.sensitivity.held import held_at
from infecon_tui.sensitivity.turned import SMALL, SWING, sensitivity
from infecon_tui.units import SECONDS, show
from infecon_tui.values import text_of
from infecon_tui.view.describe import bound_sentence, layout, number
from infecon_tui.view.forms import label_of
from infecon_tui.view.records import Column, Table

if TYPE_CHECKING:
    from infecon_tui.knobs import Knob
    from infecon_tui.sensitivity.outcome import Outcome
    from infecon_tui.sensitivity.turned import Alternative, Effect, Sensitivity
    from infecon_tui.solve import Answer

TITLE = "What moves cost and speed most?"
_KERNELS = "hardware.kernels."
_LEAST_GAIN = 1e-3
"""Speed gained, relatively, from which a number is worth naming."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Swung:
    """One bar of a tornado: relative changes of cost and speed at less and at more of a number.

    NaN where that does not fit, or is out of reach.
    """

    path: str
    label: str
    now: str
    cost: tuple[float, float]
    speed: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """A point's sensitivity with its words."""

    found: Sensitivity
    sentence: str
    point: str
    held: bool

    @property
    def stays(self) -> str:
        """What is the same for every number turned."""
        if not self.held:
            return "layout and batch chosen anew for every number"
        return f"{'GPUs' if math.isnan(self.found.now.ttft_s) else 'layout'} and batch held"


def turned(answer: Answer, *, swing: float = SWING, free: bool = False) -> Turned:
    """The sensitivity of the answer's chosen point, which must be there.

    With `free` layout and batch are chosen anew for every number, and elasticities are those of the swing.
    """
    index, points = answer.chosen, answer.points
    assert index is not None
    if free:
        found = sensitivity(freed_at(answer), swing, small=swing)
    else:
        found = sensitivity(held_at(answer), swing, small=min(swing, SMALL))
    gpus, batch = (number(float(values[index])) for values in (points.gpus, points.batch))
    tpot, cost = show(found.now.tpot_s, SECONDS, 3), found.now.usd_per_mtok
    place = (
        f"TPOT {tpot}, {cost:.3g} USD/Mtok on {gpus} GPUs ({layout(points, index)}), batch {batch}"
    )
    return Turned(
        found=found,
        sentence=f"{bound_sentence(points, index)}{_lever(found, free=free)}.",
        point=place,
        held=not free,
    )


def _lever(found: Sensitivity, *, free: bool) -> str:
    """`; 10 % more HBM bandwidth gives 5.9 % more speed`: the part of the hardware that helps most."""
    gains = [
        (_gain(outcome, found.now), effect, more)
        for effect in found.effects
        if effect.knob.path.startswith("hardware.")
        for outcome, more in ((effect.low[1], False), (effect.high[1], True))
    ]
    bought = [gain for gain in gains if not gain[1].knob.path.startswith(_KERNELS)]
    for some in (bought, gains):
        gain, effect, more = max(some, key=lambda one: one[0], default=(0.0, None, True))
        if effect is not None and gain > _LEAST_GAIN:
            much = f"{100 * found.swing:.3g} % {'more' if more else 'less'} {label_of(effect.knob)}"
            paid = " at the same cost" if free else ""
            return f"; {much} gives {100 * gain:.2g} % more speed{paid}"
    return ""


def _gain(outcome: Outcome, now: Outcome) -> float:
    return outcome.speed_tok_s / now.speed_tok_s - 1


def swings(found: Sensitivity) -> tuple[Swung, ...]:
    """Every number as a bar, the largest swing of cost first."""
    bars = [
        Swung(
            path=effect.knob.path,
            label=label_of(effect.knob),
            now=effect.knob.text,
            cost=_changes(effect, found.now, "usd_per_mtok"),
            speed=_changes(effect, found.now, "speed_tok_s"),
        )
        for effect in found.effects
    ]
    return tuple(sorted(bars, key=_widest, reverse=True))


def _widest(bar: Swung) -> float:
    """The larger side of a bar; one that does not fit does not count."""
    return max((abs(side) for side in (*bar.cost, *bar.speed) if not math.isnan(side)), default=0.0)


def _changes(effect: Effect, now: Outcome, key: str) -> tuple[float, float]:
    low, high = (
        _ratio(getattr(outcome, key), getattr(now, key)) - 1 if outcome.fits else math.nan
        for _, outcome in (effect.low, effect.high)
    )
    return low, high


def others(found: Sensitivity) -> tuple[tuple[str, str], ...]:
    """Choices beside the numbers, each with what becomes of cost and speed."""
    return tuple((_choice(one), _change(one.outcome, found.now)) for one in found.alternatives)


def choices(found: Sensitivity) -> tuple[tuple[str, str, str], ...]:
    """The same in short: `weights > fp8`, and the changes of cost and speed in percent."""
    told = []
    for one in found.alternatives:
        name = f"{label_of(one.knob)} > {text_of(one.knob.slot, one.value)}"
        cost, speed = _moved(one.outcome, found.now) if one.outcome.fits else (math.nan, math.nan)
        told.append((name, signed(cost), signed(speed)))
    return tuple(told)


def _choice(one: Alternative) -> str:
    return f"{label_of(one.knob)} {one.knob.text} > {text_of(one.knob.slot, one.value)}"


def _ratio(after: float, before: float) -> float:
    """One where there is nothing to compare with: what is free stays so."""
    return after / before if before else 1.0


def _change(outcome: Outcome, now: Outcome) -> str:
    if not outcome.fits:
        return "does not fit"
    cost, speed = (signed(change) for change in _moved(outcome, now))
    return f"cost {cost} %, speed {speed} %"


def _moved(outcome: Outcome, now: Outcome) -> tuple[float, float]:
    """Relative changes of cost and speed."""
    return _ratio(outcome.usd_per_mtok, now.usd_per_mtok) - 1, _gain(outcome, now)


def signed(share: float) -> str:
    """A relative change in percent: `+9.1`, `-12`, `0`; `no fit` for NaN."""
    if math.isnan(share):
        return "no fit"
    percent = 100 * share
    return (
        "0"
        if abs(percent) < 0.05
        else f"{percent:+.1f}"
        if abs(percent) < 10
        else f"{percent:+.0f}"
    )


def sensitivity_table(seen: Turned) -> Table:
    """A row a number, sorted by the elasticity of cost."""
    found = seen.found
    more = f"{100 * found.swing:.3g} %"
    columns = (
        Column(key="path", title="path", left=True),
        Column(key="label", title="number", left=True),
        Column(key="now", title="now"),
        Column(key="speed_elasticity", title="speed", unit="elasticity"),
        Column(key="cost_elasticity", title="cost", unit="elasticity"),
        Column(key="cost_at_less", title=f"cost at -{more}", unit="USD/Mtok"),
        Column(key="cost_at_more", title=f"cost at +{more}", unit="USD/Mtok"),
    )
    return Table(
        key="sensitivity",
        title=TITLE,
        columns=columns,
        rows=tuple(_cells(effect) for effect in found.effects),
        values=tuple(_values(effect) for effect in found.effects),
        note="\n".join(_notes(seen)),
    )


def _numbers(effect: Effect) -> tuple[float, ...]:
    far = (side.usd_per_mtok for _, side in (effect.low, effect.high))
    return (0.0 - effect.tpot, effect.cost, *far)


def _values(effect: Effect) -> tuple[Any, ...]:
    knob = effect.knob
    numbers = (None if math.isnan(value) else value for value in _numbers(effect))
    return (knob.path, label_of(knob), knob.value, *numbers)


def _cells(effect: Effect) -> tuple[str, ...]:
    speed, cost, *far = _numbers(effect)
    mark = "*" if effect.stepped else " "
    slopes = ("n/a " if math.isnan(slope) else f"{slope:+.3f}{mark}" for slope in (speed, cost))
    shown = (f"{value:.4g}" if math.isfinite(value) else "no fit" for value in far)
    return (effect.knob.path, label_of(effect.knob), effect.knob.text, *slopes, *shown)


def _notes(seen: Turned) -> list[str]:
    found = seen.found
    notes = ["", seen.sentence, f"At {seen.point}; {seen.stays}."]
    notes += [f"{choice}: {change}" for choice, change in others(found)]
    if any(effect.stepped for effect in found.effects):
        notes.append(
            f"* a step lies within {100 * SMALL:g} %: the slope is that of the whole swing."
        )
    if found.counts:
        notes.append(f"Counts that are not turned: {_named(found.counts)}.")
    return [*notes, f"{len(found.still)} other numbers move nothing here."]


def _named(knobs: tuple[Knob, ...]) -> str:
    return ", ".join(dict.fromkeys(label_of(knob) for knob in knobs))


def sensitivity_tree(seen: Turned) -> dict[str, Any]:
    """The same for programs."""
    table, found = sensitivity_table(seen), seen.found
    keys = [column.key for column in table.columns]
    return {
        "sentence": seen.sentence,
        "point": seen.point,
        "layout_held": seen.held,
        "swing": found.swing,
        "now": _outcome(found.now),
        "effects": [
            dict(zip(keys, row, strict=True)) | _more(effect)
            for row, effect in zip(table.values, found.effects, strict=True)
        ],
        "alternatives": [
            {
                "path": one.knob.path,
                "now": one.knob.value,
                "value": one.value,
                **_outcome(one.outcome),
            }
            for one in found.alternatives
        ],
        "without_effect": [knob.path for knob in found.still],
        "counts_not_turned": [knob.path for knob in found.counts],
    }


def _more(effect: Effect) -> dict[str, Any]:
    """What the table has no room for."""
    return {
        "speed_at_less": effect.low[1].speed_tok_s,
        "speed_at_more": effect.high[1].speed_tok_s,
        "value_at_less": effect.low[0],
        "value_at_more": effect.high[0],
        "stepped": effect.stepped,
    }


def _outcome(outcome: Outcome) -> dict[str, float]:
    return {
        "tok_s": outcome.speed_tok_s,
        "tpot_s": outcome.tpot_s,
        "usd_per_mtok": outcome.usd_per_mtok,
    }
