"""The property grid as it is seen: lines, cursor, scrolling, and what is drawn over the lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.geometry import Region

from infecon_tui.tui.messages import Highlighted
from infecon_tui.tui.widgets.cells import Piece, strip_of
from infecon_tui.tui.widgets.grid import paint
from infecon_tui.tui.widgets.grid.lines import Lines, columns_for, opening_folds
from infecon_tui.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from textual import events
    from textual.strip import Strip

    from infecon_tui.tui.widgets.grid.edit import Edit, Menu
    from infecon_tui.view.records import Group, Row

MENU_ROWS = 13


class GridView(Pane):
    """Shows groups of rows. Only what has changed is drawn again."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's word
        super().__init__(id=id)
        self.groups: tuple[Group, ...] = ()
        self.folded: frozenset[str] = frozenset()
        self.fold_at_first = True
        self.lines = Lines((), frozenset())
        self.cursor = ""
        self.top = 0
        self.edit: Edit | None = None
        self.menu: Menu | None = None
        self.fault = ""
        self._overlay: tuple[int, list[list[Piece]]] = (0, [])
        self._unit = 5

    # What is shown

    def show(self, groups: tuple[Group, ...]) -> None:
        """Takes new groups; the cursor stays on its row where the row still exists."""
        old = self.lines
        self.groups = groups
        if self.fold_at_first and self.size.height:
            self.folded = opening_folds(groups, self.size.width - 1, self.size.height)
            self.fold_at_first = False
        self._lay_out()
        if old.cells != self.lines.cells:
            self._keep_cursor(old)
            return
        for line, names in enumerate(self.lines.cells):
            if any(self._content(old, name) != self._content(self.lines, name) for name in names):
                self.refresh_row(line - self.top)

    def _content(self, lines: Lines, name: str) -> object:
        """What a place shows: a row, or a heading with its count of changes."""
        if name in lines.rows:
            return lines.rows[name]
        group = lines.groups[name]
        return group.summary, sum(row.changed for row in group.rows)

    def _lay_out(self) -> None:
        columns = columns_for(self.groups, self.size.width, self.size.height)
        self.lines = Lines(self.groups, self.folded, columns=columns)
        self._unit = paint.unit_width([row for group in self.groups for row in group.rows])

    def _keep_cursor(self, old: Lines) -> None:
        if self.cursor not in self.lines and self.lines.spots:
            group = old.group_of.get(self.cursor) or self.lines.group_of.get(self.cursor)
            heading = f"#{group.key}" if group else ""
            self.cursor = heading if heading in self.lines else self.lines.spots[0].name
            self.tell(Highlighted(self.cursor))
        self._scroll_to_cursor()
        self.refresh_all()

    def refold(self, folded: frozenset[str]) -> None:
        """Folds exactly these groups."""
        old, self.folded = self.lines, folded
        self._lay_out()
        self._keep_cursor(old)

    @property
    def row(self) -> Row | None:
        """The row under the cursor, or None on a heading."""
        return self.lines.rows.get(self.cursor) if self.cursor in self.lines else None

    # The cursor and the part that is seen

    def move_to(self, name: str) -> None:
        """Puts the cursor on a row or heading, unfolding its group."""
        group = self.lines.group_of.get(name)
        if name not in self.lines and group is not None:
            self.folded = self.folded - {group.key}
            self._lay_out()
            self.refresh()
        if name == self.cursor or name not in self.lines:
            return
        before, self.cursor = self.cursor, name
        if not self._scroll_to_cursor():
            self.refresh_spot(before)
            self.refresh_spot(name)
        self.tell(Highlighted(name))

    def refresh_spot(self, name: str) -> None:
        """Draws a row or heading again."""
        if name in self.lines:
            spot = self.lines.spot(name)
            x, width = self.span(name)
            self.refresh(Region(x, spot.line - self.top, width, 1))

    def _scroll_to_cursor(self) -> bool:
        """Scrolls by a third of the height, so that most keys at the edge move only the cursor."""
        height, line = self.size.height, self.lines.spot(self.cursor).line if self.cursor else 0
        if not height:
            return False
        leap = max(1, height // 3)
        top = self.top
        if line < top:
            top = line - leap + 1 if line else 0
        elif line >= top + height:
            top = line - height + leap
        return self.scroll_to_line(top)

    def scroll_to_line(self, top: int) -> bool:
        """Shows the lines from this one on; True when that changed the picture."""
        top = max(0, min(top, len(self.lines) - self.size.height))
        if top == self.top:
            return False
        self.top = top
        self.refresh_all()
        return True

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002
        self._lay_out()
        self.scroll_to_line(self.top)
        self._scroll_to_cursor()
        self.refresh_all()

    def refresh_all(self) -> None:
        """Draws everything again, with what stands over the lines."""
        self._overlay = self._laid_over()
        self.refresh()

    # What stands over the lines

    def refresh_overlay(self) -> None:
        """Draws again what opens under the row, and the row."""
        old_y, old = self._overlay
        self._overlay = self._laid_over()
        y, new = self._overlay
        if old:
            self.refresh(Region(0, old_y, self.size.width, len(old)))
        if new:
            self.refresh(Region(0, y, self.size.width, len(new)))
        self.refresh_spot(self.cursor)

    def _laid_over(self) -> tuple[int, list[list[Piece]]]:
        """The first line on screen and the lines of the menu or the error."""
        if self.cursor not in self.lines or not self.size.height:
            return 0, []
        y = self.lines.spot(self.cursor).line - self.top
        below, above = self.size.height - y - 1, y
        room = min(MENU_ROWS, max(below, above))
        lines = self._over_lines(room)
        if len(lines) <= below:
            return y + 1, lines
        return max(0, y - len(lines)), lines[:above] if len(lines) > above else lines

    def _over_lines(self, room: int) -> list[list[Piece]]:
        width = self.size.width - 1
        marks = self.marks
        if self.menu is not None:
            return paint.menu_lines(self.menu, width, room, marks)
        message = self.edit.fault if self.edit and self.edit.refused else self.fault
        return paint.error_lines(message, width, self.glyph("✗", "x"))[:room] if message else []

    # Drawing

    @property
    def marks(self) -> paint.Marks:
        return paint.PLAIN if self.ascii else paint.FANCY

    def span(self, name: str) -> tuple[int, int]:
        """Left end and width of a row or heading on its line."""
        inner = self.size.width - 1
        if self.lines.columns == 1 or name.startswith("#"):
            return 0, inner
        half = inner // 2
        return (0, half) if self.lines.spot(name).column == 0 else (half, inner - half)

    def draw(self, y: int) -> Strip:
        width = self.size.width
        over_y, over = self._overlay
        if over_y <= y < over_y + len(over):
            return strip_of([*self._filled(over[y - over_y]), self._bar(y)], width, self.look)
        line = self.top + y
        pieces = self._line(line) if line < len(self.lines) else [(" " * (width - 1), "text")]
        return strip_of([*pieces, self._bar(y)], width, self.look)

    def _filled(self, pieces: list[Piece]) -> list[Piece]:
        """An overlaid line on its ground up to the bar."""
        left = self.size.width - 1 - sum(cell_len(text) for text, _ in pieces)
        return [*pieces, (" " * max(0, left), "menu")]

    def _line(self, line: int) -> list[Piece]:
        names = self.lines.cells[line]
        if names[0].startswith("#"):
            return self._heading(names[0])
        pieces: list[Piece] = []
        end = 0
        for name in names:
            start, width = self.span(name)
            pieces += self._cell(name, width)
            end = start + width
        return [*pieces, (" " * (self.size.width - 1 - end), "text")]

    def _heading(self, name: str) -> list[Piece]:
        group, here = self.lines.groups[name], name == self.cursor
        shut = group.key in self.folded
        pieces = paint.heading(
            group, self.size.width - 1, self.marks, shut=shut, here=here and self.active
        )
        return paint.laid(pieces, self._cursor_role) if here else pieces

    def _cell(self, name: str, width: int) -> list[Piece]:
        row, here = self.lines.rows[name], name == self.cursor
        if self.edit is not None and here:
            pieces = paint.edit_cells(self.edit, width, self._unit, self.marks)
        else:
            pieces = paint.row_cells(row, width, self._unit, self.marks, here=here and self.active)
        return paint.laid(pieces, self._cursor_role) if here else pieces

    @property
    def _cursor_role(self) -> str:
        return "cursor" if self.active else "resting"

    def _bar(self, y: int) -> Piece:
        """The line that divides the grid from its neighbour is also its scroll bar."""
        seen = paint.on_thumb(y, self.top, self.size.height, len(self.lines))
        return (self.marks.thumb, "muted") if seen else (self.marks.bar, "rule")
