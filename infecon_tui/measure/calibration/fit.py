"""The fit behind a calibration: named values moved until predictions meet measured times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.measure.calibration.squares import Array, Problem, jacobian, minimise

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from infecon_tui.knobs import Knob
    from infecon_tui.measure.calibration.asking import Asked
    from infecon_tui.measure.rows.cases import Question

SHARE_SPREAD, TIME_SPREAD = 0.5, 1.2
"""How far values are believed to be from the spec's, as natural logarithms: factors of 1.6 and 3.3."""


NOISE = 0.04
"""What repeated measurements differ by, with what no value here explains."""


MOST_SHARE_FACTOR, MOST_TIME_FACTOR = 20.0, 40.0


MOST_KNOBS, ROWS_A_KNOB, SPARE_ROWS = 8, 2, 2
"""At most so many values are moved, and only one for so many rows beyond the spare ones."""


_LEAST_EFFECT = 0.002


_HUGE = 5.0


_TIED = 0.9
"""Correlation from which two values are told together only."""


_ROUGHLY = 1e-2
"""Share of the cost below which gains do not count while values are chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One value: where it was, where the rows put it, and the factor it is uncertain by (one sigma).

    `tied` is the path of another one that the rows tell only together with it: as one moves, the other can make
    up for it; empty where there is none.
    """

    path: str
    before: float
    after: float
    uncertainty: float
    at_bound: bool
    tied: str = ""


def log_ratios(rows: Sequence[Question], asked: Asked, numbers: Mapping[str, Array]) -> Array:
    """log(predicted/measured) (values, rows); rows that stop fitting count as far off."""
    measured = np.array([row.measured_s for row in rows])
    with np.errstate(divide="ignore"):
        off = np.log(asked(numbers)) - np.log(measured)
    clipped: Array = np.clip(np.nan_to_num(off, nan=_HUGE), -_HUGE, _HUGE)
    return clipped


def _problem(rows: Sequence[Question], asked: Asked, knobs: Sequence[Knob]) -> Problem:
    """Parameters are logarithms of the values; their bounds are the spec's, and a factor either way."""
    values = np.array([knob.value for knob in knobs])
    infos = [knob.slot.info for knob in knobs]
    shares = np.array([info.percent for info in infos])
    most = np.where(shares, MOST_SHARE_FACTOR, MOST_TIME_FACTOR)
    low = np.maximum([max(info.low, info.above, 0.0) for info in infos], values / most)
    high = np.minimum([info.high for info in infos], values * most)
    return Problem(
        residuals=lambda thetas: log_ratios(rows, asked, _numbers(knobs, thetas)),
        start=np.log(values),
        low=np.log(low),
        high=np.log(high),
        spread=np.where(shares, SHARE_SPREAD, TIME_SPREAD),
        noise=NOISE,
    )


def _numbers(knobs: Sequence[Knob], thetas: Array) -> dict[str, Array]:
    """What parameters (values, knobs) stand for, by path."""
    return {knob.path: np.exp(thetas[:, at]) for at, knob in enumerate(knobs)}


def telling(rows: Sequence[Question], asked: Asked, knobs: Sequence[Knob]) -> list[Knob]:
    """The handful of values that matter: in a fit of all, those whose move changes the rows most; none where
    no value changes what the rows predict.
    """
    problem = _problem(rows, asked, knobs)
    _, slopes = jacobian(problem, problem.start)
    effects = problem.spread * np.sqrt(np.mean(slopes**2, axis=0))
    known = [knob for knob, effect in zip(knobs, effects, strict=True) if effect > _LEAST_EFFECT]
    if not known:
        return []
    problem = _problem(rows, asked, known)
    found = minimise(problem, _ROUGHLY)
    moves = np.abs(found.at - problem.start) * np.sqrt(np.mean(found.slopes**2, axis=0))
    count = min(MOST_KNOBS, max((len(rows) - SPARE_ROWS) // ROWS_A_KNOB, 1))
    most = sorted(np.argsort(-moves)[:count].tolist())
    return [known[index] for index in most if moves[index] > _LEAST_EFFECT] or [known[most[0]]]


def fit(rows: Sequence[Question], asked: Asked, knobs: Sequence[Knob]) -> tuple[Moved, ...]:
    """Where values stand at the least squares of their moves and the rows' deviations."""
    problem = _problem(rows, asked, knobs)
    found = minimise(problem)
    spread = np.exp(np.sqrt(np.diag(found.covariance)))
    bound = (found.at <= problem.low + 1e-9) | (found.at >= problem.high - 1e-9)
    tied = _tied(knobs, found.covariance)
    return tuple(
        Moved(
            path=knob.path,
            before=knob.value,
            after=float(found_value),
            uncertainty=float(spread[at]),
            at_bound=bool(bound[at]),
            tied=tied[at],
        )
        for at, (knob, found_value) in enumerate(zip(knobs, np.exp(found.at), strict=True))
    )


def _tied(knobs: Sequence[Knob], covariance: Array) -> list[str]:
    """The value that each one goes with most, where it does closely."""
    sigma = np.sqrt(np.diag(covariance))
    scale = np.where(sigma > 0, sigma, 1.0)
    together = np.abs(covariance / np.outer(scale, scale))
    np.fill_diagonal(together, 0.0)
    most = together.argmax(axis=1)
    return [
        knobs[other].path if together[at, other] > _TIED else ""
        for at, other in enumerate(most.tolist())
    ]
