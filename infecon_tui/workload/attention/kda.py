"""Linear attention of Kimi Linear and Kimi K3: the delta rule with a decay for every channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from infecon_tui.slots import Info
from infecon_tui.workload.attention.gated_delta import CONV
from infecon_tui.workload.attention.heads import D_HEAD, HEADS


@dataclass(frozen=True, slots=True, kw_only=True)
class KimiDelta:
    """Kimi Delta Attention: each head keeps a matrix `d_head` x `d_head`."""

    kind: ClassVar = "kda"
    heads: Annotated[int, HEADS]
    d_head: Annotated[int, D_HEAD]
    full_gate: Annotated[
        bool, Info(help="the output gate is one matrix, not two through a width of d_head")
    ] = False
    conv: Annotated[int, CONV] = 4

    def problems(self) -> tuple[str, ...]:
        """What is wrong with these numbers together."""
        return ()

    def params(self, d_model: int) -> int:
        """Weights of queries, keys, values, output, low-rank decay, gate, rate, convolutions."""
        width = self.heads * self.d_head
        low_rank = self.d_head * (d_model + width)
        gate = d_model * width if self.full_gate else low_rank
        rate = d_model * self.heads
        return 4 * d_model * width + low_rank + gate + rate + 3 * self.conv * width

    def cache_elements(self, positions: float) -> float:
        """The states and the last inputs of the convolutions, however long the sequence."""
        del positions
        width = self.heads * self.d_head
        return width * self.d_head + 3 * (self.conv - 1) * width
