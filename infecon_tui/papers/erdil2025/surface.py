"""Each pass alone on a lattice of T and r, in three steps that narrow it down."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from infecon_tui.papers.erdil2025.cliffs import UNDER, Limits, lattice, limits, rough_lattice
from infecon_tui.papers.erdil2025.lines import Timed, demanded, own, tied
from infecon_tui.papers.erdil2025.plans import Pass, Plan
from infecon_tui.papers.erdil2025.records import Array, Question

SLOWEST = 100.0
"""Notebook. A frontier goes down to this fraction of its fastest speed."""
STEP = 0.06
"""Widest step of the lattice, in ln T."""


class Surface(NamedTuple):
    """One pass on lines r, a column: T, seconds and N alone, and the smooth piece of each point."""

    limits: Limits
    degree: Array
    alone: Timed
    piece: Any


Surfaces = dict[Pass, Surface]
Windows = dict[Pass, tuple[Array, Array]]


def unweighted(one: Pass) -> Pass:
    """The key of a pass: passes that differ in weight alone share a surface."""
    return one._replace(weight=1.0)


def passes(ways: tuple[Plan, ...]) -> list[Pass]:
    """Every pass of the plans once."""
    return list(dict.fromkeys(unweighted(one) for way in ways for one in way.passes))


def scouted(ways: tuple[Plan, ...]) -> tuple[Array, Surfaces]:
    """All r and all T, roughly."""
    question = ways[0].passes[0].question
    r = np.exp2(np.linspace(-30.0, np.log2(question.max_gpus), 56))[:, None]
    target = limits(question)
    made = {}
    for one in passes(ways):
        alike = one.question == question or tied(ways[-1])
        bounds = target if alike else limits(one.question)
        degree = _rough_degrees(question, bounds.least)
        alone = own(one, degree, r)
        made[one] = Surface(bounds, np.broadcast_to(degree, alone.gpus.shape), alone, None)
    return r, made


def _rough_degrees(question: Question, least: float) -> Array:
    n, most = question.part.gpus_per_node, question.max_gpus
    some = least * (most / least) ** np.linspace(0, 1, 44)
    full = np.where(some > n, np.floor(some / n) * n * UNDER, some)
    return np.unique(np.append(full, most))[None, :]


def surfaces(seen: Surfaces, windows: Windows, r: Array, *, rough: bool) -> Surfaces:
    """On given lines, T within its window there, and T at the bounds that r sets."""
    made = {}
    known = {one.question: surface.limits for one, surface in seen.items()}
    for one, (low, high) in windows.items():
        bounds = known[one.question]
        span = float(low.min()), float(high.max())
        degrees = (
            rough_lattice(bounds.ends, *span, 1.5 * STEP)
            if rough
            else lattice(bounds.ends, *span, STEP)
        )
        start, stop = np.searchsorted(degrees, low), np.searchsorted(degrees, high, side="right")
        columns = start[:, None] + np.arange(int((stop - start).max()))
        special = bounds.special(r)
        wanted = np.concatenate([columns < stop[:, None], np.full(special.shape, True)], axis=1)
        columns = np.minimum(columns, len(degrees) - 1)
        degree = np.concatenate([degrees[columns], special], axis=1)
        piece = bounds.piece(degree, r)
        piece[:, columns.shape[1] :] = bounds.first_special + np.arange(special.shape[1])
        made[one] = Surface(bounds, degree, own(one, degree, r, wanted), piece)
    return made


def line_best_s(ways: tuple[Plan, ...], seen: Surfaces, r: Array) -> Array:
    """About the least TPOT of every line: each pass at its own best."""
    best = np.full(len(r), np.inf)
    for way in ways:
        taken = demanded(way, [seen[unweighted(one)].alone for one in way.passes], r)
        least = [one.weight * s.min(axis=1) for one, s in zip(way.passes, taken, strict=True)]
        best = np.minimum(best, np.sum(least, axis=0))
    return best


def lines_within(r: Array, best: Array, count: int) -> Array:
    """Lines from the slowest speed to the fastest, a column, dense where the cost changes fast.

    `best` must have something finite.
    """
    top = int(np.argmin(best))
    slow, fast = (np.flatnonzero(best <= worth * best[top]) for worth in (SLOWEST, 1.15))
    kept = slice(max(int(slow[0]) - 1, 0), int(fast[-1]) + 2)
    ln_r = np.log(r[kept, 0])
    ln_s = np.log(np.minimum(best[kept], 2 * SLOWEST * best[top]))
    change = np.abs(np.diff(ln_r + ln_s)) * (ln_r[1:] <= ln_r[top - kept.start] + 1e-9)
    along = np.append(0.0, np.cumsum(np.maximum(change, 0.6 * np.diff(ln_r))))
    return np.asarray(np.exp(np.interp(np.linspace(0, along[-1], count), along, ln_r))[:, None])


def windows(
    ways: tuple[Plan, ...],
    wanted: tuple[Plan, ...],
    seen: Surfaces,
    r: Array,
    lines: Array,
    worth: float,
    step: float,
) -> Windows:
    """T of every pass for new lines: what on the old lines beside is within `worth` of their best.

    `step` in ln T is added on both sides.
    """
    made: Windows = {}
    for way in ways:
        mine = [seen[unweighted(one)] for one in way.passes]
        taken = demanded(way, [each.alone for each in mine], r)
        for one, surface, seconds in zip(way.passes, mine, taken, strict=True):
            low, high = _window(surface.degree, seconds, r, lines, worth)
            least, most = surface.limits.least, one.question.max_gpus
            low = np.clip(low * np.exp(-step), least, most)
            high = np.clip(high * np.exp(step), low, most)
            key = unweighted(one)
            if one is not way.passes[0]:
                high = np.maximum(high, _least_stage(mine[0], taken[0], one, r, lines))
            if key in made:
                low, high = np.minimum(low, made[key][0]), np.maximum(high, made[key][1])
            made[key] = (low, high)
    made = {one: _joined(made, one) for one in passes(wanted)}
    if tied(ways[-1]):
        low = np.min([low for low, _ in made.values()], axis=0)
        high = np.max([high for _, high in made.values()], axis=0)
        return dict.fromkeys(made, (low, high))
    return made


def _joined(made: Windows, one: Pass) -> tuple[Array, Array]:
    """For a pass that was looked at its own window, else all windows of its model together."""
    alike = (
        [made[one]] if one in made else [w for o, w in made.items() if o.question == one.question]
    )
    return np.min([low for low, _ in alike], axis=0), np.max([high for _, high in alike], axis=0)


def _window(
    degree: Array, seconds: Array, r: Array, lines: Array, worth: float
) -> tuple[Array, Array]:
    least = seconds.min(axis=1, keepdims=True)
    good = np.isfinite(seconds) & (seconds <= worth * least)
    low = np.where(good, degree, np.inf).min(axis=1)
    high = np.where(good, degree, 0.0).max(axis=1)
    at = np.searchsorted(r[:, 0], lines[:, 0])
    before, after = np.maximum(at - 1, 0), np.minimum(at, len(r) - 1)
    low, high = np.minimum(low[before], low[after]), np.maximum(high[before], high[after])
    return np.where(np.isfinite(low), low, 0.0), high


def _least_stage(target: Surface, seconds: Array, draft: Pass, r: Array, lines: Array) -> Array:
    """The least T of the draft in the target's instance: no more stages than it has layers."""
    best = seconds.argmin(axis=1)[:, None]
    gpus = np.take_along_axis(target.alone.gpus, best, 1)[:, 0]
    at = np.clip(np.searchsorted(r[:, 0], lines[:, 0]), 1, len(r) - 1)
    most = np.maximum(gpus[at - 1], gpus[at])
    most = np.minimum(most, draft.question.max_gpus)
    return np.asarray(1.2 * most / draft.question.most_stages)
