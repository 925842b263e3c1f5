"""The scenario on screen: changes it, asks for its answer, and gives both to the panes."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from infecon_tui.errors import InfeconError
from infecon_tui.tui.answers import Ask, Newest, Shown
from infecon_tui.tui.display import Display
from infecon_tui.tui.kept import session as sessions
from infecon_tui.tui.kept import state
from infecon_tui.tui.kept.pins import Board, restored
from infecon_tui.tui.kept.state import History

if TYPE_CHECKING:
    from collections.abc import Callable

    from infecon_tui.scenario import Scenario
    from infecon_tui.tui.options import Options
    from infecon_tui.tui.screens.main import MainScreen


class Explorer:
    """Between the main screen's panes and the engine."""

    def __init__(self, screen: MainScreen) -> None:
        self.screen = screen
        self.history: History | None = None
        self.display = Display(screen, self)
        self.picked: int | None = None
        self.board = Board()
        self.choices: dict[str, tuple[str, ...]] = {}
        self.newest = Newest(screen, self._answered)

    @property
    def scenario(self) -> Scenario | None:
        return self.history.present if self.history else None

    @property
    def shown(self) -> Shown | None:
        """The last good answer."""
        return self.display.shown

    # Changes

    def edit(self, path: str, text: str, *, step: bool = False) -> None:
        """Takes a value for a row; what is wrong with it is told at the row."""
        self._attempt(path, lambda history: state.edit(history, path, text, step=step))

    def judge(self, path: str, text: str) -> None:
        """Tells what is wrong with a value that is being typed, if anything."""
        if self.history is not None:
            fault = state.judge(self.history, path, text)
            if fault:
                self.screen.grid.refuse(path, fault)
            self.screen.explain(fault)

    def reset(self, path: str) -> None:
        """Puts a row back."""
        self._attempt(path, lambda history: state.reset(history, path))

    def _attempt(self, path: str, change: Callable[[History], History]) -> None:
        if self.history is None:
            return
        try:
            self.become(change(self.history))
        except InfeconError as error:
            self.screen.grid.refuse(path, state.without_path(str(error), path))

    def replace(self, scenario: Scenario) -> None:
        """Takes a whole scenario, as one change."""
        if self.history is None:
            self.become(History(present=scenario))
        else:
            self.become(state.changed(self.history, scenario))

    def edit_all(self, values: dict[str, str]) -> None:
        """Several values as one change; says what is in the way of one."""
        if self.history is None:
            return
        scenario = self.history.present
        try:
            for path, text in values.items():
                scenario = state.with_value(scenario, path, text)
        except InfeconError as error:
            self.screen.status.say(str(error), "bad")
        else:
            self.replace(scenario)

    def do_undo(self) -> None:
        """The scenario before the last change."""
        self._travel(state.undone, "undone", "nothing to undo")

    def do_redo(self) -> None:
        """The scenario that was undone."""
        self._travel(state.redone, "done again", "nothing to redo")

    def do_all_defaults(self) -> None:
        """The specs as they stand in the library, everything else at its default."""
        self._travel(state.reset_all, "put back", "nothing was changed")

    def _travel(self, change: Callable[[History], History], done: str, nothing: str) -> None:
        before = self.history
        if before is None:
            return
        after = change(before)
        if after.present == before.present:
            self.screen.status.say(nothing, "plain")
            return
        self.become(after)
        words = state.difference(before.present, after.present)
        self.screen.status.say(f"{done}: {words}", "plain")

    def become(self, history: History) -> None:
        """Shows another scenario: its rows at once, its answer as soon as it is known."""
        if self.history is not None and history.present == self.history.present:
            self.history = history
            return
        self.history = history
        self.picked = None
        self.display.rows()
        self.ask()
        self.screen.files.save_later()

    # Answers

    def ask(self) -> None:
        """Wants the answer to the scenario of now."""
        if self.scenario is not None:
            figures = tuple(figure for _, figure in self.screen.figures())
            board = self.board
            self.newest.ask(Ask(self.scenario, self.picked, figures, board.pins, board.against))

    def pin(self, board: Board) -> None:
        """Takes other pins: told at once, their answers as soon as they are known."""
        self.board = board
        self.display.headline()
        self.ask()
        self.screen.files.save_later()

    def choose(self, row: int) -> None:
        """Looks at another point of the frontier; the chosen one again goes back to the preferred."""
        if self.shown is None or row >= len(self.shown.rows):
            return
        if self.shown.ask.scenario != self.scenario:
            return  # A row of the answer before, which is about to go.
        index = self.shown.rows[row]
        self.picked = None if index == self.picked else index
        self.ask()

    def _answered(self, shown: Shown) -> None:
        ask = shown.ask
        if (ask.scenario, ask.picked) != (self.scenario, self.picked):
            return
        if (ask.pins, ask.against) != (self.board.pins, self.board.against):
            return
        self.display.answer(shown)
        self.screen.answered()

    # The start

    async def begin(self, options: Options, session: sessions.Session) -> None:
        """Loads what to open on, away from the screen, then shows it."""
        fresh = options.fresh
        file = str(sessions.session_file(self.screen.directory, self.screen.infecon.number))
        start = await asyncio.to_thread(
            _opened, options, sessions.Session() if fresh else session, file
        )
        self.choices, self.board = start.choices, start.board
        self.become(start.history)
        if start.file is not None:
            self.screen.files.remember(Path(start.file))
        for fault in start.faults:
            self.screen.files.tell_fault(fault)
        if not fresh and session.past + session.future:
            past, future = await asyncio.to_thread(sessions.neighbours_of, session, file)
            self._remember(past, future)

    def _remember(self, past: tuple[Scenario, ...], future: tuple[Scenario, ...]) -> None:
        """Puts what a session remembers before what happened since."""
        history = self.history
        if history is not None:
            untouched = not history.past and not history.future
            self.history = History(
                present=history.present,
                past=(*past, *history.past),
                future=future if untouched else history.future,
                step=history.step,
            )


class Start(NamedTuple):
    """What to open on, the catalogue's ids, the pins, what went wrong, and the file that was read."""

    history: History
    choices: dict[str, tuple[str, ...]]
    board: Board
    faults: list[str]
    file: str | None


def _opened(options: Options, session: sessions.Session, file: str) -> Start:
    from infecon_tui.spec.scenario_file import (
        default_scenario,
        edited,
        load_scenario,
        opening_scenario,
    )

    faults: list[str] = []
    kept = None
    try:
        kept = sessions.present_of(session, file)
    except InfeconError as error:
        faults.append(sessions.set_aside(Path(file), str(error)))
    if kept is None:
        try:
            kept = opening_scenario()
        except InfeconError as error:
            faults.append(str(error))
    board, lost = restored(session.pins, session.against, file)
    if lost:
        faults.append(f"left out of the pins of the last session: {'; '.join(lost)}")
    history = History(present=kept or default_scenario())
    read = None
    try:
        if options.scenario is not None:
            scenario, read = load_scenario(options.scenario), options.scenario
            history = state.changed(history, scenario)
        for path, text in options.edits:
            history = state.changed(history, edited(history.present, path, text))
    except InfeconError as error:
        faults.append(str(error))
    return Start(history, _choices(), board, faults, read)


def _choices() -> dict[str, tuple[str, ...]]:
    """The ids of the catalogue, by the rows at which they are picked."""
    from infecon_tui.hardware.accelerator import Accelerator
    from infecon_tui.spec.library import ids
    from infecon_tui.workload.transformer import Transformer

    models = tuple(ids(Transformer))
    return {
        "model": models,
        "hardware": tuple(ids(Accelerator)),
        "speculation.draft": ("none", *models),
    }
