"""A scenario's answer, at the fidelity it asks for. Needs numpy; everything above it may load late."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from infecon_tui.solve.answer import DEPLOYMENT, FINE, ON_SCREEN, Answer, Points
from infecon_tui.solve.deployment import deployed, search_of
from infecon_tui.solve.published import published, question_of

if TYPE_CHECKING:
    from infecon_tui.scenario import Scenario

__all__ = [
    "DEPLOYMENT",
    "FINE",
    "ON_SCREEN",
    "Answer",
    "Points",
    "question_of",
    "search_of",
    "solve",
]


@lru_cache(maxsize=64)
def solve(scenario: Scenario, step: float = FINE) -> Answer:
    """The answer to a scenario: its frontier, or the reason why it has none. Raises InfeconError.

    `step` is about how far apart in cost, relatively, the points of a published frontier are. Cached, so
    that undo and comparison cost nothing.
    """
    if scenario.fidelity == DEPLOYMENT:
        return deployed(scenario)
    return published(scenario, step)
