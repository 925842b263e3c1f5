"""Section 3.6: two-dimensional tensor parallelism with the network's bandwidth and latency, no pipeline."""

from __future__ import annotations

import numpy as np

from infecon_tui.papers.erdil2025.collectives import Cost, all_reduce, latency_part, seconds
from infecon_tui.papers.erdil2025.records import Array, Model, Question, Stage
from infecon_tui.papers.erdil2025.terms import (
    attention_bytes,
    attention_flop,
    cache_bytes,
    feedforward_bytes,
    head_bytes,
    weight_flop,
)

KERNELS = 4
"""Kernels of a layer that are launched one after the other, section 3.4."""


def reduced_words(model: Model) -> tuple[float, ...]:
    """Eq. 37 to 40. Words of a token that a layer's four all-reduces carry, over all GPUs."""
    return (
        model.d_head * (model.kv_heads + model.heads),
        model.d_model,
        model.active_experts * model.up_matrices * model.d_ff,
        model.active_experts * model.down_matrices * model.d_model,
    )


def ranks_and_nodes(gpus: Array, gpus_per_node: int) -> tuple[Array, Array]:
    """Eq. 29 and 30. A square grid: sqrt(N) ranks, on the square root of the nodes."""
    return np.sqrt(gpus), np.sqrt(np.ceil(gpus / gpus_per_node))


def read_bytes(question: Question, gpus: Array, batch: Array) -> Array:
    """Eq. 33. HBM bytes of one step over all GPUs: cache, weights and activations, output head."""
    model, tokens = question.model, batch * question.queries
    layer = feedforward_bytes(model, tokens, gpus) + attention_bytes(model, tokens, gpus)
    return cache_bytes(model, batch, question.context) + model.layers * layer + head_bytes(model)


def step_flop(question: Question, batch: Array) -> Array:
    """Eq. 42, as published: the queries of a sequence counted as sequences of their own."""
    per_token = weight_flop(question.model) + attention_flop(question.model, question.context)
    return per_token * batch * question.queries


def _messages(question: Question, gpus: Array, batch: Array) -> list[tuple[Cost, Array]]:
    model = question.model
    ranks, nodes = ranks_and_nodes(gpus, question.part.gpus_per_node)
    cost = all_reduce(question.part, ranks, nodes)
    scale = batch * question.queries * model.activation_bytes / (gpus / ranks)
    return [(cost, words * scale) for words in reduced_words(model)]


def stage(question: Question, gpus: Array, batch: Array) -> Stage:
    """Eq. 43 and 44. Everything about a step; TPOT = launches + network + max(HBM, arithmetic)."""
    model, part = question.model, question.part
    zero = np.zeros(np.broadcast_shapes(np.shape(gpus), np.shape(batch)))
    messages = _messages(question, gpus, batch)
    network = model.layers * sum(seconds(*message) for message in messages) + zero
    latency = model.layers * sum(latency_part(*message) for message in messages) + zero
    return Stage(
        arithmetic_s=step_flop(question, batch) / (gpus * part.flops) + zero,
        hbm_s=read_bytes(question, gpus, batch) / (gpus * part.Bps) + zero,
        network_latency_s=latency,
        network_bandwidth_s=network - latency,
        launch_s=zero + KERNELS * model.layers * part.launch_s,
        attention_fraction=zero + 1,
        tensor_2d=zero + 1,
        send_latency_s=zero,
        send_bandwidth_s=zero,
    )
