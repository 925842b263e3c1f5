"""State-space layers: Mamba-2."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from infecon_tui.slots import Info
from infecon_tui.workload.attention.gated_delta import CONV
from infecon_tui.workload.attention.heads import D_HEAD


@dataclass(frozen=True, slots=True, kw_only=True)
class Mamba2:
    """Each head keeps a state `d_head` x `d_state`; a group of heads shares its two maps."""

    kind: ClassVar = "mamba2"
    heads: Annotated[int, Info(help="heads, each with a state", low=1, step="pow2")]
    d_head: Annotated[int, D_HEAD]
    d_state: Annotated[int, Info(help="size of the state of a channel", low=1, step="pow2")]
    groups: Annotated[int, Info(help="groups of heads; must divide the heads", low=1)] = 1
    conv: Annotated[int, CONV] = 4

    def problems(self) -> tuple[str, ...]:
        """What is wrong with these numbers together."""
        if self.heads % self.groups:
            return (f"heads ({self.heads}) is not divisible by groups ({self.groups})",)
        return ()

    @property
    def _channels(self) -> int:
        """Inputs and the two maps of each group, which the convolution mixes with earlier ones."""
        return self.heads * self.d_head + 2 * self.groups * self.d_state

    def params(self, d_model: int) -> int:
        """Weights of inputs, maps, gate, the rate of each head, output and convolution."""
        inner = self.heads * self.d_head
        return d_model * (self._channels + 2 * inner + self.heads) + self.conv * self._channels

    def cache_elements(self, positions: float) -> float:
        """The states and the last inputs of the convolution, however long the sequence."""
        del positions
        return self.heads * self.d_head * self.d_state + (self.conv - 1) * self._channels
