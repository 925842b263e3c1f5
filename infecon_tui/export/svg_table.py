"""A table as an SVG picture, in the colours of the plots."""

from __future__ import annotations

from html import escape
from textwrap import wrap
from typing import TYPE_CHECKING

from infecon_tui.export.svg import head, style, text

if TYPE_CHECKING:
    from infecon_tui.view.records import Table

_ROW, _MARGIN, _GAP = 22, 24, 22
_LETTER = 7.4
"""Width of a letter in figures and words of the size that is written, a little more than needed."""


def table_svg(table: Table) -> str:
    """The title, the cells as screens show them, the note."""
    rights = _rights(table)
    width = int(max(rights[-1] if rights else 0, 10 * len(table.title)) + _MARGIN + _MARGIN)
    notes = wrap(table.note, max(20, int(width / _LETTER) - 6))
    height = 98 + _ROW * (len(table.rows) + len(notes))
    parts = [
        head(table.title, width, height),
        style(),
        f'<rect class="ground" width="{width}" height="{height}"/>',
        text("title", _MARGIN, 32, table.title),
        *_line(table, [c.title for c in table.columns], rights, 58, "title head"),
        *_line(table, [c.unit for c in table.columns], rights, 74, "text"),
        f'<path class="grid" d="M{_MARGIN} 80H{width - _MARGIN}"/>',
    ]
    for number, row in enumerate(table.rows):
        parts += _line(table, row, rights, 98 + _ROW * number, "text")
    below = 98 + _ROW * len(table.rows)
    parts += [text("text", _MARGIN, below + _ROW * n, line) for n, line in enumerate(notes)]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _rights(table: Table) -> list[float]:
    """The right edge of every column."""
    edges, at = [], float(_MARGIN)
    for index, column in enumerate(table.columns):
        cells = (column.title, column.unit, *(row[index] for row in table.rows))
        at += _LETTER * max(len(cell) for cell in cells)
        edges.append(at)
        at += _GAP
    return edges


def _line(
    table: Table, cells: list[str] | tuple[str, ...], rights: list[float], y: int, role: str
) -> list[str]:
    parts = []
    lefts = [float(_MARGIN), *(right + _GAP for right in rights)]
    for cell, column, left, right in zip(cells, table.columns, lefts, rights, strict=False):
        x, anchor = (left, "start") if column.left else (right, "end")
        if cell:
            more = f'class="{role}" x="{x:.1f}" y="{y}" text-anchor="{anchor}"'
            parts.append(f"<text {more}>{escape(cell)}</text>")
    return parts
