"""The frontier of a deployment: every layout that an engine can run, times every batch that fits."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.cost.case import Case, Layout
from infecon_tui.cost.frontier.evaluate import evaluate
from infecon_tui.cost.frontier.layouts import MOST_GPUS, Pinned, layouts
from infecon_tui.cost.frontier.points import Points, no_points
from infecon_tui.cost.frontier.times import allowed, fastest, most_batch
from infecon_tui.cost.memory import PLANNED, STEP_TOKENS
from infecon_tui.cost.plan import Plan
from infecon_tui.cost.price import usd_per_hour
from infecon_tui.cost.support import unsupported
from infecon_tui.hardware.cost import Cost
from infecon_tui.pareto import pareto

if TYPE_CHECKING:
    from infecon_tui.cost.case import Serving
    from infecon_tui.cost.ledger import Array, Indices, Mask, Rowed
    from infecon_tui.cost.serving.speculate import Drafting
    from infecon_tui.hardware.accelerator import Accelerator
    from infecon_tui.layout import Pools
    from infecon_tui.workload.transformer import Transformer

SLOWEST = 100.0
"""Frontiers end at this fraction of their fastest speed, as the published ones do."""
_BETWEEN = 4
"""Batches tried between two of the ladder, around those that are on the frontier."""
_MANY_LAYOUTS = 24
"""From more layouts on, a coarse ladder sorts out those that are nowhere near the frontier."""
_FREE = 1e-12
"""Stands for no dollars a second at all, so that layouts still differ."""
_NEAR = 1.1
"""Cost above the coarse frontier's line, as a factor, up to which a layout stays in the search."""
_FEW, _SOME = 1, 3
"""Lengths of draft tried on the coarse ladder and on the fine one; the frontier's points try all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A question: a model on an accelerator under an engine and a load, and what is fixed.

    `context_tok` is the mean context while decoding. With `isl` and `osl`, mean lengths of prompts and
    outputs, prompts run between the steps of the same instance, or in a pool of their own; without them
    steps only decode. `at_hand` are the accelerators of both pools. With `drafting` every point takes the
    length of draft that is best for it, which may be none.
    """

    model: Transformer
    hardware: Accelerator
    engine: str = "vllm"
    context_tok: float = 2048.0
    isl: float | None = None
    osl: float | None = None
    demand_tok_s: float = math.inf
    batch: int | None = None
    pinned: Pinned = field(default_factory=Pinned)
    most_gpus: int = MOST_GPUS
    most_ttft_s: float = math.inf
    memory_utilization: float = PLANNED
    step_tokens: float = STEP_TOKENS
    cached_tok: float = 0.0
    pools: Pools = "one"
    at_hand: float = math.inf
    drafting: Drafting | None = None
    cost: Cost = field(default_factory=Cost)

    @property
    def serving(self) -> Serving:
        """How prompts are counted: between decode steps, or not at all."""
        alone = self.isl is None or self.osl is None or self.pools == "two"
        return "decode" if alone else "steady"

    @property
    def apart(self) -> bool:
        """Whether prompts have accelerators of their own."""
        return self.pools == "two" and self.isl is not None and self.osl is not None

    @property
    def decoding(self) -> Search:
        """The question of the decoding instances, whose prompts are none of theirs."""
        return replace(self, most_ttft_s=math.inf) if self.apart else self

    def usd_per_s(self, watts: Rowed | None) -> Rowed:
        """Of one accelerator that draws some watts."""
        return usd_per_hour(self.cost, self.hardware, watts) / 3600

    @property
    def case(self) -> Case:
        """What all its points have in common; the rest are columns beside it."""
        return Case(
            model=self.model,
            hardware=self.hardware,
            engine=self.engine,
            layout=Layout(gpus=1),
            batch=1.0,
            isl=0.0,
            osl=1.0,
            serving=self.serving,
            memory_utilization=self.memory_utilization,
            step_tokens=self.step_tokens,
        )

    def layouts(self) -> tuple[Layout, ...]:
        """Those that may be chosen: none where the engine does not run the model there."""
        if unsupported(self.engine, self.hardware, self.model):
            return ()
        domain = self.hardware.scale_up.domain
        return layouts(self.model, domain, self.engine, self.pinned, self.most_gpus)


def frontier(search: Search) -> Points:
    """The points that no other beats in both speed and cost, by ascending speed. Empty where nothing fits."""
    asked, search = search, search.decoding
    ways = search.layouts()
    if not ways:
        return no_points()
    plan = Plan.of(ways)
    most = most_batch(search, plan)
    held = np.flatnonzero(most >= (search.batch or 1))
    if not len(held):
        return no_points()
    held, row, batch = _promising(search, plan, held, most)
    if not len(row):
        return no_points()
    at, finer = _refined(search, held[row], batch, most)
    points = evaluate(asked, [ways[index] for index in at], finer)
    cost = np.where(allowed(asked, finer, points), points.usd_per_mtok, np.inf)
    kept = pareto(points.speed_tok_s, cost)
    return points.take(kept[points.speed_tok_s[kept] * SLOWEST >= points.speed_tok_s[kept[-1:]]])


def _promising(
    search: Search, plan: Plan, held: Indices, most: Array
) -> tuple[Indices, Indices, Array]:
    """Layouts to look at closely, and the rows and batches of them that are on their frontier.

    A ladder with few rungs first tells which layouts come near the frontier at all.
    """
    ladder = _ladder(search, float(most[held].max()))
    if len(held) > _MANY_LAYOUTS and len(ladder) > 1:
        batch, speed, cost = _looked_at(
            search, plan, held, most, np.append(ladder[::4], ladder[-1]), _FEW
        )
        held = held[_near(speed, cost).any(axis=1)]
    batch, speed, cost = _looked_at(search, plan, held, most, ladder, _SOME)
    rows, columns = np.unravel_index(pareto(speed.ravel(), cost.ravel()), batch.shape)
    return held, rows, batch[rows, columns]


def _looked_at(
    search: Search, plan: Plan, held: Indices, most: Array, ladder: Array, lengths: int
) -> tuple[Array, Array, Array]:
    """Batches, speed and cost of layouts (rows) at the rungs of a ladder (columns)."""
    some = plan.at(held[:, None])
    batch = np.minimum(ladder, most[held, None])
    if search.drafting is not None and search.batch is None:
        beside = most_batch(search, some, None, search.drafting)
        batch = np.hstack([batch, np.maximum(beside, 1.0)])
    times = fastest(search, some, batch, search.context_tok, lengths)
    cost = times.tpot_s * some.ranks * some.pipeline / batch
    if search.cost.basis == "owned":
        # What draws less may be cheaper; a rent is the same for all.
        cost = cost * np.maximum(search.usd_per_s(times.watts), _FREE)
    return batch, 1 / times.tpot_s, np.where(allowed(search, batch, times), cost, np.inf)


def _near(speed: Array, cost: Array) -> Mask:
    """Which points lie close above the line through the frontier of all of them."""
    kept = pareto(speed.ravel(), cost.ravel())
    if not len(kept):
        return np.zeros(speed.shape, dtype=bool)
    line = np.interp(np.log(speed), np.log(speed.ravel()[kept]), np.log(cost.ravel()[kept]))
    return cost <= np.exp(line) * _NEAR


def _ladder(search: Search, most: float) -> Array:
    """Batches to try: all small ones, then four to a doubling."""
    if search.batch is not None:
        return np.array([float(search.batch)])
    doublings = 2.0 ** np.arange(2, math.ceil(math.log2(max(most, 8.0))) + 1)
    steps = np.concatenate(
        [[1.0, 2.0, 3.0], *(doublings * share for share in (1, 1.25, 1.5, 1.75))]
    )
    return np.unique(np.append(steps[steps < most], most))


def _refined(search: Search, rows: Indices, batch: Array, most: Array) -> tuple[list[int], Array]:
    """Layouts and batches of a first frontier, with batches between those of the ladder."""
    if search.batch is not None:
        return rows.tolist(), batch
    shares = np.concatenate([[1.0], 1 + np.arange(1 - _BETWEEN, _BETWEEN) / (4.0 * _BETWEEN)])
    finer = np.clip(np.round(batch[:, None] * shares), 1.0, most[rows, None])
    pairs = np.unique(np.stack([np.repeat(rows, len(shares)), finer.ravel()]), axis=1)
    return pairs[0].astype(int).tolist(), pairs[1]
