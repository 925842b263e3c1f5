"""What a pass of the general model sends: all-reduces by tensor layout, the experts' tokens, hand-overs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.papers.erdil2025.collectives import Cost, all_reduce, all_to_all

if TYPE_CHECKING:
    from infecon_tui.papers.erdil2025.records import Question, Rowed, Tensor


def layouts(question: Question) -> tuple[Tensor, ...]:
    """Notebook. Both tensor layouts are tried, unless the question names one."""
    return ("1d", "2d") if question.tensor == "auto" else (question.tensor,)


def grid(degree: Rowed, gpus_per_node: float, layout: str) -> tuple[Rowed, Rowed]:
    """Notebook. Ranks and nodes of an all-reduce among `degree` GPUs laid out as named."""
    nodes = np.ceil(degree / gpus_per_node)
    return (np.sqrt(degree), np.sqrt(nodes)) if layout == "2d" else (degree, nodes)


def attention_messages(question: Question, degree: Rowed, layout: str) -> list[Cost]:
    """Notebook. All layers' all-reduces of attention over `degree` GPUs, by the token."""
    model, part = question.model, question.part
    ranks, nodes = grid(degree, part.gpus_per_node, layout)
    cost = all_reduce(part, ranks, nodes)
    if layout == "1d":
        return [cost.carrying(model.d_model * model.activation_bytes, model.layers)]
    qkv = model.d_head * (model.kv_heads + model.heads)
    word = model.activation_bytes / (degree / ranks)
    return [cost.carrying(words * word, model.layers) for words in (model.d_model, qkv)]


def feedforward_messages(
    question: Question, degree: Rowed, experts: Rowed, layout: str
) -> list[Cost]:
    """Notebook. All layers' all-reduces of the feed-forward, its experts apart; by the token."""
    model, part = question.model, question.part
    ranks, nodes = grid(np.maximum(1.0, degree / experts), part.gpus_per_node, layout)
    cost = all_reduce(part, ranks, nodes)
    words = [model.active_experts * model.down_matrices * model.d_model]
    if layout == "2d":
        words.append(model.active_experts * model.up_matrices * model.d_ff)
    word = model.activation_bytes / (degree / ranks)
    return [cost.carrying(each * word, model.layers) for each in words]


def expert_messages(question: Question, degree: Rowed, experts: Rowed) -> list[Cost]:
    """Notebook, section 3.5. All layers' dispatch to the experts, and its combination."""
    model, part = question.model, question.part
    if model.experts <= 1:
        return []
    ranks = np.minimum(model.active_experts, experts)
    cost = all_to_all(part, ranks, np.ceil(ranks / part.gpus_per_node))
    nbytes = model.d_model * ranks * model.activation_bytes / degree
    return [cost.carrying(nbytes, 2 * model.layers)]


def send(question: Question) -> Cost:
    """Notebook, section 3.5. One stage to the next, on another node; by the token a GPU."""
    model = question.model
    cost = all_to_all(question.part, np.asarray(2.0), np.asarray(2.0))
    return cost.carrying(model.d_model * model.activation_bytes)
