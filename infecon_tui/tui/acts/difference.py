"""The page of what differs between two scenarios."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rich.cells import cell_len

from infecon_tui.tui.widgets.cells import fitted
from infecon_tui.tui.widgets.metric_lines import TONES
from infecon_tui.view.difference import change_text

if TYPE_CHECKING:
    from infecon_tui.tui.widgets.cells import Piece
    from infecon_tui.view.difference import Difference

Lines = list[list["Piece"]]
_ARROW = " → "


def difference_lines(found: Difference, width: int) -> Lines:
    """The values by their groups, the old before the new, then the metrics."""
    lines: Lines = []
    if not found.values:
        lines += [[("nothing differs", "text")], []]
    for title, values in groupby(found.values, lambda value: value.group):
        lines.append([(title, "strong")])
        rows = [(v.label, v.path, v.before, v.after) for v in values]
        lines += _values(rows, width)
        lines.append([])
    if found.effects:
        lines.append([("What comes of it", "strong")])
        lines += _effects(found)
    return [*lines, *([(fault, "bad")] for fault in found.faults)]


def _values(rows: list[tuple[str, str, str, str]], width: int) -> Lines:
    """Label and both values; the path last where there is room for it. Long texts get their own lines."""
    label = min(24, max(cell_len(row[0]) for row in rows))
    short = [row for row in rows if cell_len(row[2]) + cell_len(row[3]) <= width - label - 8]
    old, new = (max((cell_len(row[at]) for row in short), default=0) for at in (2, 3))
    made: Lines = []
    for name, path, before, after in rows:
        if (name, path, before, after) not in short:
            made += [[(f"  {name}: {before}{_ARROW}{after}", "text")]]
            continue
        pieces: list[Piece] = [(f"  {fitted(name, label)}  ", "text")]
        pieces += [(fitted(before, old, right=True), "muted"), (_ARROW, "muted")]
        pieces.append((fitted(after, new), "value"))
        if label + old + new + cell_len(path) + 12 <= width:
            pieces.append((f"   {path}", "faint"))
        made.append(pieces)
    return made


def _effects(found: Difference) -> Lines:
    texts = [(effect.label, effect.before, effect.after) for effect in found.effects]
    label, old, new = (max(map(cell_len, column)) for column in zip(*texts, strict=True))
    return [
        [
            (f"  {fitted(effect.label, label)}  ", "text"),
            (fitted(effect.before, old, right=True), "muted"),
            (_ARROW, "muted"),
            (fitted(effect.after, new), "value"),
            (
                f"   {change_text(effect.change)}",
                _tone(effect.change.tone if effect.change else ""),
            ),
        ]
        for effect in found.effects
    ]


def _tone(tone: str) -> str:
    return TONES.get(tone, "text")
