"""The line that explains the row under the cursor, or the view that has the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infecon_tui.tui.widgets.cells import Piece
    from infecon_tui.tui.widgets.property_grid import PropertyGrid


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
    if row.source:
        pieces.append((f"   source: {row.source}", "muted"))
    return pieces


def reading(view: str) -> list[Piece]:
    """How to read a view."""
    from infecon_tui.view.meanings import meaning_of

    meaning = meaning_of(f"view {view}")
    return [(meaning.moves, "text"), ("   ? tells more", "accent")] if meaning else []
