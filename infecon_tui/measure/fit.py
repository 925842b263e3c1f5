"""The fit behind a calibration: named values moved until predictions meet measured times."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.errors import InfeconError
from infecon_tui.knobs import Knob, replaced
from infecon_tui.measure.evaluate import seconds_per_token
from infecon_tui.measure.squares import Array, Problem, jacobian, minimise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infecon_tui.hardware.accelerator import Accelerator
    from infecon_tui.measure.cases import Question
    from infecon_tui.measure.evaluate import Predict

SHARE_SPREAD, TIME_SPREAD = 0.5, 1.2
"""How far values are believed to be from the spec's, as natural logarithms: factors of 1.6 and 3.3."""


NOISE = 0.04
"""What repeated measurements differ by, with what no value here explains."""


MOST_SHARE_FACTOR, MOST_TIME_FACTOR = 20.0, 40.0


MOST_KNOBS, ROWS_A_KNOB = 6, 3
"""At most so many values are moved, and only one for so many rows."""


_LEAST_EFFECT = 0.002


_HUGE = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One value: where it was, where the rows put it, and the factor it is uncertain by (one sigma)."""

    path: str
    before: float
    after: float
    uncertainty: float
    at_bound: bool


def on_part(question: Question, part: Accelerator) -> Question:
    """The same row, asked of another part."""
    return replace(question, case=replace(question.case, hardware=part))


def log_ratios(questions: Sequence[Question], parts: Sequence[Accelerator], ask: Predict) -> Array:
    """log(predicted/measured) of each row on each part; rows that stop fitting count as far off."""
    asked = [(part, question) for part in parts for question in questions]
    answers = ask([on_part(question, part).case for part, question in asked])
    seconds = [
        np.inf if isinstance(answer, str) else seconds_per_token(question, answer)
        for (_, question), answer in zip(asked, answers, strict=True)
    ]
    measured = np.array([question.measured_s for question in questions])
    with np.errstate(divide="ignore"):
        off = np.log(np.reshape(seconds, (len(parts), len(questions)))) - np.log(measured)
    clipped: Array = np.clip(np.nan_to_num(off, nan=_HUGE), -_HUGE, _HUGE)
    return clipped


def _problem(
    rows: Sequence[Question], part: Accelerator, knobs: Sequence[Knob], ask: Predict
) -> Problem:
    """Parameters are logarithms of the values; their bounds are the spec's, and a factor either way."""
    values = np.array([knob.value for knob in knobs])
    infos = [knob.slot.info for knob in knobs]
    shares = np.array([info.percent for info in infos])
    most = np.where(shares, MOST_SHARE_FACTOR, MOST_TIME_FACTOR)
    low = np.maximum([max(info.low, info.above, 0.0) for info in infos], values / most)
    high = np.minimum([info.high for info in infos], values * most)
    return Problem(
        residuals=lambda thetas: log_ratios(
            rows, [_moved_part(part, knobs, theta) for theta in thetas], ask
        ),
        start=np.log(values),
        low=np.log(low),
        high=np.log(high),
        spread=np.where(shares, SHARE_SPREAD, TIME_SPREAD),
        noise=NOISE,
    )


def _moved_part(part: Accelerator, knobs: Sequence[Knob], theta: Array) -> Accelerator:
    for knob, value in zip(knobs, np.exp(theta).tolist(), strict=True):
        part = replaced(part, knob.path, value)
    return part


def telling(
    rows: Sequence[Question], part: Accelerator, knobs: Sequence[Knob], ask: Predict
) -> list[Knob]:
    """The handful of values that matter: in a fit of all, those whose move changes the rows most."""
    problem = _problem(rows, part, knobs, ask)
    slopes = jacobian(problem, problem.start, problem.residuals(problem.start[None])[0])
    effects = problem.spread * np.sqrt(np.mean(slopes**2, axis=0))
    known = [knob for knob, effect in zip(knobs, effects, strict=True) if effect > _LEAST_EFFECT]
    if not known:
        raise InfeconError(f"no efficiency of {part.id} changes what these rows predict")
    problem = _problem(rows, part, known, ask)
    found = minimise(problem)
    slopes = jacobian(problem, found.at, found.residuals)
    moves = np.abs(found.at - problem.start) * np.sqrt(np.mean(slopes**2, axis=0))
    most = sorted(np.argsort(-moves)[: min(MOST_KNOBS, max(len(rows) // ROWS_A_KNOB, 1))].tolist())
    return [known[index] for index in most if moves[index] > _LEAST_EFFECT] or [known[most[0]]]


def fit(
    rows: Sequence[Question], part: Accelerator, knobs: Sequence[Knob], ask: Predict
) -> tuple[Accelerator, tuple[Moved, ...]]:
    """The part at the least squares of its values' moves and the rows' deviations, and what moved."""
    problem = _problem(rows, part, knobs, ask)
    found = minimise(problem)
    values = np.exp(found.at)
    spread = np.exp(np.sqrt(np.diag(found.covariance)))
    bound = (found.at <= problem.low + 1e-9) | (found.at >= problem.high - 1e-9)
    moved = tuple(
        Moved(
            path=knob.path,
            before=knob.value,
            after=float(value),
            uncertainty=float(factor),
            at_bound=bool(stopped),
        )
        for knob, value, factor, stopped in zip(knobs, values, spread, bound, strict=True)
    )
    return _moved_part(part, knobs, found.at), moved
