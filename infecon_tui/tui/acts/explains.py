"""What moves cost and speed, and the value that reaches a target: worked out away from the screen."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from infecon_tui.errors import InfeconError
from infecon_tui.tui.screens.page import PageScreen
from infecon_tui.tui.widgets.questions import TextQuestion, YesNo
from infecon_tui.tui.work import start

if TYPE_CHECKING:
    from infecon_tui.scenario import Scenario
    from infecon_tui.sensitivity.ask import Asked
    from infecon_tui.sensitivity.target import Targets
    from infecon_tui.solve import Answer
    from infecon_tui.tui.screens.main import MainScreen
    from infecon_tui.view.sensitivity import Turned

_HINT = "(tpot 20ms, speed 60, cost 0.5)"


class Explains:
    """The commands that turn numbers on their own, without changing what is asked."""

    def __init__(self, screen: MainScreen) -> None:
        self.screen = screen

    # What moves it

    def do_sensitivity(self) -> None:
        """Every number's effect at the point that the headline shows."""
        shown = self.screen.explorer.shown
        answer = shown.answer if shown is not None else None
        if answer is None or answer.chosen is None or answer.scenario != self._scenario:
            self.screen.status.say("there is no answer to explain yet", "plain")
            return
        start(self.screen, self._show, answer, group="sensitivity")

    async def _show(self, answer: Answer) -> None:
        from infecon_tui.tui.acts.tornado import tornado_lines
        from infecon_tui.view.sensitivity import TITLE, sensitivity_table

        screen = self.screen
        seen = await asyncio.to_thread(_turned, answer)
        plain = screen.infecon.terminal.symbols == "ascii"
        lines = tornado_lines(seen, screen.size.width - 4, ascii_only=plain)
        copied, table = screen.files.copied("sensitivity.txt"), sensitivity_table(seen)
        screen.app.push_screen(PageScreen(TITLE, lines, copied, table))

    # Backwards

    @property
    def _scenario(self) -> Scenario | None:
        return self.screen.explorer.scenario

    @property
    def _free(self) -> bool:
        """Whether nothing is being typed that a question would take the keys from."""
        return self.screen.status.question is None and not self.screen.grid.typing

    def do_ask(self) -> None:
        """Asks for a target, to be reached by the number under the cursor of the inputs."""
        from infecon_tui.sensitivity.ask import number_at

        row = self.screen.grid.row
        if row is None or self._scenario is None:
            self.screen.status.say("go to a number of the inputs first", "plain")
            return
        try:
            number_at(self._scenario, row.path)
        except InfeconError as error:
            self.screen.status.say(str(error), "plain")
            return
        path = row.path
        label = f"{row.label} for {_HINT}"
        question = TextQuestion(label, "", lambda text: self._wanted(path, text), verb="look")
        self.screen.status.ask(question)

    def _wanted(self, path: str, text: str) -> None:
        from infecon_tui.sensitivity.target import targets_in

        scenario = self._scenario
        if not text or scenario is None:
            return
        try:
            targets = targets_in(text)
        except InfeconError as error:
            self.screen.status.say(str(error), "bad")
            return
        self.screen.status.say("looking for it", "plain")
        start(self.screen, self._answer, scenario, path, targets, group="ask")

    async def _answer(self, scenario: Scenario, path: str, targets: Targets) -> None:
        from infecon_tui.view.backwards import offer, short_answer

        screen = self.screen
        try:
            asked = await asyncio.to_thread(_asked, scenario, path, targets)
        except InfeconError as error:
            screen.status.say(str(error), "bad")
            return
        if asked.found is None or asked.found.value == asked.knob.value:
            screen.status.say(short_answer(asked), "good" if asked.now.met else "warning")
        elif self._free and scenario == self._scenario:
            put = YesNo(offer(asked), lambda yes: self._put(asked, yes=yes), enter=True)
            screen.status.ask(put)
            screen.show_keys()

    def _put(self, asked: Asked, *, yes: bool) -> None:
        """Takes the value found as an edit, which undo takes back."""
        from infecon_tui.values import exact_text

        if yes and asked.found is not None:
            value = asked.knob.slot.kind(asked.found.value)
            self.screen.explorer.edit(asked.knob.path, exact_text(asked.knob.slot, value))
            self.screen.status.say(f"{asked.knob.slot.label} changed; u goes back")


def _turned(answer: Answer) -> Turned:
    from infecon_tui.view.sensitivity import turned

    return turned(answer)


def _asked(scenario: Scenario, path: str, targets: Targets) -> Asked:
    from infecon_tui.sensitivity.ask import ask

    return ask(scenario, path, targets)
