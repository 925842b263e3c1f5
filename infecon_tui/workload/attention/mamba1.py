"""State-space layers: Mamba, of which every channel has a state of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from infecon_tui.slots import Info
from infecon_tui.workload.attention.gated_delta import CONV


@dataclass(frozen=True, slots=True, kw_only=True)
class Mamba1:
    """Each channel keeps `d_state` numbers, and chooses its rates from a vector of width `d_rate` (Jamba)."""

    kind: ClassVar = "mamba1"
    channels: Annotated[int, Info(help="inner width, each channel with a state", low=1)]
    d_state: Annotated[int, Info(help="size of the state of a channel", low=1, step="pow2")]
    d_rate: Annotated[int, Info(help="width that the rates of channels are made from", low=1)]
    conv: Annotated[int, CONV] = 4

    def problems(self) -> tuple[str, ...]:
        """What is wrong with these numbers together."""
        return ()

    def params(self, d_model: int) -> int:
        """Weights of inputs and gate, rates, the two maps of the state, decays, output and convolution."""
        chosen = 2 * self.d_rate + 2 * self.d_state
        return self.channels * (3 * d_model + chosen + self.d_state + self.conv)

    def cache_elements(self, positions: float) -> float:
        """The states and the last inputs of the convolution, however long the sequence."""
        del positions
        return self.channels * (self.d_state + self.conv - 1)
