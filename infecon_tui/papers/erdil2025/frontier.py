"""The frontier of a question: free, or with the instance or the batch pinned, or in whole numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from infecon_tui.papers.erdil2025.evaluate import evaluate
from infecon_tui.papers.erdil2025.levels import least_s, memory_gpus, send_s
from infecon_tui.papers.erdil2025.lines import instance_gpus
from infecon_tui.papers.erdil2025.plans import Plan, plans
from infecon_tui.papers.erdil2025.points import Points, described, joined
from infecon_tui.papers.erdil2025.records import Array, Question
from infecon_tui.papers.erdil2025.search import Found, search
from infecon_tui.papers.erdil2025.surface import SLOWEST
from infecon_tui.pareto import pareto
from infecon_tui.pareto import preferred as best_of

_BATCHES = 800
_SIZES = 800
_WHOLE_DEGREES = 160
_WHOLE_MICROBATCHES = 240
_DRAFTED_PAIRS = 150
"""Of N and b, from each source, where a draft makes every pair six times as dear."""
_ALL_UP_TO = 32
"""Whole numbers up to this are all tried; beyond, some."""


def frontier(question: Question) -> Points:
    """The points that no other beats in both speed and cost, by ascending speed.

    Down to 1/100 of the fastest speed, as in the notebook. Empty where nothing fits.
    """
    if question.gpus is not None or question.batch is not None:
        return _undominated(question, _pinned(question))
    if question.whole:
        return _undominated(question, _whole(question))
    found = search(plans(question))
    if found is None:
        return joined([])
    return _pointed(question, found)


def preferred(points: Points, exponent: float) -> int:
    """Eq. 45. Index of the point of the largest speed**exponent / cost. There must be one."""
    return best_of(points.speed_tok_s, points.usd_per_mtok, exponent)


def shortfall(question: Question) -> float:
    """GPUs that hold the weights and the KV cache of one sequence."""
    return float(memory_gpus(question, 1.0))


def _kept(speed: Array, cost: Array) -> Any:
    best = pareto(speed, cost)
    return best[speed[best] * SLOWEST >= speed[best[-1:]].max(initial=0.0)]


def _undominated(question: Question, points: Points) -> Points:
    made = np.where(points.speed_tok_s > 0, points.batch * points.speed_tok_s, 0.0)
    cost = np.where(made <= question.demand_tok_s * (1 + 1e-12), points.usd_per_mtok, np.inf)
    return points.take(_kept(points.speed_tok_s, cost))


def _pointed(question: Question, found: Found) -> Points:
    """The points behind what the search found."""
    kept = _kept(1 / found.tpot_s, found.tpot_s * found.r)
    plan, r, degree = found.plan[kept], found.r[kept], found.degree[:, kept]
    parts = []
    for number, way in enumerate(found.plans):
        at = np.flatnonzero(plan == number)
        if len(at):
            parts.append(_placed(question, way, degree[: len(way.passes), at], r[at]))
    return _undominated(question, joined(parts))


def _placed(question: Question, way: Plan, degrees: Array, r: Array) -> Points:
    """Points of given T on lines r.

    Under their best option, which the search knows only nearby, they are a little faster than it
    found them; where that makes more than is in demand, T is brought down as much.
    """
    gpus = instance_gpus(way, degrees, r)
    points = described(question, way, gpus, gpus / r, np.maximum(gpus / degrees, 1.0))
    over = points.batch * points.speed_tok_s / question.demand_tok_s
    at = np.flatnonzero(over > 1)
    if not len(at):
        return points
    smaller = np.maximum(degrees[:, at] / (over[at] * (1 + 1e-9)), 1.0)
    gpus = instance_gpus(way, smaller, r[at])
    fewer = described(question, way, gpus, gpus / r[at], np.maximum(gpus / smaller, 1.0))
    return joined([points, fewer])


def _pinned(question: Question) -> Points:
    most = question.max_gpus
    counted = _counts if question.whole else np.geomspace
    gpus = question.gpus or counted(min(1.0, shortfall(question)), most, _SIZES)
    batch = question.batch or counted(1.0, question.most_batch, _BATCHES)
    return evaluate(question, gpus, batch)


def _counts(least: float, most: float, count: int) -> Array:
    """About `count` whole numbers: all small ones, then evenly spaced in their logarithm."""
    low = max(1, int(np.ceil(least)))
    some = np.round(np.geomspace(low, max(most, low), count))
    return np.unique(np.concatenate([np.arange(low, max(_ALL_UP_TO, low) + 1), some]))


def _whole(question: Question) -> Points:
    """Whole GPUs, stages, sequences. With a draft, near the points found without, or unrounded."""
    gpus, batch = _whole_pairs(question)
    if question.speculation is None:
        return evaluate(question, gpus, batch)
    gpus, batch = _thinned(gpus), _thinned(batch)
    free = search(plans(replace(question, whole=False)))
    if free is not None:
        kept = _thinned(_kept(1 / free.tpot_s, free.tpot_s * free.r))
        degrees, r = free.degree[:, kept], free.r[kept]
        way = free.plans[-1]
        held = instance_gpus(way, degrees[: len(way.passes)], r)
        rounded = np.concatenate([np.ceil(held), np.maximum(np.floor(held), 1.0)])
        gpus = np.concatenate([gpus, rounded])
        batch = np.concatenate([batch, np.maximum(np.round(rounded / np.tile(r, 2)), 1.0)])
    return evaluate(question, *np.unique(np.stack([gpus, batch]), axis=1))


def _thinned(values: Array) -> Array:
    return values[:: max(len(values) // _DRAFTED_PAIRS, 1)]


def _whole_pairs(question: Question) -> tuple[Array, Array]:
    """N and b of the frontier without a draft: whole T and mu, and as few stages as hold them."""
    alone, most = replace(question, speculation=None), question.max_gpus
    degree = _whole_degrees(question)[:, None]
    microbatch = _counts(1.0, question.most_batch, _WHOLE_MICROBATCHES)[None]
    for _ in range(2):
        stages = np.maximum(np.ceil(memory_gpus(alone, microbatch) / degree * (1 - 1e-12)), 1.0)
        gpus, batch = degree * stages, microbatch * stages
        tpot = least_s(alone, degree, microbatch) + (stages - 1) * send_s(
            alone, microbatch / degree
        )
        fits = (stages <= question.most_stages) & (gpus <= most)
        fits &= batch <= question.demand_tok_s * tpot
        speed = np.where(fits, 1 / tpot, 0.0).ravel()
        kept = _kept(speed, np.where(fits, tpot * gpus / batch, np.inf).ravel())
        rows, columns = np.unravel_index(kept, tpot.shape)
        found = gpus[rows, columns], batch[rows, columns]
        if not len(kept):
            return found
        degree = np.unique(degree[rows, 0])[:, None]
        span = microbatch[0, columns]
        microbatch = _counts(float(span.min()), float(span.max()), 3 * _WHOLE_MICROBATCHES)[None]
    return found


def _whole_degrees(question: Question) -> Array:
    """Whole T: all small ones, then full nodes."""
    n = question.part.gpus_per_node
    degrees = _counts(1.0, question.max_gpus, _WHOLE_DEGREES)
    return np.unique(np.where(degrees > _ALL_UP_TO, np.ceil(degrees / n) * n, degrees))
