"""A table of a few short columns, beside bars and paragraphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from infecon_tui.tui.widgets.cells import Piece, fitted, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infecon_tui.view.records import Table

LEAST, MOST = 6, 10
"""Cells of a column of numbers with the space before it."""
_MOST_LINES = 2
_CHANGE = 8
"""Cells of the change at the end of a line."""


def small_table(
    table: Table, names: Sequence[tuple[str, str]], changes: Sequence[Piece], width: int
) -> list[list[Piece]]:
    """Its head, its rows, and what each name stands for; as many columns as fit.

    `changes` are the head and the cells of a last column, left out where the others take all the room.
    """
    label = max(cell_len(row[0]) for row in table.rows)
    room, count = width - 1 - label, len(table.columns) - 1
    if changes and room - _CHANGE >= count * LEAST:
        room -= _CHANGE
    else:
        changes = ()
    count = min(count, max(1, room // LEAST))
    each = max(LEAST, min(MOST, room // count))
    heads = tuple(column.title for column in table.columns)
    lines = [_line(heads, label, count, each, ("strong", "strong"))]
    lines += [_line(row, label, count, each, ("muted", "value")) for row in table.rows]
    for line, (text, role) in zip(lines, changes, strict=False):
        line.append((fitted(text, _CHANGE, right=True), role))
    return [*lines, *(line for name in names for line in _named(*name, width))]


def _named(letter: str, words: str, width: int) -> list[list[Piece]]:
    """What a head stands for, on at most two lines."""
    room = max(8, width - 5)
    lines = wrapped(words, room)
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], fitted(" ".join(lines[_MOST_LINES - 1 :]), room)]
    return [
        [(f"  {' ' if row else letter} ", "strong"), (line, "muted")]
        for row, line in enumerate(lines)
    ]


def _line(
    row: tuple[str, ...], label: int, count: int, each: int, roles: tuple[str, str]
) -> list[Piece]:
    first, rest = roles
    cells = [(fitted(text, each, right=True), rest) for text in row[1 : count + 1]]
    return [("  ", "text"), (fitted(row[0], label), first), *cells]
