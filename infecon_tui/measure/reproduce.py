"""The paper's curves and numbers, computed and shown beside the published ones."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.errors import InfeconError, did_you_mean
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.papers.erdil2025 import Question, frontier
from infecon_tui.papers.erdil2025.claims import CLAIMS, Claim, Inputs
from infecon_tui.papers.erdil2025.curves import (
    FASTEST,
    Curve,
    compared,
    published_curves,
    question_of,
)
from infecon_tui.papers.erdil2025.inputs import model_of, part_of
from infecon_tui.spec.library import load
from infecon_tui.units import show
from infecon_tui.view.records import Axis, Column, Figure, Mark, Series, Table
from infecon_tui.workload.transformer import Transformer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from infecon_tui.papers.erdil2025 import Model, Part

NOTEBOOK = "notebook"
DEARER, MERIT = 0.005, 0.05
"""Tolerances of a curve: of cost at its speeds (only above), and how much better the preferred point of a
finer search may be."""


@dataclass(frozen=True, slots=True)
class Result:
    """One number beside the published one."""

    name: str
    where: str
    published: float
    computed: float
    unit: str
    tolerance: float
    verdict: str
    note: str

    @property
    def difference(self) -> float:
        """Relative, signed."""
        return self.computed / self.published - 1


def results_of(
    only: str | None = None,
    claims: Sequence[Claim] = CLAIMS,
    curves: Callable[[], Sequence[Curve]] = published_curves,
) -> Iterator[Result]:
    """Every number whose name holds a word, one after the other. Raises InfeconError for none."""
    inputs, found = paper_inputs(), False
    known = curves()
    for claim in claims:
        if _wanted(claim.key, only):
            found = True
            yield _claimed(claim, inputs)
    for curve in known:
        if _wanted(_title(curve), only):
            found = True
            yield from _curve_results(curve, inputs)
    if not found:
        names = [claim.key for claim in claims] + [_title(curve) for curve in known]
        raise InfeconError(f"no number is called {only!r}{did_you_mean(only or '', names)}")


def _wanted(name: str, only: str | None) -> bool:
    return only is None or only.lower() in name.lower()


def paper_inputs() -> Inputs:
    """The paper's models and parts from the library."""

    @cache
    def model(name: str) -> Model:
        return model_of(load(Transformer, f"paper/{name}")).model

    @cache
    def part(name: str, weights: str) -> Part:
        return part_of(load(Accelerator, f"paper/{name}"), weights)

    return Inputs(model, part)


def _claimed(claim: Claim, inputs: Inputs) -> Result:
    computed = claim.compute(inputs)
    near = abs(computed / claim.published - 1) <= claim.tolerance
    verdict = "ok" if near else "explained" if claim.reason else "off"
    note = claim.how if near or not claim.reason else f"{claim.how}; {claim.reason}"
    return Result(
        claim.key,
        claim.where,
        claim.published,
        computed,
        claim.unit,
        claim.tolerance,
        verdict,
        note,
    )


def _title(curve: Curve) -> str:
    return f"{curve.figure}: {curve.name}"


def figure_of(name: str) -> Figure | None:
    """The published curve that a number belongs to and the frontier computed here; None for others."""
    curve = next((c for c in published_curves() if name.startswith(_title(c))), None)
    if curve is None:
        return None
    points = frontier(_question(curve, paper_inputs()))
    speed, cost = np.array(curve.points).T
    lines = (
        Series(label="notebook", x=tuple(speed.tolist()), y=tuple(cost.tolist()), dashed=True),
        Series(
            label="here",
            x=tuple(points.speed_tok_s.tolist()),
            y=tuple(points.usd_per_mtok.tolist()),
        ),
    )
    return Figure(
        key="reproduced",
        title=_title(curve),
        x=Axis(label="speed", unit="tok/s per request", log=False),
        y=Axis(label="cost", unit="USD/Mtok"),
        series=lines,
        marks=(Mark(label="preferred there", x=curve.preferred[0], y=curve.preferred[1]),),
    )


def _question(curve: Curve, inputs: Inputs) -> Question:
    weights = load(Transformer, f"paper/{curve.model}").precision.weights
    drafted = load(Transformer, f"paper/{curve.draft}").precision.weights if curve.draft else ""
    return question_of(curve, inputs, weights, drafted)


def _curve_results(curve: Curve, inputs: Inputs) -> Iterator[Result]:
    found = compared(curve, _question(curve, inputs))
    title = _title(curve)
    near = abs(found.fastest_tok_s / curve.fastest_tok_s - 1) <= FASTEST
    yield Result(
        f"{title}, fastest",
        NOTEBOOK,
        curve.fastest_tok_s,
        found.fastest_tok_s,
        "tok/s",
        FASTEST,
        "ok" if near else "off",
        "fastest speed of one request",
    )
    yield Result(
        f"{title}, cost",
        NOTEBOOK,
        1.0,
        found.dearest,
        "x",
        DEARER,
        "ok" if found.dearest <= 1 + DEARER else "off",
        f"cost over the notebook's, at worst over its {len(curve.points)} speeds",
    )
    yield Result(
        f"{title}, preferred",
        NOTEBOOK,
        1.0,
        found.merit,
        "x",
        MERIT,
        "ok" if -1e-6 <= found.merit - 1 <= MERIT else "off",
        f"speed^3 / cost over the notebook's: {_point(found.preferred)}, there {_point(curve.preferred)}",
    )


def table_of(results: Sequence[Result]) -> Table:
    """The table, and its values for programs."""
    columns = (
        Column(key="name", title="number", left=True),
        Column(key="published", title="published"),
        Column(key="computed", title="computed"),
        Column(key="unit", title="unit", left=True),
        Column(key="difference", title="difference"),
        Column(key="tolerance", title="allowed"),
        Column(key="verdict", title="verdict", left=True),
        Column(key="where", title="where", left=True),
        Column(key="note", title="how", left=True),
    )
    return Table(
        key="reproduce",
        title="The paper, computed again",
        columns=columns,
        rows=tuple(_cells(result) for result in results),
        values=tuple(
            tuple(getattr(result, column.key) for column in columns) for result in results
        ),
    )


def _cells(result: Result) -> tuple[str, ...]:
    return (
        result.name,
        _figure(result.published),
        _figure(result.computed),
        result.unit,
        f"{100 * result.difference:+.2f} %",
        f"{100 * result.tolerance:.3g} %",
        result.verdict,
        result.where,
        result.note,
    )


def _figure(value: float) -> str:
    return f"{value:.4g}" if 1e-3 <= value < 1e5 else show(value) if value >= 1 else f"{value:.3g}"


def _point(speed_and_cost: tuple[float, float]) -> str:
    return "{:.1f} tok/s at {:.3g} USD".format(*speed_and_cost)
