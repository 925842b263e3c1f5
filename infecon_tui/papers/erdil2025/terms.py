"""What a pass computes and reads: the terms that section 3.6 and the notebook share."""

from __future__ import annotations

import numpy as np

from infecon_tui.papers.erdil2025.records import Array, Model, Rowed

KERNELS = 4
"""Eq. 44. Kernels of a layer launched one after the other, as many as its all-reduces."""


def pointwise_flop(model: Model) -> float:
    """Eq. 38. Per token: two for each weight it meets."""
    return 2 * model.active_params


def attention_flop(model: Model, context: Rowed, queries: Rowed = 1) -> Rowed:
    """Eq. 37. Per token, against the KV cache; `context` grows while `queries` tokens are added.

    Departs from eq. 37 in having the head dimension, which it leaves out; with latent attention
    the dimension is the latent's (section 3.1).
    """
    width = model.d_head if model.latent_kv is None else model.latent_kv
    mean_context = (context + context + queries - 1) / 2
    return 4 * width * model.heads * model.layers * mean_context


def pass_flop(model: Model, sequences: Rowed, context: Rowed, queries: Rowed = 1) -> Rowed:
    """Eq. 36. Of one pass of `queries` tokens of each sequence."""
    per_token = pointwise_flop(model) + attention_flop(model, context, queries)
    return per_token * sequences * queries


def matrix_bytes(model: Model, rows: float, columns: float, degree: Rowed) -> tuple[float, Rowed]:
    """Eq. 35. Bytes of one weight matrix, and bytes of its inputs and outputs per token.

    `degree` GPUs share the matrix in a grid of t1 by t2, as square as its shape allows.
    """
    t1 = np.minimum(np.maximum(np.sqrt(rows * degree / columns), 1.0), degree)
    t2 = degree / t1
    per_token = model.activation_bytes * (t1 * columns + t2 * rows)
    return model.weight_bytes * rows * columns, per_token


def feedforward_bytes(model: Model, tokens: Array, degree: Rowed) -> Array:
    """Eq. 32. Of one layer: the experts that `tokens` touch, each with its share of the tokens."""
    s = model.sparsity
    weights, per_token = matrix_bytes(model, model.d_model, model.d_ff, degree)
    experts = model.experts * model.matrices
    one = weights * experts + (per_token * (experts / s)) * tokens
    return np.asarray(one if s == 1 else one * (1 - (1 - 1 / s) ** tokens))


def attention_bytes(model: Model, degree: Rowed) -> tuple[float, Rowed]:
    """Eq. 35. Of one layer's projections: bytes of weights, and bytes per token."""
    d, width = model.d_model, model.heads * model.d_head
    qkv = (model.heads + model.kv_heads) * model.d_head
    shapes = [(qkv, d), (d, width)]
    if model.latent_kv is not None:
        latent = model.latent_kv + (0 if model.latent_query is None else model.latent_query)
        shapes = [(latent, d), (qkv, latent), (d, width)]
    parts = [matrix_bytes(model, rows, columns, degree) for rows, columns in shapes]
    return sum(weights for weights, _ in parts), sum(per_token for _, per_token in parts)


def head_bytes(model: Model) -> float:
    """The output embedding, read once a pass."""
    return model.weight_bytes * model.vocab * model.d_model
