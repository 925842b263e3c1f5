"""One layout and batch, held while numbers change: many changes in one pass of arrays.

Rows are changes: the numbers that change become columns of the scenario's own records, with the value
of each row, and both engines broadcast over them. What branches on a number is evaluated on its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from infecon_tui.cost.frontier.evaluate import evaluate as evaluated
from infecon_tui.cost.frontier.points import Points as DeployedPoints
from infecon_tui.cost.frontier.points import layout_of
from infecon_tui.cost.frontier.times import most_batch, timed
from infecon_tui.cost.plan import Plan
from infecon_tui.cost.price import usd_per_hour
from infecon_tui.cost.serving.first_token import in_a_pool
from infecon_tui.drafting import drafting_of
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
    Lengths = tuple[Column, Column, Column, Column]

_BRANCHED = ("shared_d_ff", "d_latent", "top_k", "acceptance", "decay")
"""Numbers that records and the paper's formulas branch on, so that no column can stand for them."""
_PUBLISHED_BRANCHED = ("count", "d_ff", "d_rope")
"""More of them in the published model: it takes layers and shared experts as single numbers, and tells of a
rotary key."""
_EDGE = 1 + 1e-9
"""The frontier has points that just fit; this much more memory, so that a rounding does not lose them."""
_WORKLOAD, _PRECISION = "workload.", "model.precision."


@dataclass(frozen=True, slots=True)
class Held:
    """A point of a frontier.

    The published model has no layout: it holds the GPUs and the batch, and divides them anew, the point's
    own pipeline stages among what is tried. Of two `pools` the layouts are held, and how many GPUs of the
    first there are for one of the second follows what prompts ask of it.
    """

    scenario: Scenario
    gpus: float
    batch: float
    layout: Layout | None = None
    stages: float = 1.0
    relaxed: bool = True
    pools: DeployedPoints | None = field(default=None, compare=False)

    def outcomes(self, changes: Sequence[Change]) -> list[Outcome]:
        """One for every change, each made alone; the layout and the batch stay."""
        together = [i for i, (path, _) in enumerate(changes) if not _alone(self.scenario, path)]
        rows = dict(zip(together, _rows(self, [changes[i] for i in together]), strict=True))
        return [rows[i] if i in rows else self._with(*changes[i]) for i in range(len(changes))]

    def points(self, scenario: Scenario) -> Points:
        """The layout and batch in another scenario, with everything that is known of a point."""
        if self.layout is not None:
            return evaluated(search_of(scenario)[0], [self.layout], self.batch)
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
    gpus, batch, stages = (
        float(values[chosen]) for values in (points.gpus, points.batch, points.pipeline)
    )
    if not isinstance(points, DeployedPoints):
        return Held(answer.scenario, gpus, batch, None, stages)
    # Of two pools, one decoding instance with its share of the other pool.
    count = float(points.decode_instances[chosen])
    layout, one = layout_of(points, chosen), points.take(np.array([chosen]))
    pools = one if one.prefill_instances[0] else None
    return Held(answer.scenario, gpus / count, batch / count, layout, stages, pools=pools)


def _alone(scenario: Scenario, path: str) -> bool:
    """Whether a change cannot be one row among others."""
    last = path.rsplit(".", 1)[-1]
    if path.startswith(_PRECISION) or last in _BRANCHED:
        return True
    if scenario.fidelity == "deployment":
        return False
    mixed = scenario.model.precision.experts is not None and path.startswith("model.")
    if scenario.scale_to is not None and path.startswith(("model.", "scale_to")):
        # Scaling rounds layers and heads.
        return True
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
    tpot_s, ttft_s, gpus, watts = work(held, stacked, batch, _lengths(held.scenario, changes))
    price = usd_per_hour(stacked.cost, stacked.hardware, watts)
    cost = tpot_s * gpus / batch * 1e6 * price / 3600
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


def _lengths(scenario: Scenario, changes: Sequence[Change]) -> Lengths:
    """Context, ISL, OSL and cached tokens of every row."""
    works = [
        (replaced(scenario, path, value) if path.startswith(_WORKLOAD) else scenario).workload
        for path, value in changes
    ]
    context = np.array([work.mean_context_tok for work in works])
    isl, osl = (np.array([getattr(w, key) or 0.0 for w in works]) for key in ("isl_tok", "osl_tok"))
    return context, isl, osl, np.array([work.cached_tok for work in works])


def _published(
    held: Held, stacked: Scenario, batch: Column, lengths: Lengths
) -> tuple[Column, Column, Column, Any]:
    question = replace(_question(stacked), context=lengths[0])
    tpot_s = fastest_s(question, np.full(len(batch), held.gpus), batch, held.stages)
    return tpot_s, np.full(len(batch), math.nan), np.full(len(batch), held.gpus), None


def _question(scenario: Scenario) -> Question:
    """The paper's question about given instances, which fit up to a rounding."""
    question = question_of(scenario)[0]
    part = replace(question.part, hbm_bytes=question.part.hbm_bytes * _EDGE)
    return replace(question, part=part, gpus=None, batch=None)


def _deployed(
    held: Held, stacked: Scenario, batch: Column, lengths: Lengths
) -> tuple[Column, Column, Column, Any]:
    assert held.layout is not None
    context, isl, osl, cached = lengths
    search = search_of(held.scenario)[0]
    stands: dict[str, Any] = {"model": stacked.model, "hardware": stacked.hardware}
    stands["drafting"] = drafting_of(stacked)
    stands["cached_tok"] = cached
    stands |= {} if search.isl is None else {"isl": isl}
    stands |= {} if search.osl is None else {"osl": osl}
    search = replace(search, **stands)
    plan = Plan.of([held.layout] * len(batch))
    served = timed(search, plan, batch, context)
    fits = batch <= most_batch(search, plan, context)
    tpot_s, first_s, gpus = served.tpot_s, served.ttft_s, np.full(len(batch), held.gpus)
    if held.pools is not None:
        made = in_a_pool(search, replace(held.pools, tpot_s=tpot_s), isl, cached)
        asked = batch / tpot_s / osl * isl / made.rate_tok_s
        first_s, gpus = made.ttft_s, _with_share(held, asked)
    return (
        np.where(fits, tpot_s, np.inf),
        np.broadcast_to(np.asarray(first_s, dtype=float), batch.shape),
        gpus,
        # The mean draw of two pools stays that of the point.
        served.watts if held.pools is None else held.pools.watts,
    )


def _with_share(held: Held, asked: Column) -> Column:
    """GPUs of a decoding instance and of its part of the first pool, `asked` instances of which are busy."""
    assert held.pools is not None
    assert held.layout is not None
    work, search = held.scenario.workload, search_of(held.scenario)[0]
    isl, cached = np.array([search.isl or 0.0]), np.array([work.cached_tok])
    rate = in_a_pool(search, held.pools, isl, cached).rate_tok_s
    now = held.batch / held.pools.tpot_s / (search.osl or 1.0) * isl / rate
    found: Column = held.layout.gpus + (held.gpus - held.layout.gpus) * asked / now
    return found
