"""Scenarios set aside under a letter, to compare with: pure functions, no Textual here."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from infecon_tui.errors import InfeconError
from infecon_tui.values import one_line

if TYPE_CHECKING:
    from infecon_tui.scenario import Scenario

LETTERS = "ABCD"


@dataclass(frozen=True, slots=True)
class Pin:
    """A scenario as it was when it was pinned, with a short name for it."""

    letter: str
    name: str
    scenario: Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The pins in the order of their letters; `against` is the one that deltas are told against."""

    pins: tuple[Pin, ...] = ()
    against: str = ""
    last: Board | None = field(default=None, compare=False, repr=False)

    def at(self, letter: str) -> Pin | None:
        """The pin of a letter."""
        return next((pin for pin in self.pins if pin.letter == letter), None)

    @property
    def free(self) -> str:
        """The first letter without a pin; the last letter when all have one."""
        return next((letter for letter in LETTERS if self.at(letter) is None), LETTERS[-1])

    def pinned(self, letter: str, scenario: Scenario) -> Board:
        """With a scenario under a letter, in place of what was there."""
        rest = tuple(pin for pin in self.pins if pin.letter != letter)
        pin = Pin(letter, short_name(scenario), scenario)
        pins = tuple(sorted((*rest, pin), key=lambda p: p.letter))
        return Board(pins=pins, against=self.against or letter, last=replace(self, last=None))

    def dropped(self, letter: str) -> Board:
        """Without the pin of a letter; deltas then are told against the first of the rest."""
        rest = tuple(pin for pin in self.pins if pin.letter != letter)
        first = rest[0].letter if rest else ""
        against = first if self.against == letter else self.against
        return Board(pins=rest, against=against, last=replace(self, last=None))

    def told_against(self, letter: str) -> Board:
        """With deltas told against another pin."""
        return replace(self, against=letter)

    def back(self) -> Board:
        """The pins before the last change; twice is the same again."""
        return self if self.last is None else replace(self.last, last=replace(self, last=None))


def short_name(scenario: Scenario) -> str:
    """The scenario's own name, or its model and hardware with what was changed in them."""
    if scenario.name:
        return one_line(scenario.name)
    from infecon_tui.knobs import leaves
    from infecon_tui.spec.scenario_file import base_of

    base = {knob.path: knob.value for knob in leaves(base_of(scenario))}
    changed = [knob for knob in leaves(scenario) if base.get(knob.path) != knob.value]
    words = f"{scenario.model.id} × {scenario.hardware.id}"
    if not changed:
        return words
    first = f"{changed[0].slot.label} {changed[0].text}"
    return f"{words}, {first}" if len(changed) == 1 else f"{words}, {len(changed)} changed"


def kept(board: Board) -> list[dict[str, str]]:
    """The pins for the session's file."""
    from infecon_tui.tui.kept.session import yaml_of

    return [
        {"letter": pin.letter, "name": pin.name, "scenario": yaml_of(pin.scenario)}
        for pin in board.pins
    ]


def restored(entries: Any, against: Any, file: str) -> tuple[Board, list[str]]:
    """The pins of a session's file, and what is wrong with those that are left out."""
    board, faults = Board(), []
    for entry in entries if isinstance(entries, (list, tuple)) else ():
        try:
            pin = _read(entry, file)
        except InfeconError as error:
            faults.append(str(error))
            continue
        if board.at(pin.letter) is None:
            board = replace(board, pins=tuple(sorted((*board.pins, pin), key=lambda p: p.letter)))
    first = board.pins[0].letter if board.pins else ""
    return replace(board, against=against if board.at(against) else first), faults


def _read(entry: Any, file: str) -> Pin:
    from infecon_tui.spec.scenario_file import scenario_from_yaml

    known = isinstance(entry, dict) and all(
        isinstance(entry.get(key), str) for key in ("letter", "name", "scenario")
    )
    if not known or entry["letter"] not in LETTERS or len(entry["letter"]) != 1:
        raise InfeconError("it is not a letter, a name and a scenario")
    try:
        scenario = scenario_from_yaml(entry["scenario"], file)
    except InfeconError as error:
        raise InfeconError(f"{entry['letter']}: {error}") from None
    return Pin(entry["letter"], one_line(entry["name"]), scenario)
