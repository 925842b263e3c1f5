"""A page of text over the explorer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size
from textual.layout import Layout, WidgetPlacement

from infecon_tui.tui.commands.places import PAGE
from infecon_tui.tui.commands.registry import ALWAYS, keys_of
from infecon_tui.tui.messages import Commanded, Said
from infecon_tui.tui.screens.base import KeyScreen
from infecon_tui.tui.screens.over import write_over, write_words
from infecon_tui.tui.widgets.key_bar import KeyBar
from infecon_tui.tui.widgets.page_view import PageView
from infecon_tui.tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.layout import ArrangeResult
    from textual.widget import Widget

    from infecon_tui.tui.widgets.cells import Piece
    from infecon_tui.view.records import Table

_OWN = ("close", "copy", "write")
"""What the screen of a page does itself; the rest moves in the page."""


class PageLayout(Layout):
    """A title, the page, and the keys."""

    name = "page"

    def arrange(
        self,
        parent: Widget,  # noqa: ARG002 - the signature is Textual's
        children: list[Widget],
        size: Size,
        greedy: bool = True,  # noqa: ARG002
    ) -> ArrangeResult:
        """One placement for each part."""
        width, height = size
        regions = {
            "title": Region(0, 0, width, 1),
            "page": Region(0, 2, width, max(0, height - 3)),
            "keys": Region(0, height - 1, width, 1),
        }
        return [
            WidgetPlacement(regions[child.id], NULL_OFFSET, NULL_SPACING, child)
            for child in children
            if child.id in regions
        ]


class SheetLayout(Layout):
    """A table or plot, under it what is said of it, and the keys; as on the explorer's own screen."""

    name = "sheet"

    def __init__(self, lines: Callable[[int], int]) -> None:
        self._lines = lines
        """The lines of what is said, by the width."""

    def arrange(
        self,
        parent: Widget,  # noqa: ARG002 - the signature is Textual's
        children: list[Widget],
        size: Size,
        greedy: bool = True,  # noqa: ARG002
    ) -> ArrangeResult:
        """One placement for each part."""
        width, height = size
        said = min(self._lines(width), max(1, height - 4))
        regions = {
            "page": Region(0, 0, width, max(0, height - said - 1)),
            "title": Region(0, height - said - 1, width, said),
            "keys": Region(0, height - 1, width, 1),
        }
        return [
            WidgetPlacement(regions[child.id], NULL_OFFSET, NULL_SPACING, child)
            for child in children
            if child.id in regions
        ]


class PageScreen(KeyScreen):
    """Shows lines until it is closed. `copied` takes the text when the user wants a copy; with a `table`, what
    the page shows is written as that.
    """

    def __init__(
        self,
        title: str,
        lines: list[list[Piece]],
        copied: Callable[[str], str] | None = None,
        table: Table | None = None,
    ) -> None:
        super().__init__()
        self._title, self._copied, self._table = title, copied, table
        self._layout_of_page = PageLayout()
        # Made here, for keys typed right after the one that opened the page come before it is composed.
        self.told, self.page, self.keys = (
            StatusLine(id="title"),
            PageView(lines, id="page"),
            KeyBar(id="keys"),
        )

    @property
    def layout(self) -> Layout:
        return self._layout_of_page

    def compose(self) -> ComposeResult:
        yield from (self.told, self.page, self.keys)

    def on_mount(self) -> None:
        self.told.explain([(f" {self._title} ", "chip")])
        self._show_keys()

    def press(self, key: str, character: str | None) -> None:
        self.told.hush()
        if key in ALWAYS:
            self.app.exit(0)
        elif self.told.press(key, character):
            self._show_keys()
        elif (action := keys_of(PAGE).get(key)) in _OWN:
            self._act(action)
        else:
            self.page.press(key, character)

    def paste(self, text: str) -> None:
        self.told.paste(text)

    def hear(self, said: Said) -> None:
        if isinstance(said, Commanded):
            if said.action in _OWN:
                self._act(said.action)
            else:
                self.page.press(
                    {"down": "down", "page_down": "pagedown"}.get(said.action, ""), None
                )

    def _act(self, action: str) -> None:
        if action == "close":
            self.dismiss()
        elif action == "copy":
            self._copy()
        elif self._table is not None:
            write_over(self, self.told, "table", self._table)
        else:
            write_words(self, self.told, self._title, self.page.text)
        self._show_keys()

    def _show_keys(self) -> None:
        asked = self.told.question
        self.keys.show(PAGE, asked.mode if asked else "", asked.verb if asked else "")

    def _copy(self) -> None:
        if self._copied is not None:
            words = self._copied(self.page.text)
            self.told.explain([(f" {self._title} ", "chip"), (f"  {words}", "good")])


def yaml_pieces(line: str) -> list[Piece]:
    """A line of YAML with its key set off from its value."""
    key, colon, value = line.partition(":")
    if not colon or line.lstrip().startswith("#"):
        return [(line, "muted" if line.lstrip().startswith("#") else "text")]
    return [(key, "accent"), (colon, "muted"), (value, "text")]
