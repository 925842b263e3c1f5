"""Mistakes of a user, each told in words that say where, what and what would be right."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class InfeconError(Exception):
    """Something the user said or gave is wrong; the message is fit to be shown as it is."""

    def __init__(self, message: str) -> None:
        super().__init__(harmless(message))


def harmless(text: str) -> str:
    """A text with what a terminal would obey, such as an escape in a file's words, spelled out."""
    return "".join(c if c.isprintable() or c == "\n" else repr(c)[1:-1] for c in text)


class UnitError(InfeconError):
    """A text that should be a quantity is not one."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a file: the line it stands on (from 1; 0 = the whole file), the key, the fault."""

    line: int
    path: str
    message: str

    def at(self, file: str) -> str:
        """`file:line: path: message`, as compilers print it."""
        place = f"{file}:{self.line}" if self.line else file
        return ": ".join(part for part in (place, self.path, self.message) if part)


class SpecError(InfeconError):
    """A file cannot be used; `problems` holds every fault found in it, not only the first."""

    def __init__(self, file: str, problems: Iterable[Problem]) -> None:
        self.file = file
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.at(file) for problem in self.problems))


_LONGEST = 80
"""What is longer than any word that is allowed anywhere is near none of them."""


def did_you_mean(found: str, allowed: Iterable[str], cutoff: float = 0.6) -> str:
    """`; did you mean 'x'?` for the nearest allowed word, or nothing when none is near."""
    if len(found) > _LONGEST:
        return ""
    options = {option.lower(): option for option in allowed}
    near = get_close_matches(found.lower(), list(options), n=1, cutoff=cutoff)
    return f"; did you mean '{options[near[0]]}'?" if near else ""
