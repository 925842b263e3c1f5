"""A text that scrolls: help, the scenario as YAML, an error in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui.tui.commands import PAGE
from infecon_tui.tui.widgets.cells import Piece, joined, strip_of
from infecon_tui.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from textual import events
    from textual.strip import Strip


class PageView(Pane):
    """Lines of pieces, moved by the keys of a pager."""

    where = PAGE

    def __init__(self, lines: list[list[Piece]], *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.lines = lines
        self.top = 0

    @property
    def text(self) -> str:
        """The page without colours."""
        return "\n".join(joined(line).rstrip() for line in self.lines) + "\n"

    def draw(self, y: int) -> Strip:
        line = self.top + y
        pieces = self.lines[line] if line < len(self.lines) else []
        return strip_of([("  ", "text"), *pieces], self.size.width, self.look)

    def _scroll(self, count: int) -> None:
        top = max(0, min(self.top + count, len(self.lines) - self.size.height))
        if top != self.top:
            self.top = top
            self.refresh()

    @property
    def seen(self) -> str:
        """How far one has read, for the title."""
        last = min(len(self.lines), self.top + self.size.height)
        return f"{self.top + 1}-{last} of {len(self.lines)}"

    def do_up(self) -> None:
        """A line up."""
        self._scroll(-1)

    def do_down(self) -> None:
        """A line down."""
        self._scroll(1)

    def do_page_up(self) -> None:
        """A page up."""
        self._scroll(-max(1, self.size.height - 2))

    def do_page_down(self) -> None:
        """A page down."""
        self._scroll(max(1, self.size.height - 2))

    def do_first(self) -> None:
        """The top."""
        self._scroll(-len(self.lines))

    def do_last(self) -> None:
        """The end."""
        self._scroll(len(self.lines))

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002
        self._scroll(0)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self._scroll(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self._scroll(-3)
