"""Operating points with everything that is known of them."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from infecon_tui.papers.erdil2025.levels import memory_gpus, send_latency_s, send_s, stage
from infecon_tui.papers.erdil2025.records import Array, Question
from infecon_tui.papers.erdil2025.terms import pass_flop

if TYPE_CHECKING:
    from infecon_tui.papers.erdil2025.plans import Pass, Plan
    from infecon_tui.papers.erdil2025.stage import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """Operating points as 1-D arrays of one length; infinite TPOT and cost where nothing fits.

    The causes sum to `tpot_s`: of arithmetic and HBM, which overlap, the longer is booked and the
    other is 0; `*_demand_s` hold both. With speculation they are of one accepted token, target and
    draft together. `memory_bytes` (whole instance) holds the cache of a microbatch, as the paper's
    own check does.
    """

    speed_tok_s: Array
    usd_per_mtok: Array
    tpot_s: Array
    gpus: Array
    batch: Array
    mfu: Array
    mbu: Array
    pipeline: Array
    attention_fraction: Array
    tensor_2d: Array
    draft_tokens: Array
    arithmetic_s: Array
    hbm_s: Array
    network_bandwidth_s: Array
    network_latency_s: Array
    launch_s: Array
    arithmetic_demand_s: Array
    hbm_demand_s: Array
    weight_bytes: Array
    memory_bytes: Array

    def __len__(self) -> int:
        return len(self.tpot_s)

    def take(self, indices: Any) -> Points:
        """The points at some indices."""
        return Points(**{field.name: getattr(self, field.name)[indices] for field in fields(self)})

    def without(self, lost: Array) -> Points:
        """The same points, the `lost` ones without speed and at infinite cost."""
        nothing = {"tpot_s": np.inf, "usd_per_mtok": np.inf} | dict.fromkeys(
            ("speed_tok_s", "mfu", "mbu"), 0.0
        )
        return replace(
            self, **{name: np.where(lost, to, getattr(self, name)) for name, to in nothing.items()}
        )


CAUSES = ("arithmetic_s", "hbm_s", "network_bandwidth_s", "network_latency_s", "launch_s")
_SUMMED = (*CAUSES, "arithmetic_demand_s", "hbm_demand_s", "weight_bytes", "memory_bytes")


def joined(parts: list[Points]) -> Points:
    """The points of all parts, one part after the other."""
    return Points(
        **{
            field.name: np.concatenate(
                [np.zeros(0), *(getattr(part, field.name) for part in parts)]
            )
            for field in fields(Points)
        }
    )


def described(question: Question, plan: Plan, gpus: Array, batch: Array, stages: Array) -> Points:
    """Points of one plan. `stages` are the pipeline stages, a row for every pass."""
    sums: dict[str, Array] = {name: np.zeros(len(gpus)) for name in _SUMMED}
    first: Any = None
    for one, own in zip(plan.passes, stages, strict=True):
        spent = stage(one.question, gpus / own, batch / own, one.queries)
        first = spent if first is None else first
        for name, amount in _amounts(one, spent, batch, own, gpus).items():
            sums[name] = sums[name] + amount
    tpot_s: Array = np.sum([sums[name] for name in CAUSES], axis=0)
    part, price = question.part, question.part.usd_per_hour / 3600
    flop = pass_flop(question.model, batch, question.context)
    with np.errstate(divide="ignore", invalid="ignore"):
        return Points(
            speed_tok_s=1 / tpot_s,
            usd_per_mtok=tpot_s * gpus / batch * 1e6 * price,
            tpot_s=tpot_s,
            gpus=gpus,
            batch=batch,
            mfu=flop / (gpus * part.peak_flops * tpot_s),
            mbu=sums["hbm_demand_s"] * part.hbm_cap / tpot_s,
            pipeline=stages[0],
            attention_fraction=first.attention_fraction,
            tensor_2d=first.tensor_2d > 0,
            draft_tokens=np.full(len(gpus), float(plan.drafted)),
            **sums,
        )


def _amounts(one: Pass, spent: Stage, batch: Array, stages: Array, gpus: Array) -> dict[str, Any]:
    """Seconds by cause for each token made, and bytes."""
    question, per_gpu = one.question, batch / gpus
    sends = stages - 1
    latency = spent.network_latency_s + sends * send_latency_s(question, per_gpu, one.queries)
    network = spent.network_s + sends * send_s(question, per_gpu, one.queries)
    computing = spent.arithmetic_s > spent.hbm_s
    seconds = {
        "arithmetic_s": np.where(computing, spent.arithmetic_s, 0.0),
        "hbm_s": np.where(computing, 0.0, spent.hbm_s),
        "network_bandwidth_s": network - latency,
        "network_latency_s": latency,
        "launch_s": spent.launch_s,
        "arithmetic_demand_s": spent.arithmetic_s,
        "hbm_demand_s": spent.hbm_s,
    }
    held = memory_gpus(question, batch / stages) * question.part.hbm_bytes
    return {name: one.weight * amount for name, amount in seconds.items()} | {
        "weight_bytes": question.model.bytes_of_weights,
        "memory_bytes": held,
    }
