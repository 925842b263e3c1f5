"""What the layers compute, read and exchange: the terms that sections 3.2 to 3.6 and the notebook share."""

from __future__ import annotations

import numpy as np

from infecon_tui.papers.erdil2025.records import Array, Model


def pass_flop(model: Model, sequences: Array, queries: Array, context: Array) -> Array:
    """Eq. 20. FLOP of one forward pass of `queries` tokens of each sequence."""
    return (
        weight_flop(model) * sequences * queries
        + attention_flop(model, context, queries) * sequences * queries
    )


def weight_flop(model: Model) -> float:
    """FLOP per token against the weights: 2 per active parameter."""
    return 2 * model.active_params


def attention_flop(model: Model, context: Array, queries: Array = np.float64(1.0)) -> Array:
    """FLOP per token against the cache, at the mean length while `queries` tokens are added."""
    width = model.d_head if model.latent_kv is None else model.latent_kv
    mean = (context + context + queries - 1) / 2
    return 4 * width * model.heads * model.layers * mean


def matrix_bytes(model: Model, rows: float, columns: float, tokens: Array, degree: Array) -> Array:
    """Eq. 34. Bytes that `degree` GPUs read and write for one weight matrix applied to `tokens` vectors.

    The grid of t1 by t2 GPUs is the squarest that the matrix's shape allows.
    """
    across = np.clip(np.sqrt(rows * degree / columns), 1.0, degree)
    down = degree / across
    per_token = model.activation_bytes * (across * columns + down * rows)
    return model.weight_bytes * rows * columns + per_token * tokens


def feedforward_bytes(model: Model, tokens: Array, degree: Array) -> Array:
    """Eq. 35. Of one layer's experts: those that `tokens` touch, each with its share of the tokens."""
    s = model.sparsity
    touched = 1 - (1 - 1 / s) ** tokens
    matrices = model.up_matrices + model.down_matrices
    one = matrix_bytes(model, model.d_model, model.d_ff, tokens / s, degree)
    return touched * (model.experts * matrices) * one


def attention_bytes(model: Model, tokens: Array, degree: Array) -> Array:
    """Eq. 36. Of one layer's projections; latent attention compresses first."""
    d, inner = model.d_model, model.heads * model.d_head
    qkv = (model.heads + model.kv_heads) * model.d_head
    out = matrix_bytes(model, d, inner, tokens, degree)
    if model.latent_kv is None:
        return matrix_bytes(model, qkv, d, tokens, degree) + out
    latent = model.latent_kv + (model.latent_query or 0.0)
    down = matrix_bytes(model, latent, d, tokens, degree)
    return down + matrix_bytes(model, qkv, latent, tokens, degree) + out


def head_bytes(model: Model) -> float:
    """The output embedding, read once a pass."""
    return model.weight_bytes * model.vocab * model.d_model


def cache_bytes(model: Model, sequences: Array, context: Array) -> Array:
    """KV cache of `sequences` sequences."""
    return model.kv_bytes_per_position * context * sequences
