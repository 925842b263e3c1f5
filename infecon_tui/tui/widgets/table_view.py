"""A table with a fixed header: a cursor over its rows, sorted by any column, narrowed by words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from textual.geometry import Region

from infecon_tui.tui.commands import TABLE
from infecon_tui.tui.messages import Activated, Chosen, Commanded
from infecon_tui.tui.narrowing import narrowed
from infecon_tui.tui.widgets.cells import Piece, fitted, strip_of, wrapped
from infecon_tui.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from textual import events
    from textual.strip import Strip

    from infecon_tui.view.records import Table

HEADER = 2
SPACE = 2
LEAD, LEAST = 3, 8
"""Cells before the first column; the least a column of words is cut to."""


class TableView(Pane):
    """Shows a Table; Enter says Chosen with the row's place in the table as it was built."""

    where = TABLE

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's word
        super().__init__(id=id)
        self.noun = "points"
        self.words = ""
        self.table: Table | None = None
        self.chosen: int | None = None
        self._whole: tuple[Table, int | None] | None = None
        self._rows: tuple[int, ...] = ()
        self.cursor = 0
        self.top = 0
        self.left = 0
        self.column: int | None = None
        self.descending = False
        self._order: list[int] = []
        self._widths: list[int] = []

    def show(self, table: Table, chosen: int | None) -> None:
        """Takes a table; `chosen` is the row that the rest of the screen shows."""
        if (table, chosen) != self._whole:
            self._whole = table, chosen
            self._narrowed()

    def narrow(self, words: str) -> None:
        """Keeps the rows that hold the words, of later tables, too; all of them without words."""
        if words != self.words:
            self.words, self.cursor = words, 0
            self._narrowed()

    def _narrowed(self) -> None:
        if self._whole is None:
            return
        fresh = self.table is None or not self.table.rows
        moved = fresh or self._row == self.chosen
        whole, chosen = self._whole
        self.table, self._rows = narrowed(whole, self.words)
        self.chosen = self._rows.index(chosen) if chosen in self._rows else None
        self._sort()
        self._measure()
        if moved and self.chosen is not None:
            self.cursor = self._order.index(self.chosen)
        self.cursor = max(0, min(self.cursor, len(self._order) - 1))
        self._scroll()
        self.refresh()

    @property
    def _row(self) -> int | None:
        return self._order[self.cursor] if self.cursor < len(self._order) else None

    def _measure(self) -> None:
        assert self.table is not None
        columns = self.table.columns
        self._widths = [
            max([len(c.title) + 1, len(c.unit), *(cell_len(row[i]) for row in self.table.rows)])
            for i, c in enumerate(columns)
        ]

    def _sort(self) -> None:
        assert self.table is not None
        self._order = list(range(len(self.table.rows)))
        column = self.column
        if column is None:
            return
        values = [row[column] for row in self.table.values] or [
            row[column] for row in self.table.rows
        ]

        def rank(row: int) -> tuple[bool, bool, Any]:
            value = values[row]
            # Rows without a value stay below whichever way the others are turned.
            return (
                (value is None) is not self.descending,
                isinstance(value, str),
                0 if value is None else value,
            )

        self._order.sort(key=rank, reverse=self.descending)

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
        self._move(-len(self._order))

    def do_last(self) -> None:
        """The last row."""
        self._move(len(self._order))

    def do_left(self) -> None:
        """The columns before."""
        self._pan(-1)

    def do_right(self) -> None:
        """Further columns."""
        self._pan(1)

    def do_sort(self) -> None:
        """Sorts by the next column; after the last, in the order of the table."""
        if self.table is None or not self.table.rows:
            return
        following = 0 if self.column is None else self.column + 1
        self.column = following if following < len(self.table.columns) else None
        self._resort()

    def do_reverse(self) -> None:
        """Turns the order round."""
        if self.table is not None and self.column is not None:
            self.descending = not self.descending
            self._resort()

    def do_choose(self) -> None:
        """Says the row under the cursor."""
        if self._row is not None:
            self.tell(Chosen(self._rows[self._row]))

    def do_filter(self) -> None:
        """Has words asked for that rows must hold."""
        self.tell(Commanded("narrow"))

    def _resort(self) -> None:
        row = self._row
        self._sort()
        self.cursor = self._order.index(row) if row is not None else 0
        if self.column is not None:
            self._reveal(self.column)
        self._scroll()
        self.refresh()

    # The part that is seen

    @property
    def _height(self) -> int:
        return max(1, self.size.height - HEADER - 1)

    def _move(self, count: int) -> None:
        before = self.cursor
        self.cursor = max(0, min(len(self._order) - 1, before + count))
        if self.cursor == before or self._scroll():
            return
        for index in (before, self.cursor):
            self.refresh_rows(index - self.top + HEADER + 1)

    def _scroll(self) -> bool:
        """Keeps the cursor in sight, by a third of the height; True when all was drawn again."""
        height, top = self._height, self.top
        leap = max(1, height // 3)
        if self.cursor < top:
            top = self.cursor - leap + 1
        elif self.cursor >= top + height:
            top = self.cursor - height + leap
        top = max(0, min(top, len(self._order) - height))
        if top == self.top:
            return False
        self.top = top
        self.refresh()
        return True

    def _pan(self, count: int) -> None:
        left = max(0, min(self.left + count, len(self._widths) - 1))
        if left != self.left and (count < 0 or self._cut):
            self.left = left
            self.refresh()

    @property
    def _cut(self) -> bool:
        """Whether columns are hidden at the right."""
        return sum(w + SPACE for w in self._widths[self.left :]) > self.size.width - 3

    def _reveal(self, column: int) -> None:
        self.left = min(self.left, column)
        while self.left < column and (
            sum(w + SPACE for w in self._widths[self.left : column + 1]) > self.size.width - 3
        ):
            self.left += 1

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002
        self._scroll()
        self.refresh()

    # Drawing

    def draw(self, y: int) -> Strip:
        table = self.table
        if y == 0 or table is None:
            return strip_of(self._title() if y == 0 else [], self.size.width, self.look)
        if not table.rows:
            lines = wrapped(table.note or "no rows", self.size.width - 4)
            text = lines[y - 2] if 0 <= y - 2 < len(lines) else ""
            return strip_of([("  ", "text"), (text, "text")], self.size.width, self.look)
        if y <= HEADER:
            titles = [self._heading(i) if y == 1 else c.unit for i, c in enumerate(table.columns)]
            role = "strong" if y == 1 else "faint"
            return strip_of(
                [("   ", "text"), *self._cells(titles, role)], self.size.width, self.look
            )
        return self._body(self.top + y - HEADER - 1)

    def _title(self) -> list[Piece]:
        table = self.table
        name = f" {table.title if table else 'Table'} "
        pieces: list[Piece] = [(name, "chip" if self.active else "strong")]
        if table and table.rows:
            all_rows = len(self._whole[0].rows) if self._whole else 0
            count = f"{len(table.rows)} of {all_rows}" if self.words else str(all_rows)
            noun = self.noun if count != "1" else self.noun.removesuffix("s")
            seen = f" {count} {noun}" + (f" with {self.words}" if self.words else "")
            more = self.glyph("  … more columns with →", "  more columns with right")
            pieces.append((seen + (more if self._cut and self.active else ""), "muted"))
        used = sum(cell_len(text) for text, _ in pieces)
        rule = self.glyph("─", "-") * (self.size.width - used - 2)
        return [*pieces, (f" {rule}", "rule")]

    def _heading(self, index: int) -> str:
        assert self.table is not None
        arrow = self.glyph("▼", "v") if self.descending else self.glyph("▲", "^")
        return self.table.columns[index].title + (arrow if index == self.column else "")

    def _cells(self, texts: list[str] | tuple[str, ...], role: str) -> list[Piece]:
        assert self.table is not None
        pieces: list[Piece] = []
        room = self.size.width - LEAD
        columns = list(zip(texts, self._widths, self.table.columns, strict=True))
        for text, width, column in columns[self.left :]:
            if room < width and not (column.left and room >= LEAST):
                break
            shown = min(width, room)
            pieces.append((fitted(text, shown, right=not column.left), role))
            pieces.append((" " * SPACE, role))
            room -= shown + SPACE
        return pieces

    def _body(self, place: int) -> Strip:
        assert self.table is not None
        if place >= len(self._order):
            return strip_of([], self.size.width, self.look)
        row = self._order[place]
        here = place == self.cursor
        mark = self.glyph("●", "*") if row == self.chosen else " "
        lead = self.glyph("❯", ">") if here and self.active else " "
        role = "value" if row == self.chosen else "text"
        pieces: list[Piece] = [(lead, "accent"), (f"{mark} ", "changed")]
        over = ("cursor" if self.active else "resting") if here else ""
        return strip_of(
            [*pieces, *self._cells(self.table.rows[row], role)], self.size.width, self.look, over
        )

    # The mouse

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.tell(Activated(self.id or ""))
        place = self.top + event.y - HEADER - 1
        if event.y <= HEADER or place >= len(self._order):
            return
        if place == self.cursor:
            self.do_choose()
        self._move(place - self.cursor)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self._wheel(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self._wheel(-3)

    def _wheel(self, count: int) -> None:
        top = max(0, min(self.top + count, len(self._order) - self._height))
        if top != self.top:
            self.top = top
            self.refresh(Region(0, 0, self.size.width, self.size.height))
