"""A part of a pane of facts: a heading, and bars, words or a small table under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len

from infecon_tui.tui.widgets.cells import Piece, fitted, wrapped
from infecon_tui.tui.widgets.metric_lines import change_piece
from infecon_tui.tui.widgets.table.small import small_table
from infecon_tui.tui.widgets.two_sided import FANCY, PLAIN, largest, two_sided
from infecon_tui.view.describe import squeezed

if TYPE_CHECKING:
    from infecon_tui.tui.widgets.two_sided import Sides
    from infecon_tui.view.explain import Bars
    from infecon_tui.view.records import Change, Table

EIGHTHS = " ▏▎▍▌▋▊▉"
_LEAST = 0.005
"""Share under which a bar is as good as none."""
_LEAST_BAR, _MOST_BAR, _BESIDE_BAR = 4, 40, 11
"""Cells of a bar, and of all that stands beside it but the label and the amount."""
_CHANGE, _SWING, _MOST_SWING = 6, 9, 19
"""Cells of a change in percent; the least that a name leaves for a bar to both sides, and its most."""
_REMARK = 11
"""Cells that a name leaves for a remark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with bars, or with lines of two texts, or with a paragraph, or with a small table.

    `leads` sets off the largest bar, where that is the one that binds. `names` says in full what the
    heads of the table's columns stand for, `changes` how far its lines are from the one
    `against`. `swings` are names with bars to both sides and the changes of cost and speed, `choices` names
    with the changes alone. Of `lines` the first two texts keep their
    widths, the last is cut; `warned` are faults with the names of their rows. `heads`
    stand over the last columns, at the end of the rule; `hint` ends the section.
    """

    title: str
    note: str = ""
    bars: Bars = ()
    leads: bool = False
    pairs: tuple[tuple[str, str], ...] = ()
    text: str = ""
    table: Table | None = None
    names: tuple[tuple[str, str], ...] = ()
    changes: tuple[Change | None, ...] = ()
    against: str = ""
    swings: tuple[tuple[str, Sides, str, str], ...] = ()
    choices: tuple[tuple[str, str, str], ...] = ()
    lines: tuple[tuple[str, str, str], ...] = ()
    heads: tuple[str, ...] = ()
    warned: tuple[tuple[str, str], ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """Cells of a section's lines, of the labels and amounts of its bars, and whether letters draw them.

    A `brief` one leaves out bars of nothing.
    """

    width: int
    label: int
    amount: int
    ascii: bool = False
    brief: bool = False

    @property
    def bar(self) -> int:
        """Cells of a bar."""
        room = self.width - self.label - self.amount - _BESIDE_BAR
        return min(_MOST_BAR, max(_LEAST_BAR, room))


def frame_of(
    sections: tuple[Section, ...], width: int, *, ascii_only: bool, brief: bool = False
) -> Frame:
    """The same columns in all sections: as wide as the longest label, unless bars would vanish."""
    bars = [bar for section in sections for bar in section.bars]
    amount = max((cell_len(text) for _, _, text in bars), default=0)
    most = max(8, width - amount - _BESIDE_BAR - _LEAST_BAR)
    label = min(most, max((cell_len(name) for name, _, _ in bars), default=0))
    return Frame(width, label, amount, ascii_only, brief)


def section_lines(section: Section, frame: Frame, *, active: bool = False) -> list[list[Piece]]:
    """The heading, its rule, and all lines under it."""
    over = "".join(fitted(word, _CHANGE, right=True) for word in section.heads)
    note = f" {section.note}" if section.note else ""
    room = frame.width - cell_len(section.title) - cell_len(over) - 4
    note = fitted(note, min(cell_len(note), max(0, room)))
    head: list[Piece] = [(f" {section.title} ", "chip" if active else "strong"), (note, "muted")]
    rule = frame.width - sum(cell_len(text) for text, _ in head) - cell_len(over) - 1
    head.append((" " + ("-" if frame.ascii else "─") * (rule - bool(over)), "rule"))
    return [[*head, (over, "muted")], *_body(section, frame)]


def _body(section: Section, frame: Frame) -> list[list[Piece]]:
    width = frame.width - 2
    lines: list[list[Piece]] = [
        [("  ", "text"), (line, "muted")]
        for line in (wrapped(section.text, width - 2) if section.text else [])
    ]
    lines += [line for warned in section.warned for line in _warned(*warned, frame)]
    lines += [_pair(label, value, frame) for label, value in section.pairs]
    if section.table:
        beside = [change_piece(one, ascii_only=frame.ascii) for one in section.changes]
        head = [(f"vs {section.against}", "strong"), *beside] if beside else []
        lines += small_table(section.table, section.names, head, width)
    most = max((share for _, share, _ in section.bars), default=0.0)
    lines += [
        _bar(bar, most, frame, leads=section.leads and bar[1] == most)
        for bar in section.bars
        if not frame.brief or bar[1] >= _LEAST or bar[2].startswith("(")
    ]
    lines += [*_swings(section, frame), *_columns(section.lines, frame)]
    return [*lines, [(f"  {section.hint}", "faint")]] if section.hint else lines


def _warned(label: str, text: str, frame: Frame) -> list[list[Piece]]:
    """The row's name, then what is wrong with it."""
    lines = wrapped(f"{label}: {text}", frame.width - 5)
    return [
        [("   " if row else " ! ", "warning"), (line, "text")] for row, line in enumerate(lines)
    ]


def _pair(label: str, value: str, frame: Frame) -> list[Piece]:
    """A value that was changed."""
    room = max(4, frame.width - cell_len(label) - 6)
    return [
        (f" {'*' if frame.ascii else '●'} ", "changed"),
        (f"{label}  ", "text"),
        (fitted(value, room, right=True), "value"),
    ]


def _bar(bar: tuple[str, float, str], most: float, frame: Frame, *, leads: bool) -> list[Piece]:
    """Its length is to that of the longest, its share in percent is of the whole."""
    name, share, text = bar
    return [
        ("  ", "text"),
        (fitted(name, frame.label), "text" if share >= _LEAST else "faint"),
        (" ", "text"),
        (_filled(share / (most or 1.0), frame), "accent" if leads else "muted"),
        (f" {100 * share:3.0f}%", "value" if leads else "muted"),
        (f"  {fitted(text, frame.amount, right=True)}", "muted"),
    ]


def _filled(share: float, frame: Frame) -> str:
    share, room = max(0.0, min(1.0, share)), frame.bar
    if frame.ascii:
        return fitted("#" * round(share * room), room)
    full, part = divmod(round(share * room * 8), 8)
    return fitted("█" * full + (EIGHTHS[part] if part else ""), room)


def _swings(section: Section, frame: Frame) -> list[list[Piece]]:
    """A number to a line: its bar, then the changes at more of it; under them the choices."""
    marks = PLAIN if frame.ascii else FANCY
    longest = largest(sides for _, sides, _, _ in section.swings)
    words = frame.width - 3 - 2 * _CHANGE
    label = min(max((cell_len(name) for name, *_ in section.swings), default=0), words - _SWING)
    room = min(_MOST_SWING, (words - label - 2) // 2 * 2 + 1)
    lines: list[list[Piece]] = []
    for name, sides, *changes in section.swings:
        drawn = two_sided(sides, longest, room, marks)
        gap = " " * (words - label - 1 - room)
        lines.append(
            [(f"  {fitted(name, label)} ", "text"), *drawn, (gap, "text"), *_changes(*changes)]
        )
    for choice, *changes in section.choices:
        shown = choice if frame.ascii else choice.replace(" > ", " → ")
        lines.append([(f"  {fitted(shown, words)}", "text"), *_changes(*changes)])
    return lines


def _changes(cost: str, speed: str) -> list[Piece]:
    first, second = (fitted(text, _CHANGE, right=True) for text in (cost, speed))
    return [(first, "value"), (second, "muted")]


def _columns(rows: tuple[tuple[str, str, str], ...], frame: Frame) -> list[list[Piece]]:
    """Lines of three texts; the first is the one that was chosen. Of the last a clause is left out first."""
    name, number = (max((cell_len(row[at]) for row in rows), default=0) for at in (0, 1))
    most = max(8, frame.width - number - 7 - _REMARK)
    if name > most:
        rows = tuple((squeezed(what), much, why) for what, much, why in rows)
        name = min(most, max(cell_len(row[0]) for row in rows))
    rest = frame.width - name - number - 7
    lines: list[list[Piece]] = []
    for place, (what, much, why) in enumerate(rows):
        said = why if cell_len(why) <= rest else why.partition(",")[0]
        lines.append(
            [
                (f"  {fitted(what, name)}", "text" if place else "strong"),
                (f"  {fitted(much, number, right=True)}", "text" if place else "value"),
                (f"  {fitted(said, min(cell_len(said), rest))}", "muted"),
            ]
        )
    return lines
