"""The line that explains the row under the cursor, or the view that has the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

if TYPE_CHECKING:
    from infecon_tui.tui.widgets.cells import Piece
    from infecon_tui.tui.widgets.grid.property_grid import PropertyGrid

_MORE = "   ? tells more"


def remark(grid: PropertyGrid, fault: str = "") -> list[Piece]:
    """What the row means, its default where it was changed, where its value was read."""
    row = grid.row
    if fault:
        return [(f"{grid.glyph('✗', 'x')} {fault}", "bad")]
    if row is None:
        group = grid.lines.groups.get(grid.cursor)
        if group is None:
            return []
        return [(group.title, "strong"), (f"   {group.summary}", "muted")]
    pieces: list[Piece] = [(row.label, "strong")]
    if row.warning:
        pieces.append((f"   ! {row.warning}", "warning"))
    if row.help != row.label:
        pieces.append((f"   {row.help}", "text"))
    if row.path.startswith("goal."):
        pieces.append(("   T: every layout under the targets", "accent"))
    if row.changed and row.default:
        pieces.append((f"   d: default {row.default}", "changed"))
        pieces.append((f" ({row.source})" if row.source else "", "muted"))
    elif row.source:
        pieces.append((f"   source: {row.source}", "muted"))
    return pieces


def reading(view: str, room: int) -> list[Piece]:
    """How to read a view in so many cells: whole, or the clauses that fit, for the page behind `?` has all."""
    from infecon_tui.view.meanings import meaning_of

    meaning = meaning_of(f"view {view}")
    if meaning is None:
        return []
    text = meaning.moves
    if cell_len(text) > room:
        text = clauses(text, room - cell_len(_MORE))
    more = _MORE if cell_len(text) + cell_len(_MORE) <= room else ""
    return [(text, "text"), (more, "accent")]


def clauses(text: str, room: int) -> str:
    """The first clauses of a text, as many as fit; all of it where not one does."""
    ends = [at for at, sign in enumerate(text) if sign == ";"]
    return next((text[:at] for at in reversed(ends) if cell_len(text[:at]) <= room), text)
