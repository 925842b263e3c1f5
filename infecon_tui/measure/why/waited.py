"""What watts tell of rows that took longer than predicted: whether the accelerator worked longer, or waited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.measure.power import tells_watts, watts_error, watts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infecon_tui.measure.evaluate import Outcome

_SLOWER = -0.15
"""predicted/measured - 1 below which there is time to be accounted for."""
_ON_TIME = 0.1
_FEWEST = 3
_APART = 0.1
_NEARER = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """Of `rows` slower than predicted, medians of one accelerator's watts: measured, predicted, and as they
    would be had it done what was predicted and waited for the rest of the time. Rows that took as long as
    predicted tell how far predicted watts are off, which is taken out of the other two.

    `said` is `waited` or `worked` where the rows are nearer to one of these, and `unclear` otherwise.
    """

    rows: int
    measured_W: float
    predicted_W: float
    waiting_W: float
    said: str


def waited(outcomes: Sequence[Outcome]) -> Waited | None:
    """None where too few rows that are slower than predicted tell watts."""
    slow = [outcome for outcome in outcomes if outcome.error < _SLOWER and tells_watts(outcome)]
    if len(slow) < _FEWEST:
        return None
    watts = np.array([_watts(outcome) for outcome in slow]) * [1.0, *(2 * [_usual(outcomes)])]
    measured, predicted, waiting = watts.T
    from_work, from_wait = np.abs(measured - predicted), np.abs(measured - waiting)
    apart = float(np.median((predicted - waiting) / predicted)) > _APART
    nearer = float(np.median(from_wait)), float(np.median(from_work))
    said = "unclear"
    if apart and nearer[0] < _NEARER * nearer[1]:
        said = "waited"
    elif apart and nearer[1] < _NEARER * nearer[0]:
        said = "worked"
    middle = np.median(watts, axis=0).tolist()
    return Waited(
        rows=len(slow), measured_W=middle[0], predicted_W=middle[1], waiting_W=middle[2], said=said
    )


def _usual(outcomes: Sequence[Outcome]) -> float:
    """measured/predicted watts of rows that took as long as predicted; 1 where they are too few."""
    told = [
        1 / (1 + watts_error(outcome))
        for outcome in outcomes
        if abs(outcome.error) < _ON_TIME and tells_watts(outcome)
    ]
    return float(np.median(told)) if len(told) >= _FEWEST else 1.0


def _watts(outcome: Outcome) -> tuple[float, float, float]:
    """Measured, predicted, and with the predicted work followed by waiting until the measured time is over."""
    assert outcome.question is not None
    part = outcome.question.case.hardware
    idle_W = (part.draw.idle + part.draw.waiting) * (part.tdp_W or 0.0)
    worked = min(outcome.predicted_s / outcome.question.measured_s, 1.0)
    waiting_W = worked * outcome.predicted_W + (1 - worked) * idle_W
    return watts_of(outcome), outcome.predicted_W, waiting_W
