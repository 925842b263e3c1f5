"""The editors: every number of a scenario in one widget, grouped, changed in place.

One widget of lines and not a form of inputs: a stock form of this size takes a second to paint and
a fifth of one to move the focus.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui.tui.commands.places import GRID
from infecon_tui.tui.messages import Activated, Edited, Reset
from infecon_tui.tui.widgets.grid import find as grid_find
from infecon_tui.tui.widgets.grid.typed import GridTyping

if TYPE_CHECKING:
    from textual import events

    from infecon_tui.tui.widgets.grid.edit import Menu

WHEEL_LINES = 3


class PropertyGrid(GridTyping):
    """Groups of rows with a cursor; says Edited, Picked, Reset, Typed and Highlighted."""

    where = GRID

    # Keys

    def press(self, key: str, character: str | None) -> bool:
        if self.fault:
            self.fault = ""
            self.refresh_overlay()
        if self.typing:
            return self.type(key, character)
        if character is not None and (character.isdigit() or character == "."):
            self.begin(character)
            return True
        return super().press(key, character)

    # Moving

    def do_up(self) -> None:
        """One spot up."""
        self.move_to(self.lines.moved(self.cursor, -1))

    def do_down(self) -> None:
        """One spot down."""
        self.move_to(self.lines.moved(self.cursor, 1))

    def do_page_up(self) -> None:
        """A page of spots up."""
        self.move_to(self.lines.moved(self.cursor, -max(1, self.size.height - 2)))

    def do_page_down(self) -> None:
        """A page of spots down."""
        self.move_to(self.lines.moved(self.cursor, max(1, self.size.height - 2)))

    def do_first(self) -> None:
        """The first heading."""
        self.move_to(self.lines.moved(self.cursor, -len(self.lines.spots)))

    def do_last(self) -> None:
        """The last spot."""
        self.move_to(self.lines.moved(self.cursor, len(self.lines.spots)))

    def do_group_up(self) -> None:
        """The heading before."""
        self.move_to(self.lines.group_moved(self.cursor, -1))

    def do_group_down(self) -> None:
        """The next heading."""
        self.move_to(self.lines.group_moved(self.cursor, 1))

    def do_fold_all(self) -> None:
        """Folds all groups, or unfolds all when all are folded."""
        every = frozenset(group.key for group in self.groups)
        self.refold(frozenset() if self.folded == every else every)

    def _fold(self, key: str) -> None:
        self.refold(self.folded ^ {key})

    # Changing

    def do_step_down(self) -> None:
        """The value one step below."""
        self._step(0)

    def do_step_up(self) -> None:
        """The value one step above."""
        self._step(1)

    def do_far_down(self) -> None:
        """The value a far step below."""
        self._step(2)

    def do_far_up(self) -> None:
        """The value a far step above."""
        self._step(3)

    def _step(self, which: int) -> None:
        row = self.row
        if row is None:
            if (which % 2 == 0) != (self.cursor[1:] in self.folded):
                self._fold(self.cursor[1:])
            return
        text = row.steps[which]
        if text is not None and row.editable:
            self.tell(Edited(row.path, text, step=True))

    def do_default(self) -> None:
        """The value of the spec."""
        if self.row is not None:
            self.tell(Reset(self.row.path))

    def do_toggle(self) -> None:
        """The other of two words; a group opens or folds."""
        if self.row is None:
            self._fold(self.cursor[1:])
        elif len(self.row.choices) == 2 and self.row.editable:
            other = next(word for word in self.row.choices if word != self.row.text)
            self.tell(Edited(self.row.path, other))

    def do_clear(self) -> None:
        """Edits from empty."""
        self.begin("")

    def do_enter(self) -> None:
        """Edits, opens the choices, toggles or folds: what the row is for."""
        row = self.row
        if row is None or (len(row.choices) == 2 and not row.searchable):
            self.do_toggle()
        else:
            self.begin(None)

    # Finding

    def seek(self, query: str, start: str) -> bool:
        """Moves to the row that a query names best; False when there is none."""
        return self._go(grid_find.best(self.lines, query, start))

    def seek_further(self, query: str, count: int) -> bool:
        """Moves to the next row that a query names, or the one before."""
        return self._go(grid_find.further(self.lines, query, self.cursor, count))

    def _go(self, path: str | None) -> bool:
        if path is not None:
            self.move_to(path)
        return path is not None

    # The mouse

    def on_click(self, event: events.Click) -> None:
        event.stop()
        over_y, over = self._overlay
        if self.menu is not None and over_y <= event.y < over_y + len(over):
            self._click_menu(self.menu, event.y - over_y)
            return
        self.tell(Activated(GRID))
        line = self.top + event.y
        if line >= len(self.lines):
            return
        names = self.lines.cells[line]
        self._click_row(names[-1] if event.x >= self.span(names[-1])[0] else names[0], event.x)

    def _click_menu(self, menu: Menu, y: int) -> None:
        places = menu.shown(len(self._overlay[1]) - 1)
        if 0 < y <= len(places):
            menu.index = places[y - 1]
            self.take(menu)

    def _click_row(self, name: str, x: int) -> None:
        again = name == self.cursor and not self.typing
        self.leave()
        self.move_to(name)
        if name.startswith("#"):
            self._fold(name[1:])
            return
        start, width = self.span(name)
        right = start + width - self._unit
        if again and right - 3 <= x < right and self.row and not self.row.searchable:
            self.do_step_up()
        elif again:
            self.do_enter()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.scroll_to_line(self.top + WHEEL_LINES)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.scroll_to_line(self.top - WHEEL_LINES)
