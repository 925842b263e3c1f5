"""The rows of a table that hold some words, and asking for these."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from infecon_tui.tui.widgets.questions import TextQuestion

if TYPE_CHECKING:
    from infecon_tui.tui.widgets.table.view import TableView
    from infecon_tui.view.records import Table


def narrowing(table: TableView) -> TextQuestion:
    """The table follows every key; escape shows all rows again."""
    return TextQuestion(
        "only rows with",
        table.words,
        table.narrow,
        verb="keep",
        changed=table.narrow,
        dropped=lambda: table.narrow(""),
    )


def narrowed(table: Table, words: str) -> tuple[Table, tuple[int, ...]]:
    """The table with the rows that hold the words as they are, or else every word; which rows these are."""
    wanted = words.lower().split()
    texts = [" ".join(row).lower() for row in table.rows]
    rows = tuple(i for i, text in enumerate(texts) if " ".join(wanted) in text)
    rows = rows or tuple(i for i, t in enumerate(texts) if all(word in t for word in wanted))
    if len(rows) == len(table.rows):
        return table, rows
    part = replace(
        table,
        rows=tuple(table.rows[i] for i in rows),
        values=tuple(table.values[i] for i in rows) if table.values else (),
        note=table.note if rows else f"no row holds {words}",
    )
    return part, rows
