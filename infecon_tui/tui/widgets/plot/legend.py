"""What the lines of a plot stand for: each with its name, the pins last and short."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from infecon_tui.tui.terminal.theme import SERIES
from infecon_tui.tui.widgets.plot.raster import letter_of, own_number

if TYPE_CHECKING:
    from infecon_tui.tui.widgets.cells import Cell
    from infecon_tui.tui.widgets.plot.sheet import Manner
    from infecon_tui.view.records import Figure

GAPS = (3, 2, 1)
"""Cells between two entries, the widest that fits."""
DASHES = ("╺╸╺╸", "╺╸")
"""A sample of a dashed line, the longest that fits."""
MOST_ROWS = 3
"""Lines that a legend may take."""
_REST = 10
"""Cells that tell how many entries are left out."""


def legend_of(figure: Figure, manner: Manner, first: int, room: int) -> list[list[Cell]]:
    """The legend in a line of at most `first` cells, closer together and with shorter dashes where there is
    little room; else in a few, the others of at most `room`, which say what there is no room for.
    """
    entries: list[list[Cell]] = []
    for dashes in DASHES:
        entries = _entries(figure, manner, dashes)
        length = sum(map(_length, entries))
        for gap in GAPS:
            if length + gap * (len(entries) - 1) <= first:
                return [_spaced(entries, gap)]
    return _folded(entries, first, room)


def _folded(entries: list[list[Cell]], first: int, room: int) -> list[list[Cell]]:
    """The entries in their order over several lines."""
    rows: list[list[list[Cell]]] = [[]]
    for place, entry in enumerate(entries):
        left = (room if len(rows) > 1 else first) - sum(_length(one) + GAPS[-1] for one in rows[-1])
        last = len(rows) == MOST_ROWS
        rest = len(entries) - place - 1
        if _length(entry) + (_REST if last and rest else 0) > left and rows[-1]:
            if last:
                rows[-1].append([(f"+ {rest + 1} more", "muted")])
                break
            rows.append([])
        rows[-1].append(entry)
    return [_spaced(row, GAPS[-1]) for row in rows]


def _length(pieces: list[Cell]) -> int:
    return sum(cell_len(text) for text, _ in pieces)


def _spaced(entries: list[list[Cell]], gap: int) -> list[Cell]:
    pieces = [piece for entry in entries for piece in (*entry, (" " * gap, "muted"))]
    return pieces[:-1]


def _entries(figure: Figure, manner: Manner, dashes: str) -> list[list[Cell]]:
    """A line and its name for each series; a pin's lines are told once."""
    found: list[list[Cell]] = []
    told: set[str] = set()
    # The pins are drawn first, under the rest, and told last.
    for number, series in sorted(enumerate(figure.series), key=lambda item: bool(item[1].pin)):
        if series.pin in told:
            continue
        letter, role = letter_of(figure, number), role_of(figure, number)
        if series.pin:
            told.add(series.pin)
            line = f"{letter} {letter}" if manner.symbols == "ascii" else f"{dashes} {letter}"
            found.append([(line, role)])
        else:
            line = _line(letter, manner, dashes if series.dashed else "")
            if series.glyph or series.dots:
                line = letter if manner.symbols == "ascii" else series.glyph or "··"
            found.append([(line, role), (f" {series.label}", "muted")])
    return found


def _line(letter: str, manner: Manner, dashes: str) -> str:
    if manner.symbols == "ascii":
        return f"{letter} {letter}" if dashes else letter * 2
    line = dashes or "━━"
    return f"{letter}{line}" if manner.lettered else line


def role_of(figure: Figure, number: int) -> str:
    """The role that a series is drawn in: its pin's, or by its place among the others."""
    pin = figure.series[number].pin
    return f"pin{pin}" if pin else f"series{own_number(figure, number) % SERIES}"
