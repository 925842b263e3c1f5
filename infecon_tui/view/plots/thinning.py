"""Fewer points that draw the same line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_POINTS = 60


_LEAST = 1e-30
"""Stands for zero on an axis that has none."""


def logarithms(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Heights on a logarithmic axis; what is free of cost lies at its foot."""
    return np.log(np.maximum(values, _LEAST))


def thinned(
    x: NDArray[np.float64], y: NDArray[np.float64], most: int = MOST_POINTS
) -> NDArray[np.intp]:
    """Indices of at most `most` points, evenly spaced along the line as it is drawn."""
    if len(x) <= most:
        return np.arange(len(x))
    width, height = np.ptp(x) or 1.0, np.ptp(y) or 1.0
    along = np.concatenate(([0.0], np.cumsum(np.hypot(np.diff(x) / width, np.diff(y) / height))))
    return np.unique(np.searchsorted(along, np.linspace(0.0, along[-1], most)).clip(0, len(x) - 1))
