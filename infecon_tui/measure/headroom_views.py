"""How far measured deployments are from the frontier: a plot, a table, sentences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from infecon_tui.measure.figures import glyph_of, layout_of, run_of
from infecon_tui.measure.headroom import Group, Headroom, Standing, spread
from infecon_tui.view.describe import number, setup
from infecon_tui.view.plots.thinning import logarithms, thinned
from infecon_tui.view.records import Axis, Column, Figure, Series, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_DRAWN = 3
"""Groups with a frontier of their own in one plot."""
_COLUMNS = (
    Column(key="line", title="line"),
    Column(key="layout", title="layout", left=True),
    Column(key="batch", title="batch"),
    Column(key="tok_s", title="speed", unit="tok/s"),
    Column(key="usd_per_mtok", title="cost", unit="USD/Mtok"),
    Column(
        key="least_usd_per_mtok", title="frontier", unit="USD/Mtok", help="as fast, at its cheapest"
    ),
    Column(key="times", title="times", help="the row's cost over the frontier's"),
    Column(
        key="slower", title="slower", help="the row's time over what is predicted of it as it runs"
    ),
    Column(key="there", title="layout there", left=True),
    Column(key="model", title="model", left=True),
    Column(key="hardware", title="hardware", left=True),
    Column(key="engine", title="engine", left=True),
)


def headroom_figure(found: Headroom, title: str) -> Figure:
    """Frontiers of the largest groups, and a dot for each of their rows."""
    drawn = found.groups[:MOST_DRAWN]
    series: list[Series] = []
    for group in drawn:
        name = _name(group, alone=len(drawn) == 1)
        points = group.answer.points
        keep = thinned(points.speed_tok_s, logarithms(points.usd_per_mtok))
        series.append(
            Series(
                label=f"frontier{name}",
                x=tuple(points.speed_tok_s[keep].tolist()),
                y=tuple(points.usd_per_mtok[keep].tolist()),
                names=tuple(setup(points, at) for at in keep.tolist()),
            )
        )
        rows = sorted(group.standings, key=lambda one: one.speed_tok_s)
        series.append(
            Series(
                label=f"measured{name}",
                x=tuple(one.speed_tok_s for one in rows),
                y=tuple(one.usd_per_mtok for one in rows),
                names=tuple(_run(one) for one in rows),
                dots=True,
                glyph=glyph_of(len(rows)),
            )
        )
    return Figure(
        key="headroom",
        title=title,
        x=Axis(label="speed", unit="tok/s per request"),
        y=Axis(label="cost", unit="USD/Mtok"),
        series=tuple(series),
        note="" if series else "no row could be compared",
    )


def headroom_table(found: Headroom) -> Table:
    """Every row with the frontier's point that is as fast, in the order of the groups."""
    rows, values = [], []
    for group, one in _all(found):
        there = "" if one.at is None else setup(group.answer.points, one.at)
        case, how = one.question.case, layout_of(one.question)
        subject = (one.question.model_id, one.question.part_id, case.engine)
        numbers = (one.speed_tok_s, one.usd_per_mtok, one.least_usd_per_mtok, one.times, one.slower)
        values.append((one.question.row.line, how, case.batch, *numbers, there, *subject))
        shown = ["" if math.isnan(value) else f"{value:.3g}" for value in numbers]
        rows.append((str(one.question.row.line), how, number(case.batch), *shown, there, *subject))
    return Table(
        key="headroom",
        title="Headroom",
        columns=_COLUMNS,
        rows=tuple(rows),
        values=tuple(values),
        note="" if rows else "no row could be compared",
    )


def headroom_words(found: Headroom) -> list[str]:
    """A sentence or two on each group, and one on the rows left out."""
    said = [f"{_subject(group)}: {_said(group)}" for group in found.groups]
    said += [f"{count} left out: {reason}" for reason, count in found.skipped.items()]
    return said


def headroom_line(found: Headroom) -> str:
    """All groups together in one line."""
    standings = [one for _, one in _all(found)]
    if not standings:
        return "; ".join(found.skipped) or "no row could be compared"
    many = f" of {len(found.groups)} workloads" if len(found.groups) > 1 else ""
    left = sum(found.skipped.values())
    tail = f"; {left} left out" if left else ""
    return f"{_rows(len(standings))}{many} {_far(standings)}{tail}"


def _all(found: Headroom) -> Iterator[tuple[Group, Standing]]:
    return ((group, one) for group in found.groups for one in group.standings)


def _far(standings: Sequence[Standing]) -> str:
    """How far rows are from the frontier, and how much of it is how they run."""
    times = spread(standings)
    if times is None:
        free = any(one.at is not None for one in standings)
        return "free of cost, as the frontier is" if free else "faster than any layout predicted"
    low, middle, high = (f"{value:.2g}" for value in times)
    span = f"{low} to {high} times" if low != high else f"{low} times"
    median = f" (median {middle})" if len(standings) > 2 else ""
    slower = float(np.median([one.slower for one in standings]))
    faster = sum(one.at is None for one in standings)
    tail = f"; {faster} faster than any layout predicted" if faster else ""
    return (
        f"at {span} the frontier's cost at their speed{median}; "
        f"{slower:.2g} times the predicted time as they run{tail}"
    )


def _said(group: Group) -> str:
    """How far a group is, and its row with most room beside what would be as fast."""
    told = f"{_rows(len(group.standings))} {_far(group.standings)}"
    known = [one for one in group.standings if not math.isnan(one.times)]
    if not known:
        return told
    most = max(known, key=lambda one: one.times)
    assert most.at is not None
    at, points = most.at, group.answer.points
    return (
        f"{told}. {_run(most)} makes {most.speed_tok_s:.3g} tok/s at {most.usd_per_mtok:.3g} USD/Mtok, "
        f"{setup(points, at)} {points.speed_tok_s[at]:.3g} at {most.least_usd_per_mtok:.3g}"
    )


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"


def _subject(group: Group) -> str:
    scenario = group.answer.scenario
    return f"{scenario.model.id} on {scenario.hardware.id}, {scenario.engine}, {_lengths(group)}"


def _lengths(group: Group) -> str:
    asked = group.answer.scenario.workload
    if asked.isl_tok is None or asked.osl_tok is None:
        return f"context {asked.context_tok:.0f}"
    return f"ISL {asked.isl_tok:.0f}, OSL {asked.osl_tok:.0f}"


def _name(group: Group, *, alone: bool) -> str:
    """What a group is told apart by in a legend."""
    if alone:
        return ""
    return f" {group.answer.scenario.model.id}, {_lengths(group)}"


def _run(one: Standing) -> str:
    return run_of(one.question)


def headroom_tree(found: Headroom) -> dict[str, Any]:
    """Everything, for programs: groups with how far they are from their frontier, rows, what is left out."""
    table = headroom_table(found)
    keys = [column.key for column in table.columns]
    return {
        "groups": [_group_tree(group) for group in found.groups],
        "rows": [dict(zip(keys, values, strict=True)) for values in table.values],
        "skipped": found.skipped,
    }


def _group_tree(group: Group) -> dict[str, Any]:
    scenario, times = group.answer.scenario, spread(group.standings)
    asked = scenario.workload
    return {
        "model": scenario.model.id,
        "hardware": scenario.hardware.id,
        "engine": scenario.engine,
        "context": asked.mean_context_tok,
        "isl": asked.isl_tok,
        "osl": asked.osl_tok,
        "rows": len(group.standings),
        "faster": sum(one.at is None for one in group.standings),
        "times": None
        if times is None
        else dict(zip(("least", "median", "most"), times, strict=True)),
    }
