"""The xterm-256 palette: what its numbers look like, and colours as the nearest of them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rich.color import Color as RichColor
from rich.color import ColorType
from rich.segment import Segment
from rich.style import Style
from textual.filter import LineFilter

if TYPE_CHECKING:
    from textual.color import Color


_CUBE = (0, 95, 135, 175, 215, 255)


def rgb(number: int) -> tuple[int, int, int]:
    """Red, green and blue of a palette number from 16 to 255."""
    if number >= 232:
        grey = 8 + 10 * (number - 232)
        return grey, grey, grey
    red, rest = divmod(number - 16, 36)
    green, blue = divmod(rest, 6)
    return _CUBE[red], _CUBE[green], _CUBE[blue]


@lru_cache(4096)
def nearest(red: int, green: int, blue: int) -> int:
    """The palette number of the nearest colour, among those that terminals do not let users change."""

    def distance(number: int) -> int:
        r, g, b = rgb(number)
        return (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2

    return min(range(16, 256), key=distance)


class PaletteFilter(LineFilter):
    """Replaces 24-bit colours by palette numbers.

    Rich's own reduction rounds dark colours to blue and green; and a number is half as many bytes.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """The same segments in palette colours."""
        return [
            Segment(text, style if style is None else _reduced(style), control)
            for text, style, control in segments
        ]


@lru_cache(4096)
def _reduced(style: Style) -> Style:
    fore, back = _number(style.color), _number(style.bgcolor)
    if fore is None and back is None:
        return style
    return style + Style.from_color(fore, back)


def _number(colour: RichColor | None) -> RichColor | None:
    if colour is None or colour.type is not ColorType.TRUECOLOR or colour.triplet is None:
        return None
    return RichColor.from_ansi(nearest(*colour.triplet))
