"""The best batch of every layout under limits, to the last sequence, and why the other layouts lose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.cost.evaluate import evaluate
from infecon_tui.cost.plan import Plan
from infecon_tui.cost.times import most_batch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from infecon_tui.cost.case import Layout
    from infecon_tui.cost.ledger import Array, Indices, Mask
    from infecon_tui.cost.points import Points
    from infecon_tui.cost.search import Search

_BETWEEN = 17
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

    def chosen(rungs: Array) -> Indices:
        return _chosen(search, ways, rungs, keeps, speed=speed)

    rungs = _rungs(low, high, geometric=True)
    for _ in range(_ROUNDS):
        at = chosen(rungs)
        rows = np.arange(len(ways))
        below = rungs[rows, np.maximum(at - 1, 0)]
        above = rungs[rows, np.minimum(at + 1, rungs.shape[1] - 1)]
        if (above - below).max() <= 2:
            break
        rungs = _rungs(below, above, geometric=False)
    at = chosen(rungs)
    return evaluate(search, ways, rungs[np.arange(len(ways)), at])


def _rungs(low: Array, high: Array, *, geometric: bool) -> Array:
    spaced = np.geomspace if geometric else np.linspace
    return np.round(spaced(low, high, _BETWEEN, axis=1))


def _chosen(
    search: Search,
    ways: Sequence[Layout],
    rungs: Array,
    keeps: Callable[[Points], Mask],
    *,
    speed: bool,
) -> Indices:
    """The column of each layout's best batch."""
    rows = [way for way in ways for _ in range(rungs.shape[1])]
    points = evaluate(search, rows, rungs.ravel())
    keep, tpot = keeps(points).reshape(rungs.shape), points.tpot_s.reshape(rungs.shape)
    least = tpot if speed else points.usd_per_mtok.reshape(rungs.shape)
    best = np.argmin(np.where(keep, least, np.inf), axis=1)
    found: Indices = np.where(keep.any(axis=1), best, np.argmin(tpot, axis=1))
    return found
