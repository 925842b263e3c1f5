"""Choices one a line under what was typed to narrow them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from infecon_tui.tui.commands.places import PAGE
from infecon_tui.tui.messages import Chosen
from infecon_tui.tui.widgets.cells import Piece, fitted, strip_of
from infecon_tui.tui.widgets.grid.edit import Menu
from infecon_tui.tui.widgets.grid.paint import FANCY, PLAIN, field_cells
from infecon_tui.tui.widgets.grid.typed import MENU_MOVES
from infecon_tui.tui.widgets.pane import Pane
from infecon_tui.view.records import Row

if TYPE_CHECKING:
    from textual import events
    from textual.strip import Strip

HEAD = 2


class PickView(Pane):
    """A menu as high as the page. Each choice has a remark that stands at its right."""

    where = PAGE

    def __init__(self, choices: tuple[tuple[str, str], ...], *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._remarks = tuple(remark for _, remark in choices)
        names = tuple(name for name, _ in choices)
        self.menu = Menu(Row(path="", label="", text="", choices=names))

    @property
    def place(self) -> int | None:
        """The choice under the cursor, by its place among all; None when nothing matches."""
        return self.menu.found[self.menu.index] if self.menu.found else None

    def press(self, key: str, character: str | None) -> bool:
        if key in MENU_MOVES:
            self.menu.move(MENU_MOVES[key])
        elif self.menu.field.press(key, character):
            self.menu.narrow()
        else:
            return False
        self.refresh()
        return True

    def paste(self, text: str) -> None:
        self.menu.field.insert(text)
        self.menu.narrow()
        self.refresh()

    def draw(self, y: int) -> Strip:
        places = self.menu.shown(max(1, self.size.height - HEAD))
        if y == 0:
            return strip_of(self._query(), self.size.width, self.look)
        if y == HEAD and not self.menu.found:
            return strip_of([("    nothing matches", "muted")], self.size.width, self.look)
        at = y - HEAD
        pieces = self._choice(places[at]) if 0 <= at < len(places) else []
        return strip_of(pieces, self.size.width, self.look)

    def _query(self) -> list[Piece]:
        count = f" {len(self.menu.found)} of {len(self._remarks)} "
        room = max(8, min(60, self.size.width - 8 - len(count)))
        return [
            ("  find ", "muted"),
            *field_cells(self.menu.field, room, "field"),
            (count, "muted"),
        ]

    def _choice(self, index: int) -> list[Piece]:
        place = self.menu.found[index]
        name, remark = self.menu.row.choices[place], self._remarks[place]
        here = index == self.menu.index
        marks = PLAIN if self.ascii else FANCY
        room = max(8, self.size.width - 8 - cell_len(remark))
        return [
            (f"  {marks.here if here else ' '} ", "accent"),
            (fitted(name, min(room, cell_len(name))), "chip" if here else "text"),
            (f"  {remark}", "warning" if remark else "text"),
        ]

    def on_click(self, event: events.Click) -> None:
        """Moves the cursor; a click on the line where it is already takes it."""
        event.stop()
        places = self.menu.shown(max(1, self.size.height - HEAD))
        if not 0 <= event.y - HEAD < len(places):
            return
        again = self.menu.index == places[event.y - HEAD]
        self.menu.index = places[event.y - HEAD]
        self.refresh()
        if again and self.place is not None:
            self.tell(Chosen(self.place))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.press("down", None)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.press("up", None)
