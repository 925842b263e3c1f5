"""A table's rows as they are shown: those that hold some words, in the order of a column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infecon_tui.tui.widgets.table.narrowing import narrowed

if TYPE_CHECKING:
    from infecon_tui.view.records import Table


class Ordered:
    """`table` has the rows that hold the words, `order` their places in it from top to bottom.

    `chosen` is the row of it that the rest of the screen shows, if it is among them.
    """

    def __init__(self) -> None:
        self.words = ""
        self.column: int | None = None
        self.descending = False
        self.whole: Table | None = None
        self.table: Table | None = None
        self.chosen: int | None = None
        self.order: list[int] = []
        self._chosen_of_whole: int | None = None
        self._kept: tuple[int, ...] = ()

    def take(self, whole: Table, chosen: int | None) -> bool:
        """Takes another table; False where it is the one already here."""
        same = (whole, chosen) == (self.whole, self._chosen_of_whole)
        self.whole, self._chosen_of_whole = whole, chosen
        return not same

    def arrange(self) -> None:
        """Narrows and sorts the table anew."""
        if self.whole is None:
            return
        self.table, self._kept = narrowed(self.whole, self.words)
        chosen = self._chosen_of_whole
        self.chosen = self._kept.index(chosen) if chosen in self._kept else None
        self.sort()

    def sort(self) -> None:
        """Sorts by the column that was asked for; without one the table's own order stands."""
        table, column = self.table, self.column
        self.order = list(range(len(table.rows))) if table else []
        if table is not None and column is not None:
            values = [row[column] for row in table.values or table.rows]
            self.order.sort(key=lambda row: self._rank(values[row]), reverse=self.descending)

    def _rank(self, value: Any) -> tuple[bool, bool, Any]:
        # Rows without a value stay below whichever way the others are turned.
        missing = value is None
        return missing is not self.descending, isinstance(value, str), 0 if missing else value

    def next_column(self) -> None:
        """Sorts by the column after; after the last, in the order of the table."""
        following = 0 if self.column is None else self.column + 1
        known = self.table is not None and following < len(self.table.columns)
        self.column = following if known else None
        self.sort()

    def by(self, column: int) -> None:
        """Sorts by a column."""
        self.column = column
        self.sort()

    def reverse(self) -> None:
        """Turns the order round."""
        self.descending = not self.descending
        self.sort()

    def row_at(self, place: int) -> int | None:
        """The row of the narrowed table at a place from the top, if there is one."""
        return self.order[place] if 0 <= place < len(self.order) else None

    def place_of(self, row: int | None) -> int:
        """Where a row stands; the top for none."""
        return self.order.index(row) if row is not None else 0

    def of_whole(self, row: int) -> int:
        """The place in the table as it was built of a row of the narrowed one."""
        return self._kept[row]
