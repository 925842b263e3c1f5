"""A figure as an SVG picture: no fonts, scripts or links of its own; the same figure gives the same text.

Colours follow the reader's: the picture is light, and dark where the viewer says so. Lines and marks
are told apart by dashes and shapes too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from textwrap import wrap
from typing import TYPE_CHECKING

from infecon_tui.export.sheet import axis_title
from infecon_tui.view.plots.axes import label_of, scales_of, ticks_of
from infecon_tui.view.records import MOST_LABELLED, Mark

if TYPE_CHECKING:
    from infecon_tui.view.plots.axes import Scale
    from infecon_tui.view.records import Figure, Series

WIDTH, HEIGHT = 880, 560
_LEFT, _RIGHT, _BOTTOM = 84, 28, 64
_LINE = 20
"""Pixels from one line of the legend to the next."""
_LETTER = 7.2
"""Mean width of a letter of the legend, a little more than that of common sans-serif fonts."""
_DASHES = ("12 4", "7 4", "2 3", "9 3 2 3", "4 4", "16 3 4 3")
_LIGHT = ("#1f5fa8", "#b35c00", "#2b7a2b", "#b02a6f", "#6b3fa0", "#007c7c")
_DARK = ("#6aa9f0", "#f0a24a", "#74c774", "#f07ab2", "#b08af0", "#4fc7c7")
_INK = {
    "ground": ("fill", "#ffffff", "#16181d"),
    "title": ("fill", "#111111", "#f4f4f4"),
    "text": ("fill", "#444444", "#c4c8d0"),
    "grid": ("stroke", "#e2e2e2", "#2c3038"),
    "frame": ("stroke", "#8a8a8a", "#6a707c"),
}
_BESIDE = "stroke-linejoin:round;fill:none;stroke-width:2"


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the lines are drawn, in pixels, and the scales of its sides."""

    top: float
    x: Scale
    y: Scale

    def at(self, x: float, y: float) -> tuple[float, float]:
        """The pixel of a point."""
        return (
            _LEFT + self.x.place(x) * (WIDTH - _LEFT - _RIGHT),
            HEIGHT - _BOTTOM - self.y.place(y) * (HEIGHT - _BOTTOM - self.top),
        )

    def shows(self, x: float, y: float) -> bool:
        """Whether a point can be drawn."""
        return self.x.shows(x) and self.y.shows(y)


def figure_svg(figure: Figure) -> str:
    """The picture; the note stands under the title, alone where there are no points."""
    scales = scales_of(figure)
    parts = [
        head(figure.title, WIDTH, HEIGHT),
        style(),
        f'<rect class="ground" width="{WIDTH}" height="{HEIGHT}"/>',
    ]
    parts.append(text("title", _LEFT, 30, figure.title))
    note = wrap(figure.note, 105) or ([] if scales else ["nothing to draw"])
    lines = note[:1] if scales else note
    parts += [text("text", _LEFT, 50 + 18 * row, line) for row, line in enumerate(lines)]
    if scales is None:
        return "\n".join([*parts, "</svg>"]) + "\n"
    legend, rows = _legend(figure)
    frame = _Frame(68 + _LINE * rows, *scales)
    parts += [*legend, *_axes(figure, frame)]
    numbered = list(enumerate(figure.series))
    parts += [p for n, one in numbered if not one.dots for p in _line(one, n, frame)]
    parts += _names(figure, frame)
    parts += [p for n, one in numbered if one.dots for p in _dots(one, n, frame)]
    parts += [_shape(mark, *frame.at(mark.x, mark.y)) for mark in _drawn(figure, frame)]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _drawn(figure: Figure, frame: _Frame) -> list[Mark]:
    return [mark for mark in figure.marks if frame.shows(mark.x, mark.y)]


def head(title: str, width: int, height: int) -> str:
    """The beginning of a picture."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" font-family="sans-serif" font-size="13">\n'
        f"<title>{escape(title)}</title>"
    )


def style() -> str:
    """The colours, for readers of light and of dark pages."""
    light = [f".{name}{{{kind}:{light}}}" for name, (kind, light, _) in _INK.items()]
    dark = [f".{name}{{{kind}:{dark}}}" for name, (kind, _, dark) in _INK.items()]
    light += [f".s{n}{{stroke:{colour};{_BESIDE}}}" for n, colour in enumerate(_LIGHT)]
    dark += [f".s{n}{{stroke:{colour}}}" for n, colour in enumerate(_DARK)]
    light.append(
        ".mark{fill:#111111;stroke:#ffffff}.title{font-size:17px;font-weight:bold}.head{font-size:13px}"
    )
    light.append(".frame,.grid{fill:none}")
    # Names stand out from the lines they are on.
    halo = "paint-order:stroke;stroke-width:4;stroke-linejoin:round"
    light.append(f".name{{{halo};stroke:{_INK['ground'][1]}}}")
    dark.append(f".name{{stroke:{_INK['ground'][2]}}}")
    dark.append(".mark{fill:#f4f4f4;stroke:#16181d}")
    inner = "".join(light) + "\n@media (prefers-color-scheme:dark){" + "".join(dark) + "}"
    return f"<style>\n{inner}\n</style>"


def text(role: str, x: float, y: float, words: str, more: str = "") -> str:
    """Words at a place, in the colour of their role."""
    return f'<text class="{role}" x="{x:.1f}" y="{y:.1f}"{more}>{escape(words)}</text>'


def _legend(figure: Figure) -> tuple[list[str], int]:
    """What each line and mark is, in as many rows as it takes."""
    parts, x, row = [], float(_LEFT), 1
    entries: tuple[Series | Mark, ...] = (*figure.series, *figure.marks)
    for index, entry in enumerate(entries):
        wide = 40 + _LETTER * len(entry.label) + 16
        if x + wide > WIDTH - _RIGHT and x > _LEFT:
            x, row = float(_LEFT), row + 1
        y = 54.0 + _LINE * row
        if isinstance(entry, Mark):
            parts.append(_shape(entry, x + 14, y - 4))
        elif entry.dots:
            parts.append(_circle(x + 14, y - 4, index))
        else:
            parts.append(_path(f"M{x:.1f} {y - 4:.1f}h28", entry, index))
        parts.append(text("text", x + 36, y, entry.label))
        x += wide
    return parts, row


def _axes(figure: Figure, frame: _Frame) -> list[str]:
    right, bottom = WIDTH - _RIGHT, HEIGHT - _BOTTOM
    parts = []
    for value in ticks_of(frame.x, 9):
        x = _LEFT + frame.x.place(value) * (right - _LEFT)
        parts.append(f'<path class="grid" d="M{x:.1f} {frame.top:.1f}V{bottom}"/>')
        parts.append(text("text", x, bottom + 20, label_of(value), ' text-anchor="middle"'))
    for value in ticks_of(frame.y, 8):
        y = bottom - frame.y.place(value) * (bottom - frame.top)
        parts.append(f'<path class="grid" d="M{_LEFT} {y:.1f}H{right}"/>')
        parts.append(text("text", _LEFT - 8, y + 4, label_of(value), ' text-anchor="end"'))
    parts.append(f'<path class="frame" d="M{_LEFT} {frame.top:.1f}V{bottom}H{right}"/>')
    across, up = axis_title(figure.x), axis_title(figure.y)
    middle, side = (_LEFT + right) / 2, (frame.top + bottom) / 2
    parts.append(text("text", middle, HEIGHT - 20, across, ' text-anchor="middle"'))
    turned = f' text-anchor="middle" transform="rotate(-90 22 {side:.1f})"'
    parts.append(text("text", 22, side, up, turned))
    return parts


def _dots(series: Series, number: int, frame: _Frame) -> list[str]:
    """A circle for each point."""
    pairs = zip(series.x, series.y, strict=True)
    return [_circle(*frame.at(x, y), number) for x, y in pairs if frame.shows(x, y)]


def _names(figure: Figure, frame: _Frame) -> list[str]:
    """The names of points with a glyph, each beside its point where no other name stands."""
    parts: list[str] = []
    taken: list[tuple[float, float, float]] = []
    for series in (one for one in figure.series if one.glyph and len(one.x) <= MOST_LABELLED):
        for name, x, y in zip(series.names, series.x, series.y, strict=False):
            if not frame.shows(x, y):
                continue
            across, up = frame.at(x, y)
            wide = _LETTER * len(name)
            for right, down in _PLACES:
                left, base = across + (8 if right else -8 - wide), up + down
                free = all(
                    abs(base - other) >= _NAME or left > end or left + wide < start
                    for start, end, other in taken
                )
                if free and left > _LEFT and left + wide < WIDTH:
                    taken.append((left, left + wide, base))
                    parts.append(text("text name", left, base, name))
                    break
    return parts


_NAME = 14.0
"""Pixels from one name to the next under it."""
_PLACES = tuple((right, down) for down in (4, 19, -11, 34, -26) for right in (True, False))
"""Where the name of a point is tried: right of it or left, and how far below."""


def _circle(x: float, y: float, number: int) -> str:
    return f'<circle class="s{number % len(_LIGHT)}" cx="{x:.1f}" cy="{y:.1f}" r="4"/>'


def _line(series: Series, number: int, frame: _Frame) -> list[str]:
    """A line through the points that can be drawn; those that cannot break it."""
    steps, pen = [], "M"
    for x, y in zip(series.x, series.y, strict=True):
        if not frame.shows(x, y):
            pen = "M"
            continue
        across, up = frame.at(x, y)
        steps.append(f"{pen}{across:.1f} {up:.1f}")
        pen = "L"
    return [_path("".join(steps), series, number)] if steps else []


def _path(steps: str, series: Series, number: int) -> str:
    more = f' stroke-dasharray="{_DASHES[number % len(_DASHES)]}"' if series.dashed else ""
    return f'<path class="s{number % len(_LIGHT)}" d="{steps}"{more}/>'


_CORNERS = {"◆": (4, 0.0), "▲": (3, -math.pi / 2), "■": (4, math.pi / 4), "▼": (3, math.pi / 2)}
"""Corners and first angle of the shapes of marks; any other glyph is a circle."""


def _shape(mark: Mark, x: float, y: float) -> str:
    label = f"<title>{escape(mark.label)}</title>"
    if mark.glyph not in _CORNERS:
        return f'<circle class="mark" cx="{x:.1f}" cy="{y:.1f}" r="5.5">{label}</circle>'
    corners, first = _CORNERS[mark.glyph]
    turns = [first + 2 * math.pi * corner / corners for corner in range(corners)]
    spots = " ".join(f"{x + 7 * math.cos(t):.1f},{y + 7 * math.sin(t):.1f}" for t in turns)
    return f'<polygon class="mark" points="{spots}">{label}</polygon>'
