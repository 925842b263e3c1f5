"""Linear attention with a fixed decay (the lightning layers of MiniMax-01 and M1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from infecon_tui.workload.attention.heads import D_HEAD, HEADS


@dataclass(frozen=True, slots=True, kw_only=True)
class Lightning:
    """Lightning attention: each head keeps a matrix `d_head` x `d_head`; the output is gated."""

    kind: ClassVar = "lightning"
    heads: Annotated[int, HEADS]
    d_head: Annotated[int, D_HEAD]

    def problems(self) -> tuple[str, ...]:
        """What is wrong with these numbers together."""
        return ()

    def params(self, d_model: int) -> int:
        """Weights of queries, keys, values, gate and output."""
        return 5 * d_model * self.heads * self.d_head

    def cache_elements(self, positions: float) -> float:
        """The states, however long the sequence."""
        del positions
        return self.heads * self.d_head * self.d_head
