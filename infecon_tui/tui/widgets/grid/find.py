"""Finding rows of the property grid by words of their label, group or path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui.tui import fuzzy

if TYPE_CHECKING:
    from infecon_tui.tui.widgets.grid.lines import Lines


def matches(lines: Lines, query: str) -> list[str]:
    """The rows that hold all words of a query, or else its letters; in order, folded groups too."""
    words = query.lower().split()
    if not words:
        return []
    texts = {
        path: f"{row.label} {lines.group_of[path].title} {path}".lower()
        for path, row in lines.rows.items()
    }
    whole = [path for path, text in texts.items() if all(word in text for word in words)]
    return whole or [path for path, row in lines.rows.items() if fuzzy.score(query, row.label)]


def best(lines: Lines, query: str, start: str) -> str | None:
    """The row that a query names best; among equals the first from `start` on."""
    found = matches(lines, query)
    if not found:
        return None
    scores = {path: fuzzy.score(query, lines.rows[path].label) for path in found}
    top = [path for path in found if scores[path] == max(scores.values())]
    order = list(lines.rows)
    after = order.index(start) if start in order else 0
    return next((path for path in top if order.index(path) >= after), top[0])


def further(lines: Lines, query: str, here: str, count: int) -> str | None:
    """The next row that a query names, or the one before; round the ends."""
    found, order = matches(lines, query), list(lines.rows)
    if not found:
        return None
    at = order.index(here) if here in order else -1
    if count > 0:
        return next((path for path in found if order.index(path) > at), found[0])
    return next((path for path in reversed(found) if order.index(path) < at), found[-1])
