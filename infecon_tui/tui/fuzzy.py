"""Finding a name from a few of its letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_BREAKS = " -_/.·:"


def score(query: str, text: str) -> float:
    """How well a query names a text; 0 when its letters do not occur in order.

    Whole pieces count most, then beginnings of words, then runs of letters; shorter texts win ties.
    """
    query, text = query.lower().replace(" ", ""), text.lower()
    if not query:
        return 1.0
    found = text.replace(" ", "").find(query)
    if found >= 0:
        starts = found == 0 or text.replace(" ", "")[found - 1] in _BREAKS
        return 100.0 + 50.0 * starts + 20.0 * (found == 0) + len(query) / (len(text) + 1)
    total, at, run = 0.0, 0, 0
    for letter in query:
        where = text.find(letter, at)
        if where < 0:
            return 0.0
        run = run + 1 if where == at and at else 0
        total += 1.0 + run + 3.0 * (where == 0 or text[where - 1] in _BREAKS)
        at = where + 1
    return total + len(query) / (len(text) + 1)


def best(query: str, names: Iterable[str]) -> tuple[int, ...]:
    """Indices of the names that match, the best first; in their own order without a query."""
    scored = [(score(query, name), -index) for index, name in enumerate(names)]
    if query:
        scored.sort(reverse=True)
    return tuple(-index for points, index in scored if points > 0)
