"""What the engine has no place for, said by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui.cost.case import Refusal
from infecon_tui.cost.memory import has_experts
from infecon_tui.cost.support import unsupported
from infecon_tui.workload.attention.heads import KeyValueHeads, LatentHeads

if TYPE_CHECKING:
    from infecon_tui.cost.case import Case


def refusal(case: Case) -> Refusal | None:
    """The first reason why a case cannot be predicted, or None."""
    layout, model = case.layout, case.model
    if said := unsupported(case.engine, case.hardware, model):
        return Refusal(said)
    peaks = case.hardware.arithmetic
    if not (case.batch > 0 and case.isl >= 0 and case.osl > 0):
        return Refusal("batch and output length must be above zero")
    degrees = (layout.tensor, layout.pipeline, layout.expert, layout.attention_data, layout.context)
    if min(degrees) < 1:
        return Refusal("degrees of parallelism start at 1")
    if layout.tensor * layout.pipeline * layout.attention_data != layout.gpus:
        return Refusal("tensor x pipeline x attention-data is not the number of GPUs")
    if layout.pipeline > model.layer_count:
        return Refusal("more pipeline stages than layers")
    if (layout.tensor * layout.attention_data) % layout.expert:
        return Refusal("expert-parallel degree does not divide the ranks of a stage")
    if layout.tensor % layout.context:
        return Refusal("decode context parallelism does not divide the tensor-parallel degree")
    if peaks.peak_flops("bf16") is None and peaks.peak_flops("fp8") is None:
        return Refusal("no peak of arithmetic in the hardware spec")
    if layout.expert > 1 and not has_experts(model):
        return Refusal("expert parallelism of a model without experts")
    return _heads(case)


def _heads(case: Case) -> Refusal | None:
    tensor = case.layout.tensor
    for group in case.model.layers:
        kind = group.attention
        if isinstance(kind, KeyValueHeads | LatentHeads) and tensor > kind.heads:
            return Refusal("more tensor-parallel ranks than attention heads")
    return None
