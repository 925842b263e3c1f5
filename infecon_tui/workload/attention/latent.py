"""Full attention to latent vectors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from infecon_tui.workload.attention.heads import LatentHeads


@dataclass(frozen=True, slots=True, kw_only=True)
class Latent(LatentHeads):
    """Multi-head latent attention (MLA): keys and values are rebuilt from one compressed vector."""

    kind: ClassVar = "mla"

    def cache_elements(self, positions: float) -> float:
        """The latent vector and the rotary key of every position."""
        return self.position_elements * positions
