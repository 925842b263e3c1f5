"""Rows of a file that measured the same: how far they are from one another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.measure.statistics import Errors, errors_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from infecon_tui.cost.case import Case
    from infecon_tui.measure.rows.cases import Question

_WHOLE_SEQUENCES = 0
"""Digits of a batch: sources give means of running sequences, such as 15.98."""


def repeat_errors(questions: Iterable[Question]) -> Errors:
    """Of rows that another one repeats, each against the median of those that measured the same.

    Releases of an engine months apart, other settings, or noise: no fit comes nearer than this.
    """
    alike: dict[tuple[Case, str], list[float]] = {}
    for question in questions:
        batch = round(question.case.batch, _WHOLE_SEQUENCES)
        key = (replace(question.case, batch=batch), question.quantity)
        alike.setdefault(key, []).append(question.measured_s)
    return errors_of([off for same in alike.values() if len(same) > 1 for off in _off(same)])


def _off(seconds: Sequence[float]) -> list[float]:
    found: list[float] = (np.array(seconds) / np.median(seconds) - 1).tolist()
    return found
