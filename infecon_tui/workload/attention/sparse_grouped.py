"""Grouped-query attention to a selection of blocks of positions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from infecon_tui.slots import Info
from infecon_tui.workload.attention.heads import KeyValueHeads
from infecon_tui.workload.attention.indexer import Indexer


@dataclass(frozen=True, slots=True, kw_only=True)
class SparseGrouped(KeyValueHeads):
    """Attention to the `top_k` positions in the blocks an indexer scores highest (MiniMax-M3)."""

    kind: ClassVar = "sparse_gqa"
    top_k: Annotated[
        int, Info(help="positions read: the chosen blocks, the query's own among them", low=1)
    ]
    block: Annotated[int, Info(help="positions in a block", low=1, step="pow2")]
    indexer: Indexer | None = None

    def problems(self) -> tuple[str, ...]:
        """What is wrong with these numbers together."""
        found = KeyValueHeads.problems(self)
        if self.top_k % self.block:
            found += (f"top_k ({self.top_k}) is not a whole number of blocks ({self.block})",)
        return found

    def params(self, d_model: int) -> int:
        """Weights of the attention and of the indexer, which reads the residual stream."""
        own = KeyValueHeads.params(self, d_model)
        if self.indexer is None:
            return own
        return own + self.indexer.query_params(d_model, d_model) + self.indexer.key_params(d_model)

    def cache_elements(self, positions: float) -> float:
        """Keys, values and key of the indexer of every position: none is dropped."""
        index = self.indexer.position_elements if self.indexer else 0
        return (self.position_elements + index) * positions
