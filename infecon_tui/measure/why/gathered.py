"""Where in a group the error gathers: rows, alike in something, that are much further off than the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.measure.figures import layout_of
from infecon_tui.measure.statistics import GROUPINGS
from infecon_tui.measure.why.explained import FEWEST_ROWS, evenly

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from infecon_tui.cost.ledger import Mask
    from infecon_tui.measure.calibration.squares import Array
    from infecon_tui.measure.evaluate import Outcome

_FEWEST = 12
_MOST_SHARE = 0.6
_TOLD = 0.15
"""Share of the variance between rows' errors that a division must account for."""
_WORSE = 2.0
"""Times the error of the others, in the median."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """Rows alike in `what`, and the others of their group."""

    what: str
    inside: tuple[Outcome, ...]
    outside: tuple[Outcome, ...]


def gathered(outcomes: Sequence[Outcome]) -> Gathered | None:
    """The division by one thing that accounts for most of how errors differ; None where none does for much."""
    if len(outcomes) < _FEWEST:
        return None
    some = evenly(outcomes)
    errors = np.minimum(np.abs([outcome.error for outcome in some]), 1.0)
    spread = float(np.sum((errors - errors.mean()) ** 2))
    best, found = _TOLD * spread, None
    for name, key in _KEYS.items():
        told = np.array([key(outcome) for outcome in some])
        for value in dict.fromkeys(told.tolist()):
            inside = told == value
            between = _between(errors, inside) if value else 0.0
            if between > best and _worse(errors, inside):
                best, found = between, (name, value)
    if found is None or spread == 0:
        return None
    name, value = found
    there = [_KEYS[name](outcome) == value for outcome in outcomes]
    return Gathered(
        what=f"{name} {value}",
        inside=tuple(one for one, is_in in zip(outcomes, there, strict=True) if is_in),
        outside=tuple(one for one, is_in in zip(outcomes, there, strict=True) if not is_in),
    )


def _between(errors: Array, inside: Mask) -> float:
    """The part of the squares that a division accounts for; none where either side has too few rows."""
    count = int(np.count_nonzero(inside))
    rest = len(errors) - count
    if min(count, rest) < FEWEST_ROWS or count > _MOST_SHARE * len(errors):
        return 0.0
    within = float(errors @ inside)
    apart = within / count - (float(errors.sum()) - within) / rest
    return count * rest / len(errors) * apart * apart


def _worse(errors: Array, inside: Mask) -> bool:
    return bool(np.median(errors[inside]) > _WORSE * np.median(errors[~inside]))


def _layout(outcome: Outcome) -> str:
    assert outcome.question is not None
    return layout_of(outcome.question)


_KEYS: dict[str, Callable[[Outcome], str]] = {
    **{name: GROUPINGS[name] for name in ("gpu", "model", "engine", "purity", "batch", "context")},
    "layout": _layout,
    "source": lambda outcome: outcome.row.texts.get("source", ""),
    "release": lambda outcome: outcome.row.texts.get("engine_version", ""),
}
