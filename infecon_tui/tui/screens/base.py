"""What all screens have in common: they take keys from the app, and hear what their panes say."""

from __future__ import annotations

from textual.screen import Screen

from infecon_tui.tui.messages import Said
from infecon_tui.tui.terminal.spans import SpansCompositor


class KeyScreen(Screen[None]):
    """A screen that is given every key in the order typed."""

    ALLOW_SELECT = False
    AUTO_FOCUS = ""

    def __init__(self) -> None:
        super().__init__()
        self._compositor = SpansCompositor()

    def press(self, key: str, character: str | None) -> None:
        """Takes one key."""
        raise NotImplementedError

    def paste(self, text: str) -> None:
        """Takes pasted text."""

    def hear(self, said: Said) -> None:
        """Acts on what a pane says."""
