"""What several kinds of attention have in common: heads with keys and values, and latent heads.

These are not kinds themselves; several kinds extend one of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from infecon_tui.slots import Info

HEADS = Info(help="query heads", low=1, step="pow2", label="query heads")
D_HEAD = Info(help="width of a head", low=1, step="pow2", label="head size")
GATE = Info(help="the output is gated by one more projection as wide as it")


def lesser(one: float, other: float) -> float:
    """`min` without a branch, so that either may be a column of numbers; without numpy, which loads late."""
    return (one + other - abs(one - other)) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyValueHeads:
    """Query heads in groups, each group with one head of keys and one of values."""

    heads: Annotated[int, HEADS]
    kv_heads: Annotated[
        int,
        Info(
            help="heads of keys and values; must divide the query heads",
            low=1,
            step="pow2",
            label="KV heads",
        ),
    ]
    d_head: Annotated[int, D_HEAD]
    d_value: Annotated[
        int | None,
        Info(help="width of a value head", low=1, none="as the head", label="value size"),
    ] = None
    tied_kv: Annotated[
        bool,
        Info(
            help="one projection gives keys and values; both are cached all the same",
            label="tied KV",
        ),
    ] = False
    output_gate: Annotated[bool, GATE] = False
    joint_norm: Annotated[
        bool,
        Info(help="queries and keys are normalised over all heads together", hidden=True),
    ] = False

    def problems(self) -> tuple[str, ...]:
        """What is wrong with these numbers together."""
        found = []
        if self.heads % self.kv_heads:
            found.append(f"heads ({self.heads}) is not divisible by kv_heads ({self.kv_heads})")
        if self.tied_kv and self.value_width != self.d_head:
            found.append(f"tied_kv needs d_value ({self.d_value}) equal to d_head ({self.d_head})")
        return tuple(found)

    @property
    def value_width(self) -> int:
        """Width of a value head."""
        return self.d_head if self.d_value is None else self.d_value

    def params(self, d_model: int) -> int:
        """Weights of the projections to queries, keys, values, gate and output."""
        value = self.value_width
        keys_and_values = self.d_head + (0 if self.tied_kv else value)
        outputs = 2 * value if self.output_gate else value
        return d_model * (self.heads * (self.d_head + outputs) + self.kv_heads * keys_and_values)

    @property
    def position_elements(self) -> int:
        """Elements of the keys and values of one position."""
        return self.kv_heads * (self.d_head + self.value_width)


@dataclass(frozen=True, slots=True, kw_only=True)
class LatentHeads:
    """Heads whose keys and values are rebuilt from one compressed vector a position."""

    heads: Annotated[int, HEADS]
    d_head: Annotated[
        int,
        Info(help="width of a head without its rotary part", low=1, step="pow2", label="head size"),
    ]
    d_rope: Annotated[
        int,
        Info(
            help="rotary part of a key, shared by all heads",
            low=0,
            step="pow2",
            label="rotary size",
        ),
    ] = 0
    d_value: Annotated[
        int | None,
        Info(help="width of a value head", low=1, none="as the head", label="value size"),
    ] = None
    latent_kv: Annotated[
        int,
        Info(help="width of the compressed keys and values", low=1, step="pow2", label="latent KV"),
    ]
    latent_query: Annotated[
        int | None,
        Info(help="width of the compressed query", low=1, step="pow2", label="latent query"),
    ] = None
    output_gate: Annotated[bool, GATE] = False

    def problems(self) -> tuple[str, ...]:
        """What is wrong with these numbers together."""
        return ()

    def params(self, d_model: int) -> int:
        """Weights of down- and up-projections, rotary key, gate and output, as in DeepSeek-V2."""
        d_value = self.d_head if self.d_value is None else self.d_value
        d_query = self.heads * (self.d_head + self.d_rope)
        narrow = self.latent_query
        query = d_model * d_query if narrow is None else narrow * (d_model + d_query)
        down = d_model * (self.latent_kv + self.d_rope)
        up = self.latent_kv * self.heads * (self.d_head + d_value)
        outputs = (2 if self.output_gate else 1) * self.heads * d_value * d_model
        return query + down + up + outputs

    @property
    def position_elements(self) -> int:
        """Elements of the latent vector and the rotary key of one position."""
        return self.latent_kv + self.d_rope
