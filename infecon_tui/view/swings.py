"""Every number turned as a bar, and other choices as words: relative changes of cost and speed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from infecon_tui.values import text_of
from infecon_tui.view.editor.forms import label_of

if TYPE_CHECKING:
    from infecon_tui.sensitivity.outcome import Outcome
    from infecon_tui.sensitivity.turned import Alternative, Effect, Sensitivity


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


def gain(outcome: Outcome, now: Outcome) -> float:
    """Relative change of speed."""
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
    return _ratio(outcome.usd_per_mtok, now.usd_per_mtok) - 1, gain(outcome, now)


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
