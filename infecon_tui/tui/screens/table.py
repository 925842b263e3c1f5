"""A table over the explorer: sorted by any column, narrowed by words, and picked from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui.tui.commands.places import SHEET, TABLE
from infecon_tui.tui.commands.registry import ALWAYS, keys_of
from infecon_tui.tui.messages import Activated, Chosen, Commanded, Said
from infecon_tui.tui.screens.base import KeyScreen
from infecon_tui.tui.screens.over import write_over
from infecon_tui.tui.screens.page import SheetLayout
from infecon_tui.tui.widgets.key_bar import KeyBar
from infecon_tui.tui.widgets.status_line import NoteLine
from infecon_tui.tui.widgets.table.narrowing import narrowing
from infecon_tui.tui.widgets.table.view import TableView

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
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
        self.complete = True
        self._dismissed = False
        self._note = note or table.note
        self._picked, self._copied = picked, copied
        self.told, self.table, self.keys = (
            NoteLine(id="title"),
            TableView(id="page"),
            KeyBar(id="keys"),
        )
        self.told.note = self._note
        self._layout_of_page = SheetLayout(self._lines_under)
        self.table.noun = "rows"
        self.table.active = True
        # Keys come before it is mounted, when it knows no screen yet.
        self.table.owner = self
        self.table.show(table, chosen)

    def take(self, table: Table, note: str, chosen: int | None, *, complete: bool) -> None:
        """Another version of the table, with more rows; the cursor stays on its row."""
        self.all, self._note, self.told.note = table, note, note
        self.complete = complete
        self.table.grow(table, chosen)
        if self.is_mounted:
            self._explain()

    @property
    def closed(self) -> bool:
        """Whether it was shown and is no longer."""
        return self._dismissed

    @property
    def layout(self) -> Layout:
        return self._layout_of_page

    def compose(self) -> ComposeResult:
        yield from (self.told, self.table, self.keys)

    def on_mount(self) -> None:
        self._explain()
        self._show_keys()

    def press(self, key: str, character: str | None) -> None:
        self.told.hush()
        if key in ALWAYS:
            self.app.exit(0)
        elif not self.told.press(key, character):
            action = keys_of(SHEET).get(key)
            if action is not None:
                self._act(action)
            else:
                self.table.press(key, character)
                self._explain()
        self._show_keys()

    def _show_keys(self) -> None:
        asked = self.told.question
        self.keys.show(SHEET, asked.mode if asked else "", asked.verb if asked else "")

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002
        self.call_after_refresh(self._explain)

    def paste(self, text: str) -> None:
        self.told.paste(text)

    def hear(self, said: Said) -> None:
        if isinstance(said, Chosen) and self._picked is not None:
            self._close()
            self._picked(said.row)
        elif isinstance(said, Commanded):
            self._act(said.action)
        elif isinstance(said, Activated):
            self.call_after_refresh(self._explain)
        self._show_keys()

    def _act(self, action: str) -> None:
        if action == "close":
            self._close()
        elif action == "copy":
            self._copy()
        elif action == "help":
            self._help()
        elif action == "filter":
            self.told.ask(narrowing(self.table))
        elif action == "write":
            write_over(self, self.told, "table", self.table.table or self.all)
        else:
            getattr(self.table, f"do_{action}")()

    def _close(self) -> None:
        self._dismissed = True
        self.dismiss()

    def _help(self) -> None:
        from infecon_tui.tui.screens.help import help_over

        told = [(f"{c.title} {c.unit}".strip(), c.help) for c in self.all.columns if c.help]
        told += [("in a word", self._note)] if self._note else []
        help_over(self, (SHEET, TABLE), self.all.title, told)

    def _lines_under(self, width: int) -> int:
        """Two where the note or the words of some row need them, for nothing moves with the cursor."""
        left = [place for place, column in enumerate(self.all.columns) if column.left]
        longest = max((sum(len(row[at]) for at in left) for row in self.all.rows), default=0)
        return max(self.told.rows(width), 2 if longest > width else 1)

    def _explain(self) -> None:
        """What is cut of the row under the cursor, or else what the table is of."""
        row = self.table.cut_words if self.complete else ""
        self.told.put(row or self._note, "text" if row else "muted")

    def _copy(self) -> None:
        if self._copied is not None and self.table.table is not None:
            self.told.put(self._copied(text_of(self.table.table)), "good")


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
