"""The top of the screen: what is looked at, its figures of merit, and the tabs where panes take turns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len

from infecon_tui.tui.arrange import MID_COLUMNS
from infecon_tui.tui.messages import Commanded
from infecon_tui.tui.widgets.cells import Piece, ending, fitted, strip_of, wrapped
from infecon_tui.tui.widgets.metric_lines import metric_rows
from infecon_tui.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from textual import events
    from textual.strip import Strip

    from infecon_tui.view.records import Metric

TABS = (
    ("pane_inputs", "Inputs", "i"),
    ("view_frontier", "Frontier", "f"),
    ("view_roofline", "Roofline", "r"),
    ("pane_table", "Table", "b"),
    ("pane_why", "Why", "x"),
)
"""Action, title and key of each tab."""
NAME = 6
"""The least of a pin's name that says anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A pin in the line of identity: told against, the scenario of now, or without an answer."""

    letter: str
    name: str
    against: bool = False
    here: bool = False
    fits: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is looked at: names, fidelity, how many of its rows were changed and how many are warned of,
    its pins, a remark at the right.
    """

    model: str = ""
    hardware: str = ""
    fidelity: str = ""
    changed: int = 0
    warned: int = 0
    remark: str = ""
    trouble: str = ""
    name: str = ""
    pins: tuple[Tag, ...] = ()


class Headline(Pane):
    """A line of identity, one or two of metrics, and one of tabs where the plan gives it room."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's word
        super().__init__(id=id)
        self.subject = Subject()
        self.metrics: tuple[Metric, ...] = ()
        self.tab = "pane_inputs"
        self._spans: list[tuple[int, int, str]] = []

    def show(self, subject: Subject, metrics: tuple[Metric, ...]) -> None:
        """Takes what to tell; only cells that differ are drawn again."""
        before = self._lines()
        self.subject, self.metrics = subject, metrics
        self.refresh_changes(before, self._lines())

    def select(self, tab: str) -> None:
        """Marks the tab of this action as the one shown."""
        if tab != self.tab:
            self.tab = tab
            self.refresh_rows(self.size.height - 1)

    def draw(self, y: int) -> Strip:
        return strip_of(self._lines()[y], self.size.width, self.look)

    def _lines(self) -> list[list[Piece]]:
        """All lines, at the size of now."""
        room = max(0, self.size.height - 1 - self._tabbed)
        rows = self._rows(room)[:room]
        rows += [[] for _ in range(room - len(rows))]
        return [self._identity(), *rows, *([self._tabs()] if self._tabbed else [])]

    @property
    def _tabbed(self) -> bool:
        """Whether panes take turns."""
        return self.size.width < MID_COLUMNS

    # The line of identity

    def _identity(self) -> list[Piece]:
        subject = self.subject
        left: list[Piece] = [(" infecon ", "chip"), (" ", "text")]
        if not subject.model:
            return [*left, (subject.remark, "muted")]
        left += [(f" {subject.model}", "strong"), (self.glyph(" × ", " x "), "muted")]
        left += [(subject.hardware, "strong"), (f"   {subject.fidelity}", "muted")]
        right: list[Piece] = []
        if subject.warned:
            many = "" if subject.warned == 1 else "s"
            right.append((f"! {subject.warned} warning{many}  ", "warning"))
        if subject.changed:
            right.append((f"{self.glyph('●', '*')} {subject.changed} changed  ", "changed"))
        right.append((f"{subject.remark} ", "muted"))
        used = sum(cell_len(text) for text, _ in (*left, *right))
        room = self.size.width - used - 4 - 4 * len(subject.pins)
        if subject.name and room >= NAME:
            left.append((f"   {fitted(subject.name, min(cell_len(subject.name), room))}", "accent"))
            used += cell_len(left[-1][0])
        pins = self._pins(self.size.width - used - 4)
        used += sum(cell_len(text) for text, _ in pins)
        return [*left, (" " * max(1, self.size.width - used), "text"), *pins, *right]

    def _pins(self, room: int) -> list[Piece]:
        """`A▸base  B draft`: the names as far as there is room for them, the letters always."""
        tags = self.subject.pins
        share = room // len(tags) - 5 if tags else 0
        pieces: list[Piece] = []
        for tag in tags:
            sign = "" if tag.fits else self.glyph("✗", "x")
            sign = self.glyph("▸", ">") + sign if tag.against else sign
            name = ending(tag.name, share, self.glyph("…", "~")) if share >= NAME else ""
            gap = " " if name and not sign else ""
            role = "strong" if tag.here else "muted"
            pieces += [(tag.letter, f"pin{tag.letter}"), (f"{sign}{gap}{name}  ", role)]
        return pieces

    # The metrics

    def _rows(self, count: int) -> list[list[Piece]]:
        """The metrics spread over lines, as many whole ones as fit."""
        width = self.size.width - 2
        message = self.subject.trouble or next((m.value for m in self.metrics if not m.label), "")
        if message:
            sign = self.glyph("✗ ", "x ")
            lines = wrapped(message, width - 2)
            if len(lines) > count > 0:
                more = " (x tells all)"
                lines[count - 1] = fitted(lines[count - 1], width - 2 - len(more)).rstrip() + more
            lead = [(" " if i else sign) for i in range(len(lines))]
            return [
                [(" ", "text"), (a, "bad"), (b, "bad")] for a, b in zip(lead, lines, strict=True)
            ][:count]
        return metric_rows(self.metrics, width, count, ascii_only=self.ascii)

    # The tabs

    def _tabs(self) -> list[Piece]:
        pieces: list[Piece] = [(" ", "text")]
        self._spans = []
        x = 1
        for action, title, key in TABS:
            role = "chip" if action == self.tab else "muted"
            text = f" {title} "
            self._spans.append((x, x + len(text) + 3, action))
            pieces += [(text, role), (f" {key}  ", "accent")]
            x += len(text) + 4
        return [*pieces, (fitted("", max(0, self.size.width - x)), "text")]

    def on_click(self, event: events.Click) -> None:
        event.stop()
        if not self._tabbed or event.y != self.size.height - 1:
            return
        for start, end, action in self._spans:
            if start <= event.x < end:
                self.tell(Commanded(action))
