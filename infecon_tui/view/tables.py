"""The tables: cells for screens, values for CSV and JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.units import SECONDS, show
from infecon_tui.view.describe import binds, layout, number
from infecon_tui.view.records import Column, Table
from infecon_tui.view.thinning import logarithms, thinned

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from infecon_tui.solve import Answer, Points

Value = float | int | str | bool | None


@dataclass(frozen=True, slots=True)
class Quantity:
    """One column of a point: how to take it and how to show it."""

    column: Column
    value: Callable[[Points, int], Value]
    text: Callable[[Points, int], str]


def _plain(field: str) -> Callable[[Points, int], Value]:
    return lambda points, index: float(getattr(points, field)[index])


def _shown(field: str, form: str, scale: float = 1.0) -> Callable[[Points, int], str]:
    return lambda points, index: form.format(scale * float(getattr(points, field)[index]))


def _count(field: str) -> Callable[[Points, int], str]:
    return lambda points, index: number(float(getattr(points, field)[index]))


QUANTITIES: tuple[Quantity, ...] = (
    Quantity(
        Column(key="tok_s", title="speed", unit="tok/s", help="of one request"),
        _plain("speed_tok_s"),
        _shown("speed_tok_s", "{:.1f}"),
    ),
    Quantity(
        Column(key="usd_per_mtok", title="cost", unit="USD/Mtok", help="per million output tokens"),
        _plain("usd_per_mtok"),
        _shown("usd_per_mtok", "{:.3g}"),
    ),
    Quantity(
        Column(key="tpot_s", title="TPOT", help="time per output token"),
        _plain("tpot_s"),
        lambda p, i: show(float(p.tpot_s[i]), SECONDS, 3),
    ),
    Quantity(
        Column(key="gpus", title="GPUs", help="of one instance"), _plain("gpus"), _count("gpus")
    ),
    Quantity(
        Column(key="batch", title="batch", help="sequences decoded together"),
        _plain("batch"),
        _count("batch"),
    ),
    Quantity(Column(key="layout", title="layout", left=True), layout, layout),
    Quantity(
        Column(key="mfu", title="MFU", unit="%", help="model FLOP utilisation"),
        _plain("mfu"),
        _shown("mfu", "{:.3g}", 100),
    ),
    Quantity(
        Column(key="mbu", title="MBU", unit="%", help="memory bandwidth utilisation"),
        _plain("mbu"),
        _shown("mbu", "{:.3g}", 100),
    ),
    Quantity(Column(key="bound_by", title="bound by", left=True), binds, binds),
    Quantity(
        Column(key="pipeline", title="PP", help="pipeline stages"),
        _plain("pipeline"),
        _count("pipeline"),
    ),
    Quantity(
        Column(key="draft_tokens", title="draft", help="drafted tokens, 0 without"),
        _plain("draft_tokens"),
        _count("draft_tokens"),
    ),
)
"""What is known of a point; one row here adds a column to every table, CSV and JSON."""


def _number(points: Points, field: str, index: int) -> float:
    return float(getattr(points, field)[index])


def _maybe(field: str) -> Callable[[Points, int], Value]:
    """A number, or None where it is not known."""

    def value(points: Points, index: int) -> Value:
        found = _number(points, field, index)
        return None if np.isnan(found) else found

    return value


def _known(field: str, form: str) -> Callable[[Points, int], str]:
    """As shown, or nothing where it is not known."""

    def text(points: Points, index: int) -> str:
        found = _number(points, field, index)
        return "" if np.isnan(found) else form.format(found)

    return text


DEPLOYED: tuple[Quantity, ...] = (
    Quantity(
        Column(key="tp", title="TP", help="tensor parallelism"), _plain("tensor"), _count("tensor")
    ),
    Quantity(
        Column(key="ep", title="EP", help="expert parallelism"), _plain("expert"), _count("expert")
    ),
    Quantity(
        Column(key="dp", title="DP", help="ranks of data-parallel attention"),
        _plain("attention_data"),
        _count("attention_data"),
    ),
    Quantity(
        Column(key="cp", title="CP", help="ranks that hold a stripe of the cache each"),
        _plain("context_parallel"),
        _count("context_parallel"),
    ),
    Quantity(
        Column(
            key="cycle_tok", title="tok/cycle", help="output tokens of a cycle, 1 without a draft"
        ),
        _plain("cycle_tok"),
        _shown("cycle_tok", "{:.3g}"),
    ),
    Quantity(
        Column(key="draft_s", title="drafting", help="of TPOT, by the draft model or head"),
        _plain("draft_s"),
        lambda p, i: show(_number(p, "draft_s", i), SECONDS, 3),
    ),
    Quantity(
        Column(key="ttft_s", title="TTFT", help="time to the first token, without a queue"),
        _plain("ttft_s"),
        lambda p, i: show(_number(p, "ttft_s", i), SECONDS, 3),
    ),
    Quantity(
        Column(
            key="input_usd_per_mtok",
            title="input",
            unit="USD/Mtok",
            help="per million input tokens",
        ),
        _maybe("input_usd_per_mtok"),
        _shown("input_usd_per_mtok", "{:.3g}"),
    ),
    Quantity(
        Column(
            key="output_usd_per_mtok",
            title="output",
            unit="USD/Mtok",
            help="per million output tokens, prompts apart",
        ),
        _maybe("output_usd_per_mtok"),
        _shown("output_usd_per_mtok", "{:.3g}"),
    ),
    Quantity(
        Column(key="watts", title="power", unit="W", help="of one GPU"),
        _maybe("watts"),
        _known("watts", "{:.0f}"),
    ),
    Quantity(
        Column(
            key="wall_watts",
            title="at the wall",
            unit="W",
            help="with its share of the server, x PUE",
        ),
        _maybe("wall_watts"),
        _known("wall_watts", "{:.0f}"),
    ),
    Quantity(
        Column(
            key="joules_per_tok",
            title="energy",
            unit="J/tok",
            help="of all GPUs, for an output token",
        ),
        _maybe("joules_per_tok"),
        _known("joules_per_tok", "{:.3g}"),
    ),
)
"""What the deployment engine knows besides."""


def quantities_of(points: Points) -> tuple[Quantity, ...]:
    """Every quantity of points of an engine."""
    from infecon_tui.cost.points import Points as DeployedPoints

    return (*QUANTITIES, *DEPLOYED) if isinstance(points, DeployedPoints) else QUANTITIES


ON_SCREEN = QUANTITIES[:9]


def frontier_table(answer: Answer, most: int = 40) -> Table:
    """The frontier, thinned evenly along the curve, always with its first, chosen and last point."""
    points = answer.points
    if answer.chosen is None:
        return Table(
            key="frontier",
            title="Frontier",
            columns=tuple(q.column for q in ON_SCREEN),
            rows=(),
            note=answer.verdict,
        )
    return points_table(points, rows_shown(answer, most))


def rows_shown(answer: Answer, most: int = 40) -> tuple[int, ...]:
    """The indices of the points that `frontier_table` shows, in its order."""
    points = answer.points
    if answer.chosen is None:
        return ()
    keep = thinned(points.speed_tok_s, logarithms(points.usd_per_mtok), most - 1).tolist()
    return tuple(sorted({0, answer.chosen, *keep}))


def points_table(
    points: Points, indices: Sequence[int], quantities: tuple[Quantity, ...] = ON_SCREEN
) -> Table:
    """A table of given points."""
    return Table(
        key="frontier",
        title="Frontier",
        columns=tuple(quantity.column for quantity in quantities),
        rows=tuple(
            tuple(quantity.text(points, index) for quantity in quantities) for index in indices
        ),
        values=tuple(
            tuple(quantity.value(points, index) for quantity in quantities) for index in indices
        ),
    )


def all_points(points: Points) -> Table:
    """Every point with everything known of it."""
    return points_table(points, range(len(points.tpot_s)), quantities_of(points))


def point_values(points: Points, index: int) -> dict[str, Value]:
    """Every quantity of one point under its key, for JSON."""
    return {
        quantity.column.key: quantity.value(points, index) for quantity in quantities_of(points)
    }
