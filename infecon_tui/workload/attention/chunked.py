"""Attention inside fixed chunks of the sequence (the local layers of Llama 4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from infecon_tui.slots import Info
from infecon_tui.workload.attention.heads import KeyValueHeads, lesser


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunked(KeyValueHeads):
    """Grouped-query attention to what its chunk holds before a token: half of it on average."""

    kind: ClassVar = "chunked"
    chunk: Annotated[int, Info(help="positions in one chunk", low=1, step="pow2")]

    def cache_elements(self, positions: float) -> float:
        """Keys and values of one chunk at its end, which is what memory must hold."""
        return self.position_elements * lesser(positions, self.chunk)
