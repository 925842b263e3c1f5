"""What widgets say to their screen.

These are plain records given to `screen.hear` at once, not Textual messages: a queue would let the
next key of a burst (a paste, a macro, a slow link) act on rows that the last edit has made stale.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edited:
    """A value was typed, toggled or stepped; steps of one row in a row are one undo."""

    path: str
    text: str
    step: bool = False


@dataclass(frozen=True, slots=True)
class Typed:
    """A value is being typed; the screen judges it without taking it."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Considered:
    """The cursor of a list stands on a choice that is not taken yet."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Picked:
    """One of a row's choices was taken."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Reset:
    """A row shall go back to the value of its spec."""

    path: str


@dataclass(frozen=True, slots=True)
class Highlighted:
    """The cursor stands on another row; `#key` is a group's heading."""

    path: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """A row of the table was chosen, by its place in the table as built."""

    row: int


@dataclass(frozen=True, slots=True)
class Activated:
    """A pane was clicked."""

    pane: str


@dataclass(frozen=True, slots=True)
class Commanded:
    """An action was clicked."""

    action: str


Said = Edited | Typed | Considered | Picked | Reset | Highlighted | Chosen | Activated | Commanded
