"""Tables and figures as plain text, for mails, notes and screen readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui.export.sheet import axis_title
from infecon_tui.view.plots.axes import number_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infecon_tui.view.records import Figure, Table


def table_text(table: Table) -> str:
    """The title, the cells as screens show them, the note."""
    columns = [(f"{c.title} [{c.unit}]" if c.unit else c.title, c.left) for c in table.columns]
    parts = [_titled(table.title)]
    if table.rows:
        parts.append(_aligned(columns, table.rows))
    if table.note:
        parts.append(f"{table.note}\n")
    return "\n".join(parts)


def figure_text(figure: Figure) -> str:
    """The question, the marked points, then every line point by point."""
    parts = [_titled(figure.title)]
    if figure.note:
        parts.append(f"{figure.note}\n")
    across, up = (axis_title(axis) for axis in (figure.x, figure.y))
    if figure.marks:
        rows = [(m.label, number_of(m.x), number_of(m.y)) for m in figure.marks]
        parts.append(_aligned([("point", True), (across, False), (up, False)], rows))
    for series in figure.series:
        named = bool(series.names)
        columns = [(across, False), (up, False), ("", True)][: 2 + named]
        points = [
            (number_of(x), number_of(y), *series.names[at : at + 1])
            for at, (x, y) in enumerate(zip(series.x, series.y, strict=True))
        ]
        parts.append(f"{series.label}\n{_aligned(columns, points)}")
    return "\n".join(parts)


def _titled(title: str) -> str:
    return f"{title}\n{'=' * len(title)}\n"


def _aligned(columns: Sequence[tuple[str, bool]], rows: Sequence[Sequence[str]]) -> str:
    """Lines under a heading; a column is flush left or right as it says."""
    widths = [
        max(len(title), *(len(row[index]) for row in rows))
        for index, (title, _) in enumerate(columns)
    ]
    lines = []
    for row in ([title for title, _ in columns], *rows):
        cells = zip(row, widths, columns, strict=True)
        shown = [c.ljust(width) if left else c.rjust(width) for c, width, (_, left) in cells]
        lines.append("  ".join(shown).rstrip())
    return "\n".join(lines) + "\n"
