"""Which commands the key bar offers, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui.tui.commands.keys import key_name
from infecon_tui.tui.commands.places import OVER, PLOT, TABLE, WHY
from infecon_tui.tui.commands.registry import COMMANDS, keys_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from infecon_tui.tui.commands.command import Command

_NEAR = {
    PLOT: ("pane_inputs", "write", "layouts", "pin", "copy_result"),
    TABLE: ("pane_inputs", "copy_result", "write"),
    WHY: ("pane_inputs", "sensitivity", "layouts", "ask", "diff"),
}
"""Commands of the whole screen that the bar of a pane offers first: the way back, what takes a view away,
what tells more. Other views have their keys on the line of tabs."""


def in_bar(where: str) -> Iterator[Command]:
    """What the key bar offers in a pane: its own commands, those that go with it, then the screen's others;
    those whose keys the pane does not take.
    """
    yield from _ordered(c for c in COMMANDS if c.where == where and c.bar)
    if where in OVER or not where:
        return
    own, near = keys_of(where), _NEAR.get(where, ())
    screen = [c for c in COMMANDS if not c.where and key_name(c.keys[0]) not in own]
    yield from sorted((c for c in screen if c.action in near), key=lambda c: near.index(c.action))
    yield from _ordered(c for c in screen if c.bar and c.action not in near)


def _ordered(some: Iterable[Command]) -> list[Command]:
    return sorted(some, key=lambda command: command.bar)
