"""A text that scrolls: help, the scenario as YAML, an error in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from infecon_tui.tui.commands import PAGE
from infecon_tui.tui.widgets.cells import Piece, cut, joined, strip_of, wrapped
from infecon_tui.tui.widgets.grid_paint import FANCY, PLAIN
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
        self._shown = lines

    @property
    def text(self) -> str:
        """The page without colours."""
        return "\n".join(joined(line).rstrip() for line in self.lines) + "\n"

    def draw(self, y: int) -> Strip:
        line, width = self.top + y, self.size.width
        pieces = self._shown[line] if line < len(self._shown) else []
        text = cut([("  ", "text"), *pieces], width - 2)
        blank = width - 1 - sum(cell_len(piece) for piece, _ in text)
        return strip_of([*text, (" " * blank, "text"), self._bar(y)], width, self.look)

    def _bar(self, y: int) -> Piece:
        """The part of the page that is seen, where that is not all of it."""
        height, total = self.size.height, len(self._shown)
        if total <= height:
            return " ", "text"
        marks = PLAIN if self.ascii else FANCY
        size = max(1, height * height // total)
        start = round(self.top * (height - size) / (total - height))
        here = start <= y < start + size
        return (marks.thumb, "muted") if here else (marks.bar, "rule")

    def _laid_out(self) -> list[list[Piece]]:
        """The lines for the width of now: sentences too long for it run on, indented as they began."""
        room = self.size.width - 4
        lines: list[list[Piece]] = []
        for line in self.lines:
            if len(line) != 1 or cell_len(line[0][0]) <= room:
                lines.append(line)
                continue
            text, role = line[0]
            lead = " " * (len(text) - len(text.lstrip()))
            lines += [[(lead + part, role)] for part in wrapped(text.strip(), room - len(lead))]
        return lines

    def _scroll(self, count: int) -> None:
        top = max(0, min(self.top + count, len(self._shown) - self.size.height))
        if top != self.top:
            self.top = top
            self.refresh()

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
        self._scroll(-len(self._shown))

    def do_last(self) -> None:
        """The end."""
        self._scroll(len(self._shown))

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002
        self._shown = self._laid_out()
        self._scroll(0)
        self.refresh()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self._scroll(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self._scroll(-3)
