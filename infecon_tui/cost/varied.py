"""The same cases on an accelerator whose numbers change again and again: one broadcast for all of its values.

What does not depend on the numbers (which cases are alike, their layouts and lengths, which of them are one
and the same) is worked out once. A calibration asks so, dozens of times.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.cost.machine import Machine
from infecon_tui.cost.plan import Rows
from infecon_tui.cost.predict import alike, rows_of
from infecon_tui.cost.serving.answering import served_by
from infecon_tui.cost.stacked import repeated
from infecon_tui.knobs import replaced

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from infecon_tui.cost.case import Case
    from infecon_tui.cost.ledger import Array, Indices
    from infecon_tui.hardware.accelerator import Accelerator

_MOST_ELEMENTS = 50_000
"""Of a column in one broadcast: some 60 columns live at a time."""


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of an output token and to the first one, and tokens a second: (values, cases) each; NaN where
    the engine refuses a case.
    """

    tpot_s: Array
    ttft_s: Array
    tok_s: Array


@dataclass(frozen=True, slots=True)
class _Alike:
    """Cases of one pass: one of them, the different ones' columns, and which one each of `indices` is."""

    first: Case
    rows: Rows
    indices: Indices
    inverse: Indices

    @property
    def count(self) -> int:
        return len(self.rows.batch)


class Varied:
    """Cases of one accelerator, to be asked again with other numbers of it."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self._count = len(cases)
        self._groups = [
            _distinct([cases[index] for index in indices], indices)
            for indices in alike(cases)[0].values()
        ]

    def times(self, numbers: Mapping[str, Array]) -> Times:
        """Times with the accelerator's `numbers`, by path, at their first, second, ... values; without any,
        once, with the numbers that it has.
        """
        count = len(next(iter(numbers.values()), (None,)))
        found = np.full((3, count, self._count), np.nan)
        parts: dict[tuple[int, int], Accelerator] = {}
        for group in self._groups:
            most = max(_MOST_ELEMENTS // group.count, 1)
            for start in range(0, count, most):
                stop = min(start + most, count)
                if (start, stop) not in parts:
                    parts[start, stop] = _part(group.first.hardware, numbers, slice(start, stop))
                made = _served(group, parts[start, stop], stop - start)
                found[:, start:stop, group.indices] = made[:, :, group.inverse]
        return Times(*found)


def _distinct(cases: Sequence[Case], indices: list[int]) -> _Alike:
    """Cases that only differ in the row of a file they are of are asked once."""
    rows = rows_of(cases)
    plan = rows.plan
    columns = (plan.tensor, plan.pipeline, plan.expert, plan.data, plan.context)
    table = np.stack([*columns, rows.batch, rows.isl, rows.osl, rows.context, rows.cached])
    _, first, inverse = np.unique(table, axis=1, return_index=True, return_inverse=True)
    return _Alike(
        first=cases[0],
        rows=rows.at(first),
        indices=np.array(indices),
        inverse=np.reshape(inverse, -1),
    )


def _part(part: Accelerator, numbers: Mapping[str, Array], here: slice) -> Accelerator:
    """The accelerator with columns of values; what these agree in stays a number, which costs no pass over
    the rows.
    """
    for path, values in numbers.items():
        some = values[here]
        same = bool((some == some[0]).all())
        part = replaced(part, path, float(some[0]) if same else some)
    return part


def _served(group: _Alike, part: Accelerator, times: int) -> Array:
    """(3, values, different cases): the cases once for every value of the accelerator's columns."""
    rows = group.rows.at(np.tile(np.arange(group.count), times))
    on = repeated(part, group.count)
    served = served_by(replace(group.first, hardware=on), Machine(on), rows)
    columns = (served.tpot_s, served.ttft_s, served.tok_s)
    spread = [np.broadcast_to(column, times * group.count) for column in columns]
    return np.stack(spread).reshape(3, times, group.count)
