"""The line of tabs: every view with its key, those on screen set off. Pure; no Textual here."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from infecon_tui.tui.commands.registry import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infecon_tui.tui.widgets.cells import Piece


class Tab(NamedTuple):
    """The action behind a tab, its title, and a shorter one for where all do not fit."""

    action: str
    title: str
    short: str

    @property
    def key(self) -> str:
        """The key that does the same, as it is written on screen."""
        return next(c.shown for c in COMMANDS if c.action == self.action and not c.where)


INPUTS = Tab("pane_inputs", "Inputs", "Inputs")
VIEWS = (
    Tab("view_frontier", "Frontier", "Frontier"),
    Tab("view_roofline", "Roofline", "Roofline"),
    Tab("pane_table", "Table", "Table"),
    Tab("pane_why", "Why", "Why"),
    Tab("view_batch", "Batch", "Batch"),
    Tab("view_parallelism", "Parallelism", "GPUs"),
    Tab("view_context", "Context", "Context"),
    Tab("view_memory", "Memory", "Memory"),
    Tab("view_prefill", "Prefill", "Prefill"),
    Tab("view_energy", "Energy", "Energy"),
    Tab("view_speculation", "Speculation", "Spec."),
    Tab("view_draft", "Draft", "Draft"),
)
_AROUND = 3
"""Cells of a tab beside its title and its key: a blank before, and one at each side of the title."""
_MORE = 2

Span = tuple[int, int, str]
"""The first cell of a tab, the one after its last, its action."""


@lru_cache(32)
def tab_line(
    tabs: tuple[Tab, ...], active: str, shown: tuple[str, ...], width: int, more: str
) -> tuple[tuple[Piece, ...], tuple[Span, ...]]:
    """The tabs in at most `width` cells, and where each stands.

    Where not all fit, some that stand side by side are left, the active one among them; `more` stands for
    those before and after, and leads to the nearest of them.
    """
    titles = [tab.title for tab in tabs]
    if _length(tabs, titles) > width:
        titles = [tab.short for tab in tabs]
    first, last = _window(tabs, titles, active, width)
    pieces: list[Piece] = []
    spans: list[Span] = []
    x = 0
    if first:
        pieces.append((f" {more}", "accent"))
        spans.append((0, _MORE, tabs[first - 1].action))
        x = _MORE
    for tab, title in list(zip(tabs, titles, strict=True))[first:last]:
        role = "chip" if tab.action == active else "strong" if tab.action in shown else "muted"
        pieces += [(f" {tab.key}", "accent"), (f" {title} ", role)]
        end = x + len(tab.key) + len(title) + _AROUND
        spans.append((x, end, tab.action))
        x = end
    if last < len(tabs):
        pieces.append((more, "accent"))
        spans.append((x, x + _MORE, tabs[last].action))
    return tuple(pieces), tuple(spans)


def _length(tabs: Sequence[Tab], titles: Sequence[str]) -> int:
    return sum(len(tab.key) + len(title) + _AROUND for tab, title in zip(tabs, titles, strict=True))


def _window(tabs: Sequence[Tab], titles: Sequence[str], active: str, width: int) -> tuple[int, int]:
    """The first tab that is told and the one after the last: the leftmost that hold the active one."""
    at = next((place for place, tab in enumerate(tabs) if tab.action == active), 0)
    for first in range(at + 1):
        last = len(tabs)
        while last > at + 1 and not _holds(tabs, titles, (first, last), width):
            last -= 1
        if _holds(tabs, titles, (first, last), width):
            return first, last
    return at, at + 1


def _holds(tabs: Sequence[Tab], titles: Sequence[str], window: tuple[int, int], width: int) -> bool:
    first, last = window
    signs = _MORE * ((first > 0) + (last < len(tabs)))
    return _length(tabs[first:last], titles[first:last]) + signs <= width
