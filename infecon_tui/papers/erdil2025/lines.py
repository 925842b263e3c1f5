"""TPOT along lines of constant GPUs per sequence, r = N/b = T/mu.

Cost is price * TPOT * r, so that on one line the fastest point is also the cheapest: the frontier
is the fastest point of every line, and searching it is a search along T. A pipeline of PP stages is
N = T*PP and b = mu*PP on the same line and only adds its sends, hence the shortest that fits the
memory is the best. Departs from the notebook, which tries 11 pipeline degrees: here it is any
number from 1 to the layers.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from infecon_tui.papers.erdil2025 import published
from infecon_tui.papers.erdil2025.cliffs import Indices
from infecon_tui.papers.erdil2025.levels import least_s, memory_gpus, send_s
from infecon_tui.papers.erdil2025.messages import layouts
from infecon_tui.papers.erdil2025.plans import Pass, Plan
from infecon_tui.papers.erdil2025.records import Array, Question, Rowed, Tensor

_SLACK = 1 + 1e-12
_CHUNK = 3000
"""Points a call, so that the arrays over all scale-downs stay in the cache."""


class Timed(NamedTuple):
    """TPOT and GPUs of points; TPOT is infinite where a point is not allowed."""

    tpot_s: Array
    gpus: Array


def options(question: Question) -> tuple[tuple[str, float], ...]:
    """Tensor layouts and exponents of sigma = T**exponent, in the order of `each_option_s`."""
    if question.fidelity != "published":
        return (("", 0.0),)
    tried = published.SCALE_DOWNS if question.scaledown else 1
    return tuple(
        (layout, step / max(tried - 1, 1)) for layout in layouts(question) for step in range(tried)
    )


def each_option_s(one: Pass, degree: Array, r: Array) -> Array:
    """F(T, T/r) under each of the `options`, on a leading axis; launches may be left out."""
    if one.question.fidelity != "published":
        return least_s(one.question, degree, degree / r, one.queries)[None]
    return published.each_option_s(one.question, degree, degree / r, one.queries)[1]


def option_s(one: Pass, degree: Array, r: Array, option: Indices) -> Array:
    """F(T, T/r) under a given option each; all arrays of one length."""
    question, known = one.question, options(one.question)
    if question.fidelity != "published":
        return least_s(question, degree, degree / r, one.queries)
    exponent = np.array([exponent for _, exponent in known])[option]
    sigma = np.exp2(np.log2(degree) * exponent)
    sigma[exponent == 1] = degree[exponent == 1]
    is_2d = np.array([layout == "2d" for layout, _ in known])[option]
    taken = np.empty(degree.shape)
    layouts: tuple[tuple[Tensor, Rowed], ...] = (("1d", ~is_2d), ("2d", is_2d))
    for layout, of_layout in layouts:
        at = np.flatnonzero(of_layout)
        if len(at):
            near, mu = degree[at], degree[at] / r[at]
            taken[at] = published.option_s(question, near, mu, one.queries, sigma[at], layout)
    return taken


def tied(plan: Plan) -> bool:
    """Whether target and draft must have the same T: without pipelining it is N for both."""
    return len(plan.passes) > 1 and plan.passes[0].question.most_stages <= 1


def own(one: Pass, degree: Array, r: Array, wanted: Rowed = True) -> Timed:
    """One pass alone, in the smallest instance that holds it, under the best option.

    `r` is a column, `degree` a row or a matrix; what is not `wanted` is not worked out.
    """
    degree = np.minimum(degree, 2 * one.question.max_gpus)
    gpus = np.maximum(degree, memory_gpus(one.question, degree / r))
    fine = _allowed(Plan(0, (one,)), degree[None], r, gpus) & wanted
    if len(degree) == 1:
        taken = np.concatenate(
            [_least_s(one, degree[:, at : at + 40], r) for at in range(0, degree.shape[1], 40)],
            axis=1,
        )
    else:
        taken = np.full(fine.shape, np.inf)
        where = np.flatnonzero(fine)
        near, lines = degree.ravel()[where], np.broadcast_to(r, fine.shape).ravel()[where]
        parts = [slice(at, at + _CHUNK) for at in range(0, len(where), _CHUNK)]
        for part in parts:
            taken.flat[where[part]] = _least_s(one, near[part], lines[part])
    sends = (gpus / degree - 1) * send_s(one.question, 1 / r, one.queries)
    return Timed(np.where(fine, taken + sends, np.inf), gpus)


def _least_s(one: Pass, degree: Array, r: Array) -> Array:
    return least_s(one.question, degree, degree / r, one.queries)


def instance_gpus(plan: Plan, degrees: Array, r: Array) -> Array:
    """N: the smallest instance that holds every pass; `degrees` has a row for each."""
    gpus: Rowed = 0.0
    for one, degree in zip(plan.passes, degrees, strict=True):
        gpus = np.maximum(gpus, np.maximum(degree, memory_gpus(one.question, degree / r)))
    return np.asarray(gpus)


def _allowed(plan: Plan, degrees: Array, r: Array, gpus: Array) -> Rowed:
    """Whether stages and microbatches have at least one member, and pipelines few enough stages."""
    fine: Rowed = gpus <= plan.passes[0].question.max_gpus
    for one, degree in zip(plan.passes, degrees, strict=True):
        fine = fine & (degree >= r) & (gpus <= one.question.most_stages * degree * _SLACK)
        if one.question.fidelity == "published":
            fine = fine & (degree >= 1)
    return fine


def supply(plan: Plan, timed: Timed, r: Array) -> Array:
    """Tokens per second over all users, b/TPOT, as a multiple of the demand for them."""
    demand = plan.passes[0].question.demand_tok_s
    return np.asarray(timed.gpus / (demand * r * timed.tpot_s))


def plan_s(plan: Plan, degrees: Array, r: Array, option: Indices) -> Timed:
    """Points given by T and the option of every pass, a row each; the demand is left aside."""
    gpus = instance_gpus(plan, degrees, r)
    fine = _allowed(plan, degrees, r, gpus)
    taken: Rowed = 0.0
    for one, degree, chosen in zip(plan.passes, degrees, option, strict=True):
        sends = (gpus / degree - 1) * send_s(one.question, 1 / r, one.queries)
        taken = taken + one.weight * (option_s(one, degree, r, chosen) + sends)
    return Timed(np.where(fine, taken, np.inf), gpus)


def paired_s(plan: Plan, degrees: Array, r: Array, alone: Array, gpus: Array) -> Array:
    """TPOT of a plan from its passes' seconds and GPUs alone, in the instance that holds them all."""
    together = instance_gpus(plan, degrees, r)
    fine = _allowed(plan, degrees, r, together)
    taken: Rowed = 0.0
    for one, degree, seconds, mine in zip(plan.passes, degrees, alone, gpus, strict=True):
        more = (together - mine) / degree * send_s(one.question, 1 / r, one.queries)
        taken = taken + one.weight * (seconds + more)
    return np.where(fine, taken, np.inf)


def demanded(plan: Plan, alone: list[Timed], r: Array) -> list[Array]:
    """Seconds of each pass, infinite where its instance makes more tokens than are in demand.

    The other passes are taken at their fastest on the line, so that what is left over is
    certainly allowed. `r` is a column.
    """
    demand = plan.passes[0].question.demand_tok_s
    if not np.isfinite(demand):
        return [each.tpot_s for each in alone]
    share = [one.weight * each.tpot_s for one, each in zip(plan.passes, alone, strict=True)]
    least = [seconds.min(axis=1, keepdims=True) for seconds in share]
    kept = []
    for at, each in enumerate(alone):
        others = [seconds for other, seconds in enumerate(least) if other != at]
        taken = sum(others, share[at])
        fits = np.isfinite(taken) & (
            each.gpus <= demand * r * np.where(np.isfinite(taken), taken, 0)
        )
        kept.append(np.where(fits, each.tpot_s, np.inf))
    return kept
