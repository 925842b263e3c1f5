"""Points of given layouts and batches: everything that is known of them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.cost.case import Layout
from infecon_tui.cost.frontier.points import Points, one_pool
from infecon_tui.cost.frontier.times import drafts_beside, most_batch, rows_of, timed
from infecon_tui.cost.ledger import CAUSES
from infecon_tui.cost.machine import Machine
from infecon_tui.cost.memory import activation_bytes, cache_bytes, weight_bytes
from infecon_tui.cost.plan import Plan, Rows
from infecon_tui.cost.price import wall_watts
from infecon_tui.cost.serving.pools import with_prefill
from infecon_tui.cost.serving.serve import Served
from infecon_tui.cost.serving.speculate import cycle_bytes
from infecon_tui.cost.serving.token_prices import priced
from infecon_tui.cost.step.tally import step_bytes, step_flop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infecon_tui.cost.frontier.search import Search
    from infecon_tui.cost.ledger import Array, Mask, Rowed


def evaluate(
    search: Search,
    ways: Sequence[Layout],
    batch: Rowed,
    context: Rowed | None = None,
    drafted: Rowed | None = None,
) -> Points:
    """Points of given layouts, batches and contexts, row by row; infinite where they do not fit.

    With a drafter at the best length of draft for each, or at the lengths given.
    """
    plan, context = Plan.of(ways), search.context_tok if context is None else context
    batch = np.broadcast_to(np.asarray(batch, dtype=np.float64), plan.tensor.shape)
    rows = rows_of(search, plan, batch, np.broadcast_to(np.asarray(context, float), batch.shape))
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


def _fits(search: Search, rows: Rows, drafted: Array) -> Mask:
    """Whether a row's batch has room, and the drafter beside it where it drafts."""
    fits: Mask = rows.batch <= most_batch(search, rows.plan, rows.context)
    if search.drafting is not None:
        fits &= (drafted == 0) | drafts_beside(search, rows.plan, rows.batch, rows.context)
    return fits


def _made(search: Search, drafted: Array) -> Array:
    if search.drafting is None:
        return np.ones(len(drafted))
    return search.drafting.expected(drafted)


def _column(values: Rowed, like: Array) -> Array:
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
