"""What is answered: the operating points of a scenario, the one its goal prefers, and what is said of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from infecon_tui.cost.frontier.points import Points as DeployedPoints
from infecon_tui.hardware.cost import USUAL_CAPITAL_USD
from infecon_tui.papers.erdil2025 import Points as PublishedPoints
from infecon_tui.units import USD, show

if TYPE_CHECKING:
    from infecon_tui.scenario import Scenario

UNLIMITED = math.inf
DEPLOYMENT: Final = "deployment"
Points = PublishedPoints | DeployedPoints
"""Operating points of either engine. Both have speed, cost, TPOT, GPUs, batch, MFU, MBU and bytes."""
FINE, ON_SCREEN = 0.003, 0.015
"""Steps of cost between the points of a frontier: to compute with, and to look at."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The frontier of a scenario, sorted by speed, and the point that its goal prefers.

    `verdict` is empty, or says why nothing fits and what would; `missed` is empty, or says which of the
    goal's targets the chosen point does not keep. `notes` say what the fidelity leaves out of the specs.
    """

    scenario: Scenario
    points: Points
    chosen: int | None
    verdict: str = ""
    notes: tuple[str, ...] = ()
    missed: str = ""

    @property
    def fastest(self) -> int | None:
        """Index of the fastest point."""
        return len(self.points.speed_tok_s) - 1 if self.chosen is not None else None


def owning_notes(scenario: Scenario) -> list[str]:
    """What an owner's price leaves out or assumes."""
    cost, part = scenario.cost, scenario.hardware
    notes: list[str] = []
    if cost.basis == "rented":
        return notes
    if cost.capital_usd is None and part.list_price_usd is None:
        notes.append(f"list price unknown: {show(USUAL_CAPITAL_USD, USD)} taken; set cost.capital")
    if part.tdp_W is None:
        notes.append("power limit unknown: no electricity, no hosting; set hardware.tdp")
    elif scenario.fidelity != DEPLOYMENT:
        notes.append("electricity counted at the power limit: published models have no watts")
    return notes
