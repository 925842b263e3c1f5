"""A table over the explorer: sorted by any column, narrowed by words, and picked from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui.tui.commands import ALWAYS, keys_of
from infecon_tui.tui.messages import Chosen, Commanded, Said
from infecon_tui.tui.narrowing import narrowing
from infecon_tui.tui.places import SHEET, TABLE
from infecon_tui.tui.screens.base import KeyScreen
from infecon_tui.tui.screens.page import PageLayout
from infecon_tui.tui.widgets.key_bar import KeyBar
from infecon_tui.tui.widgets.status_line import StatusLine
from infecon_tui.tui.widgets.table_view import TableView

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.layout import Layout

    from infecon_tui.view.records import Table

_GAP = "  "


class TableScreen(KeyScreen):
    """Shows a table until it is closed.

    `picked` takes the place of a row in the table when Enter is pressed on it, and the screen closes;
    `copied` takes the text of what is shown when the user wants a copy. `chosen` is the row that the
    scenario stands for now.
    """

    def __init__(
        self,
        table: Table,
        *,
        note: str = "",
        chosen: int | None = None,
        picked: Callable[[int], None] | None = None,
        copied: Callable[[str], str] | None = None,
    ) -> None:
        super().__init__()
        self.all = table
        self._note = note or table.note
        self._picked, self._copied = picked, copied
        self._layout_of_page = PageLayout()
        self.told, self.table, self.keys = (
            StatusLine(id="title"),
            TableView(id="page"),
            KeyBar(id="keys"),
        )
        self.table.noun = "rows"
        self.table.active = True
        # Keys come before it is mounted, when it knows no screen yet.
        self.table.owner = self
        self.table.show(table, chosen)

    @property
    def layout(self) -> Layout:
        return self._layout_of_page

    def compose(self) -> ComposeResult:
        yield from (self.told, self.table, self.keys)

    def on_mount(self) -> None:
        self._explain()
        self.keys.show(SHEET)

    def press(self, key: str, character: str | None) -> None:
        if key in ALWAYS:
            self.app.exit(0)
        elif not self.told.press(key, character):
            action = keys_of(SHEET).get(key)
            if action is not None:
                self._act(action)
            else:
                self.table.press(key, character)
        self.keys.show(SHEET, "asking" if self.told.question else "")

    def paste(self, text: str) -> None:
        self.told.paste(text)

    def hear(self, said: Said) -> None:
        if isinstance(said, Chosen) and self._picked is not None:
            self.dismiss()
            self._picked(said.row)
        elif isinstance(said, Commanded):
            self._act(said.action)

    def _act(self, action: str) -> None:
        if action == "close":
            self.dismiss()
        elif action == "copy":
            self._copy()
        elif action == "help":
            self._help()
        elif action == "filter":
            self.told.ask(narrowing(self.table))
        else:
            getattr(self.table, f"do_{action}")()

    def _help(self) -> None:
        from infecon_tui.tui.screens.help import help_over

        told = [(f"{c.title} {c.unit}".strip(), c.help) for c in self.all.columns if c.help]
        help_over(self, (SHEET, TABLE), self.all.title, told)

    def _explain(self, said: str = "") -> None:
        self.told.explain([(f" {said or self._note}", "good" if said else "muted")])

    def _copy(self) -> None:
        if self._copied is not None and self.table.table is not None:
            self._explain(self._copied(text_of(self.table.table)))


def text_of(table: Table) -> str:
    """A table as aligned text."""
    head = [[column.title for column in table.columns], [column.unit for column in table.columns]]
    lines = [*head, *(list(row) for row in table.rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(table.columns))]
    made = (
        _GAP.join(
            cell.ljust(width) if column.left else cell.rjust(width)
            for cell, width, column in zip(line, widths, table.columns, strict=True)
        ).rstrip()
        for line in lines
    )
    return "\n".join([table.title, *made, table.note]).rstrip() + "\n"
