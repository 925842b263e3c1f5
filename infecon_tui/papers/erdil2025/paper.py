"""Section 3.6, eqs. 29 to 44: two-dimensional tensor parallelism alone."""

from __future__ import annotations

import numpy as np

from infecon_tui.papers.erdil2025.collectives import Cost, all_reduce, latency_of, seconds
from infecon_tui.papers.erdil2025.records import Array, Model, Question, Rowed
from infecon_tui.papers.erdil2025.stage import Stage
from infecon_tui.papers.erdil2025.terms import (
    KERNELS,
    attention_bytes,
    feedforward_bytes,
    head_bytes,
    pass_flop,
)


def reduced_words(model: Model) -> tuple[float, ...]:
    """Eq. 43. Words of a token in a layer's four all-reduces, gated units' second one included."""
    return (
        model.d_head * (model.kv_heads + model.heads),
        model.d_model,
        model.active_experts * model.up_matrices * model.d_ff,
        model.active_experts * model.down_matrices * model.d_model,
    )


def ranks_and_nodes(gpus: Rowed, gpus_per_node: float) -> tuple[Array, Array]:
    """Section 3.3. The square root of the GPUs, on the square root of the nodes."""
    return np.sqrt(gpus), np.sqrt(np.ceil(gpus / gpus_per_node))


def bytes_read(question: Question, gpus: Rowed, batch: Rowed, queries: Rowed) -> Array:
    """Eq. 31 to 35. HBM bytes of a pass, over all GPUs."""
    model, tokens = question.model, batch * queries
    weights, per_token = attention_bytes(model, gpus)
    layer = feedforward_bytes(model, tokens, gpus) + (weights + per_token * tokens)
    return np.asarray(question.cache_bytes(batch) + model.layers * layer + head_bytes(model))


def messages(question: Question, gpus: Rowed) -> list[Cost]:
    """Eq. 43. The all-reduces of all layers, by the token."""
    model = question.model
    ranks, nodes = ranks_and_nodes(gpus, question.part.gpus_per_node)
    cost = all_reduce(question.part, ranks, nodes)
    word = model.activation_bytes / (gpus / ranks)
    return [cost.carrying(words * word, model.layers) for words in reduced_words(model)]


def least_s(question: Question, gpus: Rowed, batch: Rowed, queries: Rowed = 1) -> Array:
    """Eq. 29. TPOT of N GPUs and b sequences."""
    model, part = question.model, question.part
    network = sum(seconds(message, batch * queries) for message in messages(question, gpus))
    reading = bytes_read(question, gpus, batch, queries) / (gpus * part.reachable_hbm_Bps)
    flop = pass_flop(model, batch * queries, question.context)
    roof = np.maximum(reading, flop / (gpus * part.reachable_flops))
    return np.asarray(KERNELS * model.layers * part.launch_s + network + roof)


def stage(question: Question, gpus: Rowed, batch: Rowed, queries: Rowed = 1) -> Stage:
    """Eq. 29, cause by cause.

    As published, the mean context of a pass takes its tokens for sequences of their own.
    """
    model, part = question.model, question.part
    like = np.zeros(np.broadcast_shapes(np.shape(gpus), np.shape(batch), np.shape(queries)))
    exchanged, tokens = messages(question, gpus), batch * queries
    flop = pass_flop(model, tokens, question.context)
    return Stage(
        arithmetic_s=flop / (gpus * part.reachable_flops) + like,
        hbm_s=bytes_read(question, gpus, batch, queries) / (gpus * part.reachable_hbm_Bps) + like,
        network_s=sum(seconds(each, tokens) for each in exchanged) + like,
        network_latency_s=sum(latency_of(each, tokens) for each in exchanged) + like,
        launch_s=like + KERNELS * model.layers * part.launch_s,
        attention_fraction=like + 1,
        tensor_2d=like + 1,
    )
