"""Attention over a latent cache that all heads share: MLA, sparse or not, and DeepSeek's compressed kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.cost.step.mixing.indexer import index_read, index_work
from infecon_tui.cost.step.mixing.record import Mixing, Product
from infecon_tui.workload.attention import SparseLatent

if TYPE_CHECKING:
    from infecon_tui.cost.ledger import Rowed
    from infecon_tui.cost.step.mixing.record import Rank
    from infecon_tui.workload.attention import Compressed, Indexer
    from infecon_tui.workload.attention.heads import LatentHeads

_TILE = 64
"""Query rows of latent attention that tensor cores take at once."""
_INDEX_VECTORS = 8
"""Small kernels of an indexer: norm, rotations, two transforms, two quantisations, its cache."""


def latent_heads(kind: LatentHeads, rank: Rank) -> Mixing:
    """Absorbed: queries are taken to the latent width, so that the cache is read once for all heads.

    Prompts rebuild keys and values instead, which takes less arithmetic; not where a token picks some of
    them, which the kernels do from the cache itself (FlashMLA's sparse prefill, of tiles of heads too).
    """
    keys, prompt_keys = rank.keys, rank.prompt_keys
    heads, value = kind.heads / rank.tensor, _value_width(kind)
    index = _indexer(kind)
    most = kind.top_k if isinstance(kind, SparseLatent) else np.inf
    read, prompt_read = np.minimum(keys, most), np.minimum(prompt_keys, most)
    cached = kind.latent_kv + kind.d_rope
    both, d_query = kind.latent_kv + cached, kind.d_head + kind.d_rope
    products, prompt_products = _latent_products(kind, rank.d_model, heads)
    tiled = np.ceil(heads / _TILE) * _TILE
    rebuilt, picked = heads * (d_query + value), tiled * both
    # The last token of a prompt sees twice what its tokens see on average.
    prompt_width = np.where(2 * np.asarray(prompt_keys) > most, picked, rebuilt)
    return Mixing(
        products=products,
        prompt_products=prompt_products,
        read=cached * read,
        index_read=index_read(index, keys),
        work=2 * tiled * both * read,
        index_work=index_work(index, keys),
        prompt_work=2 * prompt_width * prompt_read + index_work(index, prompt_keys),
        vectors=5 + (_INDEX_VECTORS if index else 0),
        latent=True,
        kernels=4 if index else 1,
        queries=heads,
        tile=_TILE,
        picking=index is not None,
    )


def _indexer(kind: LatentHeads) -> Indexer | None:
    return kind.indexer if isinstance(kind, SparseLatent) else None


def _value_width(kind: LatentHeads) -> int:
    return kind.d_head if kind.d_value is None else kind.d_value


def _latent_products(
    kind: LatentHeads, d_model: int, heads: Rowed
) -> tuple[tuple[Product, ...], tuple[Product, ...]]:
    """Of decoding, with the maps to the latent width and back, and of prompts."""
    value, narrow = _value_width(kind), kind.latent_query
    d_query, d_from = kind.d_head + kind.d_rope, d_model if narrow is None else narrow
    down = kind.latent_kv + kind.d_rope
    common = [Product(n=(heads * d_query if narrow is None else narrow) + down, k=d_model)]
    if narrow is not None:
        common.append(Product(n=heads * d_query, k=narrow))
    if kind.output_gate:
        common.append(Product(n=heads * value, k=d_model))
    if index := _indexer(kind):
        common.append(Product(n=index.heads * index.d_head, k=d_from))
        common.append(Product(n=index.d_head, k=d_model))
    absorbed = (
        Product(n=kind.latent_kv, k=kind.d_head, copies=heads),
        Product(n=value, k=kind.latent_kv, copies=heads),
    )
    rebuilt = Product(n=heads * (kind.d_head + value), k=kind.latent_kv)
    output = Product(n=d_model, k=heads * value)
    return (*common, *absorbed, output), (*common, rebuilt, output)


def compressed(kind: Compressed, rank: Rank) -> Mixing:
    """A window of positions, and entries that each stand for several of those before it."""
    heads = kind.heads / rank.tensor
    index = kind.indexer
    read, entries = _window_and_entries(kind, rank.keys)
    prompt_read, prompt_entries = _window_and_entries(kind, rank.prompt_keys)
    return Mixing(
        products=_compressed_products(kind, rank, heads),
        read=kind.d_head * read,
        index_read=index_read(index, entries),
        work=4 * np.ceil(heads / _TILE) * _TILE * kind.d_head * read,
        index_work=index_work(index, entries),
        prompt_work=4 * (heads * kind.d_head) * prompt_read + index_work(index, prompt_entries),
        vectors=6,
        latent=True,
        kernels=5 if index else 2,
        queries=heads,
        tile=_TILE,
        picking=bool(kind.top_k),
    )


def _compressed_products(kind: Compressed, rank: Rank, heads: Rowed) -> tuple[Product, ...]:
    d_model, index = rank.d_model, kind.indexer
    groups = np.maximum(kind.output_groups / rank.tensor, 1.0)
    inner = heads * kind.d_head
    products = [
        Product(n=kind.latent_query + kind.d_head, k=d_model),
        Product(n=inner, k=kind.latent_query),
        Product(n=kind.latent_output, k=inner / groups, copies=groups),
        Product(n=d_model, k=kind.latent_output * groups),
    ]
    if kind.compression:
        twice = 2 if index else 1
        width = 2 * twice * (kind.d_head + (index.d_head if index else 0))
        products.append(Product(n=width, k=d_model))
    if index:
        products.append(Product(n=index.heads * (index.d_head + 1), k=kind.latent_query))
    return tuple(products)


def _window_and_entries(kind: Compressed, positions: Rowed) -> tuple[Rowed, Rowed]:
    """Elements wide reads of a token: the window with the entries picked, and the entries there are."""
    entries = positions / kind.compression if kind.compression else 0.0 * positions
    picked = np.minimum(entries, kind.top_k) if kind.top_k else entries
    return np.minimum(positions, kind.window) + picked, entries
