"""Attention whose queries are made through a narrow vector (Step-3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from infecon_tui.slots import Info
from infecon_tui.workload.attention.heads import KeyValueHeads


@dataclass(frozen=True, slots=True, kw_only=True)
class Factorised(KeyValueHeads):
    """Multi-matrix factorisation attention: many query heads from one narrow vector, few of keys and values."""

    kind: ClassVar = "mfa"
    latent_query: Annotated[
        int, Info(help="width of the compressed query", low=1, label="latent query")
    ]

    def params(self, d_model: int) -> int:
        """Weights of the projections, the query's in two factors."""
        queries = self.heads * self.d_head
        saved = d_model * queries - self.latent_query * (d_model + queries)
        return KeyValueHeads.params(self, d_model) - saved

    def cache_elements(self, positions: float) -> float:
        """Keys and values kept for one sequence of this many positions."""
        return self.position_elements * positions
