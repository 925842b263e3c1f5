"""Which points of a trade of speed against cost are worth having."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def pareto(speed: ArrayLike, cost: ArrayLike) -> NDArray[np.intp]:
    """Indices of the points that no other beats in both, by ascending speed.

    Points of infinite or undefined cost, or without speed, are left out; of equal points one stays.
    """
    fast, dear = np.asarray(speed, dtype=float), np.asarray(cost, dtype=float)
    kept = np.flatnonzero(np.isfinite(dear) & np.isfinite(fast) & (fast > 0))
    kept = kept[np.lexsort((dear[kept], -fast[kept]))]
    least = np.minimum.accumulate(np.append(np.inf, dear[kept]))
    return kept[dear[kept] < least[:-1]][::-1]


def preferred(speed: ArrayLike, cost: ArrayLike, exponent: float) -> int:
    """Index of the largest speed**exponent / cost. The arrays must not be empty."""
    fast: Any = np.asarray(speed, dtype=float)
    # What is free of cost is preferred to all else.
    with np.errstate(divide="ignore"):
        return int(np.argmax(exponent * np.log(fast) - np.log(np.asarray(cost, dtype=float))))
