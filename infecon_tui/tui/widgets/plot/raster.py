"""Lines drawn into character cells by plotext: the only module that imports it.

plotext draws no frame here, only the lines: coordinates go in as shares of the width and height, the
number of the series as its colour, and come back as cells of a character and a series.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from infecon_tui.tui.terminal.detect import Symbols
    from infecon_tui.view.plots.axes import Scale
    from infecon_tui.view.records import Figure, Series

Cell = tuple[str, int]
"""A character and the number of its series, -1 for an empty cell."""

LETTERS = "*+ox#%"
MARKERS = {"braille": "braille", "blocks": "hd"}
MOST_POINTS = 60
_DASH = 2.0
_FIRST_COLOUR = 16
_SGR = re.compile(r"\x1b\[([\d;]*)m")


def warm() -> None:
    """Imports plotext, which takes as long as all the rest of a start; call it in a thread."""
    _figure()


@lru_cache(1)
def _plotext() -> Any:
    import plotext

    plotext.terminal.limit(False, False)
    return plotext


def _figure() -> Any:
    return _plotext().figure


@lru_cache(16)
def raster(
    figure: Figure, scales: tuple[Scale, Scale], width: int, height: int, symbols: Symbols
) -> tuple[tuple[Cell, ...], ...]:
    """The lines of a figure in `height` rows of `width` cells."""
    canvas = _figure()
    canvas.clear()
    canvas.plot_size(width, height).canvas("default").axes(False)
    for axis in "xy":
        canvas.ruler(axis).lim(0, 1).frequency(0)
    for number, series in enumerate(figure.series):
        if series.glyph:
            continue  # Drawn over the lines, each with its name.
        marker = _marker(number, letter_of(figure, number), symbols)
        if series.dots:
            canvas.draw(canvas.signal(*_dots(series, scales), marker=marker))
            continue
        for xs, ys in _strokes(series, scales, width, height):
            canvas.draw(canvas.signal(xs, ys, marker=marker).lines())
    rows = canvas.build().string().split("\n")
    return tuple(_cells(row, width) for row in rows[:height])


def own_number(figure: Figure, number: int) -> int:
    """The place of a series among those that belong to no pin; pins stand before them."""
    return number - sum(bool(series.pin) for series in figure.series[:number])


def letter_of(figure: Figure, number: int) -> str:
    """What stands for a series where colours and dots do not: its pin, or a sign."""
    return figure.series[number].pin or LETTERS[own_number(figure, number) % len(LETTERS)]


def _marker(number: int, letter: str, symbols: Symbols) -> Any:
    plotext = _plotext()
    symbol = MARKERS.get(symbols, letter)
    return plotext.marker(symbol, pixel=plotext.pixel(foreground=_FIRST_COLOUR + number))


def _dots(series: Series, scales: tuple[Scale, Scale]) -> tuple[list[float], list[float]]:
    """A series in shares of the plot."""
    x, y = scales
    seen = [(a, b) for a, b in zip(series.x, series.y, strict=True) if x.shows(a) and y.shows(b)]
    return [x.place(a) for a, _ in seen], [y.place(b) for _, b in seen]


def _strokes(
    series: Series, scales: tuple[Scale, Scale], width: int, height: int
) -> list[tuple[list[float], list[float]]]:
    """A series as unbroken lines in shares of the plot: gaps and dashes break it."""
    x, y = scales
    lines: list[list[tuple[float, float]]] = [[]]
    for a, b in zip(series.x, series.y, strict=True):
        if x.shows(a) and y.shows(b):
            lines[-1].append((x.place(a), y.place(b)))
        elif lines[-1]:
            lines.append([])
    pieces = [_thinned(line) for line in lines if line]
    if series.dashed:
        pieces = [dash for line in pieces for dash in _dashes(line, width, height)]
    return [([p for p, _ in line], [q for _, q in line]) for line in pieces]


def _thinned(line: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """At most MOST_POINTS points: what plotext costs is points."""
    if len(line) <= MOST_POINTS:
        return line
    step = (len(line) - 1) / (MOST_POINTS - 1)
    return [line[round(index * step)] for index in range(MOST_POINTS)]


def _dashes(
    line: list[tuple[float, float]], width: int, height: int
) -> list[list[tuple[float, float]]]:
    """Every second piece of a line, each some two cells long; dashes run on round corners."""
    pieces: list[list[tuple[float, float]]] = []
    along = 0.0
    for (x0, y0), (x1, y1) in pairwise(line):
        length = max(abs(x1 - x0) * width, 2 * abs(y1 - y0) * height)
        first, last = int(along // _DASH), int((along + length) // _DASH)
        for number in range(first + first % 2, last + 1, 2):
            start = max(0.0, number * _DASH - along) / (length or 1.0)
            end = min(length, (number + 1) * _DASH - along) / (length or 1.0)
            if end > start:
                pieces.append([(x0 + (x1 - x0) * t, y0 + (y1 - y0) * t) for t in (start, end)])
        along += length
    return pieces


def _cells(row: str, width: int) -> tuple[Cell, ...]:
    """A row of plotext's output with its escapes read as series."""
    cells: list[Cell] = []
    series = -1
    parts = _SGR.split(row)
    for index, part in enumerate(parts):
        if index % 2:
            codes = part.split(";")
            series = int(codes[2]) - _FIRST_COLOUR if codes[:2] == ["38", "5"] else -1
        else:
            cells += [(c, series if c != " " else -1) for c in part]
    return tuple([*cells, *[(" ", -1)] * (width - len(cells))][:width])
