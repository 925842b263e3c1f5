"""The three fidelities behind one door, and what all of them share: memory, stages, sends."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from infecon_tui.papers.erdil2025 import paper, published, toy
from infecon_tui.papers.erdil2025.collectives import latency_of, seconds
from infecon_tui.papers.erdil2025.messages import send
from infecon_tui.papers.erdil2025.records import Array, Question, Rowed
from infecon_tui.papers.erdil2025.stage import Stage

STAGES = 11
"""Notebook. Pipeline degrees that are tried: none, and ten spaced evenly in log2."""


class _Level(NamedTuple):
    least_s: Callable[..., Array]
    stage: Callable[..., Stage]


_LEVELS = {
    "toy": _Level(toy.least_s, toy.stage),
    "paper": _Level(paper.least_s, paper.stage),
    "published": _Level(published.least_s, published.stage),
}


def least_s(question: Question, degree: Rowed, microbatch: Rowed, queries: Rowed = 1) -> Array:
    """F(T, mu): seconds of a pass through all stages, without the sends between them."""
    return _LEVELS[question.fidelity].least_s(question, degree, microbatch, queries)


def stage(question: Question, degree: Rowed, microbatch: Rowed, queries: Rowed = 1) -> Stage:
    """F(T, mu), cause by cause."""
    return _LEVELS[question.fidelity].stage(question, degree, microbatch, queries)


def send_s(question: Question, sequences_per_gpu: Rowed, queries: Rowed = 1) -> Array:
    """Seconds of one send from a stage to the next, for mu/T sequences a GPU."""
    return seconds(send(question), sequences_per_gpu * queries)


def send_latency_s(question: Question, sequences_per_gpu: Rowed, queries: Rowed = 1) -> Array:
    """The latency within `send_s`."""
    return latency_of(send(question), sequences_per_gpu * queries)


def memory_gpus(question: Question, microbatch: Rowed) -> Array:
    """GPUs whose HBM just holds the weights and the KV cache of a microbatch.

    As published, the cache of one microbatch counts and not that of the whole batch.
    """
    held = question.cache_bytes(microbatch) + question.model.bytes_of_weights
    return np.asarray(held / question.part.hbm_bytes)


def stages_tried(question: Question, batch: Array) -> Array:
    """Notebook. The pipeline degrees tried for each batch, on a leading axis."""
    one = np.ones((1, *batch.shape))
    most = question.most_stages
    if most <= 1:
        return one
    longest = np.log2(np.clip(batch, 1.0, most))
    return np.concatenate([one, np.logspace(0, longest, STAGES - 1, base=2)])


def pipelined_s(
    question: Question, gpus: Rowed, batch: Rowed, stages: Rowed, queries: Rowed = 1
) -> Array:
    """TPOT of given instances, batches and pipeline degrees; infinite where they do not fit."""
    degree, microbatch = gpus / stages, batch / stages
    fits = gpus * question.part.hbm_bytes >= (
        question.cache_bytes(microbatch) + question.model.bytes_of_weights
    )
    if question.fidelity == "published":
        fits = fits & (stages <= np.minimum(gpus, batch))
    degree, microbatch = np.where(fits, degree, 1.0), np.where(fits, microbatch, 1.0)
    sends = (stages - 1) * send_s(question, microbatch / degree, queries)
    taken = least_s(question, degree, microbatch, queries) + sends
    return np.where(fits, taken, np.inf)
