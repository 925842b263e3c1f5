"""The notebook's general model: pipeline, experts, one- or two-dimensional tensor parallelism.

Everything is a function of T = N/PP GPUs of a stage and mu = b/PP sequences of a microbatch: the
pipeline only adds its sends. Arrays have a leading axis of scale-downs (sigma: attention uses T/sigma
GPUs); the least over them and over the two tensor layouts is taken.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infecon_tui.papers.erdil2025.collectives import (
    Cost,
    all_reduce,
    all_to_all,
    latency_part,
    seconds,
)
from infecon_tui.papers.erdil2025.paper import KERNELS
from infecon_tui.papers.erdil2025.records import Array, Model, Part, Question, Stage
from infecon_tui.papers.erdil2025.terms import (
    attention_bytes,
    attention_flop,
    cache_bytes,
    feedforward_bytes,
    head_bytes,
    weight_flop,
)

SCALE_DOWNS = 6
"""How many values of sigma the notebook tries, log-spaced from 1 to T."""

Messages = list[tuple[Cost, Array]]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a stage is made of. `roof` terms have the axis of scale-downs, the others may lack it."""

    sigma: Array
    arithmetic_s: Array
    hbm_s: Array
    attention: dict[str, Messages]
    feedforward: dict[str, Messages]


def scale_downs(degree: Array, count: int) -> Array:
    """Notebook. sigma, by the function that the notebook calls: another rounding would flip a ceil."""
    if count == 1:
        return np.ones((1, *np.shape(degree)))
    return np.asarray(np.logspace(0, np.log2(degree), count, base=2))


def grid(degree: Array, gpus_per_node: int, layout: str) -> tuple[Array, Array]:
    """Notebook. Ranks and nodes of an all-reduce when a degree is laid out in one or two dimensions."""
    nodes = np.ceil(degree / gpus_per_node)
    return (np.sqrt(degree), np.sqrt(nodes)) if layout == "2d" else (degree, nodes)


def expert_degree(model: Model, degree: Array, microbatch: Array) -> Array:
    """Notebook. EP: all experts apart, but together where tokens are too few to fill them."""
    if model.experts <= 1:
        return np.ones(())
    return np.where(microbatch < 2 * model.sparsity, 1.0, np.minimum(degree, model.experts))


def terms(question: Question, degree: Array, microbatch: Array) -> Terms:
    """Every term of the notebook's sum, for T GPUs and mu sequences."""
    model, part, q = question.model, question.part, question.queries
    tokens = microbatch * q
    sigma = scale_downs(degree, SCALE_DOWNS if question.scaledown else 1)
    experts = expert_degree(model, degree, microbatch)
    ff_degree = np.maximum(1.0, degree / experts)
    ff_flop = 2 * model.feedforward_params / model.sparsity
    cache_flop = attention_flop(model, question.context)
    projections = weight_flop(model) - ff_flop
    rate, reading = tokens / (degree * part.flops), degree * part.Bps
    fixed = cache_bytes(model, microbatch, question.context) + head_bytes(model)
    fixed = fixed + model.layers * feedforward_bytes(model, tokens, ff_degree)
    attention_read = model.layers * attention_bytes(model, tokens, degree / sigma)
    layouts = ("1d", "2d") if question.tensor == "auto" else (question.tensor,)
    scale = tokens * model.activation_bytes
    return Terms(
        sigma=sigma,
        arithmetic_s=(ff_flop + cache_flop) * rate + projections * sigma * rate,
        hbm_s=fixed / reading + attention_read * (sigma / reading),
        attention={
            layout: _attention_messages(model, part, degree / sigma, scale, layout)
            for layout in layouts
        },
        feedforward={
            layout: [
                *_feedforward_messages(model, part, degree, ff_degree, scale, layout),
                *_expert_messages(model, part, degree, experts, scale),
            ]
            for layout in layouts
        },
    )


def _attention_messages(
    model: Model, part: Part, degree: Array, scale: Array, layout: str
) -> Messages:
    """Notebook. All-reduces of a layer's attention; `scale` is the bytes of one word of all tokens."""
    ranks, nodes = grid(degree, part.gpus_per_node, layout)
    cost = all_reduce(part, ranks, nodes)
    if layout == "1d":
        return [(cost, model.d_model * scale)]
    groups = degree / ranks
    qkv = model.d_head * (model.kv_heads + model.heads)
    return [(cost, scale * (words / groups)) for words in (model.d_model, qkv)]


def _feedforward_messages(
    model: Model, part: Part, degree: Array, ff_degree: Array, scale: Array, layout: str
) -> Messages:
    """Notebook. All-reduces of a layer's feed-forward, over the GPUs that share an expert."""
    ranks, nodes = grid(ff_degree, part.gpus_per_node, layout)
    cost = all_reduce(part, ranks, nodes)
    groups = degree / ranks
    down = model.active_experts * model.down_matrices * model.d_model
    up = model.active_experts * model.up_matrices * model.d_ff
    return [
        (cost, scale * (words / groups)) for words in ((down,) if layout == "1d" else (up, down))
    ]


def _expert_messages(
    model: Model, part: Part, degree: Array, experts: Array, scale: Array
) -> Messages:
    """Notebook. Dispatch to the experts and combination: two all-to-alls a layer."""
    if model.experts <= 1:
        return []
    ranks = np.minimum(model.active_experts, experts)
    cost = all_to_all(part, ranks, np.ceil(ranks / part.gpus_per_node))
    return [(cost, model.d_model * scale * (ranks / degree))] * 2


def send(question: Question, degree: Array, microbatch: Array) -> tuple[Cost, Array]:
    """Notebook. One pipeline send: point to point between two nodes."""
    model = question.model
    two = np.full((), 2.0)
    nbytes = model.d_model * microbatch * question.queries * model.activation_bytes / degree
    return all_to_all(question.part, two, two), nbytes


def fast_s(question: Question, degree: Array, microbatch: Array) -> Array:
    """F(T, mu): seconds of a pass under the best layout and scale-down, sends left out."""
    t = terms(question, degree, microbatch)
    roof = np.maximum(t.arithmetic_s, t.hbm_s)
    layers = question.model.layers
    best: Array | None = None
    for layout, messages in t.attention.items():
        each = roof + layers * _total(messages)
        least = each.min(0) + layers * _total(t.feedforward[layout])
        best = least if best is None else np.minimum(best, least)
    assert best is not None
    return best + KERNELS * layers * question.part.launch_s


def _total(messages: Messages) -> Array:
    return np.asarray(sum(seconds(*message) for message in messages))


def stage(question: Question, degree: Array, microbatch: Array) -> Stage:
    """The same with every term: those of the best layout and scale-down of each point."""
    t = terms(question, degree, microbatch)
    shape = np.broadcast_shapes(np.shape(degree), np.shape(microbatch))
    full = (len(t.sigma), *shape)
    layers = question.model.layers
    latency = [_network(t, layout, full, latency_part) for layout in t.attention]
    network = [_network(t, layout, full, seconds) for layout in t.attention]
    roof = np.maximum(t.arithmetic_s, t.hbm_s)
    totals = np.stack([layers * each + roof for each in network]).reshape(-1, *shape)
    best = totals.argmin(0)[None]
    picked = [
        np.take_along_axis(np.stack(arrays).reshape(-1, *shape), best, 0)[0]
        for arrays in (latency, network)
    ]
    sigma_index = best % len(t.sigma)
    is_2d = np.array([layout == "2d" for layout in t.attention], dtype=float)
    cost, nbytes = send(question, degree, microbatch)
    waiting = np.broadcast_to(latency_part(cost, np.broadcast_to(nbytes, shape)), shape)
    return Stage(
        arithmetic_s=_at(t.arithmetic_s, sigma_index, full),
        hbm_s=_at(t.hbm_s, sigma_index, full),
        network_latency_s=layers * picked[0],
        network_bandwidth_s=layers * (picked[1] - picked[0]),
        launch_s=np.full(shape, KERNELS * layers * question.part.launch_s),
        attention_fraction=1 / _at(t.sigma, sigma_index, full),
        tensor_2d=is_2d[best[0] // len(t.sigma)],
        send_latency_s=waiting,
        send_bandwidth_s=np.broadcast_to(seconds(cost, np.broadcast_to(nbytes, shape)), shape)
        - waiting,
    )


def _network(t: Terms, layout: str, full: tuple[int, ...], measure: object) -> Array:
    assert callable(measure)
    attention = sum(np.broadcast_to(measure(*m), full) for m in t.attention[layout])
    rest = sum(np.broadcast_to(measure(*m), full[1:]) for m in t.feedforward[layout])
    return np.asarray(attention + rest)


def _at(values: Array, index: Array, full: tuple[int, ...]) -> Array:
    return np.take_along_axis(np.broadcast_to(values, full), index, 0)[0]
