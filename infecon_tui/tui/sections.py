"""What stands beside an answer: its pins in the headline; its pins, causes, memory and changes in a pane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui.tui.widgets.headline import Tag
from infecon_tui.tui.widgets.section import Section
from infecon_tui.values import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infecon_tui.scenario import Scenario
    from infecon_tui.tui.answers import Shown
    from infecon_tui.tui.kept.pins import Board
    from infecon_tui.tui.late import Late
    from infecon_tui.view.pins import Pinned
    from infecon_tui.view.records import Group

_SWINGS, _RIVALS = 6, 5
"""Most numbers and layouts told beside an answer."""
_OLD = "of the answer before"


def tags_of(board: Board, scenario: Scenario, answers: tuple[Pinned, ...]) -> tuple[Tag, ...]:
    """The pins for the line of identity, each with its name, or else with what was put in otherwise there."""
    poor = {answer.letter for answer in answers if not answer.fits}
    differs = {answer.letter: answer.apart for answer in answers}
    return tuple(
        Tag(
            letter=pin.letter,
            name=one_line(pin.scenario.name) or differs.get(pin.letter, ""),
            against=pin.letter == board.against,
            here=pin.scenario == scenario,
            fits=pin.letter not in poor,
        )
        for pin in board.pins
    )


def sections_of(
    shown: Shown, groups: tuple[Group, ...], trouble: str, late: Late
) -> tuple[Section, ...]:
    """All that there is to tell, the most telling first; with trouble, the answer is an earlier one."""
    found = [Section(title="Why there is no answer", text=trouble)] if trouble else []
    if shown.verdict:
        found.append(Section(title="Why nothing fits", text=shown.verdict))
    if shown.missed:
        found.append(Section(title="Out of reach", text=shown.missed))
    rows = [row for group in groups for row in group.rows]
    told = (shown.verdict, shown.missed, trouble)
    warned = tuple((r.label, r.warning) for r in rows if r.warning and r.warning not in told)
    if warned:
        found.append(Section(title="Warnings", warned=warned))
    found += [*_pins(shown), *_causes(shown, _deciding(shown, late))]
    changes = tuple(
        (row.label, f"{row.default} → {f'{row.text} {row.unit}'.strip()}")
        for row in rows
        if row.changed
    )
    if changes:
        found.append(Section(title="Changed", note="d puts a row back", pairs=changes))
    said = {text for _, text in warned}
    notes = (note for note in shown.notes if note not in said)
    return (*found, *(Section(title="Note", text=note) for note in notes))


def _pins(shown: Shown) -> Iterator[Section]:
    if shown.compared is not None:
        from infecon_tui.view.beside import words_of

        yield Section(
            title="Compare",
            table=shown.compared.table,
            changes=shown.compared.changes,
            names=tuple((pin.letter, words_of(pin)) for pin in shown.pins),
            against=shown.ask.against,
        )
        for pin in shown.pins:
            if reason := pin.trouble or (pin.answer.verdict if pin.answer else ""):
                yield Section(title=f"Why {pin.letter} has no answer", text=reason)


def _causes(shown: Shown, deciding: list[Section]) -> Iterator[Section]:
    """What takes the time, what would change it, what takes the memory; then the rest."""
    if shown.times is not None:
        table, changes = shown.times
        title, note = "Times", "ms of a token by cause"
        yield Section(
            title=title, note=note, table=table, changes=changes, against=shown.ask.against
        )
    if not shown.causes:
        yield from deciding
        return
    tpot = next((m for m in shown.metrics if m.key == "tpot"), None)
    note = f"TPOT {tpot.value} {tpot.unit}" if tpot else ""
    # A cause of nothing at all says nothing; what is hidden behind another stands in brackets.
    told = tuple(bar for bar in shown.causes if bar[1] or bar[2].startswith("("))
    yield Section(title="Where the time goes", note=note, bars=told, leads=True)
    yield from deciding[:1]
    yield Section(title="GPU memory", note=shown.room, bars=shown.memory)
    yield from deciding[1:]
    if shown.operators:
        yield Section(title="By operator", bars=shown.operators, leads=True)


def _deciding(shown: Shown, late: Late) -> list[Section]:
    """What moves the cost and which layouts there are, as soon as they are known."""
    found = late.found
    if found is None:
        return []
    old = late.of is not shown.answer
    sections = []
    if found.swings:
        note = f"+{100 * found.swing:.3g} %"
        sections.append(
            Section(
                title="What moves it",
                note=_OLD if old else note,
                swings=found.swings[:_SWINGS],
                choices=found.choices,
                heads=("cost %", "speed"),
            )
        )
    if found.rivals:
        lines = tuple((r.layout, r.cost, r.remark) for r in found.rivals[:_RIVALS])
        more = len(found.rivals) - len(lines)
        sections.append(
            Section(
                title="Layouts",
                note=_OLD if old else f"USD/Mtok at {found.asked.removesuffix(' at hand')}",
                lines=lines,
                hint=f"{more} more: T tells why they lose" if more else "",
            )
        )
    return sections
