"""A kept picture of a terminal as SVG, to be looked at: nothing but what its text form holds."""

from html import escape
from itertools import groupby

WIDE, HIGH, BASE = 8, 17, 13
"""Pixels of a cell, and from its top to the foot of letters."""
_NAMED = {
    "black": "000000", "red": "cd3131", "green": "0dbc79", "brown": "b5a000", "blue": "2472c8",
    "magenta": "bc3fbc", "cyan": "11a8cd", "white": "d0d0d0", "brightblack": "7a7a7a",
    "brightred": "f14c4c", "brightgreen": "23d18b", "brightbrown": "f5f543",
    "brightblue": "3b8eea", "brightmagenta": "d670d6", "brightcyan": "29b8db",
    "brightwhite": "ffffff",
}  # fmt: skip
_GROUND, _INK = "101010", "d8d8d8"
"""What a terminal has where a program says `default`."""


def svg_of(picture: str) -> str:
    """The picture: a rectangle for every run of a background, a text for every run of a style."""
    words, styles, legend = _parts(picture)
    columns, rows = len(styles[0]), len(styles)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {columns * WIDE} {rows * HIGH}">',
        _style(legend),
        f'<rect width="{columns * WIDE}" height="{rows * HIGH}" fill="#{_GROUND}"/>',
    ]
    for y, (line, marks) in enumerate(zip(words, styles, strict=True)):
        x = 0
        for mark, run in groupby(marks):
            length = len(list(run))
            parts += _run(legend[mark], mark, line.ljust(columns)[x : x + length], x, y)
            x += length
    return "\n".join([*parts, "</svg>"]) + "\n"


def _parts(picture: str) -> tuple[list[str], list[str], dict[str, tuple[str, str, str]]]:
    """Lines of characters, lines of letters for their styles, and each letter's colours and flags."""
    lines = picture.splitlines()
    rule = next(at for at, line in enumerate(lines) if line and set(line) == {"-"})
    words, rest = lines[:rule], lines[rule + 1 :]
    legend = {}
    for line in rest[rule:]:
        letter, _, told = line.partition(" = ")
        ink, _, more = told.partition(" on ")
        ground, _, flags = more.partition(" ")
        legend[letter] = (ink, ground, flags)
    return words, rest[:rule], legend


def _run(style: tuple[str, str, str], mark: str, text: str, x: int, y: int) -> list[str]:
    parts, (_, ground) = [], _colours(style)
    if ground != _GROUND:
        parts.append(
            f'<rect x="{x * WIDE}" y="{y * HIGH}" width="{len(text) * WIDE}" height="{HIGH}" fill="#{ground}"/>'
        )
    lead = len(text) - len(text.lstrip())
    if shown := text.strip():
        parts.append(
            f'<text class="s{ord(mark)}" x="{(x + lead) * WIDE}" y="{y * HIGH + BASE}" '
            f'textLength="{len(shown) * WIDE}">{escape(shown)}</text>'
        )
    return parts


def _colours(style: tuple[str, str, str]) -> tuple[str, str]:
    ink, ground, flags = style
    found = (_hex(ink, _INK), _hex(ground, _GROUND))
    return found[::-1] if "r" in flags else found


def _hex(name: str, default: str) -> str:
    return default if name == "default" else _NAMED.get(name, name)


def _style(legend: dict[str, tuple[str, str, str]]) -> str:
    rules = ["text{font:13px monospace;white-space:pre}"]
    for letter, style in legend.items():
        more = ";font-weight:bold" if "b" in style[2] else ""
        more += ";text-decoration:underline" if "u" in style[2] else ""
        rules.append(f".s{ord(letter)}{{fill:#{_colours(style)[0]}{more}}}")
    return f"<style>{''.join(rules)}</style>"
