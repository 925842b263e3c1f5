"""A figure as cells: title, legend and axes drawn here, round the lines that plotext drew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from infecon_tui.tui.widgets.cells import Cell, fitted, wrapped
from infecon_tui.tui.widgets.plot.legend import legend_of, role_of
from infecon_tui.tui.widgets.plot.marks import bottom, marks
from infecon_tui.tui.widgets.plot.raster import letter_of, raster
from infecon_tui.tui.widgets.plot.sheet import Frame, Manner, Painted, Sheet
from infecon_tui.view.plots.axes import Scale, label_of, scales_of, ticks_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infecon_tui.tui.widgets.cells import Cell
    from infecon_tui.view.records import Axis, Figure

MIN_CANVAS = (12, 3)


def paint(figure: Figure, width: int, height: int, manner: Manner) -> Painted:
    """The whole plot in `height` rows of `width` cells."""
    sheet = Sheet(width, height)
    rows = _title(sheet, figure, manner)
    scales = None if figure.note and not figure.series else scales_of(figure)
    if scales is None:
        _sentence(sheet, figure.note or "nothing to draw")
        return Painted(sheet.rows)
    frame = _frame(scales, (width, height), rows)
    if frame.width < MIN_CANVAS[0] or frame.height < MIN_CANVAS[1]:
        _sentence(sheet, "too small to draw")
        return Painted(sheet.rows)
    _axes(sheet, frame, manner)
    _lines(sheet, figure, frame, manner)
    marks(sheet, figure, frame, manner)
    bottom(sheet, figure, frame, manner)
    return Painted(sheet.rows, frame)


def _title(sheet: Sheet, figure: Figure, manner: Manner) -> int:
    """The name of the plot, its question, the legend at the right; the rows it took."""
    name = f" {figure.key.replace('_', ' ').capitalize()} "
    sheet.put(0, 0, name, "chip" if manner.active else "strong")
    room, unit = sheet.width - 1, _unit(figure.y)
    title = fitted(figure.title, min(cell_len(figure.title), room - len(name) - 1))
    sheet.put(len(name) + 1, 0, title, "muted")
    used = len(name) + cell_len(title) + 3
    if not figure.series:
        return 1
    legend = legend_of(figure, manner, room - len(unit) - 2, room)
    end, at = room, (0, 1)
    if len(legend) == 1 and used + _length(legend[0]) <= room:
        end = _put_right(sheet, 0, legend[0]) - 1
        legend = [[]]
    elif len(legend) > 1 and used + len(unit) + 2 <= room:
        # Beside the title there is room for what the axis shows, which the legend then has.
        legend, at = legend_of(figure, manner, room, room), (room - len(unit) - 1, 0)
        end = at[0]
    rule = "-" if manner.symbols == "ascii" else "─"
    sheet.put(used - 1, 0, rule * (end - used), "rule")
    sheet.put(*at, f" {unit}", "muted")
    for row, line in enumerate(legend, 1):
        _put_right(sheet, row, line)
    return 1 + len(legend)


def _put_right(sheet: Sheet, row: int, line: Sequence[Cell]) -> int:
    """Puts pieces of a line at its end; the cell where they begin."""
    x = start = max(0, sheet.width - 1 - _length(line))
    for text, role in line:
        sheet.put(x, row, text, role)
        x += len(text)
    return start


def _length(legend: Sequence[Cell]) -> int:
    return sum(cell_len(text) for text, _ in legend)


def _unit(axis: Axis) -> str:
    """What an axis shows, with its unit."""
    return f"{axis.label}, {axis.unit}" if axis.unit else axis.label


def _sentence(sheet: Sheet, text: str) -> None:
    """A sentence in the middle, in place of a plot."""
    lines = wrapped(text, min(60, sheet.width - 4))
    top = max(1, (sheet.height - len(lines)) // 2)
    for index, line in enumerate(lines):
        sheet.put(max(0, (sheet.width - len(line)) // 2), top + index, line, "text")


def _frame(scales: tuple[Scale, Scale], size: tuple[int, int], rows: int) -> Frame:
    """Room for the labels of the y axis at the left, and for three rows below."""
    width, height = size
    x, y = scales
    canvas = height - rows - 3
    labels = [label_of(value) for value in ticks_of(y, _most_rows(canvas))]
    left = max(len(label) for label in labels) + 2
    return Frame(left, rows, width - left - 1, canvas, x, y)


def _most_rows(height: int) -> int:
    return max(2, height // 3 + 1)


def _axes(sheet: Sheet, frame: Frame, manner: Manner) -> None:
    plain = manner.symbols == "ascii"
    side, tick, base, mark, corner = "|+-++" if plain else "│┤─┬└"
    bottom = frame.top + frame.height
    for row in range(frame.top, bottom):
        sheet.put(frame.left - 1, row, side, "rule")
    sheet.put(frame.left - 1, bottom, corner + base * frame.width, "rule")
    lines = []
    for value in ticks_of(frame.y, _most_rows(frame.height)):
        row = frame.top + frame.height - 1 - int(frame.y.place(value) * (frame.height - 1) + 0.5)
        lines.append(row)
        label = label_of(value)
        sheet.put(frame.left - 1 - len(label), row, label, "muted")
        sheet.put(frame.left - 1, row, tick, "rule")
    _x_ticks(sheet, frame, mark, lines, "." if plain else "·")


def _x_ticks(sheet: Sheet, frame: Frame, mark: str, lines: Sequence[int], dot: str) -> None:
    """Ticks whose labels do not touch; faint dots where they cross those of the other axis."""
    bottom, end = frame.top + frame.height, -1
    for value in ticks_of(frame.x, max(2, frame.width // 9)):
        column = frame.left + int(frame.x.place(value) * (frame.width - 1) + 0.5)
        label = label_of(value)
        start = min(column - len(label) // 2, sheet.width - len(label))
        sheet.put(column, bottom, mark, "rule")
        for row in lines:
            sheet.put(column, row, dot, "grid")
        if start > end:
            sheet.put(start, bottom + 1, label, "muted")
            end = start + len(label)


def _lines(sheet: Sheet, figure: Figure, frame: Frame, manner: Manner) -> None:
    cells = raster(figure, (frame.x, frame.y), frame.width, frame.height, manner.symbols)
    for y, row in enumerate(cells):
        for x, (character, number) in enumerate(row):
            if number >= 0:
                role = "faint" if manner.stale else role_of(figure, number)
                sheet.rows[frame.top + y][frame.left + x] = (character, role)
    if manner.lettered and manner.symbols != "ascii":
        for number in range(len(figure.series)):
            _letter(sheet, frame, cells, (number, letter_of(figure, number)))


def _letter(
    sheet: Sheet,
    frame: Frame,
    cells: tuple[tuple[tuple[str, int], ...], ...],
    lettered: tuple[int, str],
) -> None:
    """The letter of a series on its line, near both ends: what colour tells elsewhere."""
    number, letter = lettered
    own = [(x, y) for y, row in enumerate(cells) for x, cell in enumerate(row) if cell[1] == number]
    own.sort()
    for x, y in {own[len(own) // 8], own[-1 - len(own) // 8]} if own else ():
        sheet.put(frame.left + x, frame.top + y, letter, "strong")
