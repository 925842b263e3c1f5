"""Linear attention with the gated delta rule (Qwen3-Next, Qwen3.5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from infecon_tui.slots import Info
from infecon_tui.workload.attention.heads import D_HEAD

CONV = Info(help="positions seen by the short convolution before it", low=1, step="linear")


@dataclass(frozen=True, slots=True, kw_only=True)
class GatedDelta:
    """Gated DeltaNet: each value head keeps a matrix `d_key` x `d_value`, and no past positions."""

    kind: ClassVar = "gdn"
    key_heads: Annotated[int, Info(help="heads of queries and of keys", low=1, step="pow2")]
    value_heads: Annotated[int, Info(help="heads of values, each with a state", low=1)]
    d_key: Annotated[int, D_HEAD]
    d_value: Annotated[int, D_HEAD]
    conv: Annotated[int, CONV] = 4

    def problems(self) -> tuple[str, ...]:
        """What is wrong with these numbers together."""
        if self.value_heads % self.key_heads:
            named = f"value_heads ({self.value_heads}) is not divisible"
            return (f"{named} by key_heads ({self.key_heads})",)
        return ()

    @property
    def _channels(self) -> int:
        """Queries, keys and values, which the convolution mixes with earlier ones."""
        return 2 * self.key_heads * self.d_key + self.value_heads * self.d_value

    def params(self, d_model: int) -> int:
        """Weights of queries, keys, values, gate, output, two rates a head, and convolution."""
        values = self.value_heads * self.d_value
        rates = 2 * self.value_heads
        return d_model * (self._channels + 2 * values + rates) + self.conv * self._channels

    def cache_elements(self, positions: float) -> float:
        """The states and the last inputs of the convolution, however long the sequence."""
        del positions
        states = self.value_heads * self.d_key * self.d_value
        return states + (self.conv - 1) * self._channels
