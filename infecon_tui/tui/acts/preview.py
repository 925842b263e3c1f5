"""What a choice of a list would change, told while the cursor stands on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui.errors import InfeconError
from infecon_tui.tui.answers import Ask, Newest, Shown
from infecon_tui.tui.kept.pins import Pin
from infecon_tui.tui.kept.state import with_value
from infecon_tui.tui.widgets.metric_lines import pieces_of

if TYPE_CHECKING:
    from textual.timer import Timer

    from infecon_tui.tui.screens.main import MainScreen
    from infecon_tui.tui.widgets.cells import Piece

PAUSE_S = 0.06
"""Choices that are passed quicker are not computed."""
_NOW = "now"


class Preview:
    """Computes the scenario with the choice, beside that of now; the newest choice only."""

    def __init__(self, screen: MainScreen) -> None:
        self.screen = screen
        self.newest = Newest(screen, self._answered)
        self._timer: Timer | None = None

    def consider(self, path: str, choice: str) -> None:
        """Will tell of a choice, unless another one comes first."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.screen.set_timer(PAUSE_S, lambda: self._begin(path, choice))

    def _begin(self, path: str, choice: str) -> None:
        now = self.screen.explorer.scenario
        if now is None or self._chosen != choice:
            return
        try:
            other = with_value(now, path, choice)
        except InfeconError as error:
            self._tell(choice, [(str(error), "bad")])
            return
        self.newest.ask(Ask(other, None, (), (Pin(_NOW, "", now),), _NOW))

    def _answered(self, shown: Shown) -> None:
        menu = self.screen.grid.menu
        now = shown.ask.pins[0].scenario
        if menu is None or self._chosen is None or now != self.screen.explorer.scenario:
            return
        if with_value(now, menu.row.path, self._chosen) == shown.ask.scenario:
            self._tell(self._chosen, self._words(shown))

    def _words(self, shown: Shown) -> list[Piece]:
        if shown.trouble or shown.verdict:
            return [(shown.trouble or shown.verdict, "bad")]
        return pieces_of(shown.metrics, ascii_only=self.screen.grid.ascii)

    def _tell(self, choice: str, words: list[Piece]) -> None:
        self.screen.status.explain([(f" {choice}  ", "strong"), *words])

    @property
    def _chosen(self) -> str | None:
        """The choice under the cursor of the list, while there is one."""
        menu = self.screen.grid.menu
        return menu.choice if menu is not None else None
