"""The small attention that picks which positions the large one reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from infecon_tui.slots import Info


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexer:
    """Scores every position with small heads that share one key (DeepSeek-V3.2, MiniMax-M3)."""

    heads: Annotated[int, Info(help="heads of the indexer", low=1, step="pow2")]
    d_head: Annotated[int, Info(help="width of its heads and of its key", low=1, step="pow2")]
    pool: Annotated[int, Info(help="positions that share one key of it", low=1, step="pow2")] = 1

    def query_params(self, d_query: int, d_model: int) -> int:
        """Weights of its queries, made from a vector of width `d_query`, and of their scores."""
        return self.heads * (d_query * self.d_head + d_model)

    def key_params(self, d_model: int) -> int:
        """Weights of the key that its heads share."""
        return d_model * self.d_head

    @property
    def position_elements(self) -> float:
        """Elements of its keys for one position."""
        return self.d_head / self.pool
