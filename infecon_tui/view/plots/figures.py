"""The plots, each one function and one row of FIGURES."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from infecon_tui.view.describe import merit, place, setup
from infecon_tui.view.plots.energy import energy_figure
from infecon_tui.view.plots.memory import memory_figure
from infecon_tui.view.plots.prefill import prefill_figure
from infecon_tui.view.plots.roofline import roofline_figure
from infecon_tui.view.plots.speculation import batches_figure, lengths_figure
from infecon_tui.view.plots.sweeps import sweep_figure
from infecon_tui.view.plots.thinning import logarithms, thinned
from infecon_tui.view.records import Axis, Figure, Mark, Series

if TYPE_CHECKING:
    from collections.abc import Callable

    from infecon_tui.solve import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureKind:
    """One kind of plot: the letter that shows it, its title and the function that builds it."""

    key: str
    title: str
    build: Callable[[Answer], Figure]


def frontier_figure(answer: Answer) -> Figure:
    """Least cost at every speed, with the preferred, the fastest and the cheapest point."""
    points, title = answer.points, "What does speed cost?"
    x, y = (
        Axis(label="speed", unit="tok/s per request", log=False),
        Axis(label="cost", unit="USD/Mtok"),
    )
    if answer.chosen is None:
        return Figure(key="frontier", title=title, x=x, y=y, note=answer.verdict)
    speed, cost = points.speed_tok_s, points.usd_per_mtok
    keep = thinned(speed, logarithms(cost))
    line = Series(
        label=answer.scenario.fidelity,
        x=tuple(speed[keep].tolist()),
        y=tuple(cost[keep].tolist()),
        names=tuple(setup(points, at) for at in keep.tolist()),
    )
    series = (line, *_targets(answer))
    return Figure(
        key="frontier", title=title, x=x, y=y, series=series, marks=_frontier_marks(answer)
    )


def _targets(answer: Answer) -> tuple[Series, ...]:
    """The goal's limits as lines across the frontier."""
    goal, points = answer.scenario.goal, answer.points
    speed, cost = points.speed_tok_s, points.usd_per_mtok
    found = []
    if goal.tpot_s:
        x, y = (1 / goal.tpot_s,) * 2, (float(cost[0]), float(cost[-1]))
        found.append(Series(label="TPOT target", x=x, y=y, dashed=True))
    if goal.cost_usd_per_mtok:
        x, y = (float(speed[0]), float(speed[-1])), (goal.cost_usd_per_mtok,) * 2
        found.append(Series(label="cost target", x=x, y=y, dashed=True))
    return tuple(found)


def _frontier_marks(answer: Answer) -> tuple[Mark, ...]:
    points, chosen = answer.points, answer.chosen
    assert chosen is not None
    last = len(points.speed_tok_s) - 1
    named = {
        0: ("cheapest", "◆", "c"),
        last: ("fastest", "▲", "f"),
        chosen: (f"{merit(answer)}: {place(points, chosen)}", "●", "P"),
    }
    return tuple(
        Mark(
            label=label,
            x=float(points.speed_tok_s[index]),
            y=float(points.usd_per_mtok[index]),
            glyph=glyph,
            letter=letter,
        )
        for index, (label, glyph, letter) in named.items()
    )


FIGURES: dict[str, FigureKind] = {
    "frontier": FigureKind(key="f", title="Frontier", build=frontier_figure),
    "roofline": FigureKind(key="r", title="Roofline", build=roofline_figure),
    "batch": FigureKind(key="B", title="Batch", build=sweep_figure("batch")),
    "parallelism": FigureKind(key="P", title="Parallelism", build=sweep_figure("parallelism")),
    "energy": FigureKind(key="J", title="Energy", build=energy_figure),
    "context": FigureKind(key="C", title="Context", build=sweep_figure("context")),
    "memory": FigureKind(key="Z", title="Memory", build=memory_figure),
    "speculation": FigureKind(key="V", title="Speculation", build=batches_figure),
    "draft": FigureKind(key="Y", title="Draft", build=lengths_figure),
    "prefill": FigureKind(key="F", title="Prefill", build=prefill_figure),
}
"""Every plot by name; this is their registry."""


def untold(key: str, why: str) -> Figure:
    """A plot without an answer to draw, which says why."""
    nothing = Axis(label="", unit="", log=False)
    return Figure(key=key, title="", x=nothing, y=nothing, note=why)
