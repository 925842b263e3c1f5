"""The same numbers turned where layout and batch are chosen anew: a frontier for every change."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from infecon_tui.errors import InfeconError
from infecon_tui.knobs import at
from infecon_tui.sensitivity.outcome import NOWHERE, Change, Outcome, put
from infecon_tui.solve import ON_SCREEN, Answer, solve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infecon_tui.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Freed:
    """A frontier looked at from one of its points.

    An outcome holds the least cost at the point's speed, and the TPOT at the point's cost: two points
    of the new frontier, each between those that were evaluated (straight in logarithms).
    """

    scenario: Scenario
    batch: float
    speed_tok_s: float
    usd_per_mtok: float
    relaxed: bool = False

    def outcomes(self, changes: Sequence[Change]) -> list[Outcome]:
        """One for every change, each made alone."""
        return [self._outcome(path, value) for path, value in changes]

    def _outcome(self, path: str, value: Any) -> Outcome:
        try:
            answer = solve(put(self.scenario, path, self._typed(path, value)), ON_SCREEN)
        except InfeconError:
            return NOWHERE
        return NOWHERE if answer.chosen is None else self._seen(answer)

    def _typed(self, path: str, value: Any) -> Any:
        """Whole numbers as such: layouts are dealt out by them."""
        return int(value) if at(self.scenario, path).slot.kind is int else value

    def _seen(self, answer: Answer) -> Outcome:
        points = answer.points
        speed, cost = np.log(points.speed_tok_s), np.log(points.usd_per_mtok)
        wanted, paid = math.log(self.speed_tok_s), math.log(self.usd_per_mtok)
        reached = float(np.interp(paid, cost, speed, left=-math.inf))
        return Outcome(
            tpot_s=math.exp(-reached) if reached > -math.inf else math.inf,
            usd_per_mtok=float(np.exp(np.interp(wanted, speed, cost, right=math.inf))),
        )


def freed_at(answer: Answer, index: int | None = None) -> Freed:
    """The preferred point of an answer, or another one. The answer must have points.

    Raises InfeconError where all points are free of cost.
    """
    chosen, points = answer.chosen if index is None else index, answer.points
    assert chosen is not None
    if not answer.scenario.hardware.price_usd_per_hour and points.usd_per_mtok[chosen] == 0:
        raise InfeconError("hardware.price is 0: no cost can be held; give it a value")
    return Freed(
        answer.scenario,
        float(points.batch[chosen]),
        float(points.speed_tok_s[chosen]),
        float(points.usd_per_mtok[chosen]),
    )
