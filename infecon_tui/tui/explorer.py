"""The scenario on screen: changes it, asks for its answer, and gives both to the panes."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from infecon_tui.errors import InfeconError
from infecon_tui.tui import session as sessions
from infecon_tui.tui import state
from infecon_tui.tui.answers import Ask, Newest, Shown
from infecon_tui.tui.pins import Board, restored
from infecon_tui.tui.sections import sections_of, tags_of
from infecon_tui.tui.state import History
from infecon_tui.tui.widgets.bars_view import Section
from infecon_tui.tui.widgets.headline import Subject
from infecon_tui.values import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from infecon_tui.scenario import Scenario
    from infecon_tui.tui.screens.main import MainScreen
    from infecon_tui.view.records import Group


class Explorer:
    """Between the main screen's panes and the engine."""

    def __init__(self, screen: MainScreen) -> None:
        self.screen = screen
        self.history: History | None = None
        self.groups: tuple[Group, ...] = ()
        self.shown: Shown | None = None
        self.picked: int | None = None
        self.board = Board()
        self.trouble = ""
        self.choices: dict[str, tuple[str, ...]] = {}
        self.newest = Newest(screen, self._answered)

    @property
    def scenario(self) -> Scenario | None:
        return self.history.present if self.history else None

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
        self.show_rows()
        self.ask()
        self.screen.files.save_later()

    # What the panes show

    def show_rows(self) -> None:
        """Gives the inputs their rows."""
        from infecon_tui.spec.scenario_file import base_of
        from infecon_tui.view.forms import editor

        if self.scenario is not None:
            self.groups = editor(self.scenario, base_of(self.scenario), self.choices)
            self.screen.grid.show(self.groups)
            self.screen.explain()
            self._show_headline()

    def ask(self) -> None:
        """Wants the answer to the scenario of now."""
        if self.scenario is not None:
            figures = tuple(figure for _, figure in self.screen.figures())
            board = self.board
            self.newest.ask(Ask(self.scenario, self.picked, figures, board.pins, board.against))

    def pin(self, board: Board) -> None:
        """Takes other pins: told at once, their answers as soon as they are known."""
        self.board = board
        self._show_headline()
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
        self.trouble = shown.trouble
        if not shown.trouble:
            self.shown = shown
        self._show_headline()
        self.show_answer()
        self.screen.answered()

    def _show_headline(self) -> None:
        scenario, shown = self.scenario, self.shown
        if scenario is None:
            return
        picked = "chosen point" if self.picked is not None else ""
        subject = Subject(
            model=scenario.model.id,
            hardware=scenario.hardware.id,
            fidelity=scenario.fidelity,
            changed=sum(row.changed for group in self.groups for row in group.rows),
            remark=picked,
            trouble=self.trouble,
            name=one_line(scenario.name),
            pins=tags_of(self.board, scenario, shown.pins if shown else ()),
        )
        self.screen.headline.show(subject, shown.metrics if shown else ())

    def show_answer(self) -> None:
        """Gives the panes on screen the last good answer; faint where the scenario has none."""
        shown = self.shown
        if shown is None or shown.table is None:
            self._show_trouble()
            return
        for plot, key in self.screen.figures():
            figure = shown.figure(key)
            if figure is not None:
                plot.show(figure, stale=bool(self.trouble))
        self.screen.table.show(shown.table, shown.chosen)
        self.screen.why.show(sections_of(shown, self.groups, self.trouble))

    def _show_trouble(self) -> None:
        """Says in every pane why there is no answer, where there never was one."""
        if self.trouble:
            from infecon_tui.view.figures import untold

            for plot, key in self.screen.figures():
                plot.show(untold(key, self.trouble))
            self.screen.why.show((Section(title="Why there is no answer", text=self.trouble),))

    # The start

    async def begin(self, scenario: str | None, session: sessions.Session, *, fresh: bool) -> None:
        """Loads what to open on, away from the screen, then shows it."""
        file = str(sessions.session_file(self.screen.directory, self.screen.infecon.number))
        start = await asyncio.to_thread(
            _opened, scenario, sessions.Session() if fresh else session, file
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


def _opened(scenario: str | None, session: sessions.Session, file: str) -> Start:
    from infecon_tui.spec.scenario_file import default_scenario, load_scenario, opening_scenario

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
    if scenario is not None:
        try:
            history, read = state.changed(history, load_scenario(scenario)), scenario
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
