"""Times of calls, for the benchmarks."""

from __future__ import annotations

from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def median_ms(function: Callable[[], object], rounds: int = 15) -> float:
    """Median of some calls after two to warm up."""
    function(), function()
    times = []
    for _ in range(rounds):
        start = perf_counter()
        function()
        times.append(perf_counter() - start)
    return 1e3 * median(times)
