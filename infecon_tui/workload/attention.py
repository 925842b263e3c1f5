"""The kinds of attention. One kind is one record: its YAML keys, its parameters, its cache.

Counts are per layer. `d_model` is the width of the residual stream.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from infecon_tui.knobs import Info

_HEADS = Info(help="query heads", low=1, step="pow2")


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupedQuery:
    """Multi-head (kv_heads = heads), grouped-query and multi-query (kv_heads = 1) attention."""

    kind: ClassVar = "gqa"
    heads: Annotated[int, _HEADS]
    kv_heads: Annotated[
        int, Info(help="heads of keys and values; must divide the query heads", low=1)
    ]
    d_head: Annotated[int, Info(help="width of a head", low=1, step="pow2")]

    def problems(self) -> tuple[str, ...]:
        """What is wrong with these numbers together."""
        if self.heads % self.kv_heads:
            return (f"heads ({self.heads}) is not divisible by kv_heads ({self.kv_heads})",)
        return ()

    def params(self, d_model: int) -> int:
        """Weights of the four projections."""
        return d_model * self.d_head * (2 * self.heads + 2 * self.kv_heads)

    def cache_elements(self, positions: float) -> float:
        """Keys and values kept for one sequence of this many positions."""
        return 2 * self.kv_heads * self.d_head * positions


@dataclass(frozen=True, slots=True, kw_only=True)
class Latent:
    """Multi-head latent attention (MLA): keys and values are rebuilt from one compressed vector."""

    kind: ClassVar = "mla"
    heads: Annotated[int, _HEADS]
    d_head: Annotated[int, Info(help="width of a head without its rotary part", low=1)]
    d_rope: Annotated[int, Info(help="rotary part of a key, shared by all heads", low=0)] = 0
    d_value: Annotated[int | None, Info(help="width of a value head", low=1, none="as d_head")] = (
        None
    )
    latent_kv: Annotated[int, Info(help="width of the compressed keys and values", low=1)]
    latent_query: Annotated[int | None, Info(help="width of the compressed query", low=1)] = None

    def problems(self) -> tuple[str, ...]:
        """What is wrong with these numbers together."""
        return ()

    def params(self, d_model: int) -> int:
        """Weights of down- and up-projections, rotary key and output, as in DeepSeek-V2."""
        d_value = self.d_value or self.d_head
        d_query = self.heads * (self.d_head + self.d_rope)
        query = self.latent_query * (d_model + d_query) if self.latent_query else d_model * d_query
        kv = d_model * (self.latent_kv + self.d_rope) + self.latent_kv * self.heads * (
            self.d_head + d_value
        )
        return query + kv + self.heads * d_value * d_model

    def cache_elements(self, positions: float) -> float:
        """The latent vector and the rotary key of every position."""
        return (self.latent_kv + self.d_rope) * positions


Attention = GroupedQuery | Latent
"""The kinds of attention; this union is their registry."""
