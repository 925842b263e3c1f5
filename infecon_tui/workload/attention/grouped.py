"""Full attention with heads of keys and values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from infecon_tui.workload.attention.heads import KeyValueHeads


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupedQuery(KeyValueHeads):
    """Multi-head (kv_heads = heads), grouped-query and multi-query (kv_heads = 1) attention."""

    kind: ClassVar = "gqa"

    def cache_elements(self, positions: float) -> float:
        """Keys and values kept for one sequence of this many positions."""
        return self.position_elements * positions
