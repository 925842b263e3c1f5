"""A pane of lines of which a part is seen: the keys of a pager, and the wheel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from textual import events

    from infecon_tui.tui.widgets.cells import Piece

WHEEL = 3
"""Lines that a notch of the wheel moves."""


class Scroller(Pane):
    """Keeps the first line on screen, `top`, within `_lines` as they are laid out for the width of now."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's word
        super().__init__(id=id)
        self.top = 0
        self._lines: list[list[Piece]] = []

    def _laid_out(self) -> list[list[Piece]]:
        """All lines at the size of now."""
        raise NotImplementedError

    def _within(self, top: int) -> int:
        return max(0, min(top, len(self._lines) - self.size.height))

    def scroll(self, count: int) -> None:
        """Moves what is seen by so many lines."""
        top = self._within(self.top + count)
        if top != self.top:
            self.top = top
            self.refresh()

    def restyle(self) -> None:
        """Lays all out again."""
        self._lines = self._laid_out()
        self.top = self._within(self.top)
        self.refresh()

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002
        self.restyle()

    def do_up(self) -> None:
        """A line up."""
        self.scroll(-1)

    def do_down(self) -> None:
        """A line down."""
        self.scroll(1)

    def do_page_up(self) -> None:
        """A page up."""
        self.scroll(-max(1, self.size.height - 2))

    def do_page_down(self) -> None:
        """A page down."""
        self.scroll(max(1, self.size.height - 2))

    def do_first(self) -> None:
        """The top."""
        self.scroll(-len(self._lines))

    def do_last(self) -> None:
        """The end."""
        self.scroll(len(self._lines))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.scroll(WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.scroll(-WHEEL)
