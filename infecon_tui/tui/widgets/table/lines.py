"""A table as it is seen: its fixed header, the columns and rows there is room for, and how they are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from infecon_tui.tui.widgets.cells import Piece, fitted, strip_of, wrapped
from infecon_tui.tui.widgets.pane import Pane
from infecon_tui.tui.widgets.table.ordered import Ordered

if TYPE_CHECKING:
    from textual import events
    from textual.strip import Strip

    from infecon_tui.view.records import Table

HEADER = 2
SPACE = 2
_BESIDE = 18
"""Cells that a title leaves for the number of rows, and for a sign that there are more columns."""
LEAD, LEAST = 3, 8
"""Cells before the first column; the least a column of words is cut to."""


class TableLines(Pane):
    """Draws the rows of `seen` around the cursor."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's word
        super().__init__(id=id)
        self.noun = "points"
        self.seen = Ordered()
        self.cursor = 0
        self.top = 0
        self.left = 0
        self._widths: list[int] = []

    @property
    def words(self) -> str:
        """Words that every row shown holds."""
        return self.seen.words

    @property
    def table(self) -> Table | None:
        """The rows that hold the words."""
        return self.seen.table

    @property
    def row(self) -> int | None:
        """The row under the cursor, by its place in the table."""
        return self.seen.row_at(self.cursor)

    def _measure(self) -> None:
        assert self.table is not None
        rows = self.table.rows
        self._widths = [
            max([len(c.title) + 1, len(c.unit), *(cell_len(row[i]) for row in rows)])
            for i, c in enumerate(self.table.columns)
        ]

    @property
    def _height(self) -> int:
        return max(1, self.size.height - HEADER - 1)

    def _move(self, count: int) -> None:
        before = self.cursor
        self.cursor = max(0, min(len(self.seen.order) - 1, before + count))
        if self.cursor == before or self._scroll():
            return
        for index in (before, self.cursor):
            self.refresh_row(index - self.top + HEADER + 1)

    def _scroll(self) -> bool:
        """Keeps the cursor in sight, by a third of the height; True when all was drawn again."""
        height, top = self._height, self.top
        leap = max(1, height // 3)
        if self.cursor < top:
            top = self.cursor - leap + 1
        elif self.cursor >= top + height:
            top = self.cursor - height + leap
        top = max(0, min(top, len(self.seen.order) - height))
        if top == self.top:
            return False
        self.top = top
        self.refresh()
        return True

    @property
    def cut_words(self) -> str:
        """The words of the row under the cursor that there is no room for, after the name of the row."""
        table, row = self.table, self.row
        if table is None or row is None:
            return ""
        columns = list(zip(table.rows[row], self._widths, table.columns, strict=True))
        room, hidden = self.size.width - LEAD, []
        for place, (text, width, column) in enumerate(columns):
            seen = place >= self.left and room >= min(cell_len(text), width)
            if column.left and place and text and not seen:
                hidden.append(text)
            room -= (width + SPACE) if place >= self.left else 0
        return f"{table.rows[row][0]}: {', '.join(hidden)}" if hidden else ""

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
        name = fitted(name, min(cell_len(name), max(8, self.size.width - _BESIDE)))
        pieces: list[Piece] = [(name, "chip" if self.active else "strong")]
        if table and table.rows:
            all_rows = len(self.seen.whole.rows) if self.seen.whole else 0
            count = f"{len(table.rows)} of {all_rows}" if self.words else str(all_rows)
            noun = self.noun if count != "1" else self.noun.removesuffix("s")
            seen = f" {count} {noun}" + (f" with {self.words}" if self.words else "")
            pieces.append((seen, "muted"))
            used = sum(cell_len(text) for text, _ in pieces)
            if self._cut and self.active:
                longs = ("  … more columns with →", "  more columns with right")
                more, brief = self.glyph(*longs), self.glyph("  … →", "  right")
                pieces.append((more if used + cell_len(more) < self.size.width else brief, "muted"))
        used = sum(cell_len(text) for text, _ in pieces)
        rule = self.glyph("─", "-") * (self.size.width - used - 2)
        return [*pieces, (f" {rule}", "rule")]

    def column_at(self, x: int) -> int | None:
        """The column that stands at a cell of a line."""
        start = LEAD
        for column, width in list(enumerate(self._widths))[self.left :]:
            if x < start + width + SPACE:
                return column if x >= LEAD else None
            start += width + SPACE
        return None

    def _heading(self, index: int) -> str:
        assert self.table is not None
        arrow = self.glyph("▼", "v") if self.seen.descending else self.glyph("▲", "^")
        return self.table.columns[index].title + (arrow if index == self.seen.column else "")

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
        if place >= len(self.seen.order):
            return strip_of([], self.size.width, self.look)
        row = self.seen.order[place]
        here = place == self.cursor
        mark = self.glyph("●", "*") if row == self.seen.chosen else " "
        lead = self.glyph("❯", ">") if here and self.active else " "
        role = "value" if row == self.seen.chosen else "text"
        pieces: list[Piece] = [(lead, "accent"), (f"{mark} ", "changed")]
        over = ("cursor" if self.active else "resting") if here else ""
        return strip_of(
            [*pieces, *self._cells(self.table.rows[row], role)], self.size.width, self.look, over
        )
