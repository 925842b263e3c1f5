"""Cells to draw a plot on, and where its canvas stands among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from infecon_tui.tui.widgets.cells import Cell
from infecon_tui.view.plots.axes import Scale

if TYPE_CHECKING:
    from infecon_tui.tui.terminal.detect import Symbols
    from infecon_tui.view.records import Figure

_BLANK: Cell = (" ", "text")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a plot is drawn: with which symbols, with letters on the lines, as the active pane."""

    symbols: Symbols = "braille"
    lettered: bool = False
    active: bool = False
    cross: tuple[int, int] | None = None
    stale: bool = False


class Sheet:
    """Cells to write on."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.rows: list[list[Cell]] = [[_BLANK] * width for _ in range(height)]

    def put(self, x: int, y: int, text: str, role: str) -> None:
        """Writes a text from a cell on; what falls outside is dropped."""
        if not 0 <= y < self.height:
            return
        for offset, character in enumerate(text):
            if 0 <= x + offset < self.width:
                self.rows[y][x + offset] = (character, role)

    def blank(self, x: int, y: int, width: int) -> bool:
        """Whether a run of cells inside the sheet is empty."""
        return (
            0 <= y < self.height
            and x >= 0
            and x + width <= self.width
            and all(cell[0] in " ·" for cell in self.rows[y][x : x + width])
        )


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the canvas stands on the sheet, and its scales."""

    left: int
    top: int
    width: int
    height: int
    x: Scale
    y: Scale

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """The cell of a point, as plotext rounds: the ends of the axes are middles of cells."""
        column = int(self.x.place(x) * (self.width - 1) + 0.5)
        row = int(self.y.place(y) * (self.height - 1) + 0.5)
        return self.left + column, self.top + self.height - 1 - row

    def nearest(self, figure: Figure, column: int, row: int) -> tuple[int, int] | None:
        """The series and the point of it nearest to a cell; of equals one of a whole line, the last."""
        found = [
            (_distance(self.cell(x, y), (column, row)), series.dashed, -number, point)
            for number, series in enumerate(figure.series)
            for point, (x, y) in enumerate(zip(series.x, series.y, strict=True))
            if self.holds(x, y)
        ]
        if not found:
            return None
        *_, number, point = min(found)
        return -number, point

    def holds(self, x: float, y: float) -> bool:
        """Whether a point is in the picture."""
        if not (self.x.shows(x) and self.y.shows(y)):
            return False
        return 0 <= self.x.place(x) <= 1 and 0 <= self.y.place(y) <= 1


def _distance(cell: tuple[int, int], other: tuple[int, int]) -> int:
    """Squared, in widths of a cell; cells are twice as tall."""
    return (cell[0] - other[0]) ** 2 + (2 * (cell[1] - other[1])) ** 2


@dataclass(frozen=True, slots=True)
class Painted:
    """A plot as rows of cells; no frame where there was nothing to draw in."""

    rows: list[list[Cell]]
    frame: Frame | None = None
