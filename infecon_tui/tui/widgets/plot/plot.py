"""A plot that costs little to redraw: built once after the last change, and only changed cells sent."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip

from infecon_tui.tui.commands.places import PLOT
from infecon_tui.tui.messages import Activated
from infecon_tui.tui.widgets.cells import Cell, changed_spans
from infecon_tui.tui.widgets.pane import Pane
from infecon_tui.tui.widgets.plot.paint import paint
from infecon_tui.tui.widgets.plot.sheet import Frame, Manner

if TYPE_CHECKING:
    from textual import events
    from textual.timer import Timer

    from infecon_tui.view.records import Figure

DEBOUNCE_S = 0.04


class PlotView(Pane):
    """Shows one figure; the arrows or the mouse move a crosshair over its points when it has the keys."""

    where = PLOT

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's word
        super().__init__(id=id)
        self.figure: Figure | None = None
        self.cross: tuple[int, int] | None = None
        self.stale = False
        self.lettered = False
        self._rows: list[list[Cell]] = []
        self._frame: Frame | None = None
        self._built: object = None
        self._timer: Timer | None = None
        self._warm = False
        self._drawn_at = 0.0

    # What is shown

    def show(self, figure: Figure, *, stale: bool = False) -> None:
        """Takes a figure: drawn at once, or after a pause where one was just drawn.

        Held keys so queue no drawings. A `stale` one, of another scenario, is drawn faint.
        """
        if (figure, stale) != (self.figure, self.stale):
            self.figure, self.stale = figure, stale
            self._keep_cross(figure)
            if monotonic() - self._drawn_at > 2 * DEBOUNCE_S:
                self.build()
            else:
                self._later()

    def _keep_cross(self, figure: Figure) -> None:
        if self.cross is None:
            return
        series, point = self.cross
        if series >= len(figure.series) or not figure.series[series].x:
            self.cross = None
        else:
            self.cross = series, min(point, len(figure.series[series].x) - 1)

    def wake(self) -> None:
        """Says that plotext is loaded and drawing may begin."""
        self._warm = True
        self.build()

    @property
    def settled(self) -> bool:
        """Whether what is on screen is the figure last shown, at the size of now."""
        nothing = self.figure is None or not self.size.area
        return self._timer is None and (nothing or self._built == self._wanted())

    def _wanted(self) -> object:
        return self.figure, self.size, self._manner()

    def _manner(self) -> Manner:
        return Manner(
            symbols=self.symbols,
            lettered=self.lettered,
            active=self.active,
            cross=self.cross,
            stale=self.stale,
        )

    def _later(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(DEBOUNCE_S, self.build)

    def build(self) -> None:
        """Draws the figure and sends what has changed."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        wanted = self._wanted()
        if not self._warm or self.figure is None or not self.size.area or wanted == self._built:
            return
        old, self._built, self._drawn_at = self._rows, wanted, monotonic()
        painted = paint(self.figure, self.size.width, self.size.height, self._manner())
        self._rows, self._frame = painted.rows, painted.frame
        self._send(old)

    def _send(self, old: list[list[Cell]]) -> None:
        if len(old) != len(self._rows) or not old or len(old[0]) != len(self._rows[0]):
            self.refresh()
            return
        regions = [
            Region(start, y, end - start, 1)
            for y, (before, after) in enumerate(zip(old, self._rows, strict=True))
            if before != after
            for start, end in changed_spans(before, after)
        ]
        if regions:
            self.refresh(*regions)

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002
        if self._rows:
            self._later()
        else:
            self.build()

    def draw(self, y: int) -> Strip:
        if y >= len(self._rows):
            return Strip.blank(self.size.width, self.look["text"])
        row = self._rows[y][: self.size.width]
        return Strip(runs(row, self), len(row)).adjust_cell_length(self.size.width)

    # Keys

    def activate(self, *, active: bool) -> None:
        if active != self.active:
            self.active = active
            self.cross = None
            self.build()

    def do_left(self) -> None:
        """The point before."""
        self._walk(-1)

    def do_right(self) -> None:
        """The next point."""
        self._walk(1)

    def do_far_left(self) -> None:
        """Ten points back."""
        self._walk(-10)

    def do_far_right(self) -> None:
        """Ten points on."""
        self._walk(10)

    def do_first(self) -> None:
        """The first point."""
        self._walk(-(10**6))

    def do_last(self) -> None:
        """The last point."""
        self._walk(10**6)

    def do_other(self) -> None:
        """The next line."""
        series = self.figure.series if self.figure else ()
        if series and self.cross is not None:
            number = (self.cross[0] + 1) % len(series)
            self.cross = number, min(self.cross[1], len(series[number].x) - 1)
            self.build()
        else:
            self._walk(0)

    def _walk(self, count: int) -> None:
        """Moves the crosshair; it starts at the last whole line's point nearest to the first mark."""
        if self.figure is None or not self.figure.series:
            return
        if self.cross is None:
            self.cross = _start(self.figure)
            count = 0 if abs(count) == 1 else count
        number, point = self.cross
        most = len(self.figure.series[number].x) - 1
        self.cross = number, max(0, min(most, point + count))
        self.build()

    # The mouse

    def on_click(self, event: events.Click) -> None:
        """Takes the keys, with the crosshair on the point nearest to the pointer."""
        event.stop()
        self.tell(Activated(self.id or ""))
        self._point_at(event.x, event.y)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """The crosshair follows the pointer where the plot has the keys."""
        event.stop()
        if self.active:
            self._point_at(event.x, event.y)

    def _point_at(self, column: int, row: int) -> None:
        if self.figure is not None and self._frame is not None:
            self.cross = self._frame.nearest(self.figure, column, row)
            self.build()


def _start(figure: Figure) -> tuple[int, int]:
    whole = [n for n, series in enumerate(figure.series) if not series.dashed]
    number = whole[-1] if whole else len(figure.series) - 1
    xs = figure.series[number].x
    if not figure.marks:
        return number, 0
    near = figure.marks[-1].x
    return number, min(range(len(xs)), key=lambda index: abs(xs[index] - near))


def runs(row: list[Cell], pane: Pane) -> list[Segment]:
    """A row as few segments: a blank takes the role of what stands before it, unless that shows."""
    segments: list[Segment] = []
    text, role = "", "text"
    for character, own in row:
        same = own == role or (character == " " and role != "chip" and own != "chip")
        if not same and text:
            segments.append(Segment(text, pane.look[role]))
            text = ""
        role = role if same else own
        text += character
    return [*segments, Segment(text, pane.look[role])] if text else segments
