"""Two pools: instances that only take prompts, and instances that only decode, in whole numbers of each.

A prompt is computed in the first pool, its keys and values are sent to the second, and tokens follow
there at the pace of a batch that no prompt disturbs. As many instances stand in the first as keep the
second full, so that decoding sets the rate, and both pools are paid for.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.cost.machine import Machine
from infecon_tui.cost.memory import cache_bytes, fullest_share
from infecon_tui.cost.messages import Wires
from infecon_tui.cost.plan import Plan
from infecon_tui.cost.price import wall_watts
from infecon_tui.cost.serving.prefill_pool import lengths_of, prefills

if TYPE_CHECKING:
    from infecon_tui.cost.frontier.points import Points
    from infecon_tui.cost.frontier.search import Search
    from infecon_tui.cost.ledger import Array, Indices, Mask, Rowed
    from infecon_tui.cost.serving.prefill_pool import Prefill
    from infecon_tui.workload.transformer import Transformer

MOST_INSTANCES = 24
"""The most decoding instances that share a whole number of others."""
_SLACK = 1.02
"""Cost above the best ratio's, as a factor, up to which fewer instances are preferred."""


def sent_bytes(model: Transformer, plan: Plan, isl: Rowed) -> Rowed:
    """Keys and values that the second pool gets for a prompt: what all its ranks hold of it."""
    layers = cache_bytes(model, plan, np.asarray(isl, dtype=np.float64)) / fullest_share(
        model, plan
    )
    return layers * plan.tensor


def transfer_s(search: Search, first: Plan, second: Plan) -> Rowed:
    """Of one prompt's keys and values, after its prefill, over the links of the narrower side.

    Ranks send and take in their parts at once; the network is spared where both fit one fast domain.
    """
    machine = Machine(search.hardware)
    wires, reached = Wires(machine), machine.kernels.messages
    gpus = first.ranks * first.pipeline + second.ranks * second.pipeline
    ways = np.minimum(first.tensor * first.pipeline, second.tensor * second.pipeline)
    near = gpus <= wires.domain
    link = np.where(
        near, reached.library_share * wires.link_Bps, reached.network * wires.network_Bps
    )
    start = np.where(near, 2 * reached.start_s, reached.network_start_s)
    return start + sent_bytes(search.model, second, search.isl) / (ways * link)


def with_prefill(search: Search, points: Points) -> Points:
    """Points of decoding instances, each with its share of a first pool beside it.

    GPUs and batch become those of both pools' smallest useful numbers, cost, TTFT and power of both.
    MFU, MBU, causes and the bytes of one GPU stay those of decoding. Infinite where no pool is in time
    or small enough.
    """
    ways = prefills(search)
    if not len(ways.gpus) or not len(points):
        return replace(points, **_endless(points))
    second = Plan(
        tensor=points.tensor[:, None],
        pipeline=points.pipeline[:, None],
        expert=points.expert[:, None],
        data=points.attention_data[:, None],
    )
    sent_s = transfer_s(search, ways.plan, second)
    # A prompt waits for half of the step before its own, and half of a step of decoding after it.
    tpot = points.tpot_s[:, None]
    ttft = ways.apart_s / 2 + ways.first_s + sent_s + tpot / 2
    # Sending goes on while the next prompts are computed; where it takes longer, it sets the rate.
    each_s = np.maximum(ways.each_s, sent_s)
    first, seconds = _instances(search, points, each_s)
    gpus = first * ways.gpus[None, :, None] + seconds * points.gpus[:, None, None]
    per_token = gpus / seconds
    soon = (ttft <= search.most_ttft_s)[:, :, None]
    allowed = soon & (gpus <= search.at_hand) & np.isfinite(per_token)
    per_token = np.where(allowed, per_token, np.inf)
    return _paired(search, points, ways, _chosen(per_token, ttft), (first, seconds, ttft))


def _instances(search: Search, points: Points, each_s: Array) -> tuple[Array, Array]:
    """How many of the first pool keep 1, 2, ... decoding instances full: points, ways, counts."""
    rate = points.batch / points.tpot_s / lengths_of(search)[1]
    seconds = np.arange(1.0, MOST_INSTANCES + 1)[None, None, :]
    busy = rate[:, None] * each_s
    first = np.maximum(np.ceil(busy[:, :, None] * seconds - 1e-9), 1.0)
    wanted = seconds * (points.batch / points.tpot_s)[:, None, None]
    within = (wanted <= search.demand_tok_s) | (seconds == 1)
    return np.where(within, first, np.inf), seconds


def _chosen(cost: Array, ttft: Array) -> tuple[Indices, Indices]:
    """Of every point the way and the count: the fewest instances that are about as cheap as can be, and
    of these the soonest.
    """
    best = cost.min(axis=(1, 2), keepdims=True)
    near = cost <= best * _SLACK
    count = np.argmax(near.any(axis=1), axis=1)
    rows = np.arange(len(cost))
    way = np.argmin(np.where(near[rows, :, count], ttft, np.inf), axis=1)
    return way, count


def _paired(
    search: Search,
    points: Points,
    ways: Prefill,
    chosen: tuple[Indices, Indices],
    table: tuple[Array, Array, Array],
) -> Points:
    way, count = chosen
    isl, osl = lengths_of(search)
    firsts, seconds, ttft = table
    rows = np.arange(len(points))
    first, second = firsts[rows, way, count], seconds[0, 0, count]
    before = first * ways.gpus[way]
    gpus = before + second * points.gpus
    fits = np.isfinite(points.tpot_s) & (gpus <= search.at_hand)
    fits &= ttft[rows, way] <= search.most_ttft_s * (1 + 1e-9)
    if not fits.all():
        points = replace(points, **_endless(points, ~fits))
    rate = second * points.batch / points.tpot_s
    drawn = (before * ways.watts[way] + second * points.gpus * points.watts) / gpus
    mtok, each = np.where(fits, 1e6, np.inf), (drawn, ways.watts[way], points.watts)
    both_usd, first_usd, second_usd = (mtok * search.usd_per_s(watts) for watts in each)
    sized = ("weight_bytes", "cache_bytes", "activation_bytes", "memory_bytes")
    with np.errstate(divide="ignore", invalid="ignore"):
        return replace(
            points,
            gpus=gpus,
            batch=second * points.batch,
            ttft_s=np.where(fits, ttft[rows, way], np.inf),
            usd_per_mtok=points.tpot_s * gpus / (second * points.batch) * both_usd,
            input_usd_per_mtok=before / (rate / osl * isl) * first_usd,
            output_usd_per_mtok=points.tpot_s * points.gpus / points.batch * second_usd,
            watts=drawn,
            wall_watts=wall_watts(search.cost, drawn),
            prefill_instances=first,
            decode_instances=second,
            **_first_pool(ways, way),
            **{name: getattr(points, name) * gpus / points.gpus for name in sized},
        )


def _first_pool(ways: Prefill, way: Indices) -> dict[str, Array]:
    """What points say of the first pool's instances."""
    plan = ways.plan.at(way)
    return {
        "prefill_batch": ways.held[way],
        "prefill_tensor": plan.tensor,
        "prefill_pipeline": plan.pipeline,
        "prefill_expert": plan.expert,
        "prefill_data": plan.data,
    }


def _endless(points: Points, where: Mask | bool = True) -> dict[str, Array]:
    """What does not run has no speed, and no end of time and cost."""
    found = {
        name: np.where(where, np.inf, getattr(points, name))
        for name in ("tpot_s", "ttft_s", "usd_per_mtok")
    }
    return {**found, "speed_tok_s": np.where(where, 0.0, points.speed_tok_s)}
