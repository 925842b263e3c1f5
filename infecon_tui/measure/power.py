"""How far predicted watts, and joules of a token, are from those that were measured."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from infecon_tui.measure import statistics
from infecon_tui.measure.statistics import Errors, errors_of, members_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infecon_tui.measure.evaluate import Outcome, Result

COLUMN = "power_w_per_gpu"
"""The column of measured watts, of one accelerator as its driver tells them."""


GROUPINGS = ("gpu", "tier", "engine")
"""Which of the groupings of errors power is told by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerErrors:
    """Of watts of one accelerator, and of joules of an output token: watts times time."""

    watts: Errors
    joules: Errors


def power_errors(result: Result) -> dict[str, dict[str, PowerErrors]]:
    """Of the rows with measured and predicted watts: all of them, and by groups; empty where there are none."""
    told = [outcome for outcome in result.compared if tells_watts(outcome)]
    if not told:
        return {}
    found = {"all": {"": _errors(told)}}
    for name in GROUPINGS:
        members = members_of(told, statistics.GROUPINGS[name])
        found[name] = {group: _errors(members[group]) for group in sorted(members) if group}
    return {name: groups for name, groups in found.items() if groups}


def tells_watts(outcome: Outcome) -> bool:
    """Whether a row has measured and predicted watts. A driver that tells none is written as 0 by some."""
    return bool(outcome.row.number(COLUMN)) and not math.isnan(outcome.predicted_W)


def watts_of(outcome: Outcome) -> float:
    """Measured watts of one accelerator."""
    return outcome.row.numbers[COLUMN]


def _errors(outcomes: Sequence[Outcome]) -> PowerErrors:
    watts = [watts_error(outcome) for outcome in outcomes]
    joules = [(1 + w) * (1 + outcome.error) - 1 for w, outcome in zip(watts, outcomes, strict=True)]
    return PowerErrors(watts=errors_of(watts), joules=errors_of(joules))


def watts_error(outcome: Outcome) -> float:
    """predicted/measured - 1; only for rows with both."""
    return outcome.predicted_W / watts_of(outcome) - 1
