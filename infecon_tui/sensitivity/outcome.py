"""What becomes of one operating point when numbers change; the words that both settings share."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from infecon_tui.knobs import replaced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infecon_tui.scenario import Scenario

BATCH = "layout.batch"
_MODEL, _ATTENTION = "model.layers.", ".attention."
Change = tuple[str, Any]
"""A path of the scenario, and the value put there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Time and cost of an output token; infinite where it does not fit or is out of reach.

    `ttft_s` is NaN at fidelities that know of no first token.
    """

    tpot_s: float
    usd_per_mtok: float
    ttft_s: float = math.nan

    @property
    def speed_tok_s(self) -> float:
        """Tokens a second of one request, 0 where it does not fit."""
        return 1 / self.tpot_s

    @property
    def fits(self) -> bool:
        """Whether both are reached at all."""
        return math.isfinite(self.tpot_s) and math.isfinite(self.usd_per_mtok)


NOWHERE = Outcome(tpot_s=math.inf, usd_per_mtok=math.inf)
"""What cannot be."""


class Setting(Protocol):
    """What stays while numbers are turned: the layout and the batch, or only what is asked."""

    @property
    def scenario(self) -> Scenario:
        """The scenario before any change."""

    @property
    def batch(self) -> float:
        """Sequences of the point that is looked at."""

    @property
    def relaxed(self) -> bool:
        """Whether layout and batch stay: then the batch is a number like the others, and whole numbers may
        be taken as real.
        """

    def outcomes(self, changes: Sequence[Change]) -> list[Outcome]:
        """One for every change, each made alone."""


def put(scenario: Scenario, path: str, value: Any) -> Scenario:
    """The scenario with a value changed; in the published model, which knows one attention, in all layers."""
    groups = scenario.model.layers
    if not joint(scenario, path) or len(groups) == 1:
        return replaced(scenario, path, value)
    key = path.partition(_ATTENTION)[2]
    for index in range(len(groups)):
        scenario = replaced(scenario, f"{_MODEL}{index}{_ATTENTION}{key}", value)
    return scenario


def joint(scenario: Scenario, path: str) -> bool:
    """Whether a number stands for that of all layers."""
    attention = path.startswith(_MODEL) and _ATTENTION in path
    return attention and scenario.fidelity != "deployment"
