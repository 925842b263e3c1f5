"""Bars to both sides of a line: what less and what more of a number does."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from infecon_tui.tui.widgets.cells import Piece

Sides = tuple[float, float]
"""Relative changes at less and at more; NaN where that does not fit."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What bars are made of: at more of a number, at less of it, and the line between."""

    more: str = "█"
    less: str = "░"
    line: str = "│"


FANCY, PLAIN = Marks(), Marks("#", "-", "|")


def largest(bars: Iterable[Sides]) -> float:
    """The longest side of all, which fills its half."""
    return max((abs(side) for sides in bars for side in sides if not math.isnan(side)), default=0.0)


def two_sided(sides: Sides, longest: float, room: int, marks: Marks) -> list[Piece]:
    """Cells to the left and to the right of the line; where both sides fall together, both are seen."""
    half, whole = room // 2, longest or 1.0
    less, more = (0 if math.isnan(s) else round(s / whole * half) for s in sides)
    cells = [(" ", "text")] * half + [(marks.line, "muted")] + [(" ", "text")] * half
    painted = ((less, (marks.less, "muted")), (more, (marks.more, "accent")))
    for length, cell in sorted(painted, key=lambda one: -abs(one[0])):
        for step in range(1, abs(length) + 1):
            cells[half + (step if length > 0 else -step)] = cell
    return _joined(cells)


def _joined(cells: list[Piece]) -> list[Piece]:
    """Neighbours of one role as one piece."""
    pieces: list[Piece] = []
    for text, role in cells:
        if pieces and pieces[-1][1] == role:
            pieces[-1] = (pieces[-1][0] + text, role)
        else:
            pieces.append((text, role))
    return pieces
