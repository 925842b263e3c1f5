"""What leaves the screen and comes back: scenario files, copies, the session."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infecon_tui.errors import InfeconError
from infecon_tui.spec.place import is_file, place
from infecon_tui.tui.kept import session as sessions
from infecon_tui.tui.kept.recent import Recent
from infecon_tui.tui.screens.page import PageScreen, yaml_pieces
from infecon_tui.tui.screens.pick import PickScreen
from infecon_tui.tui.widgets.questions import TextQuestion, YesNo
from infecon_tui.tui.work import start
from infecon_tui.values import one_line

if TYPE_CHECKING:
    from textual.timer import Timer

    from infecon_tui.tui.screens.main import MainScreen
    from infecon_tui.tui.widgets.cells import Piece
    from infecon_tui.tui.widgets.status_line import StatusLine

SAVE_AFTER_S = 0.8
SCENARIOS = (".yaml", ".yml")
"""Suffixes of files that can be opened again."""


class Files:
    """Asks for paths on the status line, reads and writes, and says what became of it."""

    def __init__(self, screen: MainScreen) -> None:
        self.screen = screen
        self._timer: Timer | None = None

    @property
    def recent(self) -> Recent:
        """The files last saved or opened."""
        return Recent(self.screen.directory)

    # Scenario files

    def do_save(self) -> None:
        """Asks where to save the scenario."""
        scenario = self.screen.explorer.scenario
        if scenario is not None:
            words = one_line(scenario.name) or f"{scenario.model.id}-{scenario.hardware.id}"
            words = re.sub(r"[^\w.+-]+", "-", words).strip("-.") or "scenario"
            question = TextQuestion("save as", f"{words}.yaml", self.save_as, verb="save")
            self.screen.status.ask(question)

    def save_as(self, name: str) -> None:
        """Saves the scenario under a name."""
        scenario = self.screen.explorer.scenario
        if name and scenario is not None:
            self.put(name, sessions.yaml_of(scenario))

    def put(
        self,
        name: str,
        content: str | bytes,
        *,
        overwrite: bool = False,
        line: StatusLine | None = None,
    ) -> None:
        """Writes a file whole, asking before it replaces one, and says what became of it on a line (the
        explorer's own).
        """
        from infecon_tui.spec.write import write_atomically

        line = line or self.screen.status
        try:
            path = place(name)
            if is_file(path) and not overwrite:
                self._ask_overwrite(name, content, line)
                return
            write_atomically(path, content, overwrite=overwrite)
        except InfeconError as error:
            line.say(str(error), "bad")
            return
        line.say(f"saved {path}")
        if path.suffix in SCENARIOS:
            self.remember(path)

    def _ask_overwrite(self, name: str, content: str | bytes, line: StatusLine) -> None:
        def answered(yes: bool) -> None:
            if yes:
                self.put(name, content, overwrite=True, line=line)
            else:
                line.say("nothing was written", "plain")

        line.ask(YesNo(f"{name} exists. Overwrite it? y/n", answered))

    def do_open(self) -> None:
        """Asks for a scenario file."""
        self.screen.status.ask(TextQuestion("open", "", self.open_file, verb="open"))

    def open_file(self, name: str) -> None:
        """Takes the scenario of a file; what is wrong with it is said."""
        if not name:
            return
        from infecon_tui.spec.scenario_file import load_scenario

        try:
            path = place(name)
            if path.exists() and not (path.is_file() or path.is_dir()):
                # A pipe or a device may have no end.
                raise InfeconError(f"{name}: is not a file; expected a YAML file")
            scenario = load_scenario(path)
        except InfeconError as error:
            self.tell_fault(str(error))
            return
        self.screen.explorer.replace(scenario)
        self.screen.status.say(f"opened {name}; u goes back")
        self.remember(path)

    def remember(self, path: Path) -> None:
        """Puts a file on the list of recent ones."""
        try:
            self.recent.add(path)
        except InfeconError as error:
            self.screen.status.say(f"the list of recent files is not saved: {error}", "warning")

    def do_recent(self) -> None:
        """Lists the files last saved or opened."""
        files = self.recent.files
        if not files:
            self.screen.status.say("no file was saved or opened yet: w saves one", "plain")
            return
        # The name first: it is what one knows of a file, and what is cut last.
        choices = tuple(
            (f"{path.name}   {path.parent}", "" if is_file(path) else "missing") for path in files
        )
        screen = PickScreen("Recent files", choices, lambda at: self.open_file(str(files[at])))
        self.screen.app.push_screen(screen)

    def tell_fault(self, message: str) -> None:
        """Says what went wrong: on the status line, or on a page where it does not fit."""
        if "\n" not in message and len(message) < self.screen.size.width - 6:
            self.screen.status.say(message, "bad")
            return
        lines: list[list[Piece]] = [[(line, "text")] for line in message.split("\n")]
        self.screen.app.push_screen(
            PageScreen("It cannot be opened", lines, self.copied("error.txt"))
        )

    # Copies

    def do_show_yaml(self) -> None:
        """Shows the scenario as YAML."""
        scenario = self.screen.explorer.scenario
        if scenario is not None:
            lines = [yaml_pieces(line) for line in sessions.yaml_of(scenario).splitlines()]
            page = PageScreen("The scenario as YAML", lines, self.copied("scenario.yaml"))
            self.screen.app.push_screen(page)

    def do_copy_yaml(self) -> None:
        """Copies the scenario."""
        scenario = self.screen.explorer.scenario
        if scenario is not None:
            self._copy("scenario.yaml", sessions.yaml_of(scenario))

    def do_copy_result(self) -> None:
        """Copies the headline and the table."""
        self._copy("result.txt", self._result())

    def _result(self) -> str:
        shown = self.screen.explorer.shown
        if shown is None or shown.table is None:
            return ""
        subject = self.screen.headline.subject
        lines = [f"{subject.model} on {subject.hardware}, {subject.fidelity}"]
        lines += [f"{m.label}\t{m.value}\t{m.unit}".strip() for m in shown.metrics]
        if (compared := shown.compared) is not None:
            lines += ["", *(f"{pin.letter}\t{pin.name}" for pin in shown.pins)]
            lines += ["\t".join(column.title for column in compared.table.columns)]
            lines += ["\t".join(row) for row in compared.table.rows]
        lines += ["", "\t".join(f"{c.title} {c.unit}".strip() for c in shown.table.columns)]
        lines += ["\t".join(row) for row in shown.table.rows]
        return "\n".join(lines) + "\n"

    def _copy(self, name: str, text: str) -> None:
        if text:
            self.screen.status.say(self.copied(name)(text))

    def copied(self, name: str) -> Any:
        """A function that copies a text, also to a file of this name, and says so."""

        def copy(text: str) -> str:
            self.screen.app.copy_to_clipboard(text)
            path = self.screen.directory / name
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            except OSError as error:
                return f"copied; {path}: {error.strerror}"
            return f"copied, also to {path}"

        return copy

    # The session

    def save_later(self) -> None:
        """Saves the session after a pause."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.screen.set_timer(SAVE_AFTER_S, self._save_in_background)

    def _save_in_background(self) -> None:
        self._timer = None
        session = self._session()
        if session is not None:
            start(self.screen, self._write, session, group="session", exclusive=False)

    def _session(self) -> sessions.Session | None:
        history = self.screen.explorer.history
        if history is None:
            return None
        return sessions.session_of(
            history,
            self.screen.explorer.board,
            self.screen.infecon.look.shade,
            self.screen.moves.view(),
        )

    async def _write(self, session: sessions.Session) -> None:
        try:
            await asyncio.to_thread(
                sessions.save, self.screen.directory, session, self.screen.infecon.number
            )
        except InfeconError as error:
            self.screen.status.say(f"the session is not saved: {error}", "warning")

    def save_session(self) -> None:
        """Saves the session at once; before the program ends."""
        session = self._session()
        if session is not None:
            try:
                sessions.save(self.screen.directory, session, self.screen.infecon.number)
            except InfeconError as error:
                self.screen.status.say(f"the session is not saved: {error}", "warning")
