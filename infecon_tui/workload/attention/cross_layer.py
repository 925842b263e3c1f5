"""Attention to keys and values that an earlier layer made (Hunyuan-Large)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from infecon_tui.slots import Info
from infecon_tui.workload.attention.heads import KeyValueHeads


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossLayer(KeyValueHeads):
    """Cross-layer attention: queries of its own, read against the cache of another layer."""

    kind: ClassVar = "cross_layer"
    window: Annotated[
        int | None, Info(help="positions a token attends to", low=1, step="pow2", none="all")
    ] = None

    def params(self, d_model: int) -> int:
        """Weights of the projections to queries, gate and output."""
        shared = self.kv_heads * (self.d_head + (0 if self.tied_kv else self.value_width))
        return KeyValueHeads.params(self, d_model) - d_model * shared

    def cache_elements(self, positions: float) -> float:
        """Nothing: the layer it reads from counts them."""
        return 0 * positions
