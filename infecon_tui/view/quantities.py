"""What is known of a point: a column of tables, CSV and JSON each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.units import three, timed
from infecon_tui.view.describe import binds, layout, number
from infecon_tui.view.records import Column

if TYPE_CHECKING:
    from infecon_tui.solve import Points


Value = float | int | str | bool | None


@dataclass(frozen=True, slots=True)
class Quantity:
    """One column of a point: how to take it and how to show it."""

    column: Column
    value: Callable[[Points, int], Value]
    text: Callable[[Points, int], str]


_WRITTEN: dict[str, Callable[[float], str]] = {
    "count": number,
    "time": timed,
    "share": lambda share: three(100 * share),
    "three": three,
}


def _quantity(field: str, form: str, key: str, title: str, unit: str, text: str) -> Quantity:
    """A field of points under a key (its own name where that is empty), written in a form or as one of
    `_WRITTEN`; None, and nothing on screen, where it is NaN.
    """

    def value(points: Points, index: int) -> Value:
        found = float(getattr(points, field)[index])
        return None if np.isnan(found) else found

    def written(points: Points, index: int) -> str:
        found = float(getattr(points, field)[index])
        if np.isnan(found):
            return ""
        return _WRITTEN[form](found) if form in _WRITTEN else form.format(found)

    return Quantity(Column(key=key or field, title=title, unit=unit, help=text), value, written)


QUANTITIES: tuple[Quantity, ...] = (
    _quantity("speed_tok_s", "{:.1f}", "tok_s", "speed", "tok/s", "of one request"),
    _quantity("usd_per_mtok", "three", "", "cost", "USD/Mtok", "per million output tokens"),
    _quantity("tpot_s", "time", "", "TPOT", "", "time per output token"),
    _quantity("gpus", "count", "", "GPUs", "", "of one instance"),
    _quantity("batch", "count", "", "batch", "", "sequences decoded together"),
    Quantity(Column(key="layout", title="layout", left=True), layout, layout),
    _quantity("mfu", "share", "", "MFU", "%", "model FLOP utilisation"),
    _quantity("mbu", "share", "", "MBU", "%", "memory bandwidth utilisation"),
    Quantity(Column(key="bound_by", title="bound by", left=True), binds, binds),
    _quantity("pipeline", "count", "", "PP", "", "pipeline stages"),
    _quantity("draft_tokens", "count", "", "draft", "", "drafted tokens, 0 without"),
)
"""What is known of a point; one row here adds a column to every table, CSV and JSON."""

DEPLOYED: tuple[Quantity, ...] = (
    _quantity("tensor", "count", "tp", "TP", "", "tensor parallelism"),
    _quantity("expert", "count", "ep", "EP", "", "expert parallelism"),
    _quantity("attention_data", "count", "dp", "DP", "", "ranks of data-parallel attention"),
    _quantity(
        "context_parallel", "count", "cp", "CP", "", "ranks that hold a stripe of the cache each"
    ),
    _quantity(
        *("cycle_tok", "three", "", "tok/cycle", ""), "output tokens of a cycle, 1 without a draft"
    ),
    _quantity("draft_s", "time", "", "drafting", "", "of TPOT, by the draft model or head"),
    _quantity("ttft_s", "time", "", "TTFT", "", "time to the first token, without a queue"),
    _quantity("input_usd_per_mtok", "three", "", "input", "USD/Mtok", "per million input tokens"),
    _quantity(
        *("output_usd_per_mtok", "three", "", "output", "USD/Mtok"),
        "per million output tokens, prompts apart",
    ),
    _quantity("watts", "{:.0f}", "", "power", "W", "of one GPU"),
    _quantity(
        *("wall_watts", "{:.0f}", "", "at the wall", "W"), "with its share of the server, x PUE"
    ),
    _quantity(
        *("joules_per_tok", "three", "", "energy", "J/tok"), "of all GPUs, for an output token"
    ),
)
"""What the deployment engine knows besides."""


def quantities_of(points: Points) -> tuple[Quantity, ...]:
    """Every quantity of points of an engine."""
    from infecon_tui.cost.frontier.points import Points as DeployedPoints

    return (*QUANTITIES, *DEPLOYED) if isinstance(points, DeployedPoints) else QUANTITIES


ON_SCREEN = QUANTITIES[:9]
