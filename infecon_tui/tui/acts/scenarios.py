"""The commands about whole scenarios: pins, what differs, name and notes, files used lately."""

from __future__ import annotations

import asyncio
from types import MappingProxyType
from typing import TYPE_CHECKING

from infecon_tui.errors import InfeconError
from infecon_tui.tui.kept import state
from infecon_tui.tui.kept.pins import LETTERS, Board
from infecon_tui.tui.screens.page import PageScreen
from infecon_tui.tui.widgets.cells import ending
from infecon_tui.tui.widgets.questions import LetterQuestion, TextQuestion
from infecon_tui.tui.work import start

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from infecon_tui.scenario import Scenario
    from infecon_tui.tui.screens.main import MainScreen

FILE, SPECS = "f", "s"
"""What stands for the newest file, and for the specs as they are, where a pin is asked for."""
NONE: Mapping[str, str] = MappingProxyType({})


class Scenarios:
    """Asks on the status line, and gives the explorer other pins or another scenario."""

    def __init__(self, screen: MainScreen) -> None:
        self.screen = screen

    @property
    def board(self) -> Board:
        """The pins of now."""
        return self.screen.explorer.board

    # Pins

    def do_pin(self) -> None:
        """Asks under which letter to pin the scenario, or what else to do with the pins."""
        if self.screen.explorer.scenario is None:
            return
        free = self.board.free.lower()
        others = "  go A-D  vs v  drop x  back z" if self.board.pins else ""
        answers = LETTERS.lower() + LETTERS + "vxz"
        label = self._with_held(f"pin a-d [{free}]{others}")
        self._ask(label, self._pinned, answers, free, "pinning")

    def _with_held(self, question: str, others: Mapping[str, str] = NONE) -> str:
        """The question with what each letter holds, as much of each as there is room for."""
        held = [(pin.letter, pin.name) for pin in self.board.pins]
        held += [(letter, name) for letter, name in others.items() if name]
        room = self.screen.size.width - len(question) - 2
        each = room // len(held) - 4 if held else 0
        return question + "".join(
            f"  {letter} {ending(name, each)}" for letter, name in held if each > 3
        )

    def _ask(
        self, label: str, done: Callable[[str], None], answers: str, enter: str, mode: str
    ) -> None:
        self.screen.status.ask(LetterQuestion(label, answers, done, enter=enter, mode=mode))

    def _pinned(self, letter: str) -> None:
        if letter in LETTERS:
            self._go(letter)
        elif letter == "x":
            self._ask_pin("drop", self._drop)
        elif letter == "v":
            self._ask_pin("deltas against", self._against)
        elif letter == "z":
            self._as_before()
        else:
            self._pin(letter.upper())

    def _pin(self, letter: str) -> None:
        scenario, before = self.screen.explorer.scenario, self.board.at(letter)
        if scenario is None:
            return
        self.screen.explorer.pin(self.board.pinned(letter, scenario))
        now = self.board.at(letter)
        assert now is not None
        was = f", in place of {before.name}; A z goes back" if before else ""
        self.screen.status.say(f"{letter} is {now.name}{was}")

    def _go(self, letter: str) -> None:
        pin = self.board.at(letter)
        if pin is None:
            self._nothing_at(letter)
            return
        self.screen.explorer.replace(pin.scenario)
        self.screen.status.say(f"{letter}: {pin.name}; u goes back")

    def _ask_pin(self, what: str, done: Callable[[str], None]) -> None:
        """Asks for the letter of a pin that there is."""
        letters = "".join(pin.letter for pin in self.board.pins)
        if not letters:
            self.screen.status.say("nothing is pinned: A pins the scenario", "plain")
            return
        first = self.board.against.lower()
        answers = letters.lower() + letters
        label = self._with_held(f"{what} [{first}]")
        self._ask(label, done, answers, first, "lettering")

    def _drop(self, letter: str) -> None:
        letter = letter.upper()
        self.screen.explorer.pin(self.board.dropped(letter))
        self.screen.status.say(f"{letter} is free; A z brings it back")

    def _against(self, letter: str) -> None:
        board = self.board.told_against(letter.upper())
        self.screen.explorer.pin(board)
        self.screen.status.say(f"deltas are told against {board.against}")

    def _as_before(self) -> None:
        if self.board.last is None:
            self.screen.status.say("the pins were not changed", "plain")
            return
        self.screen.explorer.pin(self.board.back())
        held = ", ".join(pin.letter for pin in self.board.pins) or "none"
        self.screen.status.say(f"the pins are as before: {held}")

    def _nothing_at(self, letter: str) -> None:
        self.screen.status.say(f"nothing is pinned as {letter}", "plain")

    # What differs

    def do_diff(self) -> None:
        """Shows what differs from a pin or from the newest file, asked which where there are several; without
        any from the specs.
        """
        letters = "".join(pin.letter for pin in self.board.pins)
        file = self.screen.files.recent.newest
        if not letters and file is None:
            self._diff(SPECS)
        else:
            answers = letters.lower() + letters + (FILE if file else "") + SPECS
            first = self.board.against.lower() or FILE
            others = {FILE: file.name if file else "", SPECS: "the specs"}
            label = self._with_held(f"what differs from [{first}]", others)
            self._ask(label, self._diff, answers, first, "lettering")

    def _diff(self, letter: str) -> None:
        now = self.screen.explorer.scenario
        try:
            name, other = self._other(letter)
        except InfeconError as error:
            self.screen.files.tell_fault(str(error))
            return
        if now is not None:
            self.screen.status.say("comparing", "plain")
            start(self.screen, self._show_diff, name, other, now, group="diff")

    def _other(self, letter: str) -> tuple[str, Scenario]:
        """The scenario to compare with, and its name. Raises InfeconError."""
        from infecon_tui.spec.scenario_file import base_of, load_scenario

        pin, now = self.board.at(letter.upper()), self.screen.explorer.scenario
        if letter == SPECS and now is not None:
            return "the specs", base_of(now)
        if letter != FILE and pin is not None:
            return f"{pin.letter} {pin.name}", pin.scenario
        path = self.screen.files.recent.newest
        assert path is not None
        return path.name, load_scenario(path)

    async def _show_diff(self, name: str, before: Scenario, now: Scenario) -> None:
        from infecon_tui.tui.acts.difference import difference_lines
        from infecon_tui.view.difference import difference, difference_table

        found = await asyncio.to_thread(difference, before, now)
        screen = self.screen
        screen.status.hush()
        lines = difference_lines(found, screen.size.width - 4)
        title = f"What differs from {name}"
        copied, table = screen.files.copied("diff.txt"), difference_table(found)
        screen.app.push_screen(PageScreen(title, lines, copied, table))

    # Name and notes

    def do_name(self) -> None:
        """Asks for the name of the scenario."""
        self._ask_text("name")

    def do_notes(self) -> None:
        """Asks for the notes of the scenario."""
        self._ask_text("notes")

    def _ask_text(self, path: str) -> None:
        from infecon_tui.knobs import at

        explorer = self.screen.explorer
        if explorer.scenario is None:
            return
        shown = at(explorer.scenario, path).text

        def done(text: str) -> None:
            # Unchanged notes of several lines keep their lines.
            if text != shown and explorer.history is not None:
                explorer.become(state.edit(explorer.history, path, text))
                self.screen.status.say(f"{path}: {text}" if text else f"no {path}")

        question = TextQuestion(path, shown, done)
        question.field.selected = False
        self.screen.status.ask(question)
