"""How far predictions are from measurements, over all rows and by group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from infecon_tui.measure.evaluate import Outcome, Result

_BATCHES = (1, 8, 32, 128, 512)
_CONTEXTS = (1_000, 4_000, 16_000, 64_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """Of `rows` predictions: median and 90th percentile of the absolute relative error, and the
    median of predicted/measured - 1. None where there are no rows.
    """

    rows: int
    median_ape: float | None
    p90_ape: float | None
    bias: float | None


def errors_of(ratios: Sequence[float]) -> Errors:
    """The errors of relative deviations, each predicted/measured - 1."""
    if not ratios:
        return Errors(rows=0, median_ape=None, p90_ape=None, bias=None)
    signed = np.asarray(ratios)
    middle, high = np.quantile(np.abs(signed), (0.5, 0.9))
    return Errors(
        rows=len(ratios),
        median_ape=float(middle),
        p90_ape=float(high),
        bias=float(np.median(signed)),
    )


def overall(result: Result) -> Errors:
    """The errors of every row that was predicted."""
    return errors_of([outcome.error for outcome in result.compared])


def alike(result: Result, model_id: str, part_id: str) -> tuple[str, Errors]:
    """The errors of the rows most like a scenario, and what they share with it: its model and accelerator, or
    the accelerator alone; no rows and no words where none is on it.
    """
    on_part = [o for o in result.compared if _part(o) == part_id]
    of_both = [o for o in on_part if _model(o) == model_id]
    shared = f"{model_id} on {part_id}" if of_both else part_id if on_part else ""
    return shared, errors_of([outcome.error for outcome in of_both or on_part])


def bucket(value: float, bounds: Sequence[int]) -> str:
    """The range of a value: `1`, `2-8`, …, `>512`."""
    low = 0
    for high in bounds:
        if value <= high + 0.5:
            return str(high) if low + 1 >= high else f"{low + 1}-{high}"
        low = high
    return f">{low}"


def _batch(outcome: Outcome) -> str:
    assert outcome.question is not None
    return bucket(outcome.question.case.batch, _BATCHES)


def _context(outcome: Outcome) -> str:
    assert outcome.question is not None
    case = outcome.question.case
    context = case.isl + case.osl / 2 if case.context_tok is None else case.context_tok
    return bucket(context, _CONTEXTS)


def _quantity(outcome: Outcome) -> str:
    assert outcome.question is not None
    return outcome.question.quantity


def _part(outcome: Outcome) -> str:
    assert outcome.question is not None
    return outcome.question.part_id


def _model(outcome: Outcome) -> str:
    assert outcome.question is not None
    return outcome.question.model_id


def _engine(outcome: Outcome) -> str:
    assert outcome.question is not None
    return outcome.question.engine


def _purity(outcome: Outcome) -> str:
    assert outcome.question is not None
    return outcome.question.purity


def _tier(outcome: Outcome) -> str:
    return outcome.row.texts.get("tier", "")


def _tier_and_part(outcome: Outcome) -> str:
    return f"{_tier(outcome)} {_part(outcome)}" if _tier(outcome) else ""


GROUPINGS: dict[str, Callable[[Outcome], str]] = {
    "gpu": _part,
    "model": _model,
    "engine": _engine,
    "purity": _purity,
    "batch": _batch,
    "context": _context,
    "measured": _quantity,
    "tier": _tier,
    "tier_gpu": _tier_and_part,
}
"""What rows are grouped by, and the group of a row; one that no row has is left out."""


def grouped(result: Result) -> dict[str, dict[str, Errors]]:
    """The errors by every grouping, the groups with most rows first."""
    found = {name: _by(result.compared, key) for name, key in GROUPINGS.items()}
    return {name: groups for name, groups in found.items() if set(groups) != {""}}


def _by(outcomes: Iterable[Outcome], key: Callable[[Outcome], str]) -> dict[str, Errors]:
    members = members_of(outcomes, key)
    ordered = sorted(members, key=lambda name: (-len(members[name]), name))
    return {name: errors_of([one.error for one in members[name]]) for name in ordered}


def members_of(
    outcomes: Iterable[Outcome], key: Callable[[Outcome], str]
) -> dict[str, list[Outcome]]:
    """The rows of each group, in the order in which groups occur."""
    members: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        members.setdefault(key(outcome), []).append(outcome)
    return members


def worst(result: Result, most: int = 10) -> list[Outcome]:
    """The rows that are furthest off, over- and underestimates on one logarithmic scale."""
    return sorted(result.compared, key=lambda o: -abs(np.log1p(o.error)))[:most]
