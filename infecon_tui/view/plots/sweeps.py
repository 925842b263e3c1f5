"""Where a token's time goes as one number of the chosen point is turned and the rest stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from infecon_tui.cost.frontier.points import Points as DeployedPoints
from infecon_tui.cost.frontier.points import layout_of
from infecon_tui.papers.erdil2025 import evaluate
from infecon_tui.solve import question_of
from infecon_tui.units import three
from infecon_tui.view.describe import binds, layout, number
from infecon_tui.view.plots import deployed
from infecon_tui.view.records import Axis, Column, Figure, Mark, Series, Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from infecon_tui.solve import Answer, Points

_COUNT = 48
_SPAN = 64.0
"""How far to both sides of the chosen point a sweep looks, as a factor."""
Lines = tuple[tuple[str, Callable[[Any], Any]], ...]
_LINES: Lines = (
    ("TPOT", lambda p: p.tpot_s),
    ("arithmetic", lambda p: p.arithmetic_demand_s),
    ("HBM", lambda p: p.hbm_demand_s),
    ("network", lambda p: p.network_bandwidth_s + p.network_latency_s),
)
_DEPLOYED_LINES: Lines = (
    ("TPOT", lambda p: p.tpot_s),
    ("arithmetic", lambda p: p.arithmetic_s),
    ("HBM", lambda p: p.weights_s + p.cache_s + p.traffic_s),
    ("network", lambda p: p.messages_s),
    ("overhead", lambda p: p.launch_s + p.host_s + p.bubbles_s),
    ("drafting", lambda p: p.draft_s),
)
_TIME = Axis(label="time", unit="ms per token")


class Swept(NamedTuple):
    """The points behind a sweep, one for every `x`; marks in the figure's units."""

    x: NDArray[np.float64]
    points: Points
    marks: tuple[Mark, ...]


class Sweep(NamedTuple):
    """One number that is turned: the question, its axis, and what turns it."""

    title: str
    axis: Axis
    turn: Callable[[Answer, float, float], Swept]


def _batches(answer: Answer, gpus: float, batch: float) -> Swept:
    x = _around(batch, least=1.0)
    here = _here(answer, f"{number(batch)} on {number(gpus)} GPUs", batch)
    if _is_deployed(answer):
        x = np.unique(np.append(np.round(x), batch))
        return Swept(x, deployed.at_batches(answer, x), (here,))
    return Swept(x, _evaluated(answer, gpus, x), (here,))


def _gpus(answer: Answer, gpus: float, batch: float) -> Swept:
    if _is_deployed(answer):
        return _deployed_gpus(answer, gpus, batch)
    node = float(question_of(answer.scenario)[0].part.gpus_per_node)
    x = np.unique(np.append(_around(gpus, least=1e-3), node))
    points = _evaluated(answer, x, batch)
    return Swept(x, points, _size_marks(answer, x, points, node))


def _deployed_gpus(answer: Answer, gpus: float, batch: float) -> Swept:
    """The fastest layout of every power of two, of whole nodes and of the chosen size."""
    node = answer.scenario.hardware.scale_up.domain or 1
    sizes = sorted({2**power for power in range(8)} | {int(gpus), node})
    x = np.array([float(size) for size in sizes])
    points = deployed.at_sizes(answer, sizes, batch)
    return Swept(x, points, _size_marks(answer, x, points, float(node)))


def _size_marks(
    answer: Answer, x: NDArray[np.float64], points: Points, node: float
) -> tuple[Mark, ...]:
    gpus, batch = _chosen(answer)
    marks = [_here(answer, f"{number(gpus)} at batch {number(batch)}", gpus)]
    full = 1e3 * float(points.tpot_s[np.searchsorted(x, node)])
    if node > 1 and np.isfinite(full):
        marks.append(Mark(label="one full node", x=node, y=full, glyph="◆", letter="n"))
    return tuple(marks)


def _contexts(answer: Answer, gpus: float, batch: float) -> Swept:
    now = float(answer.scenario.workload.mean_context_tok)
    x = np.geomspace(128.0, max(1e6, 8 * now), _COUNT)
    here = (_here(answer, f"{number(now)} tokens now", now),) if now >= x[0] else ()
    if _is_deployed(answer):
        return Swept(x, deployed.at_contexts(answer, batch, x), here)
    return Swept(x, _evaluated(answer, gpus, batch, x), here)


SWEEPS: dict[str, Sweep] = {
    "batch": Sweep(
        "How far does a larger batch slow a token?", Axis(label="batch", unit="sequences"), _batches
    ),
    "parallelism": Sweep(
        "What do more GPUs gain?",
        Axis(label="GPUs", unit="of one instance", ticks="powers of 2"),
        _gpus,
    ),
    "context": Sweep(
        "What does a longer context cost?", Axis(label="context", unit="tokens"), _contexts
    ),
}
"""Every sweep by name; a row here is a plot and a table."""


def sweep_figure(name: str) -> Callable[[Answer], Figure]:
    """The plot of a sweep: TPOT and its causes around the chosen point."""
    sweep = SWEEPS[name]

    def build(answer: Answer) -> Figure:
        bare = Figure(key=name, title=sweep.title, x=sweep.axis, y=_TIME, note=answer.verdict)
        if answer.chosen is None:
            return bare
        swept = sweep.turn(answer, *_chosen(answer))
        return replace(bare, series=_lines(swept, _lines_of(answer)), marks=swept.marks)

    return build


def sweep_table(answer: Answer, name: str) -> Table:
    """The points of a sweep that fit, as a table."""
    sweep, lines = SWEEPS[name], _lines_of(answer)
    columns = (
        Column(key=sweep.axis.label, title=sweep.axis.label),
        *(Column(key=f"{label.lower()}_s", title=label, unit="ms") for label, _ in lines),
        Column(key="usd_per_mtok", title="cost", unit="USD/Mtok"),
        Column(key="layout", title="layout", left=True),
        Column(key="bound_by", title="bound by", left=True),
    )
    if answer.chosen is None:
        return Table(key=name, title=sweep.title, columns=columns, rows=(), note=answer.verdict)
    x, points, _ = sweep.turn(answer, *_chosen(answer))
    values: list[tuple[float | str, ...]] = []
    rows: list[tuple[str, ...]] = []
    for at in np.flatnonzero(np.isfinite(points.tpot_s)).tolist():
        times = [float(taken(points)[at]) for _, taken in lines]
        cost, words = float(points.usd_per_mtok[at]), (layout(points, at), binds(points, at))
        values.append((float(x[at]), *times, cost, *words))
        shown = [three(1e3 * seconds) for seconds in times]
        rows.append((number(float(x[at])), *shown, three(cost), *words))
    return Table(
        key=name, title=sweep.title, columns=columns, rows=tuple(rows), values=tuple(values)
    )


def _chosen(answer: Answer) -> tuple[float, float]:
    """GPUs and batch of the instance that decodes."""
    points, at = answer.points, answer.chosen
    if isinstance(points, DeployedPoints) and at is not None:
        batch = float(points.batch[at] / points.decode_instances[at])
        return float(layout_of(points, at).gpus), batch
    return float(points.gpus[at]), float(points.batch[at])


def _here(answer: Answer, label: str, x: float) -> Mark:
    return Mark(label=label, x=x, y=1e3 * float(answer.points.tpot_s[answer.chosen]))


def _around(centre: float, least: float) -> NDArray[np.float64]:
    return np.geomspace(max(centre / _SPAN, least), centre * _SPAN, _COUNT)


def _is_deployed(answer: Answer) -> bool:
    return answer.scenario.fidelity == "deployment"


def _lines_of(answer: Answer) -> Lines:
    return _DEPLOYED_LINES if _is_deployed(answer) else _LINES


def _evaluated(answer: Answer, gpus: Any, batch: Any, context: Any = None) -> Points:
    question, _ = question_of(answer.scenario)
    question = replace(question, gpus=None, batch=None)
    if context is not None:
        question = replace(question, context=context)
    return evaluate(question, gpus, batch)


def _lines(swept: Swept, lines: Lines) -> tuple[Series, ...]:
    """TPOT and its causes where the points fit; causes that are nowhere are left out."""
    fits, made = np.isfinite(swept.points.tpot_s), []
    names = {at: layout(swept.points, at) for at in np.flatnonzero(fits).tolist()}
    for label, taken in lines:
        milliseconds = 1e3 * np.asarray(taken(swept.points))
        seen = fits & (milliseconds > 0)
        if seen.any():
            made.append(
                Series(
                    label=label,
                    x=tuple(swept.x[seen].tolist()),
                    y=tuple(milliseconds[seen].tolist()),
                    dashed=label != "TPOT",
                    names=tuple(names[at] for at in np.flatnonzero(seen).tolist()),
                )
            )
    return tuple(made)
