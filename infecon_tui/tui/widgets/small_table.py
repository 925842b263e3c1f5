"""A table of a few short columns, beside bars and paragraphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from infecon_tui.tui.widgets.cells import Piece, fitted

if TYPE_CHECKING:
    from infecon_tui.view.records import Table

LEAST, MOST = 6, 10
"""Cells of a column of numbers with the space before it."""


def small_table(table: Table, names: tuple[tuple[str, str], ...], width: int) -> list[list[Piece]]:
    """Its head, its rows, and a line for each name; as many columns as fit."""
    label = max(cell_len(row[0]) for row in table.rows)
    room = width - 1 - label
    count = min(len(table.columns) - 1, max(1, room // LEAST))
    each = max(LEAST, min(MOST, room // count))
    heads = [column.title for column in table.columns]
    lines = [_line(tuple(heads), label, count, each, ("strong", "strong"))]
    lines += [_line(row, label, count, each, ("muted", "value")) for row in table.rows]
    return lines + [
        [(f"  {letter} ", "strong"), (fitted(name, max(4, width - 5)), "muted")]
        for letter, name in names
    ]


def _line(
    row: tuple[str, ...], label: int, count: int, each: int, roles: tuple[str, str]
) -> list[Piece]:
    first, rest = roles
    cells = [(fitted(text, each, right=True), rest) for text in row[1 : count + 1]]
    return [("  ", "text"), (fitted(row[0], label), first), *cells]
