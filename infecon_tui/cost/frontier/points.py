"""Operating points of the deployment engine: a layout, a batch, and everything that is known of them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from infecon_tui.cost.case import Layout
from infecon_tui.cost.ledger import CAUSES

if TYPE_CHECKING:
    from infecon_tui.cost.ledger import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """Operating points as 1-D arrays of one length; infinite TPOT and cost where nothing fits.

    `tensor`, `pipeline`, `expert`, `attention_data` and `context_parallel` are its layout's degrees. The causes
    (`weights_s` to `draft_s`) are of a mean step and sum to `tpot_s`; with `draft_tokens` they are an
    output token's share of a cycle, which makes `cycle_tok` tokens, and `draft_s` is all of its drafting.
    `reading_s` and `computing_s` are what memory and matrix units work meanwhile, beside one another.
    Bytes are of the whole instance (`memory_bytes` is weights, cache and activations, the drafter's
    with them), `watts` of one accelerator (NaN without a power limit), `wall_watts` of it with its share of
    server and building, `ttft_s` of one prompt that finds the instance idle but for the batch. Input and
    output prices are those of `cost.serving.token_prices`, NaN for input where prompts are not counted.

    With two pools `gpus` and `batch` are of both pools' instances together, the layout, MFU, MBU, causes and
    bytes of one accelerator those of decoding. `prefill_instances` is 0 with one pool; `prefill_batch` counts
    the prompts of a step of the first pool.
    """

    speed_tok_s: Array
    usd_per_mtok: Array
    tpot_s: Array
    ttft_s: Array
    gpus: Array
    batch: Array
    mfu: Array
    mbu: Array
    tensor: Array
    pipeline: Array
    expert: Array
    attention_data: Array
    context_parallel: Array
    draft_tokens: Array
    cycle_tok: Array
    weights_s: Array
    cache_s: Array
    traffic_s: Array
    arithmetic_s: Array
    launch_s: Array
    messages_s: Array
    host_s: Array
    bubbles_s: Array
    draft_s: Array
    reading_s: Array
    computing_s: Array
    weight_bytes: Array
    cache_bytes: Array
    activation_bytes: Array
    memory_bytes: Array
    watts: Array
    wall_watts: Array
    input_usd_per_mtok: Array
    output_usd_per_mtok: Array
    prefill_instances: Array
    decode_instances: Array
    prefill_batch: Array
    prefill_tensor: Array
    prefill_pipeline: Array
    prefill_expert: Array
    prefill_data: Array

    def __len__(self) -> int:
        return len(self.tpot_s)

    @property
    def joules_per_tok(self) -> Array:
        """Of all accelerators for an output token, the prompts that come with it included."""
        return self.watts * self.gpus * self.tpot_s / self.batch

    def take(self, indices: Any) -> Points:
        """The points at some indices."""
        return Points(**{field.name: getattr(self, field.name)[indices] for field in fields(self)})


def layout_of(points: Points, index: int) -> Layout:
    """The layout of a point's decoding instance, as the engine takes it."""
    return Layout(
        gpus=int(np.prod([values[index] for values in _degrees(points)])),
        tensor=int(points.tensor[index]),
        pipeline=int(points.pipeline[index]),
        expert=int(points.expert[index]),
        attention_data=int(points.attention_data[index]),
        context=int(points.context_parallel[index]),
    )


def prefill_layout_of(points: Points, index: int) -> Layout:
    """The layout of an instance of a point's first pool."""
    tensor, pipeline = int(points.prefill_tensor[index]), int(points.prefill_pipeline[index])
    data = int(points.prefill_data[index])
    return Layout(
        gpus=tensor * pipeline * data,
        tensor=tensor,
        pipeline=pipeline,
        expert=int(points.prefill_expert[index]),
        attention_data=data,
    )


def _degrees(points: Points) -> tuple[Array, ...]:
    return points.tensor, points.pipeline, points.attention_data


def one_pool(count: int) -> dict[str, Array]:
    """What points of instances that take their own prompts say of pools."""
    apart = ("instances", "batch", "tensor", "pipeline", "expert", "data")
    none = {f"prefill_{name}": np.zeros(count) for name in apart}
    return {**none, "decode_instances": np.ones(count)}


CAUSE_FIELDS = (*(f"{name}_s" for name in CAUSES), "draft_s")
"""The fields that sum to `tpot_s`."""


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


def unfit(gpus: int) -> Points:
    """One point of a size at which nothing runs or fits."""
    one = {field.name: np.full(1, np.nan) for field in fields(Points)}
    endless = dict.fromkeys(("tpot_s", "ttft_s", "usd_per_mtok"), np.full(1, np.inf))
    known = {"gpus": np.full(1, float(gpus)), "speed_tok_s": np.zeros(1)}
    return Points(**{**one, **endless, **known})


def no_points() -> Points:
    """None at all."""
    return joined([])
