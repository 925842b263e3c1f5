"""What stands beside an answer: its pins in the headline; its pins, causes, memory and changes in a pane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui.tui.widgets.bars_view import Section
from infecon_tui.tui.widgets.headline import Tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infecon_tui.scenario import Scenario
    from infecon_tui.tui.answers import Shown
    from infecon_tui.tui.pins import Board
    from infecon_tui.view.pins import Pinned
    from infecon_tui.view.records import Group


def tags_of(board: Board, scenario: Scenario, answers: tuple[Pinned, ...]) -> tuple[Tag, ...]:
    """The pins for the line of identity; a model that is the same as the scenario's is not told again."""
    poor = {answer.letter for answer in answers if not answer.fits}
    return tuple(
        Tag(
            letter=pin.letter,
            name=pin.name.removeprefix(f"{scenario.model.id} × "),
            against=pin.letter == board.against,
            here=pin.scenario == scenario,
            fits=pin.letter not in poor,
        )
        for pin in board.pins
    )


def sections_of(shown: Shown, groups: tuple[Group, ...], trouble: str = "") -> tuple[Section, ...]:
    """All that there is to tell, the most telling first; with trouble, the answer is an earlier one."""
    found = [Section(title="Why there is no answer", text=trouble)] if trouble else []
    found += [*_pins(shown), *_causes(shown)]
    if shown.missed:
        found.append(Section(title="Out of reach", text=shown.missed))
    if shown.verdict:
        found.append(Section(title="Why nothing fits", text=shown.verdict))
    changes = tuple(
        (row.label, f"{row.default} → {f'{row.text} {row.unit}'.strip()}")
        for group in groups
        for row in group.rows
        if row.changed
    )
    if changes:
        found.append(Section(title="Changed", pairs=changes))
    return (*found, *(Section(title="Note", text=note) for note in shown.notes))


def _pins(shown: Shown) -> Iterator[Section]:
    if shown.compared is not None:
        named = ((pin.letter, pin.name) for pin in shown.pins)
        yield Section(title="Compare", table=shown.compared, names=tuple(named))
        for pin in shown.pins:
            if reason := pin.trouble or (pin.answer.verdict if pin.answer else ""):
                yield Section(title=f"Why {pin.letter} has no answer", text=reason)


def _causes(shown: Shown) -> Iterator[Section]:
    if shown.causes:
        tpot = next((m for m in shown.metrics if m.key == "tpot"), None)
        note = f"TPOT {tpot.value} {tpot.unit}" if tpot else ""
        yield Section(title="Where the time goes", note=note, bars=shown.causes, leads=True)
        yield Section(title="Memory of one GPU", bars=shown.memory)
        if shown.operators:
            yield Section(title="By operator", bars=shown.operators, leads=True)
