"""Moving about the screen: panes, plots, finding rows, pages, the theme, the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infecon_tui.errors import InfeconError
from infecon_tui.tui.arrange import PANES, PLOTS, Wish
from infecon_tui.tui.commands.registry import COMMANDS
from infecon_tui.tui.commands.words import VIEW
from infecon_tui.tui.screens.page import PageScreen
from infecon_tui.tui.widgets.questions import TextQuestion
from infecon_tui.tui.widgets.table.narrowing import narrowing

if TYPE_CHECKING:
    from infecon_tui.tui.screens.main import MainScreen
    from infecon_tui.view.explanation import Facts

FIGURES = tuple(c.action.removeprefix(VIEW) for c in COMMANDS if c.action.startswith(VIEW))
"""The plots, by the names of the commands that show them."""


class Moves:
    """The commands that change what is seen and not what is asked."""

    def __init__(self, screen: MainScreen) -> None:
        self.screen = screen
        self.query = ""

    # Panes

    def to(self, wish: Wish) -> None:
        """Shows what is wished, and hands the keys over."""
        screen, before = self.screen, self.screen.plan
        old, screen.wish = screen.wish, wish
        with screen.arranged(before):
            if old.active != wish.active:
                if old.active == "inputs":
                    screen.grid.leave()
                screen.panes[old.active].activate(active=False)
                screen.panes[wish.active].activate(active=True)
            screen.explorer.display.panes()
        self._show_tab()
        screen.explain()
        screen.show_keys()

    def _show_tab(self) -> None:
        wish = self.screen.wish
        shown = tuple(map(wish.action_of, self.screen.plan))
        self.screen.headline.select(wish.action_of(wish.active), shown)

    def refit(self) -> None:
        """After a change of size: keys never go to a pane that is not seen."""
        wish = self.screen.wish
        if "small" in self.screen.plan or wish.active in self.screen.plan:
            self.to(wish)
        elif wish.active == "plot2":
            self.to(wish.to_figure(wish.figures[1], self.screen.plan))
        else:
            self.to(wish.to(wish.active))

    def do_next_pane(self) -> None:
        """The next pane on screen; all of them where they take turns."""
        self._cycle(1)

    def do_previous_pane(self) -> None:
        """The pane before."""
        self._cycle(-1)

    def _cycle(self, count: int) -> None:
        screen = self.screen
        shown = [pane for pane in PANES if pane in screen.plan]
        ring = shown if len(shown) > 1 else [pane for pane in PANES if pane != "plot2"]
        here = ring.index(screen.wish.active) if screen.wish.active in ring else 0
        self.to(screen.wish.to(ring[(here + count) % len(ring)]))

    def do_pane_inputs(self) -> None:
        """The inputs."""
        self.to(self.screen.wish.to("inputs"))

    def do_pane_table(self) -> None:
        """The table."""
        self.to(self.screen.wish.to("table"))

    def do_pane_why(self) -> None:
        """Where the time goes."""
        self.to(self.screen.wish.to("why"))

    def view_figure(self, figure: str) -> None:
        """The plot of one of FIGURES."""
        self.to(self.screen.wish.to_figure(figure, self.screen.plan))

    # Rows

    def do_pick_model(self) -> None:
        """The catalogue of models."""
        self._pick("model")

    def do_pick_hardware(self) -> None:
        """The catalogue of accelerators."""
        self._pick("hardware")

    def do_pick_draft(self) -> None:
        """The models again, to draft."""
        self._pick("speculation.draft")

    def _pick(self, path: str) -> None:
        self.do_pane_inputs()
        self.screen.grid.open(path)

    def do_find(self) -> None:
        """Asks for words of a row, and goes there as they are typed."""
        self.do_pane_inputs()
        grid = self.screen.grid
        start, folded = grid.cursor, grid.folded

        def back() -> None:
            """Groups that were opened for fewer letters are folded again."""
            grid.move_to(start)
            if grid.folded != folded:
                grid.refold(folded)

        def sought(text: str) -> None:
            self.query = text
            if grid.folded != folded or not grid.seek(text, start):
                back()
                grid.seek(text, start)

        def done(text: str) -> None:
            if text and not grid.seek(text, start):
                self.screen.status.say(f"no row is named {text}", "plain")

        question = TextQuestion("find", "", done, verb="go there", changed=sought, dropped=back)
        self.screen.status.ask(question)

    def do_narrow(self) -> None:
        """Asks for words that rows of the table must hold."""
        self.screen.status.ask(narrowing(self.screen.table))

    def do_find_next(self) -> None:
        """The next row found."""
        self._further(1)

    def do_find_previous(self) -> None:
        """The row found before."""
        self._further(-1)

    def _further(self, count: int) -> None:
        self.do_pane_inputs()
        if not self.query or not self.screen.grid.seek_further(self.query, count):
            self.screen.status.say("nothing to find: / begins", "plain")

    # The whole screen

    def do_theme(self) -> None:
        """Dark or light."""
        screen = self.screen
        screen.infecon.restyle("light" if screen.infecon.look.shade == "dark" else "dark")
        screen.files.save_later()

    def do_suspend(self) -> None:
        """Back to the shell."""
        self.screen.infecon.do_suspend()

    def do_redraw(self) -> None:
        """The whole screen again."""
        self.screen.infecon.do_redraw()

    def do_tour(self) -> None:
        """Begins the tour, or goes on in it."""
        self.screen.tour.next()
        self.screen.explain()

    def do_help(self) -> None:
        """The page of help."""
        from infecon_tui.tui.kept.session import session_file
        from infecon_tui.tui.screens.help import help_lines

        screen = self.screen
        files = [("session", str(session_file(screen.directory, screen.infecon.number)))]
        size = (screen.size.width, screen.size.height)
        lines = help_lines(screen.infecon.terminal, size, files, self._here())
        screen.app.push_screen(PageScreen("Help", lines, screen.files.copied("help.txt")))

    @property
    def viewed(self) -> str:
        """The name of the view that has the keys; nothing in the inputs."""
        wish = self.screen.wish
        if wish.active in PLOTS:
            return wish.figures[PLOTS.index(wish.active)]
        return {"table": "frontier", "why": "why"}.get(wish.active, "")

    def _here(self) -> Facts:
        """What is known of the row under the cursor, or of the view that has the keys."""
        from infecon_tui.spec.scenario_file import base_of
        from infecon_tui.view.explanation import explanation

        scenario, row = self.screen.explorer.scenario, self.screen.grid.row
        name = self.viewed or (row.path if row else "")
        try:
            return explanation(scenario, name, base_of(scenario)) if scenario and name else ()
        except InfeconError:
            return ()

    def do_quit(self) -> None:
        """Ends the program; the session is kept."""
        self.screen.files.save_session()
        self.screen.app.exit(0)

    # The session

    def view(self) -> dict[str, Any]:
        """How the screen is looked at, for the session."""
        screen, wish = self.screen, self.screen.wish
        return {
            "active": wish.active,
            "figures": list(wish.figures),
            "lower": wish.lower,
            "folded": sorted(screen.grid.folded),
            "cursor": screen.grid.cursor,
            "lines": screen.line.past,
        }

    def restore(self, view: dict[str, Any]) -> None:
        """Looks as a session did; what it says that is not known is passed over."""
        wish = Wish()
        figures = view.get("figures")
        if isinstance(figures, list) and len(figures) == len(PLOTS) == len(set(map(str, figures))):
            first, second = map(str, figures)
            if first in FIGURES and second in FIGURES:
                wish = Wish(figures=(first, second))
        for key in ("lower", "active"):
            if view.get(key) in PANES:
                wish = wish.to(view[key])
        folded = view.get("folded")
        if isinstance(folded, list):
            self.screen.grid.folded = frozenset(map(str, folded))
            self.screen.grid.fold_at_first = False
        self.screen.grid.cursor = str(view.get("cursor", ""))
        lines = view.get("lines")
        if isinstance(lines, list):
            self.screen.line.past = [line for line in lines if isinstance(line, str)]
        self.to(wish)
        self.refit()
