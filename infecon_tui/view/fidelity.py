"""The deployment beside the published model, and why they differ."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from infecon_tui.errors import InfeconError
from infecon_tui.sensitivity.apart import KINDS, PARTS, Apart, taken_apart
from infecon_tui.solve import ON_SCREEN
from infecon_tui.units import three
from infecon_tui.view.records import Column, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infecon_tui.scenario import Scenario
    from infecon_tui.workload.transformer import Transformer

    Value = float | str | None

MODELS = ("llama-3.1-8b", "llama-3.1-70b", "mixtral-8x22b", "qwen3-235b-a22b", "deepseek-v3")
"""A small and a large dense one, few wide experts, many narrow ones, and latent attention."""
LARGE = 0.15
"""Differences up to this one are told without a reason."""
SMALL = 0.005
_COSTS = frozenset(kind.name for kind in KINDS if kind.cost)
_FIGURES = {
    "least cost": "least USD/Mtok",
    "fastest": "fastest tok/s",
    "preferred, cost": "preferred USD/Mtok",
    "preferred, speed": "preferred tok/s",
}
"""Figures of merit with their units, as screens show them."""
_PHRASES = {
    "kernels": "kernels run in turn, at less than {hbm:.0f} % of HBM and {peak:.0f} % of arithmetic",
    "launches": "starts of kernels and the host",
    "messages": "messages between GPUs",
    "prompts": "prompts run between the steps, which published leaves out",
    "layout": "engines run {deployment} there, published {published}",
    "whole GPUs": "GPUs are whole",
    "memory kept": "engines keep memory out of their plan",
    "electricity": "an owner pays for the watts drawn, not for the limit",
}
_LESS = {
    "kernels": "kernels reach more of the peaks than {hbm:.0f} % of HBM and {peak:.0f} % of arithmetic",
    "launches": "fewer starts of kernels are waited for than four a layer",
    "messages": "messages are faster than NCCL's, or fewer",
}
"""Where a cause makes the deployment the better of the two, if that is said otherwise."""
COLUMNS = (
    Column(key="model", title="model", left=True),
    Column(key="figure", title="figure of merit", left=True),
    Column(key="deployment", title="deployment", help="USD/Mtok or tok/s"),
    Column(key="published", title="published"),
    Column(key="ratio", title="ratio"),
    *(Column(key=part.replace(" ", "_"), title=part) for part in PARTS),
    Column(key="reason", title="the largest reason", left=True),
)


def fidelity_table(scenario: Scenario, models: Sequence[Transformer]) -> Table:
    """Four lines a model: least cost, fastest, cost and speed of the preferred point, at both fidelities.

    Parts are of the published cost or TPOT and add up to the difference. A model that one of the two
    has no place for is one line with the reason.
    """
    values: list[tuple[Value, ...]] = []
    for model in models:
        values += _lines(replace(scenario, model=model))
    note = (
        "ratio: deployment / published. Reason and parts: of the published cost or time per token, "
        "plus what the deployment adds."
    )
    return Table(
        key="fidelity",
        title="What a deployment makes of the published model, and why",
        columns=COLUMNS,
        rows=tuple(_cells(row) for row in values),
        values=tuple(values),
        note=note,
    )


def _lines(scenario: Scenario) -> list[tuple[Value, ...]]:
    try:
        found = taken_apart(scenario, ON_SCREEN)
    except InfeconError as error:
        return [(scenario.model.id, "", None, None, None, *(None for _ in PARTS), str(error))]
    return [
        (
            scenario.model.id,
            one.kind,
            one.deployment,
            one.published,
            one.ratio,
            *one.parts.values(),
            reason(one, scenario),
        )
        for one in found
    ]


def reason(one: Apart, scenario: Scenario) -> str:
    """The cause that makes most of a difference; nothing where the two are near each other."""
    whole = sum(one.parts.values())
    if abs(whole) <= LARGE:
        return ""
    sign = 1 if whole > 0 else -1
    name, other = sorted(one.parts, key=lambda part: -sign * one.parts[part])[:2]
    phrase = _PHRASES[name] if whole > 0 else _LESS.get(name, _PHRASES[name])
    part = scenario.hardware
    said = phrase.format(
        hbm=100 * part.hbm.efficiency,
        peak=100 * part.arithmetic.efficiency,
        deployment=one.places[0],
        published=one.places[1],
    )
    of = "cost" if one.kind in _COSTS else "TPOT"
    share = f"{_percent(one.parts[name])} of the {of}, {_percent(whole)} in all"
    if sign * one.parts[other] > LARGE:
        return f"{said} ({share}; next {other}, {_percent(one.parts[other])})"
    return f"{said} ({share})"


def _cells(row: tuple[Value, ...]) -> tuple[str, ...]:
    model, kind, deployment, published, ratio, *parts, said = row
    money = kind in _COSTS
    shown = [
        "" if value is None else three(float(value)) if money else f"{value:.1f}"
        for value in (deployment, published)
    ]
    return (
        *(str(model), _FIGURES.get(str(kind), ""), *shown),
        f"{ratio:.2f}" if isinstance(ratio, float) and math.isfinite(ratio) else "",
        *(_percent(part) for part in parts),
        str(said),
    )


def _percent(part: Value) -> str:
    """A part that rounds to nothing is left out."""
    return f"{100 * part:+.0f} %" if isinstance(part, float) and abs(part) >= SMALL else ""


def without_reasons(table: Table) -> tuple[Table, str]:
    """The table narrowed to the columns that say something, and its reasons as lines of text."""
    shown = [at for at, _ in enumerate(table.columns[:-1]) if any(row[at] for row in table.rows)]
    narrow = replace(
        table,
        columns=tuple(table.columns[at] for at in shown),
        rows=tuple(tuple(row[at] for at in shown) for row in table.rows),
        values=tuple(tuple(row[at] for at in shown) for row in table.values),
    )
    told = [f"{row[0]}{', ' if row[1] else ''}{row[1]}: {row[-1]}" for row in table.rows if row[-1]]
    return narrow, "".join(f"{line}\n" for line in told)
