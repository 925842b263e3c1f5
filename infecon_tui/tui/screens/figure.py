"""One plot over the explorer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui.tui.commands import ALWAYS, FIGURE, keys_of
from infecon_tui.tui.messages import Commanded, Said
from infecon_tui.tui.screens.base import KeyScreen
from infecon_tui.tui.screens.page import PageLayout
from infecon_tui.tui.widgets.key_bar import KeyBar
from infecon_tui.tui.widgets.plot import PlotView
from infecon_tui.tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.layout import Layout

    from infecon_tui.view.records import Figure


class FigureScreen(KeyScreen):
    """Shows a figure, with a crosshair, until it is closed. Plotext must have been loaded."""

    def __init__(self, figure: Figure, note: str = "", *, lettered: bool = False) -> None:
        super().__init__()
        self._figure, self._note = figure, note
        self._layout_of_page = PageLayout()
        self.told, self.plot, self.keys = (
            StatusLine(id="title"),
            PlotView(id="page"),
            KeyBar(id="keys"),
        )
        self.plot.lettered = lettered
        self.plot.active = True

    @property
    def layout(self) -> Layout:
        return self._layout_of_page

    def compose(self) -> ComposeResult:
        yield from (self.told, self.plot, self.keys)

    def on_mount(self) -> None:
        self.told.explain([(f" {self._note}", "muted")])
        self.keys.show(FIGURE)
        self.plot.show(self._figure)
        self.plot.wake()

    def press(self, key: str, character: str | None) -> None:
        if key in ALWAYS:
            self.app.exit(0)
        elif key in keys_of(FIGURE):
            self.dismiss()
        else:
            self.plot.press(key, character)

    def hear(self, said: Said) -> None:
        if isinstance(said, Commanded) and said.action == "close":
            self.dismiss()
