"""The top of the screen: what is looked at, its figures of merit, and a tab for every view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len

from infecon_tui.tui.arrange import MID_COLUMNS, tabs_told
from infecon_tui.tui.messages import Commanded
from infecon_tui.tui.widgets.cells import Piece, fitted, strip_of, wrapped
from infecon_tui.tui.widgets.metric_lines import metric_rows
from infecon_tui.tui.widgets.pane import Pane
from infecon_tui.tui.widgets.tabs import INPUTS, VIEWS, Span, tab_line

if TYPE_CHECKING:
    from textual import events
    from textual.strip import Strip

    from infecon_tui.view.records import Metric

_BY_ROLE = {"warning": "pane_why", "changed": "diff", "accent": "name"}
"""What a click on parts of the line of identity leads to, by the role that they are drawn in."""
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
        self.shown: tuple[str, ...] = ()
        self._spans: tuple[Span, ...] = ()

    def show(self, subject: Subject, metrics: tuple[Metric, ...]) -> None:
        """Takes what to tell; only cells that differ are drawn again."""
        before = self._lines()
        self.subject, self.metrics = subject, metrics
        self.refresh_changes(before, self._lines())

    def select(self, tab: str, shown: tuple[str, ...]) -> None:
        """Marks the tab of the action that has the keys, and those of the others that are on screen."""
        if (tab, shown) != (self.tab, self.shown):
            before = self._lines()
            self.tab, self.shown = tab, shown
            self.refresh_changes(before, self._lines())

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
        """Whether there is a line for the tabs."""
        size = self.screen.size
        return tabs_told(size.width, size.height)

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
            name = fitted(tag.name, min(cell_len(tag.name), share), ellipsis=self.glyph("…", "~"))
            name = name if share >= NAME else ""
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
        tabs = VIEWS if self.size.width >= MID_COLUMNS else (INPUTS, *VIEWS)
        more = self.glyph("…", "~")
        pieces, self._spans = tab_line(tabs, self.tab, self.shown, self.size.width, more)
        used = sum(cell_len(text) for text, _ in pieces)
        return [*pieces, (" " * (self.size.width - used), "text")]

    # The mouse

    def on_click(self, event: events.Click) -> None:
        event.stop()
        spans: tuple[Span, ...] = ()
        if event.y == 0:
            spans = tuple(self._named())
        elif self._tabbed and event.y == self.size.height - 1:
            spans = self._spans
        for start, end, action in spans:
            if start <= event.x < end:
                self.tell(Commanded(action))

    def _named(self) -> list[Span]:
        """What a click on the line of identity leads to: another model, why there are warnings, the pins."""
        subject = self.subject
        texts = {
            f" {subject.model}": "pick_model",
            subject.hardware: "pick_hardware",
            f"   {subject.fidelity}": "fidelities",
        }
        found: list[Span] = []
        x = 0
        for text, role in self._identity():
            action = _BY_ROLE.get(role) or (
                "pin" if role.startswith("pin") else texts.get(text, "")
            )
            found.append((x, x + cell_len(text), action))
            x += cell_len(text)
        return [span for span in found if span[2]]
