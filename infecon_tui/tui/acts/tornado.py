"""The page that shows what moves cost and speed: every number a bar to both sides of a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len

from infecon_tui.tui.widgets.cells import Piece, fitted
from infecon_tui.tui.widgets.two_sided import FANCY, PLAIN, Marks, Sides, largest, two_sided
from infecon_tui.view.swings import others, signed, swings

if TYPE_CHECKING:
    from infecon_tui.view.sensitivity import Turned
    from infecon_tui.view.swings import Swung

_LABEL, _NOW, _SIDE = 23, 13, 7
"""Most cells of a name and of a value, and those of a change."""
_WIDE = 110
"""From this many columns on, speed has bars of its own."""
_NARROW, _SHORT = 70, 18
"""Below this many columns values are left out, and names cut to so many cells."""
_LEAST_BAR, _MOST_BAR = 15, 61


def tornado_lines(seen: Turned, width: int, *, ascii_only: bool = False) -> list[list[Piece]]:
    """The whole page, for `width` columns of text."""
    bars, marks = swings(seen.found), PLAIN if ascii_only else FANCY
    much = f"{100 * seen.found.swing:.3g} %"
    lines: list[list[Piece]] = [[(seen.sentence, "strong")], []]
    lines += [[(f"At {seen.point}; {seen.stays}.", "muted")], []]
    lines += _bars(bars, marks, width, much)
    lines += [[], [("Other choices", "strong")]]
    choices = [
        (_plain(choice, ascii_only=ascii_only), change) for choice, change in others(seen.found)
    ]
    room = max((cell_len(choice) for choice, _ in choices), default=0)
    lines += [
        [(f"{fitted(choice, room)}  ", "text"), (change, "muted")] for choice, change in choices
    ]
    lines += [[], [(_rest(seen), "muted")]]
    return lines


def _plain(text: str, *, ascii_only: bool) -> str:
    return text if ascii_only else text.replace(" > ", " → ")


def _rest(seen: Turned) -> str:
    names = ", ".join(dict.fromkeys(knob.slot.label for knob in seen.found.counts))
    counts = f"{names} are counts, which no small change means anything for. " if names else ""
    return f"{counts}{len(seen.found.still)} other numbers move nothing here."


@dataclass(frozen=True, slots=True)
class _Columns:
    """Cells of a line's parts; `now` is 0 where values are left out, `wide` adds bars of speed."""

    label: int
    now: int
    bar: int
    wide: bool

    @property
    def lead(self) -> int:
        """Cells before the first bar."""
        return self.label + 2 + (self.now + 3 if self.now else 0)


def _columns(bars: tuple[Swung, ...], width: int) -> _Columns:
    narrow, wide = width < _NARROW, width >= _WIDE
    longest = max((cell_len(bar.label) for bar in bars), default=0)
    label = min(_SHORT if narrow else _LABEL, longest)
    now = 0 if narrow else min(_NOW, max((cell_len(bar.now) for bar in bars), default=0))
    lead = _Columns(label, now, 0, wide).lead
    room = (width - lead - 20) // 2 if wide else width - lead - 17
    return _Columns(label, now, (min(_MOST_BAR, max(_LEAST_BAR, room)) - 1) // 2 * 2 + 1, wide)


def _bars(bars: tuple[Swung, ...], marks: Marks, width: int, much: str) -> list[list[Piece]]:
    """The key to the marks, a heading, and a line for every number."""
    columns = _columns(bars, width)
    longest = largest(bar.cost for bar in bars), largest(bar.speed for bar in bars)
    key: list[Piece] = [
        (f"{marks.more * 2} {much} more", "accent"),
        (f"   {marks.less * 2} {much} less", "muted"),
        (f"   numbers: at {much} more", "muted"),
    ]
    rows = [_row(bar, columns, longest, marks) for bar in bars]
    return [key, [(_heading(columns), "strong")], *rows]


def _heading(columns: _Columns) -> str:
    cost, speed = (fitted(f"{word} %", _SIDE, right=True) for word in ("cost", "speed"))
    first = f"{'':{columns.lead}}{_headed('cost', columns.bar)}  {cost}"
    return (
        f"{first}  {_headed('speed', columns.bar)}  {speed}" if columns.wide else f"{first} {speed}"
    )


def _row(bar: Swung, columns: _Columns, longest: Sides, marks: Marks) -> list[Piece]:
    cost, speed = (fitted(signed(sides[1]), _SIDE, right=True) for sides in (bar.cost, bar.speed))
    line: list[Piece] = [(f"{fitted(bar.label, columns.label)}  ", "text")]
    if columns.now:
        line.append((f"{fitted(bar.now, columns.now, right=True)}   ", "value"))
    line += [*two_sided(bar.cost, longest[0], columns.bar, marks), (f"  {cost}", "text")]
    if columns.wide:
        line += [
            ("  ", "text"),
            *two_sided(bar.speed, longest[1], columns.bar, marks),
            (" ", "text"),
        ]
    return [*line, (f" {speed}", "text")]


def _headed(word: str, room: int) -> str:
    """What the two sides of a bar mean."""
    half = room // 2
    words = ("cheaper", "dearer") if word == "cost" else ("slower", "faster")
    return f"{fitted(words[0], half, right=True)} {fitted(words[1], half)}"
