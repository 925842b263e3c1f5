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

    `tensor`, `pipeline`, `expert` and `attention_data` are the degrees of the layout. The causes
    (`weights_s` to `host_s`) are of a mean step and sum to `tpot_s`. Bytes are of the whole instance
    (`memory_bytes` is weights, cache and activations), `watts` of one accelerator (NaN without a power
    limit), `wall_watts` of it with its share of server and building, `joules_per_tok` of all accelerators
    of the instance for one output token; `ttft_s` is of one prompt that finds the instance idle but for the
    batch.
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
    draft_tokens: Array
    weights_s: Array
    cache_s: Array
    traffic_s: Array
    arithmetic_s: Array
    launch_s: Array
    messages_s: Array
    host_s: Array
    weight_bytes: Array
    cache_bytes: Array
    activation_bytes: Array
    memory_bytes: Array
    watts: Array
    wall_watts: Array
    joules_per_tok: Array

    def __len__(self) -> int:
        return len(self.tpot_s)

    def take(self, indices: Any) -> Points:
        """The points at some indices."""
        return Points(**{field.name: getattr(self, field.name)[indices] for field in fields(self)})


def layout_of(points: Points, index: int) -> Layout:
    """The layout of a point, as the engine takes it."""
    return Layout(
        gpus=int(points.gpus[index]),
        tensor=int(points.tensor[index]),
        pipeline=int(points.pipeline[index]),
        expert=int(points.expert[index]),
        attention_data=int(points.attention_data[index]),
    )


CAUSE_FIELDS = tuple(f"{name}_s" for name in CAUSES)
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
