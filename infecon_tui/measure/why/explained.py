"""Where the error of a group of rows comes from: which one cause, at another size, explains them best.

Each suspect alone is moved to where the mean of |predicted/measured - 1| is least, so that rows far off count
by their distance and not by its square. It is judged by rows that it was not moved for: with each model left
out in turn (or each batch, where there are few models). Nothing that is found here enters any prediction.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.measure.statistics import GROUPINGS, Errors, errors_of
from infecon_tui.measure.why.suspects import Suspect, suspects_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infecon_tui.measure.calibration.squares import Array
    from infecon_tui.measure.evaluate import Outcome

MOST_ROWS = 200
"""Of a group, taken evenly from it, are looked at."""
FEWEST_ROWS = 4
SHOWN = 3
"""Explanations that are told of a group."""

_AMOUNTS = 64
_MOST_TIMES = 10.0
"""A part that would have to take longer than this is too small to be what is missing."""
_FOLDS = 24
_FEWEST_FOLDS = 3
_EXPLAINED = 0.8
"""A suspect stands out where it leaves at most this share of the error of rows it was not moved for."""
_AS_GOOD = 1.15
"""Suspects that leave no more than so many times what the best of them leaves are told beside it."""
_SPREAD = (0.1, 0.9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One suspect at the `amount` (a factor, or seconds of `each` step, layer or sequence) that explains rows
    best; `low` and `high` are amounts as some rows are left out, `predicted_s` what it takes as predicted.

    It leaves `median_ape` of the error, and `held_median_ape` in rows that it was not moved for; in `first` of
    `folds` it explained the other rows best.
    """

    suspect: str
    way: str
    each: str
    amount: float
    low: float
    high: float
    predicted_s: float
    median_ape: float
    held_median_ape: float
    first: int
    folds: int
    settled_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is found for some rows: their errors, and the explanations that stand out, the best one first; none
    where nothing does. `left_out` says what was left out in turn.
    """

    errors: Errors
    explanations: tuple[Explanation, ...] = ()
    left_out: str = ""


def explained(outcomes: Sequence[Outcome]) -> Found:
    """The causes that explain the errors of compared rows best, each alone."""
    errors = errors_of([outcome.error for outcome in outcomes])
    if len(outcomes) < FEWEST_ROWS:
        return Found(errors=errors)
    some = evenly(outcomes)
    left_out, folds = _folds(some)
    fits = _Fits(some, folds)
    return Found(errors=errors, explanations=fits.standing_out(), left_out=left_out)


def evenly(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """MOST_ROWS of many, taken from all over them."""
    count = len(outcomes)
    taken = np.linspace(0, count - 1, min(count, MOST_ROWS)).round().astype(int)
    return [outcomes[at] for at in taken.tolist()]


def _folds(outcomes: Sequence[Outcome]) -> tuple[str, Array]:
    """What is left out in turn, and which rows (folds, rows) that are."""
    for name in ("model", "batch"):
        told = [GROUPINGS[name](outcome) for outcome in outcomes]
        if len(set(told)) >= _FEWEST_FOLDS:
            numbers = {key: at % _FOLDS for at, key in enumerate(dict.fromkeys(told))}
            at = np.array([numbers[key] for key in told])
            return name, np.arange(max(numbers.values()) + 1)[:, None] == at
    at = np.arange(len(outcomes)) % _FOLDS
    return "row", np.arange(at.max() + 1)[:, None] == at


class _Fits:
    """Every suspect at every amount: its errors over all rows, and over those of each fold."""

    def __init__(self, outcomes: Sequence[Outcome], folds: Array) -> None:
        self.predicted_s = np.array([outcome.predicted_s for outcome in outcomes])
        self.measured_s = np.array([_measured_s(outcome) for outcome in outcomes])
        self.suspects = suspects_of(outcomes)
        self.folds = folds
        self.amounts = [self._amounts(one) for one in self.suspects]
        self.errors = np.stack(
            [self._off(one, some) for one, some in zip(self.suspects, self.amounts, strict=True)]
        )
        sums = self.errors @ folds.T.astype(np.float64)
        self.best = self.errors.mean(axis=2).argmin(axis=1)
        # Where the rows outside of a fold are explained best: (suspects, folds).
        outside = sums.sum(axis=2)[..., None] - sums
        self.best_outside = outside.argmin(axis=1)
        self.least_outside = outside.min(axis=1)

    def _off(self, suspect: Suspect, amounts: Array) -> Array:
        changed = suspect.changed(self.predicted_s, amounts)
        off: Array = np.abs(changed / self.measured_s - 1)
        return off

    def _amounts(self, suspect: Suspect) -> Array:
        """Amounts that bring one row or another to what was measured, where the most weight is; and none."""
        there = suspect.seconds > 0
        lack_s = self.measured_s[there] - self.predicted_s[there]
        if suspect.way == "least":
            ratios = self.measured_s / np.maximum(suspect.seconds, 1e-12)
            return np.quantile(ratios, np.linspace(0, 1, _AMOUNTS))
        ratios, weights = lack_s / suspect.seconds[there], suspect.seconds[there]
        order = np.argsort(ratios)
        share = np.cumsum((weights / self.measured_s[there])[order])
        at = np.searchsorted(share / share[-1], np.linspace(0, 1, _AMOUNTS - 1))
        moved = np.maximum(ratios[order][np.minimum(at, len(order) - 1)], -1.0)
        plain = float(suspect.way == "times")
        moved = moved + 1.0 if plain else np.maximum(moved, 0.0)
        moved[moved > (_MOST_TIMES if plain else np.inf)] = plain
        return np.append(moved, plain)

    def standing_out(self) -> tuple[Explanation, ...]:
        """Suspects that explain rows which they were not moved for, and are about as good as the best."""
        plain = np.abs(self.predicted_s / self.measured_s - 1)
        held = np.stack([self._held(index) for index in range(len(self.suspects))])
        means, medians = held.mean(axis=1), np.median(held, axis=1)
        well = (means <= _EXPLAINED * plain.mean()) & (medians <= _EXPLAINED * np.median(plain))
        first = self._first()
        order = [index for index in np.argsort(means).tolist() if well[index]]
        near = [index for index in order if means[index] <= _AS_GOOD * means[order[0]]]
        told: dict[str, int] = {}
        for index in near:
            # What one measurement settles is told once: messages are mostly all-reduces.
            told.setdefault(self.suspects[index].settled_by, index)
        shown = list(told.values())[:SHOWN]
        return tuple(
            self._told(index, medians, first[self.suspects[index].settled_by]) for index in shown
        )

    def _first(self) -> Counter[str]:
        """How often the rows outside of a fold were explained best by suspects that one measurement settles."""
        return Counter(
            self.suspects[index].settled_by for index in self.least_outside.argmin(axis=0).tolist()
        )

    def _held(self, index: int) -> Array:
        """Errors of each row with the amount that explains the rows of the other folds best."""
        fold = self.folds.argmax(axis=0)
        rows = np.arange(len(self.measured_s))
        found: Array = self.errors[index, self.best_outside[index][fold], rows]
        return found

    def _told(self, index: int, held_medians: Array, first: int) -> Explanation:
        suspect, amounts, best = self.suspects[index], self.amounts[index], self.best[index]
        low, high = np.quantile(amounts[self.best_outside[index]], _SPREAD)
        return Explanation(
            suspect=suspect.name,
            way=suspect.way,
            each=suspect.each,
            amount=float(amounts[best]),
            low=float(low),
            high=float(high),
            predicted_s=suspect.usual_s,
            median_ape=float(np.median(self.errors[index, best])),
            held_median_ape=float(held_medians[index]),
            first=first,
            folds=len(self.folds),
            settled_by=suspect.settled_by,
        )


def _measured_s(outcome: Outcome) -> float:
    assert outcome.question is not None
    return outcome.question.measured_s
