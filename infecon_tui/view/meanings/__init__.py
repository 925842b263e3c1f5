"""What quantities and views mean: their formulas by number, and what moves them; one row each.

Equation numbers are those of arXiv 2506.04645. Rows are matched by the end of a path, views and
metrics by name.
"""

from __future__ import annotations

from infecon_tui.view.meanings.cost import COST
from infecon_tui.view.meanings.hardware import HARDWARE
from infecon_tui.view.meanings.meaning import Meaning
from infecon_tui.view.meanings.model import MODEL
from infecon_tui.view.meanings.question import QUESTION
from infecon_tui.view.meanings.views import VIEWS

MEANINGS: tuple[Meaning, ...] = (*MODEL, *HARDWARE, *COST, *QUESTION, *VIEWS)


def meaning_of(name: str) -> Meaning | None:
    """The entry of a path, or of `view …` and `metric …`; the longest end that is known."""
    found = [m for m in MEANINGS if name == m.name or f".{name}".endswith(f".{m.name}")]
    return max(found, key=lambda meaning: len(meaning.name), default=None)
