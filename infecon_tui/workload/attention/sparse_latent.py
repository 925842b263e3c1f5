"""Latent attention to a selection of positions (DeepSeek sparse attention)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from infecon_tui.slots import Info
from infecon_tui.workload.attention.heads import LatentHeads
from infecon_tui.workload.attention.indexer import Indexer


@dataclass(frozen=True, slots=True, kw_only=True)
class SparseLatent(LatentHeads):
    """MLA to the `top_k` positions an indexer scores highest; without one, to another layer's."""

    kind: ClassVar = "sparse_mla"
    top_k: Annotated[int, Info(help="positions read", low=1, step="pow2")]
    indexer: Indexer | None = None

    def params(self, d_model: int) -> int:
        """Weights of the latent attention and of the indexer."""
        own = LatentHeads.params(self, d_model)
        if self.indexer is None:
            return own
        d_query = d_model if self.latent_query is None else self.latent_query
        return own + self.indexer.query_params(d_query, d_model) + self.indexer.key_params(d_model)

    def cache_elements(self, positions: float) -> float:
        """Latent vector, rotary key and key of the indexer of every position: none is dropped."""
        index = self.indexer.position_elements if self.indexer else 0
        return (self.position_elements + index) * positions
