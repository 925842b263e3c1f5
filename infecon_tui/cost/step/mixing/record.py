"""What a layer's attention, or what takes its place, is to a step: products, reads and arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from infecon_tui.cost.ledger import Rowed


class Rank(NamedTuple):
    """What a rank has of a layer: the model's width, the tensor-parallel degree it is cut by, and positions.

    `keys` are those of the context, `prompt_keys` those that a token of a prompt sees on average.
    """

    d_model: int
    tensor: Rowed
    keys: Rowed
    prompt_keys: Rowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """`n` outputs from `k` inputs for every token, `copies` of it with weights of their own."""

    n: Rowed
    k: Rowed
    copies: Rowed = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixing:
    """One layer on one rank. Reads are elements a sequence, arithmetic FLOP a new token.

    `work` is of tiles of `tile` query rows, of which one token of a sequence brings `queries` to the same
    keys. `picking` layers look at other positions for every token, so that tokens share nothing.
    `passed_bytes` are of a token's queries, outputs and the sums of their weights, as these pass between all
    ranks of a striped cache; `summed_bytes` of a token's sums over heads, as ranks add them up to normalise.
    """

    products: tuple[Product, ...]
    prompt_products: tuple[Product, ...] = ()
    read: Rowed = 0.0
    index_read: Rowed = 0.0
    state_bytes: Rowed = 0.0
    work: Rowed = 0.0
    index_work: Rowed = 0.0
    prompt_work: Rowed = 0.0
    vectors: int = 3
    latent: bool = False
    kernels: int = 1
    queries: Rowed = 0.0
    tile: int = 1
    picking: bool = False
    passed_bytes: tuple[Rowed, ...] = ()
    summed_bytes: float = 0.0

    def read_bytes(self, tokens: Rowed, element_bytes: float) -> Rowed:
        """What a sequence that brings `tokens` reads: its cache once, and a state written for each."""
        read = self.read * tokens if self.picking else self.read
        return (read + self.index_read) * element_bytes + self.state_bytes * ((1 + tokens) / 2)

    def flop(self, tokens: Rowed) -> Rowed:
        """Attention of a sequence that brings `tokens`: their queries fill tiles together."""
        tiles: Rowed = tokens
        if self.tile > 1 and not self.picking:
            tiles = np.ceil(self.queries * tokens / self.tile) / np.ceil(self.queries / self.tile)
        return self.work * tiles + self.index_work * tokens

    def asked_flop(self, tokens: Rowed) -> Rowed:
        """The same without what fills tiles."""
        filled: Rowed = 1.0
        if self.tile > 1:
            filled = self.queries / (np.ceil(self.queries / self.tile) * self.tile)
        return tokens * (self.work * filled + self.index_work)
