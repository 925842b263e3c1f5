"""One command: what a key or a word does."""

from __future__ import annotations

from dataclasses import dataclass

HELP_KEYS = ("question_mark", "f1")


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a user can do. `shown` is how its keys are written on screen, `both` how the key bar writes
    them with those of the opposite.
    """

    action: str
    keys: tuple[str, ...]
    shown: str
    label: str
    help: str
    where: str = ""
    bar: int = 0
    both: str = ""
