"""A text that scrolls: help, the scenario as YAML, an error in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from infecon_tui.tui.commands.places import PAGE
from infecon_tui.tui.widgets.cells import Piece, cut, joined, strip_of, wrapped
from infecon_tui.tui.widgets.grid.paint import FANCY, PLAIN
from infecon_tui.tui.widgets.scroller import Scroller

if TYPE_CHECKING:
    from textual.strip import Strip


class PageView(Scroller):
    """Lines of pieces, moved by the keys of a pager."""

    where = PAGE

    def __init__(self, lines: list[list[Piece]], *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.lines = self._lines = lines

    @property
    def text(self) -> str:
        """The page without colours."""
        return "\n".join(joined(line).rstrip() for line in self.lines) + "\n"

    def draw(self, y: int) -> Strip:
        line, width = self.top + y, self.size.width
        pieces = self._lines[line] if line < len(self._lines) else []
        text = cut([("  ", "text"), *pieces], width - 2)
        blank = width - 1 - sum(cell_len(piece) for piece, _ in text)
        return strip_of([*text, (" " * blank, "text"), self._bar(y)], width, self.look)

    def _bar(self, y: int) -> Piece:
        """The part of the page that is seen, where that is not all of it."""
        height, total = self.size.height, len(self._lines)
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
