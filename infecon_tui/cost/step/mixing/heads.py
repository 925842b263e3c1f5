"""Multi-head, grouped-query and multi-query attention, with its windows, chunks and sparse reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.cost.step.mixing.indexer import index_read, index_work
from infecon_tui.cost.step.mixing.record import Mixing, Product
from infecon_tui.workload.attention import (
    Chunked,
    CrossLayer,
    Factorised,
    SlidingWindow,
    SparseGrouped,
)

if TYPE_CHECKING:
    from infecon_tui.cost.ledger import Rowed
    from infecon_tui.cost.step.mixing.record import Rank
    from infecon_tui.workload.attention.heads import KeyValueHeads

_TILE = 16
"""Query rows of a group of heads that tensor cores take at once."""

_JOINT_VECTORS, _JOINT_BYTES = 2, 8.0
"""Of a norm over all heads: squares summed, and the norm; a sum of queries and one of keys in fp32, added up
over tensor ranks (vllm-project/vllm, pull request 31493; sgl-project/sglang, 14416)."""


def key_value_heads(kind: KeyValueHeads, rank: Rank) -> Mixing:
    """Keys and values by group of heads: all of the context, a window of it, or what an indexer picks."""
    d_model, tensor, keys, prompt_keys = rank
    queries = kind.heads / tensor
    groups = np.maximum(kind.kv_heads / tensor, 1.0)
    value = kind.value_width
    products = [*_inputs(kind, d_model, queries, groups), Product(n=d_model, k=queries * value)]
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
        index_read=index_read(index, keys),
        work=2 * tiled * both * read,
        index_work=index_work(index, keys),
        prompt_work=2 * queries * both * prompt_read + index_work(index, prompt_keys),
        vectors=3 + (_JOINT_VECTORS if kind.joint_norm else 0),
        kernels=4 if index else 1,
        queries=queries / groups,
        tile=_TILE,
        picking=index is not None,
        summed_bytes=_JOINT_BYTES if kind.joint_norm else 0.0,
    )


def _inputs(
    kind: KeyValueHeads, d_model: int, queries: Rowed, groups: Rowed
) -> tuple[Product, ...]:
    """To `queries` heads with their gates and `groups` heads of keys and values, where a layer has its own."""
    value = kind.value_width
    gates = queries * (value if kind.output_gate else 0)
    made = groups * (kind.d_head + (0 if kind.tied_kv else value))
    if isinstance(kind, CrossLayer):
        made = 0.0 * groups
    if isinstance(kind, Factorised):
        narrow = kind.latent_query
        up = Product(n=queries * kind.d_head, k=narrow)
        return Product(n=narrow + gates + made, k=d_model), up
    return (Product(n=queries * kind.d_head + gates + made, k=d_model),)


def _keys_read(kind: KeyValueHeads, keys: Rowed) -> Rowed:
    """Positions that a new token attends to."""
    if isinstance(kind, SlidingWindow):
        return np.minimum(keys, kind.window)
    if isinstance(kind, CrossLayer) and kind.window is not None:
        return np.minimum(keys, kind.window)
    if isinstance(kind, Chunked):
        return np.where(np.asarray(keys) > kind.chunk, kind.chunk / 2, keys)
    if isinstance(kind, SparseGrouped):
        return np.minimum(keys, kind.top_k)
    return keys
