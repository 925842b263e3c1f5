"""Branches joined from one coarse line to the next, so that T is known on every line between."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from infecon_tui.papers.erdil2025.branches import Branches, line_best_s
from infecon_tui.papers.erdil2025.cliffs import OVER, UNDER, Indices, Limits
from infecon_tui.papers.erdil2025.records import Array

_RATIO_STEP = 4
"""Fine lines are at most so many of the question's steps apart in ln(r), where its step is of ln(cost)."""
_KEPT = 5
"""Ramps of an interval that are followed, if within `_WORTH` of the best on one of its ends."""
_WORTH = 1.02
_MOST_OPTIONS, _MOST_PIECES, _MOST_LINES = 16, 16384, 256


class Ramps(NamedTuple):
    """Branches between a coarse line and the next: T on both, and how far from the best they are.

    `left`, `right`, `option` and `piece` have a row for every pass. `plan` is an index.
    """

    plan: Indices
    line: Indices
    left: Array
    right: Array
    option: Indices
    piece: Indices
    score: Array


class Candidates(NamedTuple):
    """Points on fine lines: `point` numbers the line, `ramp` and `share` say where on which ramp."""

    point: Indices
    ramp: Indices
    r: Array
    share: Array


def ramps(found: list[Branches], r: Array) -> Ramps:
    """Join what is the same branch on neighbouring lines; the rest keeps T, or what bounds it."""
    every = _stacked(found, r)
    lines, line, degree = len(r), every.line, every.left
    code = _code(every)
    order = np.argsort(code)
    match = order[np.minimum(np.searchsorted(code[order], code + 1), len(code) - 1)]
    same = code[match] == code + 1
    met = np.zeros(len(code), dtype=bool)
    met[match[same]] = True
    here = r[line, 0]
    after, before = (r[np.clip(line + step, 0, lines - 1), 0] / here for step in (1, -1))
    right = np.where(same, degree[:, match], degree * after**every.right)
    left = degree * before**every.right
    score = np.where(same, np.minimum(every.score, every.score[match]), every.score)
    forward, back = line < lines - 1, ~met & (line > 0)
    ahead = every._replace(right=right, score=score)
    behind = every._replace(line=line - 1, left=left, right=degree)
    return Ramps(
        *(
            np.concatenate([one[..., forward], two[..., back]], axis=-1)
            for one, two in zip(ahead, behind, strict=True)
        )
    )


def _stacked(found: list[Branches], r: Array) -> Ramps:
    """All branches in one; `right` holds how T goes with r, d ln T / d ln r, for now."""
    width = max(len(branches.degree) for branches in found)

    def rows(arrays: list[Any]) -> Any:
        padded = [
            np.concatenate([a, np.ones((width - len(a), a.shape[1]), dtype=a.dtype)])
            for a in arrays
        ]
        return np.concatenate(padded, axis=1)

    line = np.concatenate([branches.line for branches in found])
    tpot_s = np.concatenate([branches.tpot_s for branches in found])
    slopes = [
        np.stack([bounds.slope(piece) for bounds, piece in zip(b.limits, b.piece, strict=True)])
        for b in found
    ]
    return Ramps(
        plan=np.repeat(np.arange(len(found)), [len(branches.line) for branches in found]),
        line=line,
        left=rows([branches.degree for branches in found]),
        right=rows(slopes),
        option=rows([branches.option for branches in found]),
        piece=rows([branches.piece for branches in found]),
        score=tpot_s / line_best_s(found, len(r))[line],
    )


def _code(every: Ramps) -> Indices:
    """One number for plan, options, pieces and line: that of the same branch a line on is 1 more."""
    code = every.plan.astype(np.int64)
    for option, piece in zip(every.option, every.piece, strict=True):
        code = (code * _MOST_OPTIONS + option) * _MOST_PIECES + piece
    return np.asarray(code * _MOST_LINES + every.line)


def fine_lines(found: list[Branches], r: Array) -> tuple[Indices, Array]:
    """Fine lines: the coarse interval of each, and the share of it that lies behind."""
    cost = np.log(r[:, 0]) + np.log(line_best_s(found, len(r)))
    with np.errstate(invalid="ignore"):
        change = np.abs(np.diff(cost))
    change = np.where(np.isfinite(change), change, 0.0)
    step = found[0].plan.passes[0].question.step
    wide = np.maximum(change / step, np.diff(np.log(r[:, 0])) / (_RATIO_STEP * step))
    return _counted(np.ceil(wide).astype(int))


def _counted(count: Indices) -> tuple[Indices, Array]:
    group = np.repeat(np.arange(len(count)), count)
    nth = np.arange(len(group)) - np.repeat(np.cumsum(count) - count, count)
    return group, nth / count[group]


def candidates(
    limits: list[tuple[Limits, ...]], ramp: Ramps, r: Array, interval: Indices, share: Array
) -> Candidates:
    """Every good ramp on every fine line; and where a ramp meets a bound that moves with r."""
    kept = _good(ramp)
    line = ramp.line[kept]
    starts = np.searchsorted(line, interval)
    point, _ = _counted(np.searchsorted(line, interval, side="right") - starts)
    nth = np.arange(len(point)) - np.searchsorted(point, point)
    ln_r = np.log(r[:, 0])
    fine = np.exp(ln_r[interval] + share * (ln_r[interval + 1] - ln_r[interval]))
    ends, end_r = _ends(limits, ramp, kept, r)
    at = ramp.line[ends]
    end_share = (np.log(end_r) - ln_r[at]) / (ln_r[at + 1] - ln_r[at])
    return Candidates(
        np.concatenate([point, len(interval) + np.arange(len(end_r))]),
        np.concatenate([kept[starts[point] + nth], ends]),
        np.concatenate([fine[point], end_r]),
        np.concatenate([share[point], end_share]),
    )


def _good(ramp: Ramps) -> Indices:
    """The best few ramps of every interval, in its order."""
    order = np.lexsort((ramp.score, ramp.line))
    line = ramp.line[order]
    rank = np.arange(len(line)) - np.searchsorted(line, line)
    return order[(rank < _KEPT) & (ramp.score[order] < _WORTH)]


def _ends(
    limits: list[tuple[Limits, ...]], ramp: Ramps, kept: Indices, r: Array
) -> tuple[Indices, Array]:
    """Where T = f r on a ramp: for a microbatch of one, f = 1, and where experts part, f = 2 s."""
    met, lines = [np.zeros(0, dtype=np.intp)], [np.zeros(0)]
    low, high = r[ramp.line[kept], 0], r[ramp.line[kept] + 1, 0]
    for number, passes in enumerate(limits):
        mine = ramp.plan[kept] == number
        for row, bounds in enumerate(passes):
            degree, piece = ramp.left[row, kept], ramp.piece[row, kept]
            flat = mine & (degree == ramp.right[row, kept])
            for which, factor in ((0, 1.0), (3, bounds.switch)):
                if not factor:
                    continue
                at = np.flatnonzero(flat & (degree > factor * low) & (degree < factor * high))
                sides = (UNDER,) if factor == 1 else (UNDER, OVER)
                for side in sides:
                    met.append(kept[at])
                    lines.append(degree[at] / factor * side**5)
                on = np.flatnonzero(mine & (piece == bounds.first_special + which))
                jump, jumps = _jumps(bounds.ends, low[on] * factor, high[on] * factor)
                met.append(kept[on[jump]])
                lines.append(jumps / factor * UNDER**5)
    return np.concatenate(met), np.concatenate(lines)


def _jumps(ends: Array, low: Array, high: Array) -> tuple[Indices, Array]:
    """All `ends` between each low and high, with the number of their pair."""
    first, last = np.searchsorted(ends, low), np.searchsorted(ends, high)
    pair, _ = _counted(last - first)
    nth = np.arange(len(pair)) - np.searchsorted(pair, pair)
    return pair, ends[first[pair] + nth]
