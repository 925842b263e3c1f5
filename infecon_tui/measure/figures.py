"""Predicted against measured, for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui.measure.statistics import errors_of
from infecon_tui.view.describe import degrees, number
from infecon_tui.view.records import Axis, Figure, Series

if TYPE_CHECKING:
    from infecon_tui.measure.evaluate import Outcome, Result
    from infecon_tui.measure.rows.cases import Question

MOST_SIGNS = 100
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
    points = [
        (1e3 * o.question.measured_s, 1e3 * o.predicted_s, _subject(o.question))
        for o in outcomes
        if o.question is not None
    ]
    error = errors_of([outcome.error for outcome in outcomes]).median_ape
    x, y, names = zip(*sorted(points), strict=True)
    label = name if error is None else f"{name} {100 * error:.0f} %"
    return Series(label=label, x=x, y=y, names=names, dots=True, glyph=glyph_of(len(x)))


def glyph_of(rows: int) -> str:
    """What a row is drawn as: a sign of its own, or a dot where there are many."""
    return "■" if rows <= MOST_SIGNS else ""


def layout_of(question: Question) -> str:
    """`TP 8 · EP 8`: how a row ran."""
    way = question.case.layout
    return degrees(way.tensor, way.pipeline, way.expert, way.attention_data, way.context)


def run_of(question: Question) -> str:
    """`TP 4, batch 60`: how a row ran, and with how many sequences."""
    return f"{layout_of(question)}, batch {number(question.case.batch)}"


def _subject(question: Question) -> str:
    return f"{question.model_id} {run_of(question)}"


def _equal(series: tuple[Series, ...]) -> Series:
    values = [value for one in series for value in (*one.x, *one.y)] or [1.0, 10.0]
    ends = (min(values), max(values))
    return Series(label="equal", x=ends, y=ends, dashed=True)
