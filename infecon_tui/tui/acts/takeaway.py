"""What is written out of the explorer besides scenarios: the view on screen, and launch commands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from infecon_tui.errors import InfeconError
from infecon_tui.tui.answers import Ask, shown
from infecon_tui.tui.arrange import PLOTS
from infecon_tui.tui.screens.page import PageScreen
from infecon_tui.tui.widgets.questions import TextQuestion
from infecon_tui.view.records import captioned

if TYPE_CHECKING:
    from infecon_tui.solve import Answer
    from infecon_tui.tui.answers import Shown
    from infecon_tui.tui.screens.main import MainScreen
    from infecon_tui.tui.widgets.cells import Piece
    from infecon_tui.view.records import Figure, Table

_TABLES = {"table": "points", "why": "point"}
"""Panes that are written as a table, and what its file is called."""
DRAWN = (100, 30)
"""Columns and rows of a plot in a text."""


class TakeAway:
    """Asks where to, makes the content, and leaves the writing to Files."""

    def __init__(self, screen: MainScreen) -> None:
        self.screen = screen

    def do_write(self) -> None:
        """Asks for a file to write the view to; its suffix is the format."""
        kind, name = self._view()
        what, suffix = ("plot", "svg") if kind == "figure" else ("table", "csv")
        file = f"infecon-{name}.{suffix}"
        question = TextQuestion(f"write the {what} as", file, self.write_to, verb="write")
        self.screen.status.ask(question)

    def _view(self) -> tuple[Literal["figure", "table"], str]:
        """What has the keys, or else the plot on screen."""
        wish = self.screen.wish
        if wish.active in _TABLES:
            return "table", _TABLES[wish.active]
        second = wish.active == PLOTS[1]
        return "figure", wish.figures[1 if second else 0]

    def write_to(self, name: str) -> None:
        """Writes the view to a file; what stands in the way is said."""
        if not name:
            return
        kind, key = self._view()
        try:
            content = self._content(kind, key, Path(name))
        except InfeconError as error:
            self.screen.status.say(str(error), "bad")
            return
        self.screen.files.put(name, content)

    def _content(self, kind: Literal["figure", "table"], key: str, path: Path) -> str | bytes:
        from infecon_tui.export import for_file

        if kind == "figure":
            return self.content_of(kind, self._figure(key), path)
        return self.content_of(kind, self._table(key, for_file(kind, path).name), path)

    def content_of(
        self, kind: Literal["figure", "table"], record: Figure | Table, path: Path
    ) -> str | bytes:
        """A record in the format of a file. Raises InfeconError."""
        from infecon_tui.export import for_file
        from infecon_tui.view.records import Figure

        exporter = for_file(kind, path)
        content = exporter.make(record)
        if exporter.name == "txt" and isinstance(content, str) and isinstance(record, Figure):
            return f"{self._drawing(record)}\n{content}"
        return content

    def _drawing(self, figure: Figure) -> str:
        """The plot in characters, its lines lettered, for there are no colours in a text."""
        from infecon_tui.tui.widgets.plot.paint import paint
        from infecon_tui.tui.widgets.plot.sheet import Manner

        manner = Manner(symbols=self.screen.infecon.symbols, lettered=True)
        rows = paint(figure, *DRAWN, manner).rows
        return "".join("".join(cell for cell, _ in row).rstrip() + "\n" for row in rows)

    def _figure(self, key: str) -> Figure:
        now = self._now()
        figure = now.figure(key)
        assert figure is not None
        return captioned(figure, now.ask.scenario)

    def _table(self, key: str, form: str) -> Table:
        """The table as it stands; as data, all points with all that is known of them."""
        from infecon_tui.view.lines import point_table
        from infecon_tui.view.tables import all_points

        now = self._now()
        assert now.answer is not None
        assert now.table is not None
        if key == "points" and form in ("csv", "json"):
            return all_points(now.answer.points)
        table = point_table(now.answer) if key == "point" else now.table
        return captioned(table, now.ask.scenario)

    def _now(self) -> Shown:
        """The answer to the scenario of now, computed where it is not on screen yet. Raises InfeconError."""
        explorer = self.screen.explorer
        if explorer.scenario is None:
            raise InfeconError("nothing to write yet")
        ask, last = Ask(explorer.scenario, explorer.picked, ()), explorer.shown
        fresh = last is not None and (last.ask.scenario, last.ask.picked) == (
            ask.scenario,
            ask.picked,
        )
        found = last if fresh and last is not None else shown(ask)
        if found.trouble:
            raise InfeconError(found.trouble)
        return found

    # Launch commands

    def do_launch(self) -> None:
        """Shows the launch command of the scenario's engine."""
        self.launch_to("", "")

    def launch_to(self, engine: str, file: str) -> None:
        """The launch command for an engine (the scenario's), written to a file or shown on a page."""
        try:
            name, text = self._launch(engine)
        except InfeconError as error:
            self.screen.status.say(str(error), "bad")
            return
        if file:
            self.screen.files.put(file, text)
            return
        lines: list[list[Piece]] = [[(line, _role(line))] for line in text.splitlines()]
        copied = self.screen.files.copied(f"launch-{name}.sh")
        self.screen.app.push_screen(PageScreen(f"Launch with {name}", lines, copied))

    def _launch(self, engine: str) -> tuple[str, str]:
        from infecon_tui.export import engine_of, for_engine, launch_text

        answer = self._answer()
        name = engine_of(answer.scenario, engine)
        other = for_engine(answer.scenario, name)
        if other != answer.scenario:
            from infecon_tui.solve import ON_SCREEN, solve

            answer = solve(other, ON_SCREEN)
        return name, launch_text(answer, name)

    def _answer(self) -> Answer:
        answer = self._now().answer
        assert answer is not None
        return answer


def _role(line: str) -> str:
    return "muted" if line.startswith("#") else "text"
