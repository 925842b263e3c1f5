"""What one layer's attention, or what takes its place, does on one rank.

Every kind is turned into the same record, so that a step knows nothing of kinds.
"""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING

from infecon_tui.cost.step.mixing.heads import key_value_heads
from infecon_tui.cost.step.mixing.latent import compressed, latent_heads
from infecon_tui.cost.step.mixing.linear import gated_delta, kimi_delta, lightning, mamba1, mamba2
from infecon_tui.cost.step.mixing.record import Mixing, Product, Rank
from infecon_tui.workload.attention import (
    Compressed,
    GatedDelta,
    KimiDelta,
    Lightning,
    Mamba1,
    Mamba2,
)
from infecon_tui.workload.attention.heads import KeyValueHeads, LatentHeads

if TYPE_CHECKING:
    from infecon_tui.cost.ledger import Rowed

__all__ = ["Mixing", "Product", "mixing"]


def mixing(kind: object, d_model: int, tensor: Rowed, keys: Rowed, prompt_keys: Rowed) -> Mixing:
    """The work of one layer of a kind, cut over `tensor` ranks, over `keys` positions of context.

    `prompt_keys` are those that a token of a prompt sees on average. All but the width may be arrays over
    rows. Raises TypeError for what is no kind of attention.
    """
    return _of(kind, Rank(d_model, tensor, keys, prompt_keys))


@singledispatch
def _of(kind: object, rank: Rank) -> Mixing:
    raise TypeError(f"{type(kind).__name__} on {rank}")


_of.register(KeyValueHeads, key_value_heads)
_of.register(LatentHeads, latent_heads)
_of.register(Compressed, compressed)
_of.register(GatedDelta, gated_delta)
_of.register(KimiDelta, kimi_delta)
_of.register(Lightning, lightning)
_of.register(Mamba1, mamba1)
_of.register(Mamba2, mamba2)
