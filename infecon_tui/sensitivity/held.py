"""One layout and batch, held while numbers change: many changes in one pass of arrays.

Rows are changes: the numbers that change become columns of the scenario's own records, with the value
of each row, and both engines broadcast over them. What branches on a number is evaluated on its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from infecon_tui.cost import search as deployed
from infecon_tui.cost.points import Points as DeployedPoints
from infecon_tui.cost.points import layout_of
from infecon_tui.cost.price import usd_per_hour
from infecon_tui.cost.search import most_batch, plan_of, timed
from infecon_tui.errors import InfeconError
from infecon_tui.knobs import at, replaced
from infecon_tui.papers.erdil2025 import evaluate, fastest_s
from infecon_tui.sensitivity.outcome import BATCH, NOWHERE, Change, Outcome, joint, put
from infecon_tui.solve import question_of, search_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from infecon_tui.cost.case import Layout
    from infecon_tui.papers.erdil2025 import Question
    from infecon_tui.scenario import Scenario
    from infecon_tui.solve import Answer, Points

    Column = NDArray[np.float64]

_BRANCHED = ("shared_d_ff", "d_latent", "top_k", "acceptance")
"""Numbers that records and the paper's formulas branch on, so that no column can stand for them."""
_PUBLISHED_BRANCHED = ("count", "d_ff")
"""More of them in the published model: it takes layers and shared experts as single numbers."""
_EDGE = 1 + 1e-9
"""The frontier has points that just fit; this much more memory, so that a rounding does not lose them."""
_WORKLOAD, _PRECISION = "workload.", "model.precision."


@dataclass(frozen=True, slots=True)
class Held:
    """A point of a frontier.

    The published model has no layout: it holds the GPUs and the batch, and divides them anew, the point's
    own pipeline stages among what is tried.
    """

    scenario: Scenario
    gpus: float
    batch: float
    layout: Layout | None = None
    stages: float = 1.0
    relaxed: bool = True

    def outcomes(self, changes: Sequence[Change]) -> list[Outcome]:
        """One for every change, each made alone; the layout and the batch stay."""
        together = [i for i, (path, _) in enumerate(changes) if not _alone(self.scenario, path)]
        rows = dict(zip(together, _rows(self, [changes[i] for i in together]), strict=True))
        return [rows[i] if i in rows else self._with(*changes[i]) for i in range(len(changes))]

    def points(self, scenario: Scenario) -> Points:
        """The layout and batch in another scenario, with everything that is known of a point."""
        if self.layout is not None:
            return deployed.evaluate(search_of(scenario)[0], [self.layout], self.batch)
        return evaluate(_question(scenario), [self.gpus], [self.batch], self.stages)

    def _with(self, path: str, value: Any) -> Outcome:
        other = replace(self, scenario=put(self.scenario, path, value))
        try:
            return _rows(other, [(BATCH, self.batch)])[0]
        except InfeconError:
            # A number format that the accelerator has no peak for, say.
            return NOWHERE


def held_at(answer: Answer, index: int | None = None) -> Held:
    """The preferred point of an answer, or another one. The answer must have points."""
    chosen, points = answer.chosen if index is None else index, answer.points
    assert chosen is not None
    layout = layout_of(points, chosen) if isinstance(points, DeployedPoints) else None
    gpus, batch, stages = (
        float(values[chosen]) for values in (points.gpus, points.batch, points.pipeline)
    )
    return Held(answer.scenario, gpus, batch, layout, stages)


def _alone(scenario: Scenario, path: str) -> bool:
    """Whether a change cannot be one row among others."""
    last = path.rsplit(".", 1)[-1]
    if path.startswith(_PRECISION) or last in _BRANCHED:
        return True
    if scenario.fidelity == "deployment":
        return False
    mixed = scenario.model.precision.experts is not None and path.startswith("model.")
    several = len(scenario.model.layers) > 1 and joint(scenario, path)
    return several or mixed or last in _PUBLISHED_BRANCHED


def _rows(held: Held, changes: Sequence[Change]) -> list[Outcome]:
    columns = _columns(held, changes)
    batch = columns.pop(BATCH, np.full(len(changes), held.batch))
    stacked = held.scenario
    for path, column in columns.items():
        if not path.startswith(_WORKLOAD):
            stacked = replaced(stacked, path, column)
    work = _published if held.layout is None else _deployed
    tpot_s, ttft_s, watts = work(held, stacked, batch, _lengths(held.scenario, changes))
    price = usd_per_hour(stacked.cost, stacked.hardware, watts)
    cost = tpot_s * held.gpus / batch * 1e6 * price / 3600
    return [
        Outcome(tpot_s=one, usd_per_mtok=dear, ttft_s=first)
        for one, dear, first in zip(tpot_s.tolist(), cost.tolist(), ttft_s.tolist(), strict=True)
    ]


def _columns(held: Held, changes: Sequence[Change]) -> dict[str, Column]:
    """For every path that changes, its value in each row."""
    columns: dict[str, Column] = {}
    for row, (path, value) in enumerate(changes):
        if path not in columns:
            now = held.batch if path == BATCH else at(held.scenario, path).value
            columns[path] = np.full(len(changes), float(now))
        columns[path][row] = value
    return columns


def _lengths(scenario: Scenario, changes: Sequence[Change]) -> tuple[Column, Column, Column]:
    """Context, ISL and OSL of every row."""
    works = [
        (replaced(scenario, path, value) if path.startswith(_WORKLOAD) else scenario).workload
        for path, value in changes
    ]
    context = np.array([work.mean_context_tok for work in works])
    isl, osl = (np.array([getattr(w, key) or 0.0 for w in works]) for key in ("isl_tok", "osl_tok"))
    return context, isl, osl


def _published(
    held: Held, stacked: Scenario, batch: Column, lengths: tuple[Column, Column, Column]
) -> tuple[Column, Column, None]:
    question = replace(_question(stacked), context=lengths[0])
    tpot_s = fastest_s(question, np.full(len(batch), held.gpus), batch, held.stages)
    return tpot_s, np.full(len(batch), math.nan), None


def _question(scenario: Scenario) -> Question:
    """The paper's question about given instances, which fit up to a rounding."""
    question = question_of(scenario)[0]
    part = replace(question.part, hbm_bytes=question.part.hbm_bytes * _EDGE)
    return replace(question, part=part, gpus=None, batch=None)


def _deployed(
    held: Held, stacked: Scenario, batch: Column, lengths: tuple[Column, Column, Column]
) -> tuple[Column, Column, Any]:
    assert held.layout is not None
    context, isl, osl = lengths
    search = search_of(held.scenario)[0]
    stands: dict[str, Any] = {"model": stacked.model, "hardware": stacked.hardware}
    stands |= {} if search.isl is None else {"isl": isl}
    stands |= {} if search.osl is None else {"osl": osl}
    search = replace(search, **stands)
    plan = plan_of([held.layout] * len(batch))
    served = timed(search, plan, batch, context)
    fits = batch <= most_batch(search, plan, context)
    return (
        np.where(fits, served.tpot_s, np.inf),
        np.broadcast_to(np.asarray(served.ttft_s, dtype=float), batch.shape),
        served.watts,
    )
