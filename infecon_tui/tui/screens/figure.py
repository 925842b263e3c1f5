"""One plot over the explorer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui.tui.commands.places import CHECKED, DRAWN, FIGURE, PLOT
from infecon_tui.tui.commands.registry import ALWAYS, keys_of
from infecon_tui.tui.messages import Commanded, Said
from infecon_tui.tui.screens.base import KeyScreen
from infecon_tui.tui.screens.over import write_over
from infecon_tui.tui.screens.page import SheetLayout
from infecon_tui.tui.widgets.key_bar import KeyBar
from infecon_tui.tui.widgets.plot.plot import PlotView
from infecon_tui.tui.widgets.status_line import NoteLine

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual import events
    from textual.app import ComposeResult
    from textual.layout import Layout

    from infecon_tui.view.records import Figure


class FigureScreen(KeyScreen):
    """Shows a figure, with a crosshair, until it is closed. Plotext must have been loaded.

    `sheets` make the screens of what it was drawn from, by action: its `rows`, and `why` predictions miss.
    """

    def __init__(
        self,
        figure: Figure,
        note: str = "",
        *,
        lettered: bool = False,
        sheets: Mapping[str, Callable[[], KeyScreen]] | None = None,
    ) -> None:
        super().__init__()
        self._figure, self._note, self._sheets = figure, note, sheets or {}
        self.told, self.plot, self.keys = (
            NoteLine(id="title"),
            PlotView(id="page"),
            KeyBar(id="keys"),
        )
        self.told.note = note
        self._layout_of_page = SheetLayout(self.told.rows)
        self.plot.lettered = lettered
        self.plot.active = True

    @property
    def layout(self) -> Layout:
        return self._layout_of_page

    @property
    def _place(self) -> str:
        if "why" in self._sheets:
            return CHECKED
        return DRAWN if self._sheets else FIGURE

    def compose(self) -> ComposeResult:
        yield from (self.told, self.plot, self.keys)

    def on_mount(self) -> None:
        self.told.put(self._note)
        self._show_keys()
        self.plot.show(self._figure)
        self.plot.wake()

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002
        self.call_after_refresh(self.told.put, self._note)

    def press(self, key: str, character: str | None) -> None:
        self.told.hush()
        if key in ALWAYS:
            self.app.exit(0)
        elif self.told.press(key, character):
            self._show_keys()
        elif (action := keys_of(self._place).get(key)) is not None:
            self._act(action)
        else:
            self.plot.press(key, character)

    def paste(self, text: str) -> None:
        self.told.paste(text)

    def hear(self, said: Said) -> None:
        if isinstance(said, Commanded):
            self._act(said.action)

    def _act(self, action: str) -> None:
        if action == "close":
            self.dismiss()
        elif action == "help":
            self._help()
        elif action in self._sheets:
            self.app.push_screen(self._sheets[action]())
        elif action == "write":
            write_over(self, self.told, "figure", self._figure)
            self._show_keys()

    def _show_keys(self) -> None:
        asked = self.told.question
        self.keys.show(self._place, asked.mode if asked else "", asked.verb if asked else "")

    def _help(self) -> None:
        from infecon_tui.tui.screens.help import help_over

        axes = (("across", self._figure.x), ("up", self._figure.y))
        told = [(name, f"{axis.label}, {axis.unit}") for name, axis in axes]
        told += [(one.label, "dots" if one.dots else "a line") for one in self._figure.series]
        help_over(self, (self._place, PLOT), self._figure.key, told)
