"""Every layout of a deployment at its best, the best first, and why the others lose."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from infecon_tui.cost.frontier.points import Points
from infecon_tui.cost.frontier.targets import best_batches
from infecon_tui.cost.frontier.times import most_batch
from infecon_tui.cost.plan import Plan
from infecon_tui.solve import DEPLOYMENT, search_of
from infecon_tui.targets import kept, limits_of, missed, wants_speed
from infecon_tui.units import three
from infecon_tui.view.describe import layout, number
from infecon_tui.view.records import Column, Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from infecon_tui.scenario import Scenario
    from infecon_tui.targets import Limits

_COLUMNS = (
    Column(
        key="layout",
        title="layout",
        left=True,
        help="ways of tensor, pipeline, expert and data-parallel attention",
    ),
    Column(key="gpus", title="GPUs", help="of one instance"),
    Column(key="usd_per_mtok", title="cost", unit="USD/Mtok", help="at its best batch"),
    Column(key="tpot_s", title="TPOT", unit="ms", help="there"),
    Column(key="ttft_s", title="TTFT", unit="ms", help="there; of one sequence where none fits"),
    Column(
        key="remark",
        title="beside the best",
        left=True,
        help="how much dearer and slower it is, or which target it misses",
    ),
    Column(key="batch", title="batch", help="the cheapest that keeps the targets"),
    Column(key="replicas", title="replicas", help="instances that the GPUs at hand give"),
    Column(key="tok_s", title="rate", unit="tok/s", help="output tokens of all replicas"),
    Column(key="joules_per_tok", title="energy", unit="J/tok", help="GPUs alone"),
)
"""Why a layout loses stands where the narrowest screen shows it, behind what it loses by."""
_TITLE = "Which layout keeps the targets, and why do the others lose?"
_BEST = "best"
_SAME = 0.005
_Line = tuple[str | float, ...]


def layouts_table(scenario: Scenario) -> Table:
    """A row a layout: those that keep the goal's targets by cost, then the others by TPOT.

    Without targets each layout stands at its cheapest point. Raises InfeconError.
    """
    if scenario.fidelity != DEPLOYMENT:
        note = "layouts belong to the deployment fidelity: --fidelity deployment"
        return Table(key="layouts", title=_TITLE, columns=_COLUMNS, rows=(), note=note)
    search, _ = search_of(scenario)
    ways = search.layouts()
    if not ways:
        from infecon_tui.cost.frontier.verdict import why_nothing

        return Table(
            key="layouts", title=_TITLE, columns=_COLUMNS, rows=(), note=why_nothing(search)
        )
    limits = limits_of(scenario.goal)
    points = best_batches(
        search, ways, lambda some: kept(some, limits), speed=wants_speed(scenario.goal)
    )
    most = most_batch(search, Plan.of(ways))
    order = _order(points, limits, speed=wants_speed(scenario.goal))
    values = tuple(_line(points, at, order[0], limits, most[at], scenario) for at in order)
    return Table(
        key="layouts",
        title=_TITLE,
        columns=_COLUMNS,
        rows=tuple(_shown(line) for line in values),
        values=values,
        note=_said(scenario),
    )


def has_best(table: Table) -> bool:
    """Whether one of the layouts keeps all targets."""
    at = [column.key for column in _COLUMNS].index("remark")
    return any(row[at] == _BEST for row in table.rows)


def _said(scenario: Scenario) -> str:
    goal, asked = scenario.goal, []
    for target, limit in zip(("TPOT", "TTFT", "cost"), limits_of(goal), strict=False):
        if math.isfinite(limit):
            unit = "USD/Mtok" if target == "cost" else "ms"
            asked.append(f"{target} ≤ {limit if target == 'cost' else 1e3 * limit:g} {unit}")
    if goal.gpus_at_hand:
        asked.append(f"{goal.gpus_at_hand} GPUs at hand")
    return ", ".join(asked) or "no targets: every layout at its cheapest batch"


def _order(points: Points, limits: Limits, *, speed: bool) -> list[int]:
    keep = kept(points, limits)
    first = points.tpot_s if speed else points.usd_per_mtok
    ranked: Any = np.lexsort((np.where(keep, first, points.tpot_s), ~keep))
    found: list[int] = ranked.tolist()
    return found


def _line(
    points: Points, at: int, best: int, limits: Limits, most: float, scenario: Scenario
) -> _Line:
    gpus, tpot = float(points.gpus[at]), float(points.tpot_s[at])
    replicas = max(int((scenario.goal.gpus_at_hand or gpus) // gpus), 1)
    rate = replicas * float(points.batch[at]) / tpot if math.isfinite(tpot) else 0.0
    return (
        layout(points, at),
        gpus,
        float(points.usd_per_mtok[at]),
        tpot,
        float(points.ttft_s[at]),
        _no_pool(points, at, most, scenario) or _remark(points, at, best, limits, most),
        float(points.batch[at]),
        replicas,
        rate,
        float(points.joules_per_tok[at]),
    )


def _no_pool(points: Points, at: int, most: float, scenario: Scenario) -> str:
    """Why a layout that fits has no first pool beside it."""
    if scenario.layout.pools == "one" or np.isfinite(points.tpot_s[at]):
        return ""
    if most < (scenario.layout.batch or 1):
        return ""
    return "no pool for its prompts is small or soon enough"


def _remark(points: Points, at: int, best: int, limits: Limits, most: float) -> str:
    """Why a layout is not the best one."""
    if most < 1:
        return "the weights and one sequence do not fit"
    if not np.isfinite(points.tpot_s[at]):
        return f"the batch does not fit: {most:.0f} at most"
    here = points.take(np.array([at]))
    if not kept(here, limits).all():
        return missed(here, limits)
    if at == best:
        return _BEST
    cost, least = float(points.usd_per_mtok[at]), float(points.usd_per_mtok[best])
    more = cost / least - 1 if least else 0.0
    slower = points.tpot_s[at] / points.tpot_s[best] - 1
    said = (_percent(more, "dearer", "cheaper"), _percent(slower, "slower", "faster"))
    return ", ".join(filter(None, said)) or "as good"


def _percent(change: float, up: str, down: str) -> str:
    return f"{100 * abs(change):.0f} % {up if change >= 0 else down}" if abs(change) > _SAME else ""


def _shown(line: _Line) -> tuple[str, ...]:
    name, gpus, cost, tpot, ttft, remark, batch, replicas, rate, joules = line
    numbers: tuple[NDArray[np.float64] | Any, ...] = (tpot, ttft)
    times = [three(1e3 * float(v)) if math.isfinite(v) else "-" for v in numbers]
    fits = math.isfinite(float(tpot))
    return (
        str(name),
        number(float(gpus)),
        three(float(cost)) if fits else "-",
        *times,
        str(remark),
        number(float(batch)) if fits else "-",
        str(replicas),
        f"{rate:.4g}" if fits else "-",
        three(float(joules)) if math.isfinite(float(joules)) else "-",
    )
