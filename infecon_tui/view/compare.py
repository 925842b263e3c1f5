"""One scenario on every accelerator, or with every model: its preferred point on each."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from infecon_tui.cost.frontier.points import Points as DeployedPoints
from infecon_tui.errors import InfeconError
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.solve import ON_SCREEN, Answer, solve
from infecon_tui.units import three, timed
from infecon_tui.view.describe import binds, layout, number
from infecon_tui.view.pins import priced
from infecon_tui.view.records import Column, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from infecon_tui.scenario import Scenario
    from infecon_tui.solve import Points
    from infecon_tui.workload.transformer import Transformer

    Value = float | str | None

COLUMNS = (
    Column(key="usd_per_mtok", title="cost", unit="USD/Mtok", help="at the preferred point"),
    Column(key="tok_s", title="speed", unit="tok/s", help="of one request, there"),
    Column(key="tpot_s", title="TPOT"),
    Column(key="ttft_s", title="TTFT", help="of a prompt alone, where prompts are counted"),
    Column(key="gpus", title="GPUs"),
    Column(key="batch", title="batch"),
    Column(key="fastest_tok_s", title="fastest", unit="tok/s", help="whatever it costs"),
    Column(key="joules_per_tok", title="energy", unit="J/tok", help="of the GPUs, at the point"),
    Column(key="layout", title="layout", left=True),
    Column(key="bound_by", title="bound by", left=True),
    Column(key="remark", title="remark", left=True),
)
SORTS: dict[str, Callable[[tuple[Value, ...]], float]] = {
    "cost": lambda row: _rank(row[1]),
    "speed": lambda row: -_rank(row[2], missing=0.0),
    "ttft": lambda row: _rank(row[4]),
    "fastest": lambda row: -_rank(row[7], missing=0.0),
    "gpus": lambda row: _rank(row[5]),
    "energy": lambda row: _rank(row[8]),
}
"""What a comparison can be sorted by; those without an answer come last."""
_NUMBERS_AND_WORDS = len(COLUMNS) - 1
"""Columns that are empty where there is no answer: all but the remark."""


def compared(
    scenario: Scenario,
    others: Sequence[Accelerator] | Sequence[Transformer],
    sort: str = "cost",
    told: Callable[[str], None] | None = None,
) -> Table:
    """A line for each of the others in the place of the scenario's own; `told` hears every id."""
    values = []
    for other in others:
        if told is not None:
            told(other.id)
        values.append(row_of(scenario, other))
    parts = bool(others) and isinstance(others[0], Accelerator)
    return table_of(values, parts=parts, sort=sort)


def row_of(scenario: Scenario, other: Accelerator | Transformer) -> tuple[Value, ...]:
    """The line of one of them in the place of the scenario's own, or why there is none."""
    return _values(other.id, _scenario_with(scenario, other))


def table_of(lines: Sequence[tuple[Value, ...]], *, parts: bool, sort: str = "cost") -> Table:
    """Lines of accelerators (`parts`) or of models, in the order of a merit."""
    values = sorted(lines, key=SORTS[sort])
    return Table(
        key="compare",
        title=f"Which {'accelerator' if parts else 'model'} is best, each at its preferred point?",
        columns=(Column(key="id", title="hardware" if parts else "model", left=True), *COLUMNS),
        rows=tuple(_cells(row) for row in values),
        values=tuple(values),
    )


def _rank(value: Value, missing: float = float("inf")) -> float:
    return value if isinstance(value, float) else missing


def _scenario_with(scenario: Scenario, other: Accelerator | Transformer) -> Scenario:
    if isinstance(other, Accelerator):
        return replace(scenario, hardware=other)
    return replace(scenario, model=other)


def _values(name: str, scenario: Scenario) -> tuple[Value, ...]:
    try:
        answer = solve(scenario, ON_SCREEN)
    except InfeconError as error:
        return (name, *(None,) * _NUMBERS_AND_WORDS, str(error))
    if answer.chosen is None:
        return (name, *(None,) * _NUMBERS_AND_WORDS, answer.verdict)
    return (name, *_chosen(answer))


def _chosen(answer: Answer) -> tuple[Value, ...]:
    points, at = answer.points, answer.chosen
    assert at is not None
    known = priced(answer.scenario)
    return (
        float(points.usd_per_mtok[at]) if known else None,
        float(points.speed_tok_s[at]),
        float(points.tpot_s[at]),
        _known(points, "ttft_s", at),
        float(points.gpus[at]),
        float(points.batch[at]),
        float(points.speed_tok_s[-1]),
        _known(points, "joules_per_tok", at),
        layout(points, at),
        binds(points, at),
        answer.missed or ("" if known else "price unknown"),
    )


def _known(points: Points, field: str, at: int) -> float | None:
    """A quantity that not every engine or spec knows."""
    found = float(getattr(points, field)[at]) if isinstance(points, DeployedPoints) else math.nan
    return None if math.isnan(found) else found


def _cells(row: tuple[Value, ...]) -> tuple[str, ...]:
    name, cost, speed, tpot_s, ttft_s, gpus, batch, fastest, joules, *words = row
    shown = (
        "" if cost is None else three(float(cost)),
        "" if speed is None else f"{speed:.1f}",
        "" if tpot_s is None else timed(float(tpot_s)),
        "" if ttft_s is None else timed(float(ttft_s)),
        "" if gpus is None else number(float(gpus)),
        "" if batch is None else number(float(batch)),
        "" if fastest is None else f"{fastest:.1f}",
        "" if joules is None else three(float(joules)),
    )
    return (str(name), *shown, *("" if word is None else str(word) for word in words))
