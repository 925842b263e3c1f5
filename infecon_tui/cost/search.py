"""The frontier of a deployment: every layout that an engine can run, times every batch that fits."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from infecon_tui.cost.case import Case, Layout
from infecon_tui.cost.layouts import MOST_GPUS, Pinned, layouts
from infecon_tui.cost.ledger import CAUSES
from infecon_tui.cost.machine import Machine
from infecon_tui.cost.memory import PLANNED, activation_bytes, cache_bytes, weight_bytes
from infecon_tui.cost.plan import Plan
from infecon_tui.cost.points import Points, no_points
from infecon_tui.cost.price import usd_per_hour, wall_watts
from infecon_tui.cost.serve import Served, serve
from infecon_tui.cost.tally import step_bytes, step_flop
from infecon_tui.hardware.cost import Cost
from infecon_tui.pareto import pareto

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infecon_tui.cost.case import Serving
    from infecon_tui.cost.ledger import Array, Rowed
    from infecon_tui.hardware.accelerator import Accelerator
    from infecon_tui.workload.transformer import Transformer

MOST_BATCH = 2**17
"""The largest batch looked at, where memory would hold more."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A question: a model on an accelerator under an engine and a load, and what is fixed.

    `context_tok` is the mean context while decoding. With `isl` and `osl`, mean lengths of prompts and
    outputs, prompts run between the steps of the same instance; without them steps only decode.
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
    cost: Cost = field(default_factory=Cost)

    @property
    def serving(self) -> Serving:
        """How prompts are counted: between decode steps, or not at all."""
        return "decode" if self.isl is None or self.osl is None else "steady"

    def usd_per_s(self, watts: Rowed | None) -> Rowed:
        """Of one accelerator that draws some watts."""
        return usd_per_hour(self.cost, self.hardware, watts) / 3600

    def layouts(self) -> tuple[Layout, ...]:
        """Those that may be chosen."""
        domain = self.hardware.scale_up.domain
        return layouts(self.model, domain, self.engine, self.pinned, self.most_gpus)


def frontier(search: Search) -> Points:
    """The points that no other beats in both speed and cost, by ascending speed. Empty where nothing fits."""
    ways = search.layouts()
    if not ways:
        return no_points()
    plan = plan_of(ways)
    most = most_batch(search, plan)
    held = np.flatnonzero(most >= (search.batch or 1))
    if not len(held):
        return no_points()
    held, row, batch = _promising(search, plan, held, most)
    if not len(row):
        return no_points()
    at, finer = _refined(search, held[row], batch, most)
    points = evaluate(search, [ways[index] for index in at], finer)
    cost = np.where(_allowed(search, finer, points), points.usd_per_mtok, np.inf)
    kept = pareto(points.speed_tok_s, cost)
    return points.take(kept[points.speed_tok_s[kept] * SLOWEST >= points.speed_tok_s[kept[-1:]]])


def _promising(search: Search, plan: Plan, held: Any, most: Array) -> tuple[Any, Any, Array]:
    """Layouts to look at closely, and the rows and batches of them that are on their frontier.

    A ladder with few rungs first tells which layouts come near the frontier at all.
    """
    ladder = _ladder(search, float(most[held].max()))
    if len(held) > _MANY_LAYOUTS and len(ladder) > 1:
        batch, speed, cost = _looked_at(
            search, plan, held, most, np.append(ladder[::4], ladder[-1])
        )
        held = held[_near(speed, cost).any(axis=1)]
    batch, speed, cost = _looked_at(search, plan, held, most, ladder)
    rows, columns = np.unravel_index(pareto(speed.ravel(), cost.ravel()), batch.shape)
    return held, rows, batch[rows, columns]


def _looked_at(
    search: Search, plan: Plan, held: Any, most: Array, ladder: Array
) -> tuple[Array, Array, Array]:
    """Batches, speed and cost of layouts (rows) at the rungs of a ladder (columns)."""
    some = _rows(plan, held[:, None])
    batch = np.minimum(ladder, most[held, None])
    served = timed(search, some, batch, search.context_tok)
    tpot = np.broadcast_to(served.tpot_s, batch.shape)
    cost = tpot * some.ranks * some.pipeline / batch
    if search.cost.basis == "owned":
        # What draws less may be cheaper; a rent is the same for all.
        cost = cost * np.maximum(search.usd_per_s(served.watts), _FREE)
    return batch, 1 / tpot, np.where(_allowed(search, batch, served), cost, np.inf)


def _allowed(search: Search, batch: Array, served: Served | Points) -> Any:
    """Whether the demand fills a batch, and its first tokens come in time."""
    return (batch <= search.demand_tok_s * served.tpot_s) & (served.ttft_s <= search.most_ttft_s)


def _near(speed: Array, cost: Array) -> Any:
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


def _refined(search: Search, rows: Any, batch: Array, most: Array) -> tuple[list[int], Array]:
    """Layouts and batches of a first frontier, with batches between those of the ladder."""
    if search.batch is not None:
        return rows.tolist(), batch
    shares = np.concatenate([[1.0], 1 + np.arange(1 - _BETWEEN, _BETWEEN) / (4.0 * _BETWEEN)])
    finer = np.clip(np.round(batch[:, None] * shares), 1.0, most[rows, None])
    pairs = np.unique(np.stack([np.repeat(rows, len(shares)), finer.ravel()]), axis=1)
    return pairs[0].astype(int).tolist(), pairs[1]


def plan_of(ways: Sequence[Layout]) -> Plan:
    """Layouts as the engine takes them, one a row."""
    return Plan(
        tensor=np.array([float(way.tensor) for way in ways]),
        pipeline=np.array([float(way.pipeline) for way in ways]),
        expert=np.array([float(way.expert) for way in ways]),
        data=np.array([float(way.attention_data) for way in ways]),
    )


def _rows(plan: Plan, at: Any) -> Plan:
    return Plan(
        tensor=plan.tensor[at],
        pipeline=plan.pipeline[at],
        expert=plan.expert[at],
        data=plan.data[at],
    )


def most_batch(search: Search, plan: Plan, context: Any = None) -> Array:
    """Whole sequences that fit beside the weights, by layout; 0 where these do not fit themselves.

    Of the memory that engines plan with by default (`PLANNED`), at the mean context: paged caches hold
    what sequences have, not what they will have.
    """
    context = search.context_tok if context is None else context
    room = PLANNED * search.hardware.hbm.capacity_bytes
    room = room - weight_bytes(search.model, plan) - activation_bytes(search.model, plan)
    each = cache_bytes(search.model, plan, np.asarray(context)) / plan.data
    most: Array = np.clip(np.floor(room / np.maximum(each, 1.0)), 0.0, MOST_BATCH)
    return most


def timed(search: Search, plan: Plan, batch: Array, context: Any) -> Served:
    """Times of rows of layouts, batches and contexts, whether they fit or not.

    Numbers of the search's model and accelerator, and its lengths, may themselves be columns of a value a row.
    """
    case = Case(
        model=search.model,
        hardware=search.hardware,
        engine=search.engine,
        layout=Layout(gpus=1),
        batch=1.0,
        isl=0.0,
        osl=1.0,
        serving=search.serving,
    )
    # Without lengths the first token is of a prompt as long as the context.
    isl = np.asarray(context if search.isl is None else search.isl, dtype=np.float64)
    osl = np.asarray(1.0 if search.osl is None else search.osl)
    return serve(
        case, Machine(search.hardware), plan, batch, isl, osl, np.asarray(context) + 0.0 * batch
    )


def evaluate(search: Search, ways: Sequence[Layout], batch: Any, context: Any = None) -> Points:
    """Points of given layouts, batches and contexts, row by row; infinite where they do not fit."""
    plan, context = plan_of(ways), search.context_tok if context is None else context
    batch = np.broadcast_to(np.asarray(batch, dtype=np.float64), plan.tensor.shape)
    context = np.broadcast_to(np.asarray(context, dtype=np.float64), batch.shape)
    served = timed(search, plan, batch, context)
    fits = batch <= most_batch(search, plan, context)
    gpus, tpot = plan.ranks * plan.pipeline, np.where(fits, served.tpot_s, np.inf)
    drawn = _column(math.nan if served.watts is None else served.watts, batch)
    with np.errstate(divide="ignore", invalid="ignore"):
        return Points(
            speed_tok_s=1 / tpot,
            usd_per_mtok=tpot * gpus / batch * 1e6 * search.usd_per_s(served.watts),
            tpot_s=tpot,
            ttft_s=_column(served.ttft_s, batch),
            gpus=gpus,
            batch=batch.copy(),
            tensor=plan.tensor,
            pipeline=plan.pipeline,
            expert=plan.expert,
            attention_data=plan.data,
            draft_tokens=np.zeros(len(batch)),
            watts=drawn,
            wall_watts=wall_watts(search.cost, drawn),
            joules_per_tok=drawn * gpus * tpot / batch,
            **_used(search, plan, batch, context, tpot),
            **_seconds(served, batch),
            **_bytes(search, plan, batch, context),
        )


def _column(values: Any, like: Array) -> Array:
    return np.broadcast_to(np.asarray(values, dtype=np.float64), like.shape).copy()


def _used(
    search: Search, plan: Plan, batch: Array, context: Array, tpot: Array
) -> dict[str, Array]:
    """Shares of the peaks that a step reaches."""
    machine, gpus = Machine(search.hardware), plan.ranks * plan.pipeline
    peak = (
        search.hardware.arithmetic.peak_flops(search.model.precision.weights) or machine.wide_flops
    )
    prompts = np.maximum(batch - 1, 0.0) / (search.osl or math.inf)
    flop = step_flop(search.model, batch, context)
    if search.serving == "steady" and search.isl:
        flop = flop + step_flop(search.model, prompts * search.isl, (search.isl + 1) / 2)
    moved = step_bytes(search.model, machine, plan, batch, context)
    return {
        "mfu": flop / (gpus * peak * tpot),
        "mbu": moved / (gpus * machine.hbm_Bps * tpot),
    }


def _seconds(served: Served, batch: Array) -> dict[str, Array]:
    by_cause = served.step.by_cause()
    return {f"{name}_s": _column(by_cause.get(name, 0.0), batch) for name in CAUSES}


def _bytes(search: Search, plan: Plan, batch: Array, context: Array) -> dict[str, Array]:
    gpus = plan.ranks * plan.pipeline
    weights = weight_bytes(search.model, plan) * gpus
    cache = cache_bytes(search.model, plan, context) * batch / plan.data * gpus
    activations = activation_bytes(search.model, plan) * gpus
    return {
        "weight_bytes": weights,
        "cache_bytes": cache,
        "activation_bytes": activations,
        "memory_bytes": weights + cache + activations,
    }


def with_size(search: Search, gpus: int | None) -> Search:
    """The same question with the instance's size fixed, or free."""
    return replace(search, pinned=replace(search.pinned, gpus=gpus))
