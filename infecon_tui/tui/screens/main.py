"""The explorer's screen: which pane has the keys, and who acts on what is typed and said."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from infecon_tui.tui.acts.checks import Checks
from infecon_tui.tui.acts.explains import Explains
from infecon_tui.tui.acts.files import Files
from infecon_tui.tui.acts.moves import Moves
from infecon_tui.tui.acts.overs import Overs
from infecon_tui.tui.acts.preview import Preview
from infecon_tui.tui.acts.scenarios import Scenarios
from infecon_tui.tui.acts.takeaway import TakeAway
from infecon_tui.tui.acts.tour import Tour
from infecon_tui.tui.arrange import PLOTS, Plan, PlanLayout, Wish, plan
from infecon_tui.tui.commands.command_line import CommandLine
from infecon_tui.tui.commands.registry import ALWAYS, keys_of
from infecon_tui.tui.commands.words import VIEW
from infecon_tui.tui.explorer import Explorer
from infecon_tui.tui.kept.session import Session
from infecon_tui.tui.messages import (
    Activated,
    Chosen,
    Commanded,
    Considered,
    Edited,
    Highlighted,
    Picked,
    Reset,
    Said,
    Typed,
)
from infecon_tui.tui.remarks import reading, remark
from infecon_tui.tui.screens.base import KeyScreen
from infecon_tui.tui.widgets.bars_view import BarsView
from infecon_tui.tui.widgets.grid.property_grid import PropertyGrid
from infecon_tui.tui.widgets.headline import Headline, Subject
from infecon_tui.tui.widgets.key_bar import KeyBar
from infecon_tui.tui.widgets.plot.plot import PlotView
from infecon_tui.tui.widgets.small_view import SmallView
from infecon_tui.tui.widgets.status_line import StatusLine
from infecon_tui.tui.widgets.table.view import TableView
from infecon_tui.tui.work import start, wake

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from textual import events
    from textual.app import ComposeResult
    from textual.layout import Layout

    from infecon_tui.tui.app import InfeconApp
    from infecon_tui.tui.options import Options
    from infecon_tui.tui.widgets.pane import Pane


class MainScreen(KeyScreen):
    """The inputs and every view of their answer."""

    def __init__(self, options: Options) -> None:
        super().__init__()
        self.options = options
        self.wish = Wish()
        self.headline = Headline(id="headline")
        self.status, self.keys = StatusLine(id="status"), KeyBar(id="keys")
        self.grid, self.table = PropertyGrid(id="inputs"), TableView(id="table")
        self.why = BarsView(id="why")
        self.plots = {name: PlotView(id=name) for name in PLOTS}
        self.panes: dict[str, Pane] = {
            "inputs": self.grid,
            **self.plots,
            "table": self.table,
            "why": self.why,
        }
        self.explorer, self.files, self.moves = Explorer(self), Files(self), Moves(self)
        self.tour, self.overs = Tour(self), Overs(self)
        self.explains, self.checks = Explains(self), Checks(self)
        self.scenarios = Scenarios(self)
        self.takeaway = TakeAway(self)
        self.preview = Preview(self)
        self.line = CommandLine(self)
        self._plan_layout = PlanLayout(lambda: self.wish)
        self._started = self._warm = False

    @property
    def layout(self) -> Layout:
        return self._plan_layout

    def compose(self) -> ComposeResult:
        yield from (self.headline, *self.panes.values(), self.status, self.keys)
        yield SmallView(id="small")

    @property
    def infecon(self) -> InfeconApp:
        """The app by its own type."""
        return cast("InfeconApp", self.app)

    @property
    def directory(self) -> Path:
        """Where the session and copies are kept."""
        return self.infecon.directory

    @property
    def plan(self) -> Plan:
        """What is on screen, and where."""
        return plan(self.size.width, self.size.height, self.wish)

    @contextmanager
    def arranged(self, before: Plan) -> Iterator[None]:
        """Places the panes that another plan had elsewhere, then sends once what is drawn in here.

        Textual would place them later, and take what is drawn in a pane before that for seen: such a
        pane gets no event of its size, and can stay as it was.
        """
        plan = self.plan
        moved = [pane for name, pane in self.panes.items() if plan.get(name) != before.get(name)]
        with self.app.batch_update():
            if plan != before:
                self._clear_arrangement_cache()
                self._refresh_layout()
            yield
            for pane in moved:
                pane.sent_whole()

    def figures(self) -> Sequence[tuple[PlotView, str]]:
        """The plots on screen with the figures they show."""
        names = dict(zip(PLOTS, self.wish.figures, strict=True))
        return [(self.plots[name], names[name]) for name in PLOTS if name in self.plan]

    # The start

    def on_mount(self) -> None:
        self.grid.activate(active=True)
        for plot in self.plots.values():
            plot.lettered = self.infecon.terminal.depth == "none"
        self.headline.show(Subject(remark="reading the catalogue"), ())
        self.call_after_refresh(self.run_worker, self._begin(), name="begin")

    async def _begin(self) -> None:
        app = self.infecon
        if not self.options.fresh:
            self.moves.restore(app.session.view)
        await self.explorer.begin(self.options, app.session)
        if app.session_fault:
            self.status.say(app.session_fault, "warning")
        elif app.number > 1:
            said = "another explorer is open; this one keeps a session of its own"
            self.status.say(said, "plain")
        elif app.session == Session() and self.options.by_session:
            self.status.say("new here? F2 is a tour of three minutes, ? the help", "plain")
        self._started = True

    def answered(self) -> None:
        """After the first answer plotext is loaded, the last thing that a start has to wait for."""
        if not self._warm:
            self._warm = True
            start(self, wake, tuple(self.plots.values()), group="wake")

    @property
    def settled(self) -> bool:
        """Whether the screen shows the answer to the scenario of now, and nothing is under way."""
        shown = self._started and not self.explorer.newest.busy
        return shown and all(plot.settled for plot, _ in self.figures())

    @property
    def rested(self) -> bool:
        """Settled, with what is looked into after a pause told too."""
        return self.settled and not self.explorer.display.late.busy

    # Keys and what panes say

    def press(self, key: str, character: str | None) -> None:
        if key in ALWAYS:
            self.moves.do_quit()
            return
        self.status.hush()
        if not self.status.press(key, character):
            action = keys_of("").get(key)
            if not self.panes[self.wish.active].press(key, character) and action:
                self.act(action)
        if self.tour.at is not None:
            self.tour.follow()
            self.explain()
        self.show_keys()

    def paste(self, text: str) -> None:
        taker = self.status if self.status.question else self.panes[self.wish.active]
        taker.paste(text)
        self.show_keys()

    def act(self, action: str) -> None:
        """Runs a command of the registry."""
        if action.startswith(VIEW):
            self.moves.view_figure(action.removeprefix(VIEW))
            return
        actors = (
            *(self.overs, self.moves, self.explorer, self.explains, self.files, self.scenarios),
            *(self.takeaway, self.checks, self.line),
        )
        for actor in (*actors, self.panes[self.wish.active]):
            if (method := getattr(actor, f"do_{action}", None)) is not None:
                method()
                return

    def hear(self, said: Said) -> None:
        match said:
            case Edited(path, text, step):
                self.explorer.edit(path, text, step=step)
            case Typed(path, text):
                self.explorer.judge(path, text)
            case Considered(path, text):
                self.preview.consider(path, text)
            case Picked(path, text):
                self.explorer.edit(path, text)
            case Reset(path):
                self.explorer.reset(path)
            case Highlighted():
                self.explain()
            case Chosen(row):
                self.explorer.choose(row)
            case Activated(pane):
                self.moves.to(self.wish.to(pane))
            case Commanded(action):
                self.act(action)
        self.show_keys()

    # What stands at the bottom

    def explain(self, fault: str = "") -> None:
        """Tells what the row under the cursor means, or what is wrong with what is typed in it; how to read
        the view that has the keys.
        """
        view = self.moves.viewed
        here = reading(view, self.status.room) if view and not fault else remark(self.grid, fault)
        self.status.explain(self.tour.pieces() or here)

    def show_keys(self) -> None:
        """Offers the keys that mean something now."""
        mode = "typing" if self.grid.edit else "choosing" if self.grid.menu else ""
        verb = ""
        if self.status.question:
            mode, verb = self.status.question.mode, self.status.question.verb
        self.keys.show(self.panes[self.wish.active].where, mode, verb)

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002
        self.moves.refit()
