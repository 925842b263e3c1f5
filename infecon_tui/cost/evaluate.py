"""Points of given layouts and batches: their times, their memory, and the best length of draft."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from infecon_tui.cost.case import Case, Layout
from infecon_tui.cost.ledger import CAUSES
from infecon_tui.cost.machine import Machine
from infecon_tui.cost.memory import PLANNED, activation_bytes, cache_bytes, weight_bytes
from infecon_tui.cost.plan import Plan
from infecon_tui.cost.points import Points
from infecon_tui.cost.serve import Served, serve
from infecon_tui.cost.tally import step_bytes, step_flop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infecon_tui.cost.ledger import Array
    from infecon_tui.cost.search import Search

MOST_BATCH = 2**17
"""The largest batch looked at, where memory would hold more."""


def plan_of(ways: Sequence[Layout]) -> Plan:
    """Layouts as the engine takes them, one a row."""
    return Plan(
        tensor=np.array([float(way.tensor) for way in ways]),
        pipeline=np.array([float(way.pipeline) for way in ways]),
        expert=np.array([float(way.expert) for way in ways]),
        data=np.array([float(way.attention_data) for way in ways]),
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
    with np.errstate(divide="ignore", invalid="ignore"):
        return Points(
            speed_tok_s=1 / tpot,
            usd_per_mtok=tpot * gpus / batch * 1e6 * search.usd_per_s,
            tpot_s=tpot,
            ttft_s=_column(served.ttft_s, batch),
            gpus=gpus,
            batch=batch.copy(),
            tensor=plan.tensor,
            pipeline=plan.pipeline,
            expert=plan.expert,
            attention_data=plan.data,
            draft_tokens=np.zeros(len(batch)),
            draft_s=np.zeros(len(batch)),
            watts=_column(math.nan if served.watts is None else served.watts, batch),
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
