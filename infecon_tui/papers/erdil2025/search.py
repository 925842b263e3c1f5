"""The frontier: roughly on a lattice of T and r, then finely along the best branches.

The notebook tries 400 batches, 400 sizes and 11 pipeline degrees. Here the pipeline axis is gone
(`lines`), what is left is smooth but for known jumps (`cliffs`), so a lattice (`surface`) finds the
best smooth pieces (`branches`), and these are followed from line to line (`ramps`).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from infecon_tui.papers.erdil2025.branches import Branches, close, movable, opened, picked, refined
from infecon_tui.papers.erdil2025.cliffs import Indices
from infecon_tui.papers.erdil2025.lines import plan_s, supply
from infecon_tui.papers.erdil2025.plans import Plan
from infecon_tui.papers.erdil2025.ramps import candidates, fine_lines, ramps
from infecon_tui.papers.erdil2025.records import Array
from infecon_tui.papers.erdil2025.surface import (
    STEP,
    line_best_s,
    lines_within,
    scouted,
    surfaces,
    windows,
)
from infecon_tui.pareto import pareto

np.empty(2**21)  # Freed at once: malloc then keeps blocks of this size, which halves all times.

_ROUGH = (28, 1.12, 0.29)
"""Lines of the second lattice, and its windows: how far from the best, how much wider in ln T."""
_LINES, _LINES_SPECULATING = 160, 90
_FINE, _THINNING = 0.003, 0.3
"""The step that these lines are for, and the power with which a wider one thins them out."""
_POLISHED = 1.02
"""Points so far behind the frontier are not worth polishing."""
_MOVES = ((-1.0, -0.4, 0.4, 1.0), (-0.2, -0.07, 0.07, 0.2))
"""By what each round of polishing moves T, as shares of its change between coarse lines."""
_LONE_SPAN = 0.16
"""Taken for T's change, in ln T, where a branch is not known on the next line."""
_GAP, _FILLED = 4 / 3, 3
"""Gaps of the frontier that are wider than so many steps get so many lines more."""
_OVERSUPPLY = 1.3
"""A point that makes up to so much more than is in demand is shrunk until it does not."""


class Found(NamedTuple):
    """The best point of every fine line. `degree` and `option` have a row for every pass.

    `span` is how far T moves between coarse lines, in ln T; `settled` points have no better T near.
    """

    plans: tuple[Plan, ...]
    plan: Indices
    r: Array
    degree: Array
    option: Indices
    tpot_s: Array
    span: Array
    settled: Any

    def take(self, at: Indices) -> Found:
        """Some of them."""
        columns: list[Any] = [column[..., at] for column in self[1:]]
        return Found(self.plans, *columns)


def search(ways: tuple[Plan, ...]) -> Found | None:
    """Points near the frontier of every plan together, unsorted, or None where nothing fits."""
    found, r = _branches(ways)
    if not found:
        return None
    ends, best = found[0].limits[0].ends, _fine(found, r)
    for moves in _MOVES:
        best = _polished(best, moves, ends)
    return _joined(best, _polished(_filled(best), _MOVES[0], ends))


def _branches(ways: tuple[Plan, ...]) -> tuple[list[Branches], Array]:
    """The best branches of the plans that matter, and the coarse lines they are on."""
    speculating = len(ways) > 1
    # The shortest and the longest draft stand for all, until the last lattice.
    rough = (ways[0], ways[-1]) if speculating else ways
    r, seen = scouted(rough)
    sparser = min(1.0, (_FINE / ways[0].passes[0].question.step) ** _THINNING)
    lines_last = round(sparser * (_LINES_SPECULATING if speculating else _LINES))
    last = (lines_last, 1.03 if speculating else 1.035, STEP)
    for wanted, (lines_count, near, wider), first in ((rough, _ROUGH, True), (ways, last, False)):
        best = line_best_s(rough, seen, r)
        if not np.isfinite(best).any():
            return [], r
        lines = lines_within(r, best, lines_count)
        within = windows(rough, wanted, seen, r, lines, near, wider)
        seen, r = surfaces(seen, within, lines, rough=first), lines
    worth = 1.04 if speculating else 1.06
    found = close([picked(way, seen, r) for way in ways], len(r), worth)
    for step_of in (opened, refined):
        found = close([step_of(branches, r) for branches in found], len(r), worth)
    return found, r


def _fine(found: list[Branches], r: Array) -> Found:
    """The best ramp on every fine line."""
    interval, share = fine_lines(found, r)
    ramp, plans = ramps(found, r), tuple(branches.plan for branches in found)
    tried = candidates([branches.limits for branches in found], ramp, r, interval, share)
    left, right = ramp.left[:, tried.ramp], ramp.right[:, tried.ramp]
    degree = np.where(left == right, left, left * (right / left) ** tried.share)
    option, plan = ramp.option[:, tried.ramp], ramp.plan[tried.ramp]
    tpot_s, degree = _timed(plans, plan, degree, tried.r, option)
    order = np.lexsort((tpot_s, tried.point))
    best = order[np.append(True, np.diff(tried.point[order]) > 0)[: len(order)]]
    best = best[np.isfinite(tpot_s[best])]
    bounds = found[0].limits[0]
    special = ramp.piece[0, tried.ramp[best]] >= bounds.first_special
    still = _at_jump(bounds.ends, degree[0, best]) & (left == right)[0, best]
    alone = (plan[best] == 0) & (len(plans[0].passes) == 1)
    capped = np.isfinite(plans[0].passes[0].question.demand_tok_s)
    return Found(
        plans,
        plan[best],
        tried.r[best],
        degree[:, best],
        option[:, best],
        tpot_s[best],
        np.where(left == right, _LONE_SPAN, np.abs(np.log(right / left)))[:, best],
        alone & (special | (still & (not capped))),
    )


def _at_jump(ends: Array, degree: Array) -> Any:
    next_end = np.append(ends, np.inf)[np.searchsorted(ends, degree * (1 - 1e-9))]
    return np.abs(next_end / degree - 1) < 1e-9


def _timed(
    plans: tuple[Plan, ...], plan: Indices, degree: Array, r: Array, option: Indices
) -> tuple[Array, Array]:
    """TPOT, and T, which is less where more is made than is in demand."""
    tpot_s, degree = np.empty(len(plan)), degree.copy()
    for number, way in enumerate(plans):
        at = np.flatnonzero(plan == number)
        if not len(at):
            continue
        width = len(way.passes)
        mine = degree[:width, at], r[at], option[:width, at]
        if np.isfinite(way.passes[0].question.demand_tok_s):
            tpot_s[at], degree[:width, at] = _shrunk(way, *mine)
        else:
            tpot_s[at] = plan_s(way, *mine).tpot_s
    return tpot_s, degree


def _shrunk(way: Plan, degree: Array, r: Array, option: Indices) -> tuple[Array, Array]:
    """T brought down, by secant steps, where an instance makes more than is in demand."""
    timed = plan_s(way, degree, r, option)
    over = supply(way, timed, r)
    tpot_s, degree = np.where(over <= 1, timed.tpot_s, np.inf), degree.copy()
    at = np.flatnonzero((over > 1) & (over < _OVERSUPPLY))
    start, lines, options = degree[:, at], r[at], option[:, at]
    before, excess_before = np.zeros(len(at)), np.log(over[at])
    now = -excess_before / 1.5
    for _ in range(3 if len(at) else 0):
        tried = start * np.exp(now)
        timed = plan_s(way, tried, lines, options)
        made = supply(way, timed, lines)
        better = (made <= 1) & (timed.tpot_s < tpot_s[at])
        tpot_s[at] = np.where(better, timed.tpot_s, tpot_s[at])
        degree[:, at] = np.where(better, tried, degree[:, at])
        excess = np.log(np.maximum(made, 1e-3))
        moved = now - before
        still = np.abs(moved) < 1e-9
        slope = np.where(still, 1.5, (excess - excess_before) / np.where(still, 1.0, moved))
        before, excess_before = now, excess
        now = now - (excess + 1e-5) / np.clip(slope, 0.3, 4)
    return tpot_s, degree


def _polished(found: Found, moves: tuple[float, ...], ends: Array) -> Found:
    """T moved a little, pass by pass, and up to the next jump, where the point is near the frontier."""
    chosen = np.flatnonzero(_near_frontier(found) & ~found.settled)
    every = np.arange(len(chosen))
    plan, r, option = found.plan[chosen], found.r[chosen], found.option[:, chosen]
    degree, tpot_s = found.degree[:, chosen], found.tpot_s[chosen]
    width = np.clip(found.span[:, chosen] / 2, 0.004, 0.2)
    for rows in movable(found.plans[-1]):
        first = rows.start or 0
        step = np.array(moves)[:, None] * width[first]
        moved = degree[first] * np.exp(step)
        if moves is _MOVES[0]:
            jump = np.append(ends, np.inf)[np.searchsorted(ends, degree[first])]
            near = np.where(jump < degree[first] * np.exp(2 * width[first]), jump, degree[first])
            moved = np.concatenate([moved, near[None]])
        count = len(moved)
        tried = np.tile(degree, (1, count))
        tried[rows] = moved.ravel()
        seconds, tried = _timed(
            found.plans, np.tile(plan, count), tried, np.tile(r, count), np.tile(option, (1, count))
        )
        seconds = seconds.reshape(count, -1)
        at = seconds.argmin(axis=0)
        better = seconds[at, every] < tpot_s
        degree = np.where(better, tried.reshape(len(degree), count, -1)[:, at, every], degree)
        tpot_s = np.where(better, seconds[at, every], tpot_s)
    degrees, times = found.degree.copy(), found.tpot_s.copy()
    degrees[:, chosen], times[chosen] = degree, tpot_s
    return found._replace(degree=degrees, tpot_s=times)


def _filled(found: Found) -> Found:
    """Lines inside the gaps of the frontier, each with the better T of the gap's two sides."""
    line = pareto(1 / found.tpot_s, found.tpot_s * found.r)
    wide = _GAP * found.plans[0].passes[0].question.step
    gaps = np.flatnonzero(np.diff(np.log(found.tpot_s[line] * found.r[line])) > wide)
    shares = np.arange(1, _FILLED + 1) / (_FILLED + 1)
    left, right = (np.repeat(line[gaps + side], _FILLED) for side in (0, 1))
    r = found.r[left] * (found.r[right] / found.r[left]) ** np.tile(shares, len(gaps))
    # From each side with its T, and with its microbatch: T as it is, or in proportion to r.
    at, lines = np.concatenate([left, left, right, right]), np.tile(r, 4)
    scaled = np.repeat([0.0, 1.0, 0.0, 1.0], len(r))
    degree = found.degree[:, at] * (lines / found.r[at]) ** scaled
    tpot_s, degree = _timed(found.plans, found.plan[at], degree, lines, found.option[:, at])
    best = np.argmin(tpot_s.reshape(4, -1), axis=0) * len(r) + np.arange(len(r))
    best = best[np.isfinite(tpot_s[best])]
    return found.take(at[best])._replace(
        r=lines[best],
        degree=degree[:, best],
        tpot_s=tpot_s[best],
        span=np.full((len(degree), len(best)), _LONE_SPAN),
        settled=np.zeros(len(best), dtype=bool),
    )


def _joined(*parts: Found) -> Found:
    each: Any = zip(*(part[1:] for part in parts), strict=True)
    columns: list[Any] = [np.concatenate(column, axis=-1) for column in each]
    return Found(parts[0].plans, *columns)


def _near_frontier(found: Found) -> Any:
    order = np.argsort(found.tpot_s * found.r)
    near = np.empty(len(order), dtype=bool)
    ahead = np.minimum.accumulate(found.tpot_s[order])
    near[order] = found.tpot_s[order] <= _POLISHED * ahead
    return near
