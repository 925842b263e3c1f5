"""What stands on and under the lines of a plot: marks with their labels, the crosshair, the readout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from infecon_tui.tui.widgets.cells import fitted
from infecon_tui.tui.widgets.plot.legend import role_of
from infecon_tui.tui.widgets.plot.raster import letter_of
from infecon_tui.view.plots.axes import number_of
from infecon_tui.view.records import MOST_LABELLED

if TYPE_CHECKING:
    from infecon_tui.tui.widgets.plot.sheet import Frame, Manner, Sheet
    from infecon_tui.view.records import Figure, Series


def marks(sheet: Sheet, figure: Figure, frame: Frame, manner: Manner) -> None:
    """Every mark, and every point with a glyph, with its words beside it where there is room."""
    named = _named(sheet, figure, frame, manner)
    shown = [mark for mark in figure.marks if frame.holds(mark.x, mark.y)]
    for mark in shown:
        x, y = frame.cell(mark.x, mark.y)
        role = f"pin{mark.pin}" if mark.pin else "strong"
        sheet.put(x, y, mark.letter if manner.symbols == "ascii" else mark.glyph, role)
    for mark in reversed([mark for mark in shown if mark.label]):
        _label(sheet, frame, frame.cell(mark.x, mark.y), mark.label)
    for spot, name in named:
        if name:
            _label(sheet, frame, spot, name, "muted")


def _named(
    sheet: Sheet, figure: Figure, frame: Frame, manner: Manner
) -> list[tuple[tuple[int, int], str]]:
    """Draws the points that have a glyph; where those are that get their names beside them, and these."""
    found = []
    for number, series in enumerate(figure.series):
        if not series.glyph:
            continue
        glyph = letter_of(figure, number) if manner.symbols == "ascii" else series.glyph
        role = "faint" if manner.stale else role_of(figure, number)
        for at, (x, y) in enumerate(zip(series.x, series.y, strict=True)):
            if frame.holds(x, y):
                spot = frame.cell(x, y)
                sheet.put(*spot, glyph, role)
                if len(series.x) <= MOST_LABELLED:
                    found.append((spot, series.name_of(at)))
    return found


def _label(
    sheet: Sheet, frame: Frame, spot: tuple[int, int], label: str, role: str = "text"
) -> None:
    (x, y), length = spot, cell_len(label)
    right, left, middle = x + 2, x - 1 - length, x - length // 2
    places = [(right, y), (left, y), (right, y - 1), (left, y - 1), (right, y + 1), (left, y + 1)]
    places += [(middle, y - 1), (middle, y + 1), (middle, y - 2), (middle, y + 2)]
    places += [(x, y - 2), (x + 1 - length, y - 2), (x, y + 2), (x + 1 - length, y + 2)]
    places += [(right, y + 2), (right, y + 3)]
    if role == "text":
        # Further off there is often room still; of the few marks it is plain whose words these are.
        aside = [(far, row) for far in (3, 6) for row in (y - 1, y + 1, y - 2, y + 2)]
        places += [spot for far, row in aside for spot in ((left - far, row), (right + far, row))]
    for column, row in places:
        inside = frame.left <= column and column + length <= frame.left + frame.width
        above = frame.top <= row < frame.top + frame.height
        # Words of two marks on one line are two cells apart; beside it stands the mark itself.
        if inside and above and sheet.blank(column - 1, row, length + (1 if row == y else 3)):
            sheet.put(column, row, label, role)
            return


def bottom(sheet: Sheet, figure: Figure, frame: Frame, manner: Manner) -> None:
    """The name of the x axis, or the point under the crosshair."""
    row = frame.top + frame.height + 2
    unit = f"{figure.x.label}, {figure.x.unit}" if figure.x.unit else figure.x.label
    text, role = unit, "muted"
    if manner.cross is not None:
        series = figure.series[manner.cross[0]]
        x, y = series.x[manner.cross[1]], series.y[manner.cross[1]]
        _crosshair(sheet, frame, x, y, plain=manner.symbols == "ascii")
        text, role = (
            _readout(figure, series, manner.cross[1], sheet.width - 1),
            "strong",
        )
    start = frame.left + max(0, (frame.width - len(text)) // 2)
    sheet.put(min(start, max(0, sheet.width - len(text))), row, text, role)


def _readout(figure: Figure, series: Series, at: int, room: int) -> str:
    """A point in words; in fewer where all do not fit, the name of the point last of all."""
    values = [
        (axis.label, f"{number_of(value)} {axis.unit}".rstrip())
        for axis, value in zip((figure.x, figure.y), (series.x[at], series.y[at]), strict=True)
    ]
    name = series.name_of(at)
    whole = f"{series.label}: {name}" if name else series.label
    # A pin is told by its letter alone.
    short = whole if series.pin or not name else name
    named = ", ".join(f"{axis} {said}" for axis, said in values)
    bare = ", ".join(said for _, said in values)
    brief = ", ".join(said.partition(" per ")[0] for _, said in values)
    told = [f"{whole}: {named}", f"{whole}: {bare}", f"{short}: {bare}", f"{short}: {brief}"]
    return next((text for text in told if cell_len(text) <= room), fitted(told[-1], room))


def _crosshair(sheet: Sheet, frame: Frame, x: float, y: float, *, plain: bool) -> None:
    if not frame.holds(x, y):
        return
    column, row = frame.cell(x, y)
    for line in range(frame.top, frame.top + frame.height):
        if sheet.blank(column, line, 1):
            sheet.put(column, line, ":" if plain else "┊", "accent")
    sheet.put(column, row, "O" if plain else "◉", "changed")
