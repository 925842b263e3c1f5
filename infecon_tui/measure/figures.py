"""Predicted against measured, for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui.measure.statistics import errors_of
from infecon_tui.view.records import Axis, Figure, Series

if TYPE_CHECKING:
    from infecon_tui.measure.evaluate import Outcome, Result

MOST_GROUPS = 5
"""Accelerators with colours of their own; the rest share one."""


def scatter(result: Result, title: str) -> Figure:
    """A dot a row by accelerator, the most frequent first, and the line where both are equal."""
    groups: dict[str, list[Outcome]] = {}
    for outcome in result.compared:
        assert outcome.question is not None
        groups.setdefault(outcome.question.part_id, []).append(outcome)
    ranked = sorted(groups.items(), key=lambda item: -len(item[1]))
    named = ranked[:MOST_GROUPS]
    if rest := [outcome for _, some in ranked[MOST_GROUPS:] for outcome in some]:
        named.append(("others", rest))
    series = tuple(_dots(name, some) for name, some in named)
    return Figure(
        key="validation",
        title=title,
        x=Axis(label="measured", unit="ms per token"),
        y=Axis(label="predicted", unit="ms per token"),
        series=(*series, _equal(series)),
        note="" if series else "no row could be compared",
    )


def _dots(name: str, outcomes: list[Outcome]) -> Series:
    pairs = [
        (1e3 * o.question.measured_s, 1e3 * o.predicted_s)
        for o in outcomes
        if o.question is not None
    ]
    error = errors_of([outcome.error for outcome in outcomes]).median_ape
    x, y = zip(*sorted(pairs), strict=True)
    label = name if error is None else f"{name} {100 * error:.0f} %"
    return Series(label=label, x=x, y=y, dots=True)


def _equal(series: tuple[Series, ...]) -> Series:
    values = [value for one in series for value in (*one.x, *one.y)] or [1.0, 10.0]
    ends = (min(values), max(values))
    return Series(label="equal", x=ends, y=ends, dashed=True)
