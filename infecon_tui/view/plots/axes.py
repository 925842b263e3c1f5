"""Axes of a plot: the range shown, the ticks, their labels. Every plot, on a screen or in a file, has these."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from infecon_tui.view.records import Axis, Figure

# Mantissas of the ticks of a logarithmic axis, from coarse to fine.
LADDERS: tuple[tuple[float, ...], ...] = (
    (1,),
    (1, 3),
    (1, 2, 5),
    (1, 1.5, 2, 3, 5, 7),
    (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9),
)
_PREFIXES = ((1e18, "E"), (1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))


@dataclass(frozen=True, slots=True)
class Scale:
    """A range in the space that is drawn: log10 of the values on a logarithmic axis. `ticks` as in Axis."""

    low: float
    high: float
    log: bool
    ticks: str = "any"

    def place(self, value: float) -> float:
        """Where a value stands, 0 at the low end and 1 at the high one."""
        drawn = self.drawn(value)
        return (drawn - self.low) / (self.high - self.low)

    def drawn(self, value: float) -> float:
        """The value in the space that is drawn."""
        return math.log10(value) if self.log else value

    def shows(self, value: float) -> bool:
        """Whether a value can be drawn at all."""
        return math.isfinite(value) and (value > 0 or not self.log)


def scale_of(axis: Axis, values: Iterable[float]) -> Scale | None:
    """The range of an axis that holds the values, its ends on ticks so that small changes keep it."""
    log = axis.log
    fit = [v for v in values if math.isfinite(v) and (v > 0 or not log)]
    if not fit:
        return None
    low = axis.low if axis.low is not None else min(fit)
    high = axis.high if axis.high is not None else max(fit)
    if axis.ticks == "powers of 2":
        low, high = _binary_ends(low, high)
    else:
        low, high = (_log_ends if log else _linear_ends)(low, high)
    ends = (math.log10(low), math.log10(high)) if log else (low, high)
    return Scale(*ends, log, axis.ticks)


def _binary_ends(low: float, high: float) -> tuple[float, float]:
    first, last = math.floor(math.log2(low) + 1e-9), math.ceil(math.log2(high) - 1e-9)
    return 2.0**first, 2.0 ** max(last, first + 1)


def _log_ends(low: float, high: float) -> tuple[float, float]:
    if high / low < 1.0001:
        low, high = low / 1.5, high * 1.5
    # Ends on 1, 2, 5 leave little unused space and move seldom; close ranges need finer ends.
    ladder = LADDERS[2] if high / low > 3 else LADDERS[4]
    rungs = _rungs(ladder, low, high)
    below = [rung for rung in rungs if rung <= low * (1 + 1e-9)]
    above = [rung for rung in rungs if rung >= high * (1 - 1e-9)]
    return below[-1], above[0]


def _rungs(ladder: Sequence[float], low: float, high: float) -> list[float]:
    """All ticks of a ladder from the decade below `low` to the decade above `high`."""
    first, last = math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 1
    return [float(f"{m}e{decade}") for decade in range(first, last + 1) for m in ladder]


def _linear_ends(low: float, high: float) -> tuple[float, float]:
    if 0 < low < 0.4 * high:
        low = 0.0
    if high - low <= 1e-9 * abs(high):
        low, high = low - 0.5 * (abs(low) or 1.0), high + 0.5 * (abs(high) or 1.0)
    step = _nice_step((high - low) / 10)
    return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step


def _nice_step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return next(m * power for m in (1, 2, 5, 10) if m * power >= rough * (1 - 1e-9))


def ticks_of(scale: Scale, most: int) -> list[float]:
    """The values of at most `most` ticks."""
    most = max(2, most)
    if scale.ticks == "powers of 2":
        return _binary_ticks(scale, most)
    return _log_ticks(scale, most) if scale.log else _linear_ticks(scale, most)


def _binary_ticks(scale: Scale, most: int) -> list[float]:
    first, last = (round(end / math.log10(2)) for end in (scale.low, scale.high))
    apart = math.ceil((last - first + 1) / most)
    return [2.0**power for power in range(first, last + 1, apart)]


def _log_ticks(scale: Scale, most: int) -> list[float]:
    low, high = 10**scale.low, 10**scale.high
    best: list[float] = []
    for ladder in LADDERS:
        inside = [v for v in _rungs(ladder, low, high) if low * 0.999 <= v <= high * 1.001]
        if len(inside) > most:
            break
        best = inside
    return best or _every_few_decades(low, high, most)


def _every_few_decades(low: float, high: float, most: int) -> list[float]:
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    apart = max(1, math.ceil((last - first + 1) / most))
    return [10.0**decade for decade in range(first, last + 1, apart)]


def _linear_ticks(scale: Scale, most: int) -> list[float]:
    step = _nice_step((scale.high - scale.low) / most)
    if scale.ticks == "whole":
        step = max(1.0, step)
    first = math.ceil(scale.low / step - 1e-9)
    last = math.floor(scale.high / step + 1e-9)
    return [index * step for index in range(first, last + 1)]


def label_of(value: float) -> str:
    """A tick in at most some five cells: `0.03`, `1`, `2.5`, `300`, `10k`, `1T`."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else "∞"
    size = abs(value)
    if size < 1e-3:
        return f"{value:.0e}".replace("e-0", "e-")
    for factor, prefix in _PREFIXES:
        if size >= factor * 0.9999:
            return f"{value / factor:.3g}{prefix}"
    return f"{value:.3g}"


def number_of(value: float) -> str:
    """A value as a readout gives it, with one digit more than the ticks."""
    for factor, prefix in _PREFIXES:
        if abs(value) >= max(factor, 1e4) * 0.99999:
            return f"{value / factor:.4g}{prefix}"
    return f"{value:.4g}"


def scales_of(figure: Figure) -> tuple[Scale, Scale] | None:
    """The two axes of a figure, or None when it has nothing to draw."""
    xs = [x for series in figure.series for x in series.x] + [mark.x for mark in figure.marks]
    ys = [y for series in figure.series for y in series.y] + [mark.y for mark in figure.marks]
    x, y = scale_of(figure.x, xs), scale_of(figure.y, ys)
    return None if x is None or y is None else (x, y)
