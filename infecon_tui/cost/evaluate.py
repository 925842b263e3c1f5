"""Points of given layouts and batches: their times, their memory, and the best length of draft."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from infecon_tui.cost.case import Layout
from infecon_tui.cost.ledger import CAUSES
from infecon_tui.cost.machine import Machine
from infecon_tui.cost.memory import activation_bytes, cache_bytes, weight_bytes
from infecon_tui.cost.plan import Plan, Rows
from infecon_tui.cost.points import Points, one_pool
from infecon_tui.cost.pools import with_prefill
from infecon_tui.cost.price import wall_watts
from infecon_tui.cost.serve import Served, serve
from infecon_tui.cost.speculate import cycle as cycle_of
from infecon_tui.cost.speculate import cycle_bytes, taken
from infecon_tui.cost.tally import step_bytes, step_flop
from infecon_tui.cost.token_prices import priced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infecon_tui.cost.ledger import Array
    from infecon_tui.cost.search import Search
    from infecon_tui.cost.speculate import Cycle, Drafting

MOST_BATCH = 2**17
"""The largest batch looked at, where memory would hold more."""
_UNWANTED = 1e9
"""Times this, a length of draft that keeps no limit comes after all that do."""


def most_batch(
    search: Search, plan: Plan, context: Any = None, drafting: Drafting | None = None
) -> Array:
    """Whole sequences that fit beside the weights, by layout; 0 where these do not fit themselves.

    Of the memory that the engine plans with, at the mean context: paged caches hold what sequences have,
    not what they will have. With `drafting` the drafter has its part.
    """
    context = np.asarray(search.context_tok if context is None else context)
    room = search.memory_utilization * search.hardware.hbm.capacity_bytes
    room = room - weight_bytes(search.model, plan)
    room = room - activation_bytes(search.model, plan, search.step_tokens)
    each = cache_bytes(search.model, plan, context)
    if drafting is not None:
        room = room - drafting.weight_bytes(plan)
        each = each + drafting.cache_bytes(plan, context)
    most: Array = np.clip(np.floor(room / np.maximum(each / plan.data, 1.0)), 0.0, MOST_BATCH)
    return most


def timed(search: Search, plan: Plan, batch: Array, context: Any, drafted: Any = None) -> Served:
    """Times of rows of layouts, batches and contexts, whether they fit or not.

    Numbers of the search's model and accelerator, and its lengths, may themselves be columns of a value a row.
    Where the search has a drafter, with `drafted` tokens a cycle, by default as many as are best for each row.
    """
    if search.drafting is None:
        rows = _rows(search, plan, batch, context)
        return serve(search.case, Machine(search.hardware), rows)
    if drafted is None:
        cycle, at = _best(search, plan, batch, context, search.drafting.lengths)
        return cycle.taken(at).served()
    return _cycle(search, plan, batch, context, drafted).served()


def _cycle(search: Search, plan: Plan, batch: Array, context: Any, drafted: Any) -> Cycle:
    """Cycles of so many drafted tokens."""
    assert search.drafting is not None
    rows = _rows(search, plan, batch, context)
    return cycle_of(search.case, Machine(search.hardware), rows, search.drafting, drafted)


def _rows(search: Search, plan: Plan, batch: Array, context: Any) -> Rows:
    # Without lengths the first token is of a prompt as long as the context.
    isl = np.asarray(context if search.isl is None else search.isl, dtype=np.float64)
    return Rows(
        plan=plan,
        batch=batch,
        isl=isl,
        osl=np.asarray(1.0 if search.osl is None else search.osl),
        context=np.asarray(context) + 0.0 * batch,
        cached=search.cached_tok,
    )


class Times(NamedTuple):
    """Times of rows, and the watts of one accelerator where they are known."""

    tpot_s: Any
    ttft_s: Any
    watts: Any = None


def fastest(
    search: Search, plan: Plan, batch: Array, context: Any, tried: int | None = None
) -> Times:
    """Times of rows at the best length of draft: the fastest one that the demand fills and whose first
    tokens come in time, or else the fastest one. None is always among those tried, and of the others all
    or as many as `tried`.
    """
    if search.drafting is None:
        served = timed(search, plan, batch, context)
        return Times(np.broadcast_to(served.tpot_s, batch.shape), served.ttft_s, served.watts)
    lengths = search.drafting.lengths if tried is None else search.drafting.few(tried)
    cycle, at = _best(search, plan, batch, context, lengths)
    return Times(taken(cycle.tpot_s, at), taken(cycle.ttft_s, at))


def _best(
    search: Search, plan: Plan, batch: Array, context: Any, lengths: Array
) -> tuple[Cycle, Any]:
    """Cycles of every length, on a first axis, and which of them is best for every row."""
    assert search.drafting is not None
    drafted = lengths.reshape(-1, *(1,) * np.ndim(batch))
    cycle = _cycle(search, plan, batch, context, drafted)
    can = (drafted == 0) | _drafts(search, plan, batch, context)
    merit = np.where(can, cycle.tpot_s, np.inf)
    wanted = allowed(search, batch, Times(cycle.tpot_s, cycle.ttft_s))
    return cycle, np.argmin(np.where(wanted, merit, merit * _UNWANTED), axis=0)


def _drafts(search: Search, plan: Plan, batch: Array, context: Any) -> Any:
    """Where the engine drafts in a layout, and the drafter fits beside the batch."""
    assert search.drafting is not None
    most = most_batch(search, plan, context, search.drafting)
    return search.drafting.allowed(plan) & (batch <= most)


def allowed(search: Search, batch: Array, times: Times | Points) -> Any:
    """Whether the demand fills a batch, and its first tokens come in time."""
    return (batch <= search.demand_tok_s * times.tpot_s) & (times.ttft_s <= search.most_ttft_s)


def evaluate(
    search: Search, ways: Sequence[Layout], batch: Any, context: Any = None, drafted: Any = None
) -> Points:
    """Points of given layouts, batches and contexts, row by row; infinite where they do not fit.

    With a drafter at the best length of draft for each, or at the lengths given.
    """
    plan, context = Plan.of(ways), search.context_tok if context is None else context
    batch = np.broadcast_to(np.asarray(batch, dtype=np.float64), plan.tensor.shape)
    rows = _rows(search, plan, batch, np.broadcast_to(np.asarray(context, float), batch.shape))
    if drafted is not None:
        drafted = np.broadcast_to(np.asarray(drafted, dtype=np.float64), batch.shape)
    served = timed(search, plan, batch, rows.context, drafted)
    points = _points(search, rows, served)
    return with_prefill(search, points) if search.apart else points


def _points(search: Search, rows: Rows, served: Served) -> Points:
    """Everything that is known of rows, once their times are."""
    plan, batch = rows.plan, rows.batch
    drafted = _column(served.drafted, batch)
    fits = _fits(search, rows, drafted)
    gpus, tpot = plan.ranks * plan.pipeline, np.where(fits, served.tpot_s, np.inf)
    watts = _column(math.nan if served.watts is None else served.watts, batch)
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
            context_parallel=_column(plan.context, batch),
            draft_tokens=drafted,
            cycle_tok=_made(search, drafted),
            watts=watts,
            wall_watts=wall_watts(search.cost, watts),
            **priced(search, served, batch, gpus * np.where(fits, 1.0, np.inf)),
            **_used(search, rows, tpot, drafted),
            **_seconds(served, batch),
            **_bytes(search, rows, drafted),
            **one_pool(len(batch)),
        )


def _fits(search: Search, rows: Rows, drafted: Array) -> Any:
    """Whether a row's batch has room, and the drafter beside it where it drafts."""
    fits = rows.batch <= most_batch(search, rows.plan, rows.context)
    if search.drafting is not None:
        fits &= (drafted == 0) | _drafts(search, rows.plan, rows.batch, rows.context)
    return fits


def _made(search: Search, drafted: Array) -> Array:
    if search.drafting is None:
        return np.ones(len(drafted))
    return search.drafting.expected(drafted)


def _column(values: Any, like: Array) -> Array:
    return np.broadcast_to(np.asarray(values, dtype=np.float64), like.shape).copy()


def _used(search: Search, rows: Rows, tpot: Array, drafted: Array) -> dict[str, Array]:
    """Shares of the peaks that a step reaches. FLOP are of output tokens, bytes of all that is read."""
    machine, gpus = Machine(search.hardware), rows.plan.ranks * rows.plan.pipeline
    peak = (
        search.hardware.arithmetic.peak_flops(search.model.precision.weights) or machine.wide_flops
    )
    prompts = np.maximum(rows.batch - 1, 0.0) / (search.osl or math.inf)
    flop = step_flop(search.model, rows.batch, rows.context)
    if search.serving == "steady" and search.isl:
        new = search.isl - search.cached_tok
        keys = (search.isl + search.cached_tok + 1) / 2
        flop = flop + step_flop(search.model, prompts * new, keys)
    if search.drafting is None:
        moved = step_bytes(search.model, machine, rows)
    else:
        moved = cycle_bytes(search.model, machine, rows, search.drafting, drafted)
    return {
        "mfu": flop / (gpus * peak * tpot),
        "mbu": moved / (gpus * machine.hbm_Bps * tpot),
    }


def _seconds(served: Served, batch: Array) -> dict[str, Array]:
    by_cause = served.step.by_cause()
    causes = {f"{name}_s": _column(by_cause.get(name, 0.0), batch) for name in CAUSES}
    drafting = 0.0 if served.draft is None else served.draft.total_s
    beside = {
        "draft_s": drafting,
        "reading_s": served.step.reading_s,
        "computing_s": served.step.computing_s,
    }
    return causes | {name: _column(seconds, batch) for name, seconds in beside.items()}


def _bytes(search: Search, rows: Rows, drafted: Array) -> dict[str, Array]:
    plan, context = rows.plan, rows.context
    gpus = plan.ranks * plan.pipeline
    weights = weight_bytes(search.model, plan) * gpus
    cache = cache_bytes(search.model, plan, context) * rows.batch / plan.data * gpus
    activations = activation_bytes(search.model, plan, search.step_tokens) * gpus
    if (drafting := search.drafting) is not None:
        used = (drafted > 0) * gpus
        weights = weights + drafting.weight_bytes(plan) * used
        cache = cache + drafting.cache_bytes(plan, context) * rows.batch / plan.data * used
    return {
        "weight_bytes": weights,
        "cache_bytes": cache,
        "activation_bytes": activations,
        "memory_bytes": weights + cache + activations,
    }
