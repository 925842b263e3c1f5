"""Fits a handful of an accelerator's named efficiencies to measurements of it.

The parameters are values of the hardware spec by their paths (`hbm.efficiency`), varied by factors: the
fit minimises log(predicted/measured). A prior keeps them near where they were, so that what the file does
not tell stays as it was. Unless they are named, the values are those whose move explains most.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.errors import InfeconError
from infecon_tui.hardware.kernels import Kernels
from infecon_tui.knobs import Knob, at, leaves, replaced
from infecon_tui.measure.cases import Cases, Question
from infecon_tui.measure.evaluate import engine_predict, seconds_per_token
from infecon_tui.measure.plausible import tells_speed
from infecon_tui.measure.squares import Array, Problem, jacobian, minimise
from infecon_tui.measure.statistics import Errors, errors_of
from infecon_tui.measure.table import read_rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from infecon_tui.hardware.accelerator import Accelerator
    from infecon_tui.measure.evaluate import Predict

SHARE_SPREAD, TIME_SPREAD = 0.5, 1.2
"""How far values are believed to be from the spec's, as natural logarithms: factors of 1.6 and 3.3."""
NOISE = 0.04
"""What repeated measurements differ by, with what no value here explains."""
MOST_SHARE_FACTOR, MOST_TIME_FACTOR = 20.0, 40.0
MOST_KNOBS, ROWS_A_KNOB = 6, 3
"""At most so many values are moved, and only one for so many rows."""
LEAST_ROWS = 4
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The fitted part, what moved, and the errors of rows that the judged fit had not seen.

    `hardware` and `moved` are fitted to every row; `before` and `after` are of the rows held out from
    a fit to the others (to every row when none were held out).
    """

    hardware: Accelerator
    moved: tuple[Moved, ...]
    fitted_rows: int
    held_out_rows: int
    before: Errors
    after: Errors


def candidates(part: Accelerator) -> list[Knob]:
    """The values a calibration may move: shares of a peak, and times; never what a datasheet states."""
    found = []
    for knob in leaves(part):
        share = knob.slot.info.percent
        time = knob.slot.name.endswith("_s")
        if (share or time) and isinstance(knob.value, float) and knob.value > 0:
            found.append(knob)
    return found


def calibrate(
    questions: Sequence[Question],
    part: Accelerator,
    *,
    paths: Sequence[str] = (),
    holdout: float = 0.25,
    predict: Predict | None = None,
) -> Calibration:
    """Fits a part's efficiencies to rows measured on it. Raises InfeconError when rows are too few."""
    ask = predict or engine_predict()
    part = replace(part, kernels=part.kernels or Kernels())
    rows = _predictable([_on(question, part) for question in questions], ask)
    if len(rows) < LEAST_ROWS:
        raise InfeconError(
            f"{len(rows)} rows of {part.id} can be predicted; a fit needs at least {LEAST_ROWS}"
        )
    chosen = [at(part, path) for path in paths] or candidates(part)
    for knob in chosen:
        if not isinstance(knob.value, float) or knob.value <= 0:
            raise InfeconError(f"{knob.path}: only a number above zero can be fitted")
    fitted, held = _split(rows, holdout)
    chosen = chosen if paths else _telling(fitted, part, chosen, ask)
    judged, _ = _fitted(fitted, part, chosen, ask)
    final, moved = _fitted(rows, part, chosen, ask)
    unseen = held or fitted
    return Calibration(
        hardware=_with_source(final, part, moved, len(rows)),
        moved=moved,
        fitted_rows=len(fitted),
        held_out_rows=len(held),
        before=errors_of(list(_deviations(unseen, part, ask))),
        after=errors_of(list(_deviations(unseen, judged, ask))),
    )


def questions_on(path: Path, part: Accelerator) -> list[Question]:
    """The rows of a file that were measured on this accelerator. Raises InfeconError for none."""
    cases = Cases()
    known = [item for row in read_rows(path) if isinstance(item := cases.question(row), Question)]
    mine = [item for item in known if item.part_id == part.id and tells_speed(item)]
    if not mine:
        there = ", ".join(sorted({item.part_id for item in known})) or "none that is known"
        raise InfeconError(f"{path}: no row of {part.id}; accelerators in it: {there}")
    return mine


def _on(question: Question, part: Accelerator) -> Question:
    return replace(question, case=replace(question.case, hardware=part))


def _predictable(questions: list[Question], ask: Predict) -> list[Question]:
    answers = ask([question.case for question in questions])
    return [
        question
        for question, answer in zip(questions, answers, strict=True)
        if not isinstance(answer, str) and np.isfinite(seconds_per_token(question, answer))
    ]


def _split(rows: list[Question], holdout: float) -> tuple[list[Question], list[Question]]:
    """Rows to fit and rows to judge by: evenly taken from the file in the order of its times."""
    count = min(round(holdout * len(rows)), len(rows) - LEAST_ROWS)
    if count < 1:
        return rows, []
    order = sorted(range(len(rows)), key=lambda index: rows[index].measured_s)
    taken = {order[int((index + 0.5) * len(rows) / count)] for index in range(count)}
    return (
        [row for index, row in enumerate(rows) if index not in taken],
        [row for index, row in enumerate(rows) if index in taken],
    )


def _residuals(questions: Sequence[Question], parts: Sequence[Accelerator], ask: Predict) -> Array:
    """log(predicted/measured) of each row on each part; rows that stop fitting count as far off."""
    asked = [(part, question) for part in parts for question in questions]
    answers = ask([_on(question, part).case for part, question in asked])
    seconds = [
        np.inf if isinstance(answer, str) else seconds_per_token(question, answer)
        for (_, question), answer in zip(asked, answers, strict=True)
    ]
    measured = np.array([question.measured_s for question in questions])
    with np.errstate(divide="ignore"):
        off = np.log(np.reshape(seconds, (len(parts), len(questions)))) - np.log(measured)
    clipped: Array = np.clip(np.nan_to_num(off, nan=_HUGE), -_HUGE, _HUGE)
    return clipped


def _deviations(questions: Sequence[Question], part: Accelerator, ask: Predict) -> Array:
    """predicted/measured - 1 of each row."""
    found: Array = np.expm1(_residuals(questions, [part], ask)[0])
    return found


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
        residuals=lambda thetas: _residuals(
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


def _telling(
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


def _fitted(
    rows: Sequence[Question], part: Accelerator, knobs: Sequence[Knob], ask: Predict
) -> tuple[Accelerator, tuple[Moved, ...]]:
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


def _with_source(
    fitted: Accelerator, part: Accelerator, moved: tuple[Moved, ...], rows: int
) -> Accelerator:
    """The part with its new values' source said: where they were before, and from how many rows."""
    sources = dict(part.sources)
    for change in moved:
        knob = at(part, change.path)
        sources[change.path] = (
            f"calibrated on {rows} measured rows, within a factor of {change.uncertainty:.3f}; was {knob.text}"
        )
    return replace(fitted, sources=tuple(sources.items()))
