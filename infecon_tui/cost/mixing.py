"""What one layer's attention, or what takes its place, does on one rank: products, reads, arithmetic.

Every kind is turned into the same record, so that a step knows nothing of kinds. `tensor` is the
tensor-parallel degree, an array over rows; `keys` the positions of the context.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch
from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.workload.attention import (
    Chunked,
    Compressed,
    GatedDelta,
    KimiDelta,
    Lightning,
    Mamba2,
    SlidingWindow,
    SparseGrouped,
    SparseLatent,
)
from infecon_tui.workload.attention.heads import KeyValueHeads, LatentHeads

if TYPE_CHECKING:
    from infecon_tui.cost.ledger import Rowed
    from infecon_tui.workload.attention import Indexer

_TILE, _LATENT_TILE = 16, 64
"""Query rows that tensor cores take at once: of a group of heads, and of latent attention."""
_INDEX_VECTORS = 8
"""Small kernels of an indexer: norm, rotations, two transforms, two quantisations, its cache."""
_JOINT_VECTORS, _JOINT_BYTES = 2, 8.0
"""Of a norm over all heads: squares summed, and the norm; a sum of queries and one of keys in fp32, added up
over tensor ranks (vllm-project/vllm, pull request 31493; sgl-project/sglang, 14416)."""
STATE_BYTES = 4.0
"""Engines keep the states of linear attention in fp32."""


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


@singledispatch
def mixing(kind: object, d_model: int, tensor: Rowed, keys: Rowed, prompt_keys: Rowed) -> Mixing:
    """The work of one layer of a kind; `prompt_keys` are those a token of a prompt sees on average."""
    del d_model, tensor, keys, prompt_keys
    raise TypeError(type(kind).__name__)


@mixing.register(KeyValueHeads)
def _heads(
    kind: KeyValueHeads, d_model: int, tensor: Rowed, keys: Rowed, prompt_keys: Rowed
) -> Mixing:
    queries = kind.heads / tensor
    groups = np.maximum(kind.kv_heads / tensor, 1.0)
    value = kind.value_width
    inputs = queries * (kind.d_head + (value if kind.output_gate else 0))
    inputs = inputs + groups * (kind.d_head + (0 if kind.tied_kv else value))
    products = [Product(n=inputs, k=d_model), Product(n=d_model, k=queries * value)]
    read, prompt_read = _keys_read(kind, keys), _keys_read(kind, prompt_keys)
    index = kind.indexer if isinstance(kind, SparseGrouped) else None
    if index:
        products.append(Product(n=index.heads * index.d_head + index.d_head, k=d_model))
    both = kind.d_head + value
    # Tensor cores work on a tile of queries of a group at once, however few there are.
    tiled = np.ceil(queries / groups / _TILE) * _TILE * groups
    return Mixing(
        products=tuple(products),
        read=groups * both * read,
        index_read=index.d_head * keys if index else 0.0,
        work=2 * tiled * both * read,
        index_work=_index_work(index, keys),
        prompt_work=2 * queries * both * prompt_read + _index_work(index, prompt_keys),
        vectors=3 + (_JOINT_VECTORS if kind.joint_norm else 0),
        kernels=4 if index else 1,
        queries=queries / groups,
        tile=_TILE,
        picking=index is not None,
        summed_bytes=_JOINT_BYTES if kind.joint_norm else 0.0,
    )


def _keys_read(kind: KeyValueHeads, keys: Rowed) -> Rowed:
    """Positions that a new token attends to."""
    if isinstance(kind, SlidingWindow):
        return np.minimum(keys, kind.window)
    if isinstance(kind, Chunked):
        return np.where(np.asarray(keys) > kind.chunk, kind.chunk / 2, keys)
    if isinstance(kind, SparseGrouped):
        return np.minimum(keys, kind.top_k)
    return keys


def _index_work(index: Indexer | None, keys: Rowed) -> Rowed:
    return 2 * index.heads * index.d_head * keys if index else 0.0


@mixing.register(LatentHeads)
def _latent(
    kind: LatentHeads, d_model: int, tensor: Rowed, keys: Rowed, prompt_keys: Rowed
) -> Mixing:
    """Absorbed: queries are taken to the latent width, so that the cache is read once for all heads.

    Prompts rebuild keys and values instead, which takes less arithmetic.
    """
    heads = kind.heads / tensor
    value = kind.d_head if kind.d_value is None else kind.d_value
    d_query = kind.d_head + kind.d_rope
    down = kind.latent_kv + kind.d_rope
    narrow = kind.latent_query
    first = Product(n=(heads * d_query if narrow is None else narrow) + down, k=d_model)
    query = () if narrow is None else (Product(n=heads * d_query, k=narrow),)
    gate = (Product(n=heads * value, k=d_model),) if kind.output_gate else ()
    index = kind.indexer if isinstance(kind, SparseLatent) else None
    scores: tuple[Product, ...] = ()
    if index:
        d_from = d_model if narrow is None else narrow
        scores = (
            Product(n=index.heads * index.d_head, k=d_from),
            Product(n=index.d_head, k=d_model),
        )
    output = Product(n=d_model, k=heads * value)
    absorbed = (
        Product(n=kind.latent_kv, k=kind.d_head, copies=heads),
        Product(n=value, k=kind.latent_kv, copies=heads),
    )
    most = kind.top_k if isinstance(kind, SparseLatent) else np.inf
    read, prompt_read = np.minimum(keys, most), np.minimum(prompt_keys, most)
    both = kind.latent_kv + down
    tiled = np.ceil(heads / _LATENT_TILE) * _LATENT_TILE
    return Mixing(
        products=(first, *query, *gate, *scores, *absorbed, output),
        prompt_products=(
            first,
            *query,
            *gate,
            *scores,
            Product(n=heads * (kind.d_head + value), k=kind.latent_kv),
            output,
        ),
        read=down * read,
        index_read=index.d_head * keys if index else 0.0,
        work=2 * tiled * both * read,
        index_work=_index_work(index, keys),
        prompt_work=2 * heads * (d_query + value) * prompt_read + _index_work(index, prompt_keys),
        vectors=5 + (_INDEX_VECTORS if index else 0),
        latent=True,
        kernels=4 if index else 1,
        queries=heads,
        tile=_LATENT_TILE,
        picking=index is not None,
    )


@mixing.register(Compressed)
def _compressed(
    kind: Compressed, d_model: int, tensor: Rowed, keys: Rowed, prompt_keys: Rowed
) -> Mixing:
    heads = kind.heads / tensor
    groups = np.maximum(kind.output_groups / tensor, 1.0)
    inner = heads * kind.d_head
    products = [
        Product(n=kind.latent_query + kind.d_head, k=d_model),
        Product(n=inner, k=kind.latent_query),
        Product(n=kind.latent_output, k=inner / groups, copies=groups),
        Product(n=d_model, k=kind.latent_output * groups),
    ]
    index = kind.indexer
    if kind.compression:
        twice = 2 if index else 1
        width = 2 * twice * (kind.d_head + (index.d_head if index else 0))
        products.append(Product(n=width, k=d_model))
    if index:
        products.append(Product(n=index.heads * (index.d_head + 1), k=kind.latent_query))

    def seen(positions: Rowed) -> tuple[Rowed, Rowed]:
        entries = positions / kind.compression if kind.compression else 0.0 * positions
        picked = np.minimum(entries, kind.top_k) if kind.top_k else entries
        return np.minimum(positions, kind.window) + picked, entries

    (read, entries), (prompt_read, prompt_entries) = seen(keys), seen(prompt_keys)
    return Mixing(
        products=tuple(products),
        read=kind.d_head * read,
        index_read=index.d_head * entries if index else 0.0,
        work=4 * np.ceil(heads / _LATENT_TILE) * _LATENT_TILE * kind.d_head * read,
        index_work=_index_work(index, entries),
        prompt_work=4 * inner * prompt_read + _index_work(index, prompt_entries),
        vectors=6,
        latent=True,
        kernels=5 if index else 2,
        queries=heads,
        tile=_LATENT_TILE,
        picking=bool(kind.top_k),
    )


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


@mixing.register(GatedDelta)
def _gated_delta(
    kind: GatedDelta, d_model: int, tensor: Rowed, keys: Rowed, prompt_keys: Rowed
) -> Mixing:
    del keys, prompt_keys
    values = kind.value_heads * kind.d_value / tensor
    channels = 2 * kind.key_heads * kind.d_key / tensor + values
    products = (
        Product(n=channels + values, k=d_model),
        Product(n=2 * kind.value_heads / tensor, k=d_model),
        Product(n=d_model, k=values),
    )
    return _linear(products, values * kind.d_key, channels, 4)


@mixing.register(KimiDelta)
def _kimi_delta(
    kind: KimiDelta, d_model: int, tensor: Rowed, keys: Rowed, prompt_keys: Rowed
) -> Mixing:
    del keys, prompt_keys
    width = kind.heads * kind.d_head / tensor
    narrow = 1 if kind.full_gate else 2
    products = (
        Product(n=(4 if kind.full_gate else 3) * width, k=d_model),
        Product(n=narrow * kind.d_head + kind.heads / tensor, k=d_model),
        Product(n=narrow * width, k=kind.d_head),
        Product(n=d_model, k=width),
    )
    return _linear(products, width * kind.d_head, 3 * width, 5)


@mixing.register(Lightning)
def _lightning(
    kind: Lightning, d_model: int, tensor: Rowed, keys: Rowed, prompt_keys: Rowed
) -> Mixing:
    del keys, prompt_keys
    width = kind.heads * kind.d_head / tensor
    products = (Product(n=4 * width, k=d_model), Product(n=d_model, k=width))
    return _linear(products, width * kind.d_head, 0.0, 4)


@mixing.register(Mamba2)
def _mamba2(kind: Mamba2, d_model: int, tensor: Rowed, keys: Rowed, prompt_keys: Rowed) -> Mixing:
    del keys, prompt_keys
    inner = kind.heads * kind.d_head / tensor
    maps = 2 * np.maximum(kind.groups / tensor, 1.0) * kind.d_state
    products = (
        Product(n=2 * inner + maps + kind.heads / tensor, k=d_model),
        Product(n=d_model, k=inner),
    )
    return _linear(products, inner * kind.d_state, inner + maps, 4)
