"""Lines made of styled pieces, cut and padded to a width in cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.strip import Strip

if TYPE_CHECKING:
    from collections.abc import Iterable

    from infecon_tui.tui.terminal.theme import Look

Piece = tuple[str, str]
"""A text and the role it is drawn in."""
Cell = tuple[str, str]
"""A character and its role."""
GAP = 12
"""Unchanged cells between changed ones that are sent again, for a jump of the cursor costs as much."""


def fitted(text: str, width: int, *, right: bool = False, ellipsis: str = "…") -> str:
    """The text in exactly this many cells, cut with an ellipsis or padded."""
    length = cell_len(text)
    if length > width:
        return set_cell_size(text, max(0, width - 1)) + ellipsis[:width]
    return " " * (width - length) + text if right else text + " " * (width - length)


def ending(text: str, width: int) -> str:
    """The end of a text in at most this many cells: names that begin alike differ there."""
    if cell_len(text) <= width:
        return text
    while text and cell_len(text) > width - 1:
        text = text[1:]
    return f"…{text}"


def strip_of(pieces: Iterable[Piece], width: int, look: Look, over: str = "") -> Strip:
    """A line of exactly this width; `over` is a role laid over all of it (the cursor's)."""
    segments: list[Segment] = []
    left = width
    for text, role in pieces:
        if left <= 0:
            break
        shown = text if cell_len(text) <= left else set_cell_size(text, left)
        if shown:
            segments.append(Segment(shown, look[f"{role} {over}" if over else role]))
            left -= cell_len(shown)
    if left > 0:
        segments.append(Segment(" " * left, look[f"text {over}" if over else "text"]))
    return Strip(Segment.simplify(segments), width)


def cut(pieces: Iterable[Piece], width: int) -> list[Piece]:
    """The pieces in at most this many cells, with an ellipsis where they were cut."""
    whole = list(pieces)
    if sum(cell_len(text) for text, _ in whole) <= width:
        return whole
    kept: list[Piece] = []
    left = width - 1
    for text, role in whole:
        if cell_len(text) >= left:
            return [*kept, (f"{set_cell_size(text, max(0, left)).rstrip()}…", role)]
        kept.append((text, role))
        left -= cell_len(text)
    return kept


def joined(pieces: Iterable[Piece]) -> str:
    """The bare text of a line."""
    return "".join(text for text, _ in pieces)


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most this width, broken at spaces where there are any."""
    import textwrap

    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += textwrap.wrap(paragraph, max(8, width)) or [""]
    return lines


def cells_of(pieces: Iterable[Piece], width: int) -> list[Cell]:
    """The line cell by cell; none where a character takes more than one."""
    cells = [(character, role) for text, role in pieces for character in text]
    if cell_len("".join(character for character, _ in cells)) != len(cells):
        return []
    return [*cells, *[(" ", "text")] * (width - len(cells))][:width]


def changed_spans(before: list[Cell], after: list[Cell]) -> list[tuple[int, int]]:
    """The runs of changed cells of a line, near ones joined. Blanks are equal unless one has a ground."""
    spans: list[tuple[int, int]] = []
    for x, (old, new) in enumerate(zip(before, after, strict=True)):
        if old == new or (old[0] == new[0] == " " and "chip" not in (old[1], new[1])):
            continue
        if spans and x - spans[-1][1] <= GAP:
            spans[-1] = spans[-1][0], x + 1
        else:
            spans.append((x, x + 1))
    return spans
