"""Typing in the property grid: a value in its row, or the query of a list of choices under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui.tui.messages import Considered, Edited, Highlighted, Picked, Typed
from infecon_tui.tui.widgets.grid.edit import Edit, Menu
from infecon_tui.tui.widgets.grid.view import GridView

if TYPE_CHECKING:
    from infecon_tui.view.records import Row

MENU_MOVES = {"up": -1, "down": 1, "pageup": -10, "pagedown": 10, "shift+tab": -1, "tab": 1}


class GridTyping(GridView):
    """While something is typed, every key belongs to it."""

    @property
    def typing(self) -> bool:
        """Whether all keys belong to a field."""
        return self.edit is not None or self.menu is not None

    def type(self, key: str, character: str | None) -> bool:
        """Takes one key of what is being typed."""
        if self.edit is not None:
            self._press_edit(self.edit, key, character)
        elif self.menu is not None:
            self._press_menu(self.menu, key, character)
        return True

    def paste(self, text: str) -> None:
        if self.menu is not None:
            self.menu.field.insert(text)
            self.menu.narrow()
            self._considered(self.menu)
            return
        if self.edit is None:
            self.begin("")
        if self.edit is not None:
            self.edit.field.insert(text)
            self._typed(self.edit)

    def begin(self, text: str | None) -> None:
        """Starts an edit from a text, or from the value with all of it selected."""
        row = self.row
        if row is None or not row.editable:
            return
        if row.choices:
            self._begin_menu(row, text)
            return
        self.edit = Edit(row, text)
        self.refresh_spot(self.cursor)
        if text:
            self._typed(self.edit)

    def _begin_menu(self, row: Row, text: str | None) -> None:
        self.menu = Menu(row)
        if text:
            self.menu.field.insert(text)
            self.menu.narrow()
        self._considered(self.menu)

    def open(self, path: str) -> None:
        """Moves to a row and opens its choices."""
        self.move_to(path)
        if self.row is not None:
            self.begin(None)

    def refuse(self, path: str, message: str) -> None:
        """Tells what is wrong with the value that was just said for a row."""
        if self.edit is not None and self.edit.row.path == path:
            self.edit.fault = message
        else:
            self.fault = message
            self.refresh_overlay()

    # Typing a value

    def _press_edit(self, edit: Edit, key: str, character: str | None) -> None:
        if key == "escape":
            self._stop()
            self.tell(Highlighted(self.cursor))
        elif key in ("enter", "tab", "down"):
            if self._commit(edit) and key != "enter":
                self.move_to(self.lines.moved(self.cursor, 1))
        elif key in ("up", "shift+tab"):
            if self._commit(edit):
                self.move_to(self.lines.moved(self.cursor, -1))
        elif edit.field.press(key, character):
            self._typed(edit)

    def _typed(self, edit: Edit) -> None:
        """Judges the text so far; the reason is told under the row once Enter was refused."""
        edit.fault = ""
        if edit.field.text.strip() and not edit.unchanged:
            self.tell(Typed(edit.row.path, edit.text))
        if edit.refused:
            self.refresh_overlay()
        else:
            self.refresh_spot(self.cursor)

    def _commit(self, edit: Edit) -> bool:
        if edit.unchanged:
            self._stop()
            return True
        edit.fault = ""
        self.tell(Edited(edit.row.path, edit.text))
        if edit.fault:
            edit.refused = True
            self.refresh_overlay()
            return False
        self._stop()
        return True

    def _stop(self) -> None:
        self.edit, self.menu = None, None
        self.refresh_overlay()

    def leave(self) -> None:
        """Takes what is being typed, or drops it where it is wrong; called before keys go elsewhere."""
        if self.edit is not None and not self._commit(self.edit):
            self._stop()
        if self.menu is not None:
            self._stop()

    # Choosing from a list

    def _press_menu(self, menu: Menu, key: str, character: str | None) -> None:
        if key == "escape":
            self._stop()
            self.tell(Highlighted(self.cursor))
        elif key == "enter":
            self.take(menu)
        elif key in MENU_MOVES:
            menu.move(MENU_MOVES[key])
            self._considered(menu)
        elif menu.field.press(key, character):
            menu.narrow()
            self._considered(menu)

    def _considered(self, menu: Menu) -> None:
        """Draws the choices and says which one the cursor stands on."""
        self.refresh_overlay()
        if menu.choice is not None and menu.choice != menu.row.text:
            self.tell(Considered(menu.row.path, menu.choice))
        else:
            self.tell(Highlighted(self.cursor))

    def take(self, menu: Menu) -> None:
        """Says the choice under the menu's cursor."""
        choice = menu.choice
        if choice is None:
            return
        self._stop()
        self.tell(Highlighted(self.cursor))
        if choice != menu.row.text:
            self.tell(Picked(menu.row.path, choice))
