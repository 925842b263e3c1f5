"""Pinned scenarios beside the one on screen: their lines in its figures, and how far it is from them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from infecon_tui.solve import ON_SCREEN, solve
from infecon_tui.view.plots.figures import FIGURES
from infecon_tui.view.plots.roofline import ROOFS
from infecon_tui.view.records import Change, Figure, Mark, Metric, Series, Tone

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from infecon_tui.scenario import Scenario
    from infecon_tui.solve import Answer, Points

UNCHANGED = 5e-4
"""Relative changes below this one are none."""
TIMES, PARTS = 3.0, 0.1
"""From this ratio on a change up is told as a factor, and below this one a change down."""


@dataclass(frozen=True, slots=True)
class Pinned:
    """A pinned scenario with its answer; without one, `trouble` says why. `apart` is what was put in
    otherwise than on screen, as it was put in here.
    """

    letter: str
    name: str
    answer: Answer | None
    trouble: str = ""
    apart: str = ""

    @property
    def fits(self) -> bool:
        """Whether there is a point to compare with."""
        return self.answer is not None and self.answer.chosen is not None


# The lines of pins


def overlaid(figure: Figure, pins: Sequence[Pinned]) -> Figure:
    """The figure with the leading lines of pins under its own, dashed, and their chosen points."""
    lines: list[Series] = []
    marks: list[Mark] = []
    for pin in pins:
        if pin.fits and pin.answer is not None:
            theirs, mark = _of_pin(figure.key, pin.answer.scenario)
            lines += [
                replace(line, pin=pin.letter, label=pin.letter)
                for line in theirs
                if not any(_same_roof(line, own) for own in figure.series)
            ]
            marks += [replace(m, glyph=pin.letter, letter=pin.letter, pin=pin.letter) for m in mark]
    if not lines:
        return figure
    return replace(figure, series=(*lines, *figure.series), marks=(*marks, *figure.marks))


@lru_cache(64)
def _of_pin(key: str, scenario: Scenario) -> tuple[tuple[Series, ...], tuple[Mark, ...]]:
    """What stands for a pin in a figure: its unbroken lines and its chosen point, without words.

    Kept, as a pin stays the same while the scenario on screen is changed.
    """
    figure = FIGURES[key].build(solve(scenario, ON_SCREEN))
    lines = tuple(
        replace(line, dashed=True) for line in figure.series if not (line.dashed or line.dots)
    )
    chosen = [mark for mark in figure.marks if mark.glyph == "●"][-1:]
    return lines, tuple(replace(mark, label="") for mark in chosen)


def _same_roof(line: Series, own: Series) -> bool:
    """Whether two roofs are one, however far each of them is drawn."""
    if not {line.label, own.label} <= {*ROOFS}:
        return False
    ends = [(max(s.y), s.y[0] / s.x[0]) for s in (line, own)]
    return math.isclose(ends[0][0], ends[1][0]) and math.isclose(ends[0][1], ends[1][1])


# How far the scenario is from a pin


@dataclass(frozen=True, slots=True, kw_only=True)
class Merit:
    """A number of a point under a name with its unit; more of it is better (1), worse (-1) or neither."""

    name: str
    value: Callable[[Points, int], float]
    better: int = 0


MERITS: dict[str, Merit] = {
    "cost": Merit(name="usd_per_mtok", value=lambda p, i: float(p.usd_per_mtok[i]), better=-1),
    "speed": Merit(name="tok_s", value=lambda p, i: float(p.speed_tok_s[i]), better=1),
    "tpot": Merit(name="tpot_s", value=lambda p, i: float(p.tpot_s[i]), better=-1),
    "ttft": Merit(name="ttft_s", value=lambda p, i: _known(p, "ttft_s", i), better=-1),
    "gpus": Merit(name="gpus", value=lambda p, i: float(p.gpus[i])),
    "batch": Merit(name="batch", value=lambda p, i: float(p.batch[i])),
    "throughput": Merit(
        name="tok_s_per_gpu",
        value=lambda p, i: float(p.batch[i] / p.tpot_s[i] / p.gpus[i]),
        better=1,
    ),
    "mfu": Merit(name="mfu", value=lambda p, i: float(p.mfu[i])),
    "mbu": Merit(name="mbu", value=lambda p, i: float(p.mbu[i])),
    "energy": Merit(
        name="joules_per_tok", value=lambda p, i: _known(p, "joules_per_tok", i), better=-1
    ),
    "memory": Merit(
        name="memory_bytes_per_gpu", value=lambda p, i: float(p.memory_bytes[i] / p.gpus[i])
    ),
}
"""By the key of the headline's metric; `ttft` is known to a deployment alone."""


def _known(points: Points, field: str, index: int) -> float:
    """A quantity that not every engine has; NaN where it has none."""
    values = getattr(points, field, None)
    return math.nan if values is None else float(values[index])


def with_changes(
    metrics: tuple[Metric, ...], now: Answer, pin: Pinned | None
) -> tuple[Metric, ...]:
    """The metrics of an answer with how far each is from a pin."""
    if pin is None or pin.answer is None or pin.answer.chosen is None or now.chosen is None:
        return metrics
    pairs = (merit_pair(metric.key, pin.answer, now) for metric in metrics)
    return tuple(
        metric if pair is None else replace(metric, change=change(*pair, MERITS[metric.key].better))
        for metric, pair in zip(metrics, pairs, strict=True)
    )


def merit_pair(key: str, before: Answer, after: Answer) -> tuple[float, float] | None:
    """A merit of two answers, or None where one of them does not know it."""
    if key not in MERITS or before.chosen is None or after.chosen is None:
        return None
    if key == "cost" and not (priced(before.scenario) and priced(after.scenario)):
        return None
    value = MERITS[key].value
    pair = value(before.points, before.chosen), value(after.points, after.chosen)
    return None if any(math.isnan(v) for v in pair) else pair


def priced(scenario: Scenario) -> bool:
    """Whether what an accelerator costs is known; costs are those of 1 USD an hour otherwise."""
    return scenario.cost.basis == "owned" or scenario.hardware.price_usd_per_hour is not None


def change(before: float, after: float, better: int) -> Change:
    """`12 %` down and good, `×14` up and bad, `÷20` down; `=` where they are the same."""
    ratio = after / before if before else (1.0 if after == before else math.inf)
    if abs(ratio - 1) < UNCHANGED:
        return Change(sign=0, text="=", tone="muted")
    sign = 1 if ratio > 1 else -1
    tone: Tone = "plain" if not better else "good" if sign == better else "bad"
    if not PARTS < ratio < TIMES:
        large = ratio if sign > 0 else 1 / ratio if ratio else math.inf
        text = "∞" if math.isinf(large) else f"{'×' if sign > 0 else '÷'}{large:.3g}"
        return Change(sign=sign, text=text, tone=tone)
    percent = abs(100 * (ratio - 1))
    return Change(
        sign=sign, text=f"{percent:.0f} %" if percent >= 9.95 else f"{percent:.1f} %", tone=tone
    )
