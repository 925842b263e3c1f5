"""Attention to the last positions only, a window that moves with the query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from infecon_tui.slots import Info
from infecon_tui.workload.attention.heads import KeyValueHeads, lesser


@dataclass(frozen=True, slots=True, kw_only=True)
class SlidingWindow(KeyValueHeads):
    """Grouped-query attention to at most `window` positions."""

    kind: ClassVar = "sliding"
    window: Annotated[int, Info(help="positions a token attends to", low=1, step="pow2")]

    def cache_elements(self, positions: float) -> float:
        """Keys and values of the window; older ones are dropped."""
        return self.position_elements * lesser(positions, self.window)
