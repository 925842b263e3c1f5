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
from infecon_tui.measure.calibration.asking import in_columns, one_by_one
from infecon_tui.measure.calibration.fit import Moved, fit, log_ratios, telling
from infecon_tui.measure.calibration.repeats import repeat_errors
from infecon_tui.measure.rows.cases import Cases, Question
from infecon_tui.measure.rows.plausible import tells_speed
from infecon_tui.measure.rows.table import read_rows
from infecon_tui.measure.statistics import Errors, errors_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from infecon_tui.hardware.accelerator import Accelerator
    from infecon_tui.measure.calibration.asking import Asked, Asking
    from infecon_tui.measure.evaluate import Predict

LEAST_ROWS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The fitted part, what moved, and the errors of rows that the judged fit had not seen.

    `hardware` and `moved` are fitted to every row; `before` and `after` are of the rows held out from
    a fit to the others (to every row when none were held out). `repeats` are the distances of rows that
    measured the same.
    """

    hardware: Accelerator
    moved: tuple[Moved, ...]
    fitted_rows: int
    held_out_rows: int
    before: Errors
    after: Errors
    repeats: Errors


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
    part = replace(part, kernels=part.kernels or Kernels())
    asking = one_by_one(predict) if predict else in_columns
    rows = _predictable(questions, part, asking)
    if len(rows) < LEAST_ROWS:
        raise InfeconError(
            f"{len(rows)} rows of {part.id} can be predicted; a fit needs at least {LEAST_ROWS}"
        )
    fitted, held = _split(rows, holdout)
    asked = asking(fitted, part)
    chosen = _chosen(paths, part, fitted, asked)
    judged = fit(fitted, asked, chosen)
    unseen = held or fitted
    before, after = _errors(unseen, asking(unseen, part), judged)
    moved = fit(rows, asking(rows, part), chosen) if held else judged
    return Calibration(
        hardware=_calibrated(part, moved, len(rows)),
        moved=moved,
        fitted_rows=len(fitted),
        held_out_rows=len(held),
        before=before,
        after=after,
        repeats=repeat_errors(rows),
    )


def _chosen(
    paths: Sequence[str], part: Accelerator, rows: Sequence[Question], asked: Asked
) -> list[Knob]:
    """The values that are named, or else those that tell."""
    named = [at(part, path) for path in paths]
    for knob in named:
        if not isinstance(knob.value, float) or knob.value <= 0:
            raise InfeconError(f"{knob.path}: only a number above zero can be fitted")
    found = named or telling(rows, asked, candidates(part))
    if not found:
        raise InfeconError(f"no efficiency of {part.id} changes what these rows predict")
    return found


def _errors(
    rows: Sequence[Question], asked: Asked, moved: tuple[Moved, ...]
) -> tuple[Errors, Errors]:
    """Of rows before and after values moved."""
    numbers = {one.path: np.array([one.before, one.after]) for one in moved}
    before, after = np.expm1(log_ratios(rows, asked, numbers)).tolist()
    return errors_of(before), errors_of(after)


def questions_on(path: Path, part: Accelerator) -> list[Question]:
    """The rows of a file that were measured on this accelerator. Raises InfeconError for none."""
    cases = Cases()
    known = [item for row in read_rows(path) if isinstance(item := cases.question(row), Question)]
    mine = [item for item in known if item.part_id == part.id and tells_speed(item)]
    if not mine and any(item.part_id == part.id for item in known):
        raise InfeconError(
            f"{path}: its rows on {part.id} do not tell of speed (batches that queued, times that cannot be)"
        )
    if not mine:
        there = ", ".join(sorted({item.part_id for item in known})) or "none that is known"
        raise InfeconError(f"{path}: no row of {part.id}; accelerators in it: {there}")
    return mine


def _predictable(
    questions: Sequence[Question], part: Accelerator, asking: Asking
) -> list[Question]:
    seconds = asking(questions, part)({})[0]
    return [row for row, told in zip(questions, np.isfinite(seconds), strict=True) if told]


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


def _calibrated(part: Accelerator, moved: tuple[Moved, ...], rows: int) -> Accelerator:
    """The part with its new values and their source: where they were before, and from how many rows."""
    sources, fitted = dict(part.sources), part
    for change in moved:
        knob = at(part, change.path)
        fitted = replaced(fitted, change.path, change.after)
        sources[change.path] = (
            f"calibrated on {rows} measured rows, within a factor of {change.uncertainty:.3f}; was {knob.text}"
        )
    return replace(fitted, sources=tuple(sources.items()))
