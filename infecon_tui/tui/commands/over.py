"""The commands of what lies over the explorer: pages, tables and plots."""

from __future__ import annotations

from infecon_tui.tui.commands.command import HELP_KEYS, Command
from infecon_tui.tui.commands.places import CHECKED, DRAWN, FIGURE, PAGE, SHEET

_ROWS = ("rows", ("b",), "b", "rows", "the rows of the file")
_WHY = ("why", ("x",), "x", "why", "where the error of groups comes from")
_OVER = (
    ("write", ("W",), "W", "write", "write the plot: SVG, PNG, text, CSV, JSON"),
    ("help", HELP_KEYS, "?", "help", "the keys here"),
    ("close", ("escape", "q", "enter"), "esc", "close", "back"),
)


def _over(where: str, *own: tuple[str, tuple[str, ...], str, str, str]) -> tuple[Command, ...]:
    """The commands of a plot over the explorer: its own, and those that all have."""
    return tuple(Command(*said, where, bar) for bar, said in enumerate((*own, *_OVER), 1))


OVER_COMMANDS: tuple[Command, ...] = (
    Command("up", ("up", "k"), "↑ k", "up", "a line up", PAGE),
    Command("down", ("down", "j"), "↓ j", "scroll", "a line down", PAGE, 1, "↑↓"),
    Command("page_up", ("pageup", "b"), "PgUp b", "page up", "a page up", PAGE),
    Command("page_down", ("pagedown", "space"), "PgDn space", "page down", "a page down", PAGE, 2),
    Command("first", ("home", "g"), "Home g", "top", "the top", PAGE),
    Command("last", ("end", "G"), "End G", "end", "the end", PAGE),
    Command("copy", ("y", "c"), "y", "copy", "copy the page (OSC 52, and to a file)", PAGE, 3),
    Command("write", ("W",), "W", "write", "write the page: text, or CSV, JSON, SVG, PNG", PAGE, 4),
    Command("close", ("escape", "q", "enter", "question_mark"), "esc", "close", "back", PAGE, 5),
    Command("choose", ("enter",), "⏎", "take", "put this row into the scenario", SHEET, 1),
    Command("sort", ("s",), "s", "sort", "sort by the next column", SHEET, 2),
    Command("reverse", ("S",), "S", "reverse", "reverse the order", SHEET, 3),
    Command("filter", ("/", "ctrl+f"), "/", "filter", "only rows with some words", SHEET, 4),
    Command("copy", ("y", "c"), "y", "copy", "copy the rows (OSC 52, and to a file)", SHEET, 5),
    Command("write", ("W",), "W", "write", "write the rows: CSV, JSON, text, SVG, PNG", SHEET, 6),
    Command("help", HELP_KEYS, "?", "help", "the keys here, and what the columns mean", SHEET, 7),
    Command("close", ("escape", "q"), "esc", "close", "back", SHEET, 8),
    *_over(FIGURE),
    *_over(DRAWN, _ROWS),
    *_over(CHECKED, _ROWS, _WHY),
)
