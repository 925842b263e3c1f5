"""How the property grid looks: headings, rows, and what opens under a row. No state of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len

from infecon_tui.tui.widgets.cells import Piece, fitted, wrapped

if TYPE_CHECKING:
    from infecon_tui.tui.field import Field
    from infecon_tui.tui.widgets.grid.edit import Edit, Menu
    from infecon_tui.view.records import Group, Row

MARK = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The glyphs of a grid."""

    open: str = "▾"
    shut: str = "▸"
    changed: str = "●"
    warning: str = "!"
    less: str = "‹"
    more: str = "›"
    menu: str = "▾"
    rule: str = "─"
    bar: str = "│"
    thumb: str = "┃"
    here: str = "❯"
    ellipsis: str = "…"


FANCY = Marks()
PLAIN = Marks(
    open="v",
    shut=">",
    changed="*",
    less="<",
    more=">",
    menu="v",
    rule="-",
    bar="|",
    thumb="#",
    here=">",
    ellipsis="~",
)


def heading(group: Group, width: int, marks: Marks, *, shut: bool, here: bool) -> list[Piece]:
    """`▾ Hardware ──────── 80 GB · 2.1 USD/h`; a folded group tells how many rows it hides."""
    changed = sum(row.changed for row in group.rows)
    lead = marks.here if here else " "
    title = f"{marks.shut if shut else marks.open} {group.title}"
    note = f" {marks.changed} {changed}" if changed else ""
    hidden = f" ({len(group.rows)})" if shut else ""
    fixed = sum(cell_len(text) for text in (lead, title, note, hidden)) + 3
    summary = group.summary
    if cell_len(summary) > width - fixed - 1:
        summary = fitted(summary, max(0, width - fixed - 1), ellipsis=marks.ellipsis)
    rule = width - fixed - cell_len(summary)
    return [
        (lead, "accent"),
        (title, "strong"),
        (note, "changed"),
        (f" {marks.rule * rule} ", "rule"),
        (summary, "muted"),
        (hidden, "faint"),
        (" ", "text"),
    ]


def row_cells(row: Row, width: int, unit: int, marks: Marks, *, here: bool) -> list[Piece]:
    """`● HBM bandwidth    ‹ 3.6 › TB/s` in exactly this width."""
    text = _value(row)
    more = marks.menu if row.searchable else marks.more if row.steps[1] else " "
    tail = f"{more if here else ' '} "
    room = width - MARK - unit - len(tail)
    lead = marks.less if here and row.steps[0] else " "
    label = fitted(row.label, max(8, min(cell_len(row.label), room - cell_len(text) - 2)))
    space = room - cell_len(label) - 1
    if cell_len(text) > space:
        text = fitted(text, space, ellipsis=marks.ellipsis)
    gap = space - cell_len(text)
    return [
        *mark_of(row, marks),
        (label, _label_role(row, here=here)),
        (" " * gap, "text"),
        (lead, "accent"),
        (text, _value_role(row)),
        (tail, "accent"),
        (fitted(_unit(row), unit, ellipsis=marks.ellipsis), "muted"),
    ]


def _value(row: Row) -> str:
    """Words of two parts belong together, numbers stand before their unit."""
    return row.text if _is_number(row) else f"{row.text} {row.unit}".strip()


def _unit(row: Row) -> str:
    return row.unit if _is_number(row) else ""


def _is_number(row: Row) -> bool:
    return row.text[:1].isdigit() or row.text[:1] in "-.∞"


def unit_width(rows: list[Row]) -> int:
    """Cells for the units of a column of rows."""
    return min(8, max([cell_len(_unit(row)) for row in rows] + [4]) + 1)


def mark_of(row: Row, marks: Marks) -> list[Piece]:
    """The mark before a label: a warning, a change, or nothing."""
    if row.warning:
        return [(f" {marks.warning} ", "warning")]
    if row.changed:
        return [(f" {marks.changed} ", "changed")]
    return [("   ", "text")]


def _label_role(row: Row, *, here: bool) -> str:
    if here:
        return "strong"
    return "text" if row.editable else "muted"


def _value_role(row: Row) -> str:
    if row.changed:
        return "changed"
    return "value" if row.editable else "muted"


def edit_cells(edit: Edit, width: int, unit: int, marks: Marks) -> list[Piece]:
    """A row while its value is typed: the field is as wide as the row allows."""
    row = edit.row
    label = fitted(row.label, min(cell_len(row.label), width // 2 - MARK))
    room = width - MARK - cell_len(label) - unit - 3
    role = "fault" if edit.fault else "field"
    beside = row.unit if _is_number(row) and not any(c.isalpha() for c in edit.field.text) else ""
    return [
        *mark_of(row, marks),
        (label, "strong"),
        ("  ", "text"),
        *field_cells(edit.field, room, role),
        (" ", "text"),
        (fitted(beside, unit, ellipsis=marks.ellipsis), "muted"),
    ]


def field_cells(field: Field, width: int, role: str) -> list[Piece]:
    """A line of text with its caret, scrolled such that the caret is seen."""
    start = max(0, field.caret - width + 1)
    text = field.text[start : start + width]
    if field.selected:
        return [(text, "chip"), (" " * (width - cell_len(text)), role)]
    at = field.caret - start
    shown = fitted(text, width, ellipsis="")
    return [(shown[:at], role), (shown[at : at + 1], f"{role} caret"), (shown[at + 1 :], role)]


def laid(pieces: list[Piece], over: str) -> list[Piece]:
    """The pieces with a role laid over those that have no ground of their own."""
    return [(text, f"{role} {over}" if role in _OPEN else role) for text, role in pieces]


_OPEN = {"text", "muted", "faint", "accent", "strong", "value", "changed", "warning", "bad", "rule"}


def error_lines(message: str, width: int, warn: str) -> list[list[Piece]]:
    """What is wrong with a value, under its row, on at most three lines."""
    lines = wrapped(message, width - MARK - 3)[:3]
    return [
        [("  ", "menu"), (warn if index == 0 else " ", "bad menu"), (f" {line}", "bad menu")]
        for index, line in enumerate(lines)
    ]


def menu_lines(menu: Menu, width: int, height: int, marks: Marks) -> list[list[Piece]]:
    """The query and the choices that fit, under their row."""
    count = f"{len(menu.found)} of {len(menu.row.choices)} "
    lines: list[list[Piece]] = [
        [
            ("   ", "menu"),
            ("find ", "menu_muted"),
            *field_cells(menu.field, max(8, width - MARK - 7 - len(count)), "menu"),
            (f" {count}", "menu_muted"),
        ]
    ]
    for place in menu.shown(height - 1):
        name = menu.row.choices[menu.found[place]]
        role = "chip" if place == menu.index else "menu"
        now = marks.changed if name == menu.row.text else " "
        here = marks.here if place == menu.index else " "
        lines.append([("  ", "menu"), (fitted(f"{here}{now} {name}", width - 3), role)])
    if not menu.found:
        lines.append([("     nothing matches", "menu_muted")])
    return lines


def on_thumb(y: int, top: int, height: int, total: int) -> bool:
    """Whether a line of a scroll bar is its thumb; there is none where all lines are seen."""
    if total <= height:
        return False
    size = max(1, height * height // total)
    start = round(top * (height - size) / max(1, total - height))
    return start <= y < start + size
