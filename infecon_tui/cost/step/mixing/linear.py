"""Linear attention and state-space layers: a state of fixed size in place of a cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.cost.step.mixing.record import Mixing, Product
from infecon_tui.formats import STATE_BYTES

if TYPE_CHECKING:
    from infecon_tui.cost.ledger import Rowed
    from infecon_tui.cost.step.mixing.record import Rank
    from infecon_tui.workload.attention import GatedDelta, KimiDelta, Lightning, Mamba1, Mamba2


def _linear(products: tuple[Product, ...], state: Rowed, channels: Rowed, vectors: int) -> Mixing:
    """States are read and written for every token; prompts work on chunks of 64 tokens."""
    return Mixing(
        products=products,
        state_bytes=2 * (STATE_BYTES * state + 2 * 3 * channels),
        work=4 * state,
        prompt_work=8 * state,
        vectors=vectors,
        kernels=3,
    )


def gated_delta(kind: GatedDelta, rank: Rank) -> Mixing:
    """Gated delta rule (Qwen3-Next): values of several heads share keys; two gates a value head."""
    d_model, tensor = rank.d_model, rank.tensor
    values = kind.value_heads * kind.d_value / tensor
    channels = 2 * kind.key_heads * kind.d_key / tensor + values
    products = (
        Product(n=channels + values, k=d_model),
        Product(n=2 * kind.value_heads / tensor, k=d_model),
        Product(n=d_model, k=values),
    )
    return _linear(products, values * kind.d_key, channels, 4)


def kimi_delta(kind: KimiDelta, rank: Rank) -> Mixing:
    """Kimi's delta attention: a decay a channel, its gates through a narrow map or a full one."""
    d_model, tensor = rank.d_model, rank.tensor
    width = kind.heads * kind.d_head / tensor
    narrow = 1 if kind.full_gate else 2
    products = (
        Product(n=(4 if kind.full_gate else 3) * width, k=d_model),
        Product(n=narrow * kind.d_head + kind.heads / tensor, k=d_model),
        Product(n=narrow * width, k=kind.d_head),
        Product(n=d_model, k=width),
    )
    return _linear(products, width * kind.d_head, 3 * width, 5)


def lightning(kind: Lightning, rank: Rank) -> Mixing:
    """Lightning attention: queries, keys, values and an output gate, and a state a head."""
    d_model, tensor = rank.d_model, rank.tensor
    width = kind.heads * kind.d_head / tensor
    products = (Product(n=4 * width, k=d_model), Product(n=d_model, k=width))
    return _linear(products, width * kind.d_head, 0.0, 4)


def mamba1(kind: Mamba1, rank: Rank) -> Mixing:
    """Mamba: an inner width, and for each token rates and maps made from it."""
    d_model, channels = rank.d_model, kind.channels / rank.tensor
    products = (
        Product(n=2 * channels, k=d_model),
        Product(n=kind.d_rate + 2 * kind.d_state, k=channels),
        Product(n=channels, k=kind.d_rate),
        Product(n=d_model, k=channels),
    )
    return _linear(products, channels * kind.d_state, channels, 4)


def mamba2(kind: Mamba2, rank: Rank) -> Mixing:
    """Mamba 2: an inner width with maps in and out of the state that groups of heads share."""
    d_model, tensor = rank.d_model, rank.tensor
    inner = kind.heads * kind.d_head / tensor
    maps = 2 * np.maximum(kind.groups / tensor, 1.0) * kind.d_state
    products = (
        Product(n=2 * inner + maps + kind.heads / tensor, k=d_model),
        Product(n=d_model, k=inner),
    )
    return _linear(products, inner * kind.d_state, inner + maps, 4)
