"""The notebook's general model: pipeline, experts, one- or two-dimensional tensor parallelism.

All is a function of the T GPUs of a pipeline stage and the mu sequences of a microbatch; stages
only add their sends. Where T is (T, 1) and mu is (1, B), what depends on T alone stays (T, 1). The
leading axis, where there is one, holds the scale-downs sigma: attention uses T/sigma GPUs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from infecon_tui.papers.erdil2025.collectives import Cost, latency_of, seconds
from infecon_tui.papers.erdil2025.messages import (
    attention_messages,
    expert_messages,
    feedforward_messages,
    layouts,
)
from infecon_tui.papers.erdil2025.records import Array, Model, Question, Rowed, Tensor
from infecon_tui.papers.erdil2025.stage import Stage
from infecon_tui.papers.erdil2025.terms import (
    KERNELS,
    attention_bytes,
    attention_flop,
    feedforward_bytes,
    head_bytes,
    pointwise_flop,
)

SCALE_DOWNS = 6
"""Notebook. How many values of sigma are tried, evenly spaced in log2 from 1 to T."""


class Roof(NamedTuple):
    """Seconds of arithmetic and of HBM, which run side by side."""

    arithmetic_s: Rowed
    hbm_s: Rowed


def scale_downs(question: Question, degree: Rowed) -> Array:
    """Notebook. sigma, through the notebook's own call: other rounding would flip a ceil."""
    if not question.scaledown:
        return np.ones((1, *np.shape(degree)))
    return np.asarray(np.logspace(0, np.log2(degree), SCALE_DOWNS, base=2))


def attention_roof(question: Question, degree: Rowed, sigma: Rowed) -> tuple[Rowed, Rowed, Rowed]:
    """Notebook. Projections on T/sigma GPUs: sigma times as long as on all of them.

    Seconds of arithmetic by the token, and seconds of HBM: of the weights and by the token.
    """
    model, part = question.model, question.part
    weights, per_token = attention_bytes(model, degree / sigma)
    reading = model.layers * sigma / (degree * part.reachable_hbm_Bps)
    flop = pointwise_flop(model) - 2 * model.feedforward_params / model.sparsity
    arithmetic = flop * sigma / (degree * part.reachable_flops)
    return arithmetic, weights * reading, per_token * reading


def other_roof(
    question: Question, degree: Rowed, experts: Rowed, microbatch: Rowed, tokens: Rowed
) -> Roof:
    """Notebook. Feed-forward, KV cache and output embedding on all T GPUs.

    As published, the mean context of a pass takes its tokens for sequences of their own.
    """
    model, part = question.model, question.part
    shared = np.maximum(1.0, degree / experts)
    read = model.layers * feedforward_bytes(model, tokens, shared)
    read = read + (question.cache_bytes(microbatch) + head_bytes(model))
    flop = 2 * model.feedforward_params / model.sparsity
    flop = flop + attention_flop(model, question.context)
    arithmetic = flop / (degree * part.reachable_flops)
    return Roof(arithmetic * tokens, read / (degree * part.reachable_hbm_Bps))


def expert_degree(model: Model, degree: Rowed, microbatch: Rowed) -> Rowed:
    """Notebook. EP: every expert apart, but all together where tokens are too few for that."""
    if model.experts <= 1:
        return np.ones(())
    return np.where(microbatch < 2 * model.sparsity, 1.0, np.minimum(degree, model.experts))


def least_s(question: Question, degree: Rowed, microbatch: Rowed, queries: Rowed = 1) -> Array:
    """Notebook. F(T, mu): seconds of a pass under the best layout and scale-down, without sends."""
    tokens = microbatch * queries
    roof, network = _others(question, degree, microbatch, tokens)
    sigma = scale_downs(question, degree)
    each = _attention_s(question, degree, tokens, sigma, roof)
    best: Rowed = np.inf
    for layout, rest in network.items():
        best = np.minimum(best, each[layout].min(axis=0) + rest)
    return np.asarray(best + KERNELS * question.model.layers * question.part.launch_s)


def _attention_s(
    question: Question, degree: Rowed, tokens: Rowed, sigma: Array, other: Roof
) -> dict[Tensor, Array]:
    """By layout, for every sigma: the longer of the roof's two sides, and attention's network."""
    arithmetic, weights, per_token = attention_roof(question, degree, sigma)
    hbm_s = per_token * tokens
    hbm_s += weights
    hbm_s += other.hbm_s
    longer = np.maximum(arithmetic * tokens + other.arithmetic_s, hbm_s)
    return {
        layout: longer + _total(attention_messages(question, degree / sigma, layout), tokens)
        for layout in layouts(question)
    }


def _others(
    question: Question, degree: Rowed, microbatch: Rowed, tokens: Rowed
) -> tuple[Roof, dict[Tensor, Rowed]]:
    """What sigma does not touch; on a lattice with experts, both sides of their switch."""
    model = question.model
    if np.shape(degree) == np.shape(tokens) or model.experts <= 1:
        experts = expert_degree(model, degree, microbatch)
        return _others_at(question, degree, experts, microbatch, tokens)
    together = microbatch < 2 * model.sparsity
    roof, network = _others_at(question, degree, np.ones(()), microbatch, tokens)
    apart = np.minimum(degree, model.experts)
    roof_apart, network_apart = _others_at(question, degree, apart, microbatch, tokens)
    chosen = np.where(together, roof.hbm_s, roof_apart.hbm_s)
    return Roof(roof.arithmetic_s, chosen), {
        layout: np.where(together, network[layout], network_apart[layout]) for layout in network
    }


def _others_at(
    question: Question, degree: Rowed, experts: Rowed, microbatch: Rowed, tokens: Rowed
) -> tuple[Roof, dict[Tensor, Rowed]]:
    moved = _total(expert_messages(question, degree, experts), tokens)
    network = {
        layout: moved + _total(feedforward_messages(question, degree, experts, layout), tokens)
        for layout in layouts(question)
    }
    return other_roof(question, degree, experts, microbatch, tokens), network


def _total(messages: list[Cost], tokens: Rowed) -> Rowed:
    return sum(seconds(message, tokens) for message in messages)


def option_s(
    question: Question,
    degree: Rowed,
    microbatch: Rowed,
    queries: Rowed,
    sigma: Rowed,
    layout: Tensor,
) -> Array:
    """Notebook. F(T, mu) under one tensor layout and one scale-down."""
    tokens = microbatch * queries
    alone = question if question.tensor == layout else replace(question, tensor=layout)
    roof, network = _others(alone, degree, microbatch, tokens)
    each = _attention_s(alone, degree, tokens, sigma, roof)[layout]
    return np.asarray(
        each + network[layout] + KERNELS * question.model.layers * question.part.launch_s
    )


def each_option_s(
    question: Question, degree: Rowed, microbatch: Rowed, queries: Rowed = 1
) -> tuple[Array, Array]:
    """Notebook. Sigma, and F(T, mu) but for launches under every option.

    The leading axis of the seconds holds the scale-downs of the first layout, then of the second.
    """
    roof, network = _others(question, degree, microbatch, microbatch * queries)
    sigmas = scale_downs(question, degree)
    each = _attention_s(question, degree, microbatch * queries, sigmas, roof)
    return sigmas, np.concatenate([each[layout] + rest for layout, rest in network.items()])


def stage(question: Question, degree: Rowed, microbatch: Rowed, queries: Rowed = 1) -> Stage:
    """Notebook. F(T, mu), cause by cause, under the best layout and scale-down of each point."""
    shape = np.broadcast_shapes(np.shape(degree), np.shape(microbatch), np.shape(queries))
    degree = np.broadcast_to(np.asarray(degree, dtype=float), shape)
    microbatch = np.broadcast_to(np.asarray(microbatch, dtype=float), shape)
    sigmas, each = each_option_s(question, degree, microbatch, queries)
    best = each.argmin(axis=0)
    sigma = np.take_along_axis(sigmas, (best % len(sigmas))[None], 0)[0]
    is_2d = np.array([layout == "2d" for layout in layouts(question)])[best // len(sigmas)]
    return _stage_at(question, degree, microbatch, queries, sigma, is_2d)


def _stage_at(
    question: Question, degree: Array, microbatch: Array, queries: Rowed, sigma: Array, is_2d: Rowed
) -> Stage:
    tokens = microbatch * queries
    experts = expert_degree(question.model, degree, microbatch)
    arithmetic, weights, per_token = attention_roof(question, degree, sigma)
    other = other_roof(question, degree, experts, microbatch, tokens)
    network, latency = (
        np.where(
            is_2d,
            *(
                _exchanged_s(question, degree, experts, tokens, sigma, layout, measure)
                for layout in ("2d", "1d")
            ),
        )
        for measure in (seconds, latency_of)
    )
    launch = KERNELS * question.model.layers * question.part.launch_s
    return Stage(
        arithmetic_s=arithmetic * tokens + other.arithmetic_s,
        hbm_s=weights + per_token * tokens + other.hbm_s,
        network_s=network,
        network_latency_s=latency,
        launch_s=np.full(degree.shape, launch),
        attention_fraction=1 / sigma,
        tensor_2d=is_2d,
    )


def _exchanged_s(
    question: Question,
    degree: Array,
    experts: Rowed,
    tokens: Rowed,
    sigma: Array,
    layout: str,
    measure: Callable[[Cost, Rowed], Array],
) -> Array:
    """A pass's all-reduces and all-to-alls, by `seconds` or by `latency_of`."""
    messages = [
        *attention_messages(question, degree / sigma, layout),
        *feedforward_messages(question, degree, experts, layout),
        *expert_messages(question, degree, experts),
    ]
    return np.asarray(sum(measure(message, tokens) for message in messages))
