"""Rows asked of an accelerator again and again, with other numbers of it each time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.knobs import replaced
from infecon_tui.measure.evaluate import seconds_per_token

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from infecon_tui.hardware.accelerator import Accelerator
    from infecon_tui.measure.calibration.squares import Array
    from infecon_tui.measure.evaluate import Predict
    from infecon_tui.measure.rows.cases import Question

    Asked = Callable[[Mapping[str, Array]], Array]
    """Seconds of one output token (values, rows) for the numbers of an accelerator, by path, at their
    first, second, ... values; not finite where a row cannot be predicted."""

    Asking = Callable[[Sequence[Question], Accelerator], Asked]
    """Rows, and the accelerator whose numbers are to change, made ready to be asked."""


def in_columns(questions: Sequence[Question], part: Accelerator) -> Asked:
    """The deployment engine: all rows and values that are alike in one pass of arrays."""
    from infecon_tui.cost.varied import Varied

    varied = Varied([on_part(question, part).case for question in questions])
    of_step, of_whole = (
        np.array([question.quantity == name for question in questions])
        for name in ("step", "whole")
    )
    osl = np.array([question.case.osl for question in questions])
    instances = np.array([question.instances for question in questions])

    def asked(numbers: Mapping[str, Array]) -> Array:
        made = varied.times(numbers)
        with np.errstate(divide="ignore"):
            rate_s = 1 / (made.tok_s * instances)
        whole_s = (made.ttft_s + np.maximum(osl - 1, 0) * made.tpot_s) / osl
        found: Array = np.where(of_step, made.tpot_s, np.where(of_whole, whole_s, rate_s))
        return found

    return asked


def one_by_one(predict: Predict) -> Asking:
    """Any other engine: case by case."""

    def asking(questions: Sequence[Question], part: Accelerator) -> Asked:
        def asked(numbers: Mapping[str, Array]) -> Array:
            count = len(next(iter(numbers.values()), (None,)))
            parts = [_at(part, numbers, index) for index in range(count)]
            told = [on_part(question, one) for one in parts for question in questions]
            answers = predict([question.case for question in told])
            seconds = [
                np.inf if isinstance(answer, str) else seconds_per_token(question, answer)
                for question, answer in zip(told, answers, strict=True)
            ]
            return np.reshape(np.array(seconds), (count, len(questions)))

        return asked

    return asking


def on_part(question: Question, part: Accelerator) -> Question:
    """The same row, asked of another part."""
    return replace(question, case=replace(question.case, hardware=part))


def _at(part: Accelerator, numbers: Mapping[str, Array], index: int) -> Accelerator:
    for path, values in numbers.items():
        part = replaced(part, path, float(values[index]))
    return part
