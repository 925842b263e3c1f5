"""The kinds of feed-forward layer. Counts are per layer; biases are left out, as for attention."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from infecon_tui.slots import Info

_WIDTH = Info(help="inner width", low=1, step="pow2", label="FFN size")
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

    def expert_params(self, d_model: int) -> int:
        """Weights in routed experts: none."""
        del d_model
        return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MixtureOfExperts:
    """Each token meets `active_experts` of `experts`, and all `shared_experts`.

    With `d_latent` the routed experts work on a narrower vector, projected down before them and up
    after them (latent mixture of experts); router and shared experts keep the full width. A dense
    layer beside the experts (Gemma 4) is a shared expert.
    """

    kind: ClassVar = "moe"
    experts: Annotated[int, Info(help="routed experts of a layer", low=1, step="pow2")]
    active_experts: Annotated[int, Info(help="routed experts a token meets", low=1, step="linear")]
    d_ff: Annotated[int, _WIDTH]
    gated: Annotated[bool, _GATED] = True
    shared_experts: Annotated[int, Info(help="experts every token meets", low=0, step="linear")] = 0
    shared_d_ff: Annotated[
        int | None,
        Info(
            help="inner width of all shared experts",
            low=1,
            none="as one expert",
            label="shared FFN size",
        ),
    ] = None
    d_latent: Annotated[
        int | None,
        Info(
            help="width that routed experts work in", low=1, none="as hidden", label="latent size"
        ),
    ] = None
    router: Annotated[bool, Info(help="count the router's weights", hidden=True)] = True

    def problems(self) -> tuple[str, ...]:
        """What is wrong with these numbers together."""
        found = []
        if self.active_experts > self.experts:
            found.append(
                f"active_experts ({self.active_experts}) is more than experts ({self.experts})"
            )
        if self.shared_d_ff and not self.shared_experts:
            found.append("shared_d_ff is given but shared_experts is 0")
        return tuple(found)

    @property
    def _matrices(self) -> int:
        return 3 if self.gated else 2

    def _common(self, d_model: int) -> int:
        """Weights that every token meets."""
        width = self.shared_d_ff or self.shared_experts * self.d_ff
        shared = self._matrices * d_model * width if self.shared_experts else 0
        latent = 2 * d_model * self.d_latent if self.d_latent else 0
        return shared + latent + (d_model * self.experts if self.router else 0)

    def expert_params(self, d_model: int) -> int:
        """Weights in all routed experts."""
        return self.experts * self._matrices * (self.d_latent or d_model) * self.d_ff

    def params(self, d_model: int) -> int:
        """All weights of the layer."""
        return self.expert_params(d_model) + self._common(d_model)

    def active_params(self, d_model: int) -> int:
        """Weights that one token meets."""
        met = self.expert_params(d_model) // self.experts * self.active_experts
        return met + self._common(d_model)


FeedForward = Dense | MixtureOfExperts
"""The kinds of feed-forward layer; this union is their registry."""
