"""Seconds of one step, entered by operator and by cause. Every entry is an array over rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Indices = NDArray[np.intp]
    Mask = NDArray[np.bool_]

Rowed = Any
"""A number, or an array of one number a row."""

CAUSES = (
    "weights",
    "cache",
    "traffic",
    "arithmetic",
    "launch",
    "messages",
    "host",
    "bubbles",
)
"""Reading weights, reading the cache, other HBM traffic, arithmetic, starts of kernels, messages
between accelerators, the host, and waiting of pipeline stages for one another."""


@dataclass(slots=True)
class Ledger:
    """Adds up a step. `starts` counts the kernels that the host launches.

    `reading_s` and `computing_s` are what memory and matrix units work at their own pace: of a kernel both,
    though only the longer one is entered under a cause.
    """

    entries: dict[tuple[str, str], Rowed] = field(default_factory=dict)
    starts: Rowed = 0.0
    reading_s: Rowed = 0.0
    computing_s: Rowed = 0.0

    def add(self, operator: str, cause: str, seconds: Rowed) -> None:
        """Enters seconds beside those that an operator has under a cause already."""
        key = (operator, cause)
        had = self.entries.get(key)
        self.entries[key] = seconds if had is None else had + seconds

    def work(self, reading_s: Rowed, computing_s: Rowed) -> None:
        """Adds what memory and matrix units work, beside one another."""
        self.reading_s = self.reading_s + reading_s
        self.computing_s = self.computing_s + computing_s

    def merge(self, other: Ledger, times: Rowed = 1.0) -> None:
        """Adds another ledger, `times` over."""
        entries = self.entries
        for key, seconds in other.entries.items():
            more = seconds * times
            entries[key] = entries[key] + more if key in entries else more
        self.starts = self.starts + other.starts * times
        self.work(other.reading_s * times, other.computing_s * times)

    @property
    def total_s(self) -> Rowed:
        return sum(self.entries.values(), 0.0)

    def by_cause(self) -> dict[str, Rowed]:
        """Seconds by cause, in the order of CAUSES, those that occur."""
        found: dict[str, Rowed] = {}
        for name in CAUSES:
            parts = [seconds for (_, cause), seconds in self.entries.items() if cause == name]
            if parts:
                found[name] = sum(parts[1:], parts[0])
        return found

    def by_operator(self) -> dict[str, Rowed]:
        """Seconds by operator, in the order in which they were entered."""
        found: dict[str, Rowed] = {}
        for (operator, _), seconds in self.entries.items():
            found[operator] = found.get(operator, 0.0) + seconds
        return found
