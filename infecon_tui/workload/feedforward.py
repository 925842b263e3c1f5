"""The kinds of feed-forward layer. Counts are per layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from infecon_tui.knobs import Info

_WIDTH = Info(help="inner width", low=1, step="pow2")
_GATED = Info(help="two matrices up (gate and up) instead of one")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dense:
    """One multi-layer perceptron for every token."""

    kind: ClassVar = "dense"
    d_ff: Annotated[int, _WIDTH]
    gated: Annotated[bool, _GATED] = True

    def problems(self) -> tuple[str, ...]:
        """What is wrong with these numbers together."""
        return ()

    def params(self, d_model: int) -> int:
        """All weights of the layer."""
        return (3 if self.gated else 2) * d_model * self.d_ff

    def active_params(self, d_model: int) -> int:
        """Weights that one token meets."""
        return self.params(d_model)


@dataclass(frozen=True, slots=True, kw_only=True)
class MixtureOfExperts:
    """Each token meets `active_experts` of `experts`, and all `shared_experts`."""

    kind: ClassVar = "moe"
    experts: Annotated[int, Info(help="routed experts of a layer", low=1, step="pow2")]
    active_experts: Annotated[int, Info(help="routed experts a token meets", low=1)]
    d_ff: Annotated[int, _WIDTH]
    gated: Annotated[bool, _GATED] = True
    shared_experts: Annotated[int, Info(help="experts every token meets", low=0)] = 0
    shared_d_ff: Annotated[
        int | None, Info(help="inner width of all shared experts", none="as d_ff")
    ] = None
    router: Annotated[bool, Info(help="count the router's weights", hidden=True)] = True

    def problems(self) -> tuple[str, ...]:
        """What is wrong with these numbers together."""
        if self.active_experts > self.experts:
            return (
                f"active_experts ({self.active_experts}) is more than experts ({self.experts})",
            )
        return ()

    def _expert(self, d_model: int) -> int:
        return (3 if self.gated else 2) * d_model * self.d_ff

    def _common(self, d_model: int) -> int:
        width = self.shared_d_ff or self.shared_experts * self.d_ff
        shared = (3 if self.gated else 2) * d_model * width if self.shared_experts else 0
        return shared + (d_model * self.experts if self.router else 0)

    def params(self, d_model: int) -> int:
        """All weights of the layer."""
        return self.experts * self._expert(d_model) + self._common(d_model)

    def active_params(self, d_model: int) -> int:
        """Weights that one token meets."""
        return self.active_experts * self._expert(d_model) + self._common(d_model)


FeedForward = Dense | MixtureOfExperts
"""The kinds of feed-forward layer; this union is their registry."""
