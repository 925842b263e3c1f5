"""The roofline: the frontier's steps, and the operators of a step and of prompts, against the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.cost.machine import Machine
from infecon_tui.view.describe import merit, setup
from infecon_tui.view.plots.thinning import thinned
from infecon_tui.view.records import Axis, Figure, Mark, Series

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from infecon_tui.cost.step.demand import Operator
    from infecon_tui.solve import Answer, Points

_TITLE = "How near is a step to the machine's roof?"
_X = Axis(label="arithmetic intensity", unit="FLOP/byte")
_Y = Axis(label="FLOP/s per GPU")
STEPS = "steps"
ROOFS = ("bf16", "fp8", "fp4")
"""The formats whose peaks are drawn; bf16 stands for both of its width."""


def roofline_figure(answer: Answer) -> Figure:
    """How much of the roof the frontier's steps use, and the operators of the chosen one."""
    if answer.chosen is None:
        return Figure(key="roofline", title=_TITLE, x=_X, y=_Y, note=answer.verdict)
    at = answer.chosen
    intensity, achieved = operating_points(answer.points, answer)
    keep = thinned(np.log(intensity), np.log(achieved))
    steps = Series(
        label=STEPS,
        x=tuple(intensity[keep].tolist()),
        y=tuple(achieved[keep].tolist()),
        names=tuple(setup(answer.points, one) for one in keep.tolist()),
    )
    operators = _operators(answer)
    span = _span(answer, [steps, *operators])
    own, *others = _roofs(answer, span)
    mark = Mark(label=merit(answer), x=float(intensity[at]), y=float(achieved[at]), letter="P")
    series = (own, _reachable_roof(answer, span), *operators, steps, *others)
    return Figure(key="roofline", title=_TITLE, x=_X, y=_Y, series=series, marks=(mark,))


def operating_points(
    points: Points, answer: Answer
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """FLOP per byte read from HBM, and FLOP/s per GPU reached, of every point."""
    peak, hbm_Bps = _rates(answer)
    achieved = points.mfu * peak
    return achieved / (points.mbu * hbm_Bps), achieved


def _operators(answer: Answer) -> list[Series]:
    """Operators of prompts and of a decode step at the chosen point; only a deployment has them."""
    if answer.scenario.fidelity != "deployment":
        return []
    from infecon_tui.view.plots.deployed import step_operators

    decoding, prompting = step_operators(answer)
    both = (("prefill", "◆", prompting), ("decode", "■", decoding))
    return [_dots(label, glyph, found) for label, glyph, found in both if found]


def _dots(label: str, glyph: str, operators: Sequence[Operator]) -> Series:
    return Series(
        label=label,
        x=tuple(float(one.intensity[0]) for one in operators),
        y=tuple(float(one.flops[0]) for one in operators),
        names=tuple(one.name for one in operators),
        dots=True,
        glyph=glyph,
    )


def _span(answer: Answer, drawn: Sequence[Series]) -> tuple[float, float]:
    """From left of all that is drawn to right of it and of every ridge."""
    hbm_Bps = answer.scenario.hardware.hbm.bandwidth_Bps
    xs = [x for series in drawn for x in series.x] + [p / hbm_Bps for p in _peaks(answer).values()]
    return min(xs) / 3, max(xs) * 3


def _rates(answer: Answer) -> tuple[float, float]:
    part = answer.scenario.hardware
    # Weights narrower than any peak are widened before the arithmetic.
    peak = part.arithmetic.peak_flops(answer.scenario.model.precision.weights)
    return peak or Machine(part).wide_flops, part.hbm.bandwidth_Bps


def _peaks(answer: Answer) -> dict[str, float]:
    """The peaks by format, that of the weights' arithmetic first and others that differ from it."""
    own, _ = _rates(answer)
    arithmetic = answer.scenario.hardware.arithmetic
    found = {name: getattr(arithmetic, f"{name}_flops", None) for name in ROOFS}
    others = {name: peak for name, peak in found.items() if peak and peak != own}
    named = next((name for name, peak in found.items() if peak == own), "peak")
    return {named: own, **others}


def _roofs(answer: Answer, span: tuple[float, float]) -> list[Series]:
    """The whole roof of the weights' format, and of other formats what lies off it."""
    (name, own), *others = _peaks(answer).items()
    hbm_Bps = answer.scenario.hardware.hbm.bandwidth_Bps
    roofs = [_roof(name, span, own, hbm_Bps, dashed=False)]
    for other, peak in others:
        ridge = peak / hbm_Bps
        start = min(ridge, own / hbm_Bps)
        x = np.unique([start, ridge, span[1]])
        roofs.append(_line(other, x, np.minimum(peak, x * hbm_Bps), dashed=True))
    return roofs


def _roof(
    label: str, span: tuple[float, float], peak: float, hbm_Bps: float, *, dashed: bool
) -> Series:
    x = np.array([span[0], peak / hbm_Bps, span[1]])
    return _line(label, x, np.minimum(peak, x * hbm_Bps), dashed=dashed)


def _line(label: str, x: NDArray[np.float64], y: NDArray[np.float64], *, dashed: bool) -> Series:
    return Series(label=label, x=tuple(x.tolist()), y=tuple(y.tolist()), dashed=dashed)


def _reachable_roof(answer: Answer, span: tuple[float, float]) -> Series:
    peak, hbm_Bps = _reachable(answer)
    return _roof("reachable", span, peak, hbm_Bps, dashed=True)


def _reachable(answer: Answer) -> tuple[float, float]:
    """What large products and long reads reach, as the fidelity counts it."""
    part = answer.scenario.hardware
    if answer.scenario.fidelity == "deployment":
        rate = Machine(part).gemm_rate(answer.scenario.model.precision.weights)
        return rate.flops, rate.bytes_Bps
    peak, hbm_Bps = _rates(answer)
    return peak * part.arithmetic.efficiency, hbm_Bps * part.hbm.efficiency
