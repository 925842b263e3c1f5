"""Asking for the words that the rows of a table must hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui.tui.widgets.status_line import Question

if TYPE_CHECKING:
    from infecon_tui.tui.widgets.table_view import TableView


def narrowing(table: TableView) -> Question:
    """The table follows every key; escape shows all rows again."""
    return Question(
        "only rows with",
        table.words,
        table.narrow,
        changed=table.narrow,
        dropped=lambda: table.narrow(""),
    )
