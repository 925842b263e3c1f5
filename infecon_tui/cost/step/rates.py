"""What a step is made with: a model's rates on an accelerator, and how an engine works."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from infecon_tui.cost.messages import Wires
from infecon_tui.formats import BYTES_OF

if TYPE_CHECKING:
    from collections.abc import Iterable

    from infecon_tui.cost.ledger import Rowed
    from infecon_tui.cost.machine import Machine
    from infecon_tui.cost.plan import Plan
    from infecon_tui.workload.transformer import Transformer

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How an engine draws tokens (`argmax`: the likeliest is taken), starts kernels, lays out the rows of
    8-bit experts, and whether it has tiles tuned for wide experts that ranks hold whole, and for weights
    with a scale a block. `engine` is the family whose kernels and messages it has; `paged` says that its
    attention is the first paged one, which reads the cache for every query head.
    """

    engine: str = ""
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
        self.wires = Wires(machine, custom=habits.graphs, engine=habits.engine)
        self.dense = self.plain = machine.gemm_rate(weights)
        if precision.blocks:
            self.dense = machine.block_rate(weights, tuned=habits.blocks_tuned)
        self.head = machine.gemm_rate("bf16" if BYTES_OF[weights] < 2 else weights)
        self.experts = machine.expert_rate(experts)
        self.blocks = precision.blocks and machine.computes(experts) == "8bit"
        fused = machine.kernels.experts.fused_hbm is not None
        self.fused = fused and machine.computes(experts) == "4bit"
        self.cache_bytes = BYTES_OF[precision.cache]
        self.reads = machine.kernels.attention.reads(habits.engine, self.cache_bytes)
        layers = model.layers
        self.attentions = _alike(
            (
                (group.attention, not (group.parallel and group.feed_forward is not None)),
                group.count,
            )
            for group in layers
            if group.attention is not None
        )
        """Every kind once, whether an all-reduce of its own follows, and in how many layers."""
        self.feed_forwards = _alike(
            (group.feed_forward, group.count) for group in layers if group.feed_forward is not None
        )


def _alike(parts: Iterable[tuple[Part, Rowed]]) -> list[tuple[Part, Rowed]]:
    """Parts of layers, those that are equal once with the sum of their counts."""
    found: list[tuple[Part, Rowed]] = []
    for part, count in parts:
        at = next((at for at, (one, _) in enumerate(found) if _equal(one, part)), None)
        if at is None:
            found.append((part, count))
        else:
            found[at] = part, found[at][1] + count
    return found


def _equal(one: object, other: object) -> bool:
    try:
        return one == other
    except ValueError:  # Numbers that are columns of a value a row.
        return False
