"""Several passes of the same rows worked out as one, along a first axis: fewer operations on longer arrays."""

from __future__ import annotations

import math
from dataclasses import fields
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from infecon_tui.cost.ledger import Ledger
from infecon_tui.cost.plan import Load
from infecon_tui.cost.step.pipeline import Pass

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from infecon_tui.cost.ledger import Rowed

_MOST_ROWS = 6000
"""Of more rows, arrays that hold all passes no longer stay in the processor's cache."""
_FIELDS = tuple(field.name for field in fields(Load))


class Asked(NamedTuple):
    """A pass to be worked out: what it holds, and the sequences that its host looks after."""

    load: Load
    sequences: Rowed


def together(asked: Sequence[Asked], work: Callable[[Asked], Pass]) -> list[Pass]:
    """What `work` makes of each pass; of one call, where they are not too many rows for that."""
    columns = [[*(getattr(load, name) for name in _FIELDS), many] for load, many in asked]
    shape = np.broadcast_shapes(*(np.shape(value) for column in columns for value in column))
    if math.prod(shape) > _MOST_ROWS:
        return [work(one) for one in asked]
    *loads, sequences = (_stacked(values, shape) for values in zip(*columns, strict=True))
    one = work(Asked(Load(**dict(zip(_FIELDS, loads, strict=True))), sequences))
    return [_part(one, index, len(shape) + 1) for index in range(len(asked))]


def _stacked(values: tuple[Rowed, ...], shape: tuple[int, ...]) -> Rowed:
    """One value a pass; a number that all have in common stays one."""
    if all(isinstance(value, float) and value == values[0] for value in values):
        return values[0]
    whole = np.empty((len(values), *shape))
    for row, value in zip(whole, values, strict=True):
        row[...] = value
    return whole


def _part(one: Pass, index: int, axes: int) -> Pass:
    """One pass of several; what does not depend on the load has no axis of passes."""

    def part(value: Rowed) -> Rowed:
        return value[index] if np.ndim(value) == axes else value

    work = Ledger(
        {key: part(seconds) for key, seconds in one.work.entries.items()},
        part(one.work.starts),
        part(one.work.reading_s),
        part(one.work.computing_s),
    )
    return Pass(work, part(one.work_s), part(one.beat_s), part(one.host_s))
