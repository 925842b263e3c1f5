"""Given instances and batches: the reference path, on the notebook's own pipeline degrees."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from infecon_tui.papers.erdil2025.levels import pipelined_s, stages_tried
from infecon_tui.papers.erdil2025.plans import Plan, plans
from infecon_tui.papers.erdil2025.points import Points, described, joined
from infecon_tui.papers.erdil2025.records import Array, Question, Rowed


def tpot_s(question: Question, gpus: Rowed, batch: Rowed) -> Array:
    """Seconds per output token of the model alone, infinite where it does not fit.

    `gpus`, `batch`, and the question's `context` and `queries` broadcast together.
    """
    shape = np.broadcast_shapes(
        *(np.shape(x) for x in (gpus, batch, question.context, question.queries))
    )
    n, b = (np.broadcast_to(np.asarray(x, dtype=float), shape) for x in (gpus, batch))
    seconds = pipelined_s(question, n, b, stages_tried(question, b), question.queries)
    return np.asarray(seconds.min(axis=0))


def evaluate(question: Question, gpus: Rowed, batch: Rowed, stages: Rowed = None) -> Points:
    """Everything about given instances and batches, each under its best plan and pipeline degree.

    `gpus`, `batch` and the question's `context` broadcast together; the points are flat, in their
    order. `stages`, one number, is tried beside the notebook's pipeline degrees.
    """
    shape = np.broadcast_shapes(*(np.shape(x) for x in (gpus, batch, question.context)))
    n, b, context = (
        np.broadcast_to(np.asarray(x, dtype=float), shape).ravel()
        for x in (gpus, batch, question.context)
    )
    ways = plans(replace(question, context=context))
    timed = [_best_stages(question, way, n, b, stages) for way in ways]
    best = np.argmin([seconds for seconds, _ in timed], axis=0)
    parts, order = [], []
    for number, (way, (seconds, chosen)) in enumerate(zip(ways, timed, strict=True)):
        at = np.flatnonzero(best == number)
        if len(at):
            fits = np.isfinite(seconds[at])
            mine = way.at_context(context[at])
            here = replace(question, context=context[at])
            found = described(here, mine, n[at], b[at], np.where(fits, chosen[:, at], 1.0))
            parts.append(found if fits.all() else found.without(~fits))
            order.append(at)
    return joined(parts).take(np.argsort(np.concatenate([np.zeros(0, dtype=int), *order])))


def fastest_s(question: Question, gpus: Rowed, batch: Rowed, stages: Rowed = None) -> Array:
    """TPOT of given instances and batches under their best plan and pipeline degree, infinite where they
    do not fit.

    Numbers of the question's model and accelerator may be columns too, a value for every row.
    `stages`, one number, is tried beside the notebook's pipeline degrees.
    """
    each = [_best_stages(question, way, gpus, batch, stages)[0] for way in plans(question)]
    return np.asarray(np.min(each, axis=0))


def _best_stages(
    question: Question, way: Plan, gpus: Array, batch: Array, also: Rowed = None
) -> tuple[Array, Array]:
    """Seconds of a plan, and the best pipeline degree of every pass, a row each."""
    total, chosen = np.zeros(len(gpus)), []
    for one in way.passes:
        stages = stages_tried(one.question, batch)
        if also is not None:
            stages = np.concatenate([stages, np.full((1, *batch.shape), float(also))])
        if question.whole:
            stages = _dividing(stages, gpus)
        seconds = pipelined_s(one.question, gpus, batch, stages, one.queries)
        at = seconds.argmin(axis=0)[None]
        total = total + one.weight * np.take_along_axis(seconds, at, 0)[0]
        chosen.append(np.take_along_axis(np.broadcast_to(stages, seconds.shape), at, 0)[0])
    return total, np.array(chosen)


def _dividing(stages: Array, gpus: Array) -> Array:
    """Pipeline degrees near those given that divide the GPUs; one stage where none is found."""
    chosen = np.ones(np.broadcast_shapes(stages.shape, gpus.shape))
    for near in (gpus / np.ceil(gpus / stages), np.floor(stages), np.round(stages)):
        divides = (near >= 1) & (near % 1 == 0) & (gpus % np.maximum(near, 1.0) == 0)
        chosen = np.where(divides, near, chosen)
    return chosen
