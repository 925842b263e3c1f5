"""A list over the explorer: some letters narrow it, the arrows move in it, Enter takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui.tui.commands.places import PAGE
from infecon_tui.tui.commands.registry import ALWAYS
from infecon_tui.tui.messages import Chosen, Said
from infecon_tui.tui.screens.base import KeyScreen
from infecon_tui.tui.screens.page import PageLayout
from infecon_tui.tui.widgets.key_bar import KeyBar
from infecon_tui.tui.widgets.pick_view import PickView
from infecon_tui.tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.layout import Layout


class PickScreen(KeyScreen):
    """Shows choices with a remark each until one is taken; `taken` gets its place."""

    def __init__(
        self, title: str, choices: tuple[tuple[str, str], ...], taken: Callable[[int], None]
    ) -> None:
        super().__init__()
        self._title = title
        self._taken = taken
        self._layout_of_page = PageLayout()
        # Made here, for keys typed right after the one that opened it come before it is composed.
        self.told, self.list, self.keys = (
            StatusLine(id="title"),
            PickView(choices, id="page"),
            KeyBar(id="keys"),
        )

    @property
    def layout(self) -> Layout:
        return self._layout_of_page

    def compose(self) -> ComposeResult:
        yield from (self.told, self.list, self.keys)

    def on_mount(self) -> None:
        self.told.explain([(f" {self._title} ", "chip")])
        self.keys.show(PAGE, "choosing")

    def press(self, key: str, character: str | None) -> None:
        if key in ALWAYS:
            self.app.exit(0)
        elif key == "escape":
            self.dismiss()
        elif key == "enter":
            self.take()
        else:
            self.list.press(key, character)

    def paste(self, text: str) -> None:
        self.list.paste(text)

    def hear(self, said: Said) -> None:
        if isinstance(said, Chosen):
            self.take()

    def take(self) -> None:
        """Takes what the cursor is on, if anything."""
        place = self.list.place
        if place is not None:
            self.dismiss()
            self._taken(place)
