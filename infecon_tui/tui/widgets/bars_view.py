"""What decides, in sections: where the time and the memory go, what moves the cost, what was changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from infecon_tui.tui.arrange import WIDE_COLUMNS
from infecon_tui.tui.commands.places import WHY
from infecon_tui.tui.messages import Activated
from infecon_tui.tui.widgets.cells import Piece, strip_of
from infecon_tui.tui.widgets.scroller import Scroller
from infecon_tui.tui.widgets.section import Section, frame_of, section_lines

if TYPE_CHECKING:
    from textual import events
    from textual.strip import Strip

TWO_COLUMNS = 70
"""From this width on sections stand in two columns."""
_BETWEEN = 2


class BarsView(Scroller):
    """Sections one under the other; the arrows move in them where they are longer than the pane."""

    where = WHY

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's word
        super().__init__(id=id)
        self.sections: tuple[Section, ...] = ()

    def show(self, sections: tuple[Section, ...]) -> None:
        """Takes the sections; only lines that differ are drawn again."""
        if sections == self.sections:
            return
        self.sections = sections
        before = self._seen()
        self._lines = self._laid_out()
        self.top = self._within(self.top)
        self.refresh_changes(before, self._seen(), int(self._divided))

    def _seen(self) -> list[list[Piece]]:
        """The lines on screen; the last of them says that there are more."""
        height = self.size.height
        seen = self._lines[self.top : self.top + height]
        if seen and len(self._lines) > self.top + height:
            sign = self.glyph("↓", "down")
            seen[-1] = [
                (f"  … {sign} {len(self._lines) - self.top - height + 1} more lines", "muted")
            ]
        return [*seen, *([] for _ in range(height - len(seen)))]

    def activate(self, *, active: bool) -> None:
        if active != self.active:
            self.active = active
            self.restyle()

    def _laid_out(self) -> list[list[Piece]]:
        if self._width < TWO_COLUMNS:
            return self._column(self.sections, self._width)
        width = (self._width - _BETWEEN) // 2
        left, right = (self._column(some, width) for some in self._dealt(width))
        height = max(len(left), len(right))
        beside = zip(_filled(left, height), _filled(right, height), strict=True)
        return [[*_padded(one, width + _BETWEEN), *other] for one, other in beside]

    def _column(self, sections: tuple[Section, ...], width: int) -> list[list[Piece]]:
        brief = self._width >= TWO_COLUMNS
        frame = frame_of(sections, width, ascii_only=self.ascii, brief=brief)
        lines: list[list[Piece]] = []
        for section in sections:
            first = section is self.sections[0]
            lines += section_lines(section, frame, active=self.active and first)
            lines.append([])
        return lines[:-1]

    def _dealt(self, width: int) -> tuple[tuple[Section, ...], tuple[Section, ...]]:
        """The sections in their order, each to the column that is shorter so far."""
        columns: tuple[list[Section], list[Section]] = ([], [])
        for section in self.sections:
            heights = [len(self._column(tuple(some), width)) for some in columns]
            columns[heights[1] < heights[0]].append(section)
        return tuple(columns[0]), tuple(columns[1])

    @property
    def _width(self) -> int:
        return self.size.width - self._divided

    @property
    def _divided(self) -> bool:
        """Whether a neighbour at the left has to be set off; the inputs set themselves off."""
        return self.region.x > 0 and self.screen.size.width >= WIDE_COLUMNS

    def draw(self, y: int) -> Strip:
        seen = self._seen()
        pieces = seen[y] if y < len(seen) else []
        lead = [(self.glyph("│", "|"), "rule")] if self._divided else []
        return strip_of([*lead, *pieces], self.size.width, self.look)

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.tell(Activated(self.id or ""))


def _filled(lines: list[list[Piece]], height: int) -> list[list[Piece]]:
    return [*lines, *([] for _ in range(height - len(lines)))]


def _padded(line: list[Piece], width: int) -> list[Piece]:
    return [*line, (" " * (width - sum(cell_len(text) for text, _ in line)), "text")]
