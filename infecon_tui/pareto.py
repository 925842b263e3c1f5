"""Points that no other point beats, and the one that a preference picks among them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def pareto(speed: Array, cost: Array) -> NDArray[np.intp]:
    """Indices of the finite points that no other is both faster and cheaper than, sorted by speed.

    Of points that are equal in both, one is kept.
    """
    order = np.lexsort((cost, -speed))
    order = order[np.isfinite(cost[order]) & np.isfinite(speed[order])]
    if not len(order):
        return order
    least = np.minimum.accumulate(cost[order])
    better = np.concatenate(([True], cost[order][1:] < least[:-1]))
    return order[better][::-1]


def preferred(speed: Array, cost: Array, exponent: float) -> int:
    """Index of the point with the largest speed^exponent / cost (Erdil 2025, eq. 45)."""
    return int(np.argmax(exponent * np.log(speed) - np.log(cost)))
