"""What a step is made with: a model's rates on an accelerator, and how an engine works."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from infecon_tui.cost.messages import Wires
from infecon_tui.formats import BYTES_OF

if TYPE_CHECKING:
    from infecon_tui.cost.machine import Machine
    from infecon_tui.cost.plan import Plan
    from infecon_tui.workload.transformer import Transformer


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How an engine draws tokens (`argmax`: the likeliest is taken), starts kernels, lays out the rows of
    8-bit experts, and whether it has tiles tuned for wide experts that ranks hold whole, and for weights
    with a scale a block, and whether its attention is vLLM's first paged one, which reads the cache for every
    query head.
    """

    sorted_sampling: bool = False
    graphs: bool = True
    aligned: bool = False
    tuned: bool = True
    blocks_tuned: bool = True
    argmax: bool = False
    paged: bool = False


class Rates:
    """A model on an accelerator in layouts: the rates of its products and its messages, worked out once."""

    def __init__(self, model: Transformer, machine: Machine, plan: Plan, habits: Habits) -> None:
        self.model, self.machine, self.plan, self.habits = model, machine, plan, habits
        precision = model.precision
        weights, experts = precision.weights, precision.experts or precision.weights
        self.tuned = habits.tuned or BYTES_OF[experts] < 2
        self.aligned = habits.aligned and BYTES_OF[experts] == 1
        self.wires = Wires(machine, custom=habits.graphs)
        self.dense = self.plain = machine.gemm_rate(weights)
        if precision.blocks:
            self.dense = machine.block_rate(weights, tuned=habits.blocks_tuned)
        self.head = machine.gemm_rate("bf16" if BYTES_OF[weights] < 2 else weights)
        self.experts = machine.expert_rate(experts)
        self.blocks = precision.blocks and machine.computes(experts) == "8bit"
        self.cache_bytes = BYTES_OF[precision.cache]
