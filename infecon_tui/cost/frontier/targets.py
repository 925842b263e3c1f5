"""The best batch of every layout under limits, to the last sequence, and why the other layouts lose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.cost.frontier.evaluate import evaluate
from infecon_tui.cost.frontier.times import most_batch
from infecon_tui.cost.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from infecon_tui.cost.case import Layout
    from infecon_tui.cost.frontier.points import Points
    from infecon_tui.cost.frontier.search import Search
    from infecon_tui.cost.ledger import Array, Indices, Mask

_ROWS, _FEWEST, _MOST = 640, 17, 129
"""Rows that cost little more than one, and batches of a layout looked at between its least and its most."""
_ROUNDS = 6


def best_batches(
    search: Search, ways: Sequence[Layout], keeps: Callable[[Points], Mask], *, speed: bool = False
) -> Points:
    """One point a layout, in order: the batch that `keeps` with the least cost (or, where speed is
    wanted, the least TPOT), or else the fastest one there is.

    Infinite where not even one sequence fits.
    """
    most = np.maximum(most_batch(search, Plan.of(ways)), 1.0)
    low, high = np.ones(len(ways)), most
    if search.batch is not None:
        low = high = np.full(len(ways), float(search.batch))

    count, rows = min(max(_ROWS // len(ways), _FEWEST), _MOST), np.arange(len(ways))
    rungs = np.round(np.geomspace(low, high, count, axis=1))
    points = _tried(search, ways, rungs)
    at = _best(points, keeps(points), rungs, speed=speed)
    for _ in range(_ROUNDS):
        below = rungs[rows, np.maximum(at - 1, 0)]
        above = rungs[rows, np.minimum(at + 1, count - 1)]
        if (above - below).max() <= 2:
            break
        rungs = np.round(np.linspace(below, above, count, axis=1))
        points = _tried(search, ways, rungs)
        at = _best(points, keeps(points), rungs, speed=speed)
    return points.take(rows * count + at)


def _tried(search: Search, ways: Sequence[Layout], rungs: Array) -> Points:
    """Every layout at its rungs, layout by layout."""
    return evaluate(search, [way for way in ways for _ in range(rungs.shape[1])], rungs.ravel())


def _best(points: Points, keep: Mask, rungs: Array, *, speed: bool) -> Indices:
    """The column of each layout's best batch: of those kept the cheapest or fastest, else the fastest."""
    tpot, keep = points.tpot_s.reshape(rungs.shape), keep.reshape(rungs.shape)
    least = tpot if speed else points.usd_per_mtok.reshape(rungs.shape)
    best = np.argmin(np.where(keep, least, np.inf), axis=1)
    found: Indices = np.where(keep.any(axis=1), best, np.argmin(tpot, axis=1))
    return found
