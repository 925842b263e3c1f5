"""The best smooth pieces of every line, and the best T within each."""

from __future__ import annotations

from itertools import product
from typing import Any, NamedTuple

import numpy as np

from infecon_tui.papers.erdil2025.cliffs import Indices, Limits
from infecon_tui.papers.erdil2025.levels import send_s
from infecon_tui.papers.erdil2025.lines import (
    demanded,
    each_option_s,
    paired_s,
    plan_s,
    supply,
    tied,
)
from infecon_tui.papers.erdil2025.plans import Plan
from infecon_tui.papers.erdil2025.records import Array
from infecon_tui.papers.erdil2025.surface import STEP, Surfaces, unweighted

PIECES = 4
"""Pieces of a line that are followed up, for each pass and again for their pairs."""
OPTIONS = 3
"""Options (tensor layout and scale-down) that are followed up in each piece."""
_TRIED = np.linspace(0, 1, 7)[:, None]
_ROUNDS = 2


class Branches(NamedTuple):
    """Candidates of one plan on coarse lines.

    `degree`, `option` and `piece` have a row for every pass; `line` and `tpot_s` do not.
    """

    plan: Plan
    limits: tuple[Limits, ...]
    line: Indices
    degree: Array
    option: Indices
    piece: Indices
    tpot_s: Array

    def take(self, at: Indices) -> Branches:
        """Some of them."""
        return Branches(
            self.plan,
            self.limits,
            self.line[at],
            self.degree[:, at],
            self.option[:, at],
            self.piece[:, at],
            self.tpot_s[at],
        )


def _best_pieces(seconds: Array, piece: Indices) -> tuple[Indices, Any]:
    """Columns of the best point of each of the best pieces, line by line, and whether it is one."""
    left, rows, found, real = seconds.copy(), np.arange(len(seconds)), [], []
    for _ in range(PIECES):
        at = left.argmin(axis=1)
        found.append(at)
        real.append(np.isfinite(left[rows, at]))
        left[piece == piece[rows, at][:, None]] = np.inf
    return np.stack(found, axis=1), np.stack(real, axis=1)


def picked(plan: Plan, seen: Surfaces, r: Array) -> Branches:
    """The best few pieces of every line, or pairs of pieces of target and draft.

    A later pass is picked for the instance that the best of the earlier ones needs: stages that
    it needs beyond its own memory cost their sends.
    """
    rows = np.arange(len(r))
    mine = [seen[unweighted(one)] for one in plan.passes]
    taken = demanded(plan, [each.alone for each in mine], r)
    if tied(plan):
        total = sum(one.weight * s for one, s in zip(plan.passes, taken, strict=True))
        at, real = _best_pieces(np.asarray(total), mine[0].piece)
        line = np.repeat(rows, PIECES)[real.ravel()]
        return _pairs(plan, seen, r, line, np.tile(at[real], (len(mine), 1)))
    columns, exist, gpus = [], [], np.zeros((len(r), 1))
    for one, surface, seconds in zip(plan.passes, mine, taken, strict=True):
        wait = send_s(one.question, 1 / r, one.queries)
        more = np.maximum(gpus - surface.alone.gpus, 0.0) / surface.degree * wait
        few = gpus <= surface.degree * one.question.most_stages
        at, real = _best_pieces(np.where(few, seconds + more, np.inf), surface.piece)
        columns.append(at)
        exist.append(real)
        gpus = np.maximum(gpus, surface.alone.gpus[rows, at[:, 0]][:, None])
    ranks = np.array(list(product(range(PIECES), repeat=len(columns)))).T
    line = np.repeat(rows, ranks.shape[1])
    pairs = np.stack([column[:, rank].ravel() for column, rank in zip(columns, ranks, strict=True)])
    both = np.all([real[:, rank].ravel() for real, rank in zip(exist, ranks, strict=True)], axis=0)
    return _pairs(plan, seen, r, line[both], pairs[:, both])


def _pairs(plan: Plan, seen: Surfaces, r: Array, line: Indices, at: Indices) -> Branches:
    mine = [seen[unweighted(one)] for one in plan.passes]
    degree = np.stack([s.degree[line, c] for s, c in zip(mine, at, strict=True)])
    alone = np.stack([s.alone.tpot_s[line, c] for s, c in zip(mine, at, strict=True)])
    gpus = np.stack([s.alone.gpus[line, c] for s, c in zip(mine, at, strict=True)])
    piece = np.stack([s.piece[line, c] for s, c in zip(mine, at, strict=True)])
    tpot_s = paired_s(plan, degree, r[line, 0], alone, gpus)
    made = Branches(
        plan, tuple(s.limits for s in mine), line, degree, np.zeros_like(piece), piece, tpot_s
    )
    return made.take(_ranked(made, PIECES if len(mine) == 1 else 2))


def _ranked(branches: Branches, count: int) -> Indices:
    """The `count` best of every line."""
    order = np.lexsort((branches.tpot_s, branches.line))
    line = branches.line[order]
    rank = np.arange(len(line)) - np.searchsorted(line, line)
    return order[(rank < count) & np.isfinite(branches.tpot_s[order])]


def line_best_s(found: list[Branches], lines: int) -> Array:
    """The least TPOT of every line."""
    best = np.full(lines, np.inf)
    for branches in found:
        np.minimum.at(best, branches.line, branches.tpot_s)
    return best


def close(found: list[Branches], lines: int, worth: float) -> list[Branches]:
    """Those within `worth` of the best of their line, plans without any left out."""
    best = line_best_s(found, lines)
    kept = [b.take(np.flatnonzero(b.tpot_s <= worth * best[b.line])) for b in found]
    return [branches for branches in kept if len(branches.line)]


def _brackets(branches: Branches, r: Array) -> tuple[Array, Array]:
    """T to both sides of every branch's; at a bound that r sets there is no room."""
    low, high = np.empty_like(branches.degree), np.empty_like(branches.degree)
    for row, bounds in enumerate(branches.limits):
        degree = branches.degree[row]
        before, after = bounds.bracket(degree, r, 2.6 * STEP)
        fixed = branches.piece[row] >= bounds.first_special
        low[row], high[row] = np.where(fixed, degree, before), np.where(fixed, degree, after)
    return low, high


def opened(branches: Branches, lines: Array) -> Branches:
    """Each branch under the best few options of every pass, with about the TPOT they give."""
    r = lines[branches.line, 0]
    low, high = _brackets(branches, r)
    chosen, extra = [], []
    count = OPTIONS if len(branches.degree) == 1 else 2
    for row, one in enumerate(branches.plan.passes):
        tried = low[row] * (high[row] / low[row]) ** _TRIED[1:]
        each = each_option_s(one, tried, np.broadcast_to(r, tried.shape)).min(axis=1)
        order = np.argsort(each, axis=0)[:count]
        least = np.take_along_axis(each, order, 0)
        chosen.append(order)
        extra.append(one.weight * (least - least[0]))
    made = [branches._replace(option=np.stack(option)) for option in product(*chosen)]
    more = [np.sum(each, axis=0) for each in product(*extra)]
    return Branches(
        plan=branches.plan,
        limits=branches.limits,
        line=np.tile(branches.line, len(made)),
        degree=np.tile(branches.degree, len(made)),
        option=np.concatenate([branch.option for branch in made], axis=1),
        piece=np.tile(branches.piece, len(made)),
        tpot_s=np.concatenate([branches.tpot_s + each for each in more]),
    )


def capped_s(plan: Plan, degree: Array, r: Array, option: Indices) -> Array:
    """TPOT, infinite where a point makes more tokens than are in demand."""
    timed = plan_s(plan, degree, r, option)
    if not np.isfinite(plan.passes[0].question.demand_tok_s):
        return timed.tpot_s
    return np.where(supply(plan, timed, r) <= 1, timed.tpot_s, np.inf)


def movable(plan: Plan) -> list[slice]:
    """Rows of T that move on their own: one a pass, or all at once where they are tied."""
    if tied(plan):
        return [slice(None)]
    return [slice(row, row + 1) for row in range(len(plan.passes))]


def refined(branches: Branches, lines: Array) -> Branches:
    """The best T of every branch within its piece, pass by pass, to about a part in a thousand."""
    r, degree, tpot_s = lines[branches.line, 0], branches.degree.copy(), branches.tpot_s
    low, high = _brackets(branches, r)
    every = np.arange(len(r))
    for _ in range(_ROUNDS):
        for rows in movable(branches.plan):
            first = rows.start or 0
            wide = high[first] / low[first]
            tried = np.concatenate([low[first] * wide**_TRIED, degree[first][None]])
            count = len(tried)
            degrees = np.tile(degree, count)
            degrees[rows] = tried.ravel()
            option = np.tile(branches.option, count)
            each = capped_s(branches.plan, degrees, np.tile(r, count), option).reshape(count, -1)
            at = each.argmin(axis=0)
            degree[rows], tpot_s = tried[at, every], each[at, every]
            step = wide ** (1 / (len(_TRIED) - 1))
            low[rows] = np.maximum(low[rows], degree[first] / step)
            high[rows] = np.minimum(high[rows], degree[first] * step)
    return branches._replace(degree=degree, tpot_s=tpot_s)
