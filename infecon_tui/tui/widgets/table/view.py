"""A table with a fixed header: a cursor over its rows, sorted by any column, narrowed by words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import Region

from infecon_tui.tui.commands.places import TABLE
from infecon_tui.tui.messages import Activated, Chosen, Commanded
from infecon_tui.tui.widgets.table.lines import HEADER, TableLines

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events

    from infecon_tui.view.records import Table


class TableView(TableLines):
    """Shows a Table; Enter says Chosen with the row's place in the table as it was built."""

    where = TABLE

    def show(self, table: Table, chosen: int | None) -> None:
        """Takes a table; `chosen` is the row that the rest of the screen shows."""
        if self.seen.take(table, chosen):
            self._arrange()

    def grow(self, table: Table, chosen: int | None) -> None:
        """Takes the table with more rows: the cursor stays on the row that has the same name, and that where
        it is on screen; the chosen row stands in the middle.
        """
        before = self.table.rows[self.row][0] if self.table and self.row is not None else ""
        above = self.cursor - self.top
        self.show(table, chosen)
        names = [self.table.rows[row][0] for row in self.seen.order] if self.table else []
        if before in names:
            self.cursor = names.index(before)
        if self.row == self.seen.chosen:
            above = self._height // 2
        self.top = max(0, min(self.cursor - above, len(names) - self._height))
        self.refresh()

    def narrow(self, words: str) -> None:
        """Keeps the rows that hold the words, of later tables, too; all of them without words."""
        if words != self.words:
            self.seen.words, self.cursor = words, 0
            self._arrange()

    def _arrange(self) -> None:
        if self.seen.whole is None:
            return
        moved = self.table is None or not self.table.rows or self.row == self.seen.chosen
        self.seen.arrange()
        self._measure()
        if moved and self.seen.chosen is not None:
            self.cursor = self.seen.place_of(self.seen.chosen)
        self.cursor = max(0, min(self.cursor, len(self.seen.order) - 1))
        self._scroll()
        self.refresh()

    # Keys

    def do_up(self) -> None:
        """The row above."""
        self._move(-1)

    def do_down(self) -> None:
        """The row below."""
        self._move(1)

    def do_page_up(self) -> None:
        """A page up."""
        self._move(-max(1, self._height - 1))

    def do_page_down(self) -> None:
        """A page down."""
        self._move(max(1, self._height - 1))

    def do_first(self) -> None:
        """The first row."""
        self._move(-len(self.seen.order))

    def do_last(self) -> None:
        """The last row."""
        self._move(len(self.seen.order))

    def do_left(self) -> None:
        """The columns before."""
        self._pan(-1)

    def do_right(self) -> None:
        """Further columns."""
        self._pan(1)

    def do_sort(self) -> None:
        """Sorts by the next column; after the last, in the order of the table."""
        if self.table is not None and self.table.rows:
            self._sorted(self.seen.next_column)

    def do_reverse(self) -> None:
        """Turns the order round."""
        if self.table is not None and self.seen.column is not None:
            self._sorted(self.seen.reverse)

    def do_choose(self) -> None:
        """Says the row under the cursor."""
        if self.row is not None:
            self.tell(Chosen(self.seen.of_whole(self.row)))

    def do_filter(self) -> None:
        """Has words asked for that rows must hold."""
        self.tell(Commanded("narrow"))

    def _sorted(self, change: Callable[[], None]) -> None:
        """Changes the order; the cursor stays on its row."""
        row = self.row
        change()
        self.cursor = self.seen.place_of(row)
        if self.seen.column is not None:
            self._reveal(self.seen.column)
        self._scroll()
        self.refresh()

    # The mouse

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.tell(Activated(self.id or ""))
        if 1 <= event.y <= HEADER:
            self._sort_at(event.x)
        place = self.top + event.y - HEADER - 1
        if event.y <= HEADER or place >= len(self.seen.order):
            return
        if place == self.cursor:
            self.do_choose()
        self._move(place - self.cursor)

    def _sort_at(self, x: int) -> None:
        """Sorts by the column whose heading was clicked; once more turns the order round."""
        column = self.column_at(x)
        if column is None or self.table is None or not self.table.rows:
            return
        if column == self.seen.column:
            self._sorted(self.seen.reverse)
        else:
            self._sorted(lambda: self.seen.by(column))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self._wheel(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self._wheel(-3)

    def _wheel(self, count: int) -> None:
        top = max(0, min(self.top + count, len(self.seen.order) - self._height))
        if top != self.top:
            self.top = top
            self.refresh(Region(0, 0, self.size.width, self.size.height))
