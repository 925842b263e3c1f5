"""Why a deployment is not what the published model says: their difference taken apart by cause.

The way from the published point to the deployment's leads over three others: published ones of whole GPUs
and with the memory that engines plan with, and a deployment that only decodes. Between the last two the
difference is told by their own times: of each cause, the deployment's less the published. Every part is
relative to the published value, and they add up.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from infecon_tui.cost.frontier.points import Points
from infecon_tui.cost.memory import PLANNED
from infecon_tui.errors import InfeconError
from infecon_tui.solve import FINE, Answer, solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from infecon_tui.papers.erdil2025 import Points as PublishedPoints
    from infecon_tui.scenario import Scenario

PARTS = (
    *("kernels", "launches", "messages", "prompts"),
    *("layout", "whole GPUs", "memory kept", "electricity"),
)
"""What the difference is made of: kernels slower than the paper's shares of the peaks, and one after the
other; starts of kernels and the host; messages; prompts between the steps; the layout and batch that an
engine can run; fractions of GPUs; memory that engines keep out of their plan; watts in an owner's price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """One figure of merit at both fidelities. `parts` are relative to the published time or cost.

    They add up to deployment/published - 1 of the cost or of TPOT; a speed is the inverse of that.
    """

    kind: str
    deployment: float
    published: float
    parts: dict[str, float]
    places: tuple[str, str]

    @property
    def ratio(self) -> float:
        """NaN where there is no cost."""
        return self.deployment / self.published if self.published else math.nan


@dataclass(frozen=True, slots=True)
class Kind:
    """A figure of merit: where on a frontier it stands, and whether it is a speed or a cost."""

    name: str
    at: Callable[[Answer], int]
    cost: bool


KINDS = (
    Kind("least cost", lambda _: 0, cost=True),
    Kind("fastest", lambda answer: len(answer.points.tpot_s) - 1, cost=False),
    Kind("preferred, cost", lambda answer: answer.chosen or 0, cost=True),
    Kind("preferred, speed", lambda answer: answer.chosen or 0, cost=False),
)


def taken_apart(scenario: Scenario, step: float = FINE) -> tuple[Apart, ...]:
    """Every figure of merit of a scenario, at both fidelities. Raises InfeconError where one has none.

    Without speculation, which the two count in ways of their own.
    """
    base = replace(scenario, speculation=replace(scenario.speculation, draft=None))
    deployed = _answer(replace(base, fidelity="deployment"), step)
    paper = replace(base, fidelity="published")
    whole = replace(paper, layout=replace(paper.layout, whole=True))
    ways = [_answer(one, step) for one in (paper, whole, _planned(whole))]
    ways += [_answer(_decoding(deployed.scenario), step), deployed]
    return tuple(_apart(kind, ways) for kind in KINDS)


def _answer(scenario: Scenario, step: float) -> Answer:
    answer = solve(scenario, step)
    if answer.chosen is None:
        raise InfeconError(f"{scenario.fidelity}: {answer.verdict}")
    return answer


def _planned(scenario: Scenario) -> Scenario:
    """With the memory that engines plan with."""
    hbm = scenario.hardware.hbm
    less = replace(hbm, capacity_bytes=PLANNED * hbm.capacity_bytes)
    return replace(scenario, hardware=replace(scenario.hardware, hbm=less))


def _decoding(scenario: Scenario) -> Scenario:
    """Without prompts, at the same mean context."""
    work = scenario.workload
    alone = replace(work, context_tok=work.mean_context_tok, isl_tok=None, osl_tok=None)
    return replace(scenario, workload=alone)


def _apart(kind: Kind, ways: list[Answer]) -> Apart:
    """`ways` lead from published to deployment; the third and the fourth are told apart by cause."""
    places = [(way.points, kind.at(way)) for way in ways]
    spent = [_seconds(points, at, cost=kind.cost) for points, at in places]
    parts = _by_cause(ways[3], ways[2], kind)
    parts |= {
        "prompts": spent[4] - spent[3],
        "whole GPUs": spent[1] - spent[0],
        "memory kept": spent[2] - spent[1],
    }
    relative = {name: seconds / spent[0] for name, seconds in parts.items()}
    field = "usd_per_mtok" if kind.cost else "speed_tok_s"
    published, *_, deployed = (float(getattr(points, field)[at]) for points, at in places)
    if kind.cost and ways[0].scenario.cost.basis == "owned":
        free = published == 0
        relative["electricity"] = 0.0 if free else deployed / published - spent[4] / spent[0]
    return Apart(
        kind=kind.name,
        deployment=deployed,
        published=published,
        parts={name: relative.get(name, 0.0) for name in PARTS},
        places=(_place(*places[4]), _place(*places[0])),
    )


def _seconds(points: Points | PublishedPoints, at: int, *, cost: bool) -> float:
    """GPU seconds of a token for a cost, seconds for a speed."""
    return float(points.tpot_s[at]) * _each(points, at, cost=cost)


def _each(points: Points | PublishedPoints, at: int, *, cost: bool) -> float:
    return float(points.gpus[at] / points.batch[at]) if cost else 1.0


def _by_cause(deployed: Answer, paper: Answer, kind: Kind) -> dict[str, float]:
    """The seconds of a deployment that only decodes less the published ones, by cause."""
    theirs: Any = paper.points
    at, beside = kind.at(deployed), kind.at(paper)
    counted = {
        "layout": theirs.hbm_s[beside] + theirs.arithmetic_s[beside],
        "launches": theirs.launch_s[beside],
        "messages": theirs.network_bandwidth_s[beside] + theirs.network_latency_s[beside],
    }
    each, beside_each = (
        _each(points, index, cost=kind.cost)
        for points, index in ((deployed.points, at), (theirs, beside))
    )
    return {
        name: seconds * each - float(counted.get(name, 0.0)) * beside_each
        for name, seconds in _own_seconds(deployed, at).items()
    }


def _own_seconds(deployed: Answer, at: int) -> dict[str, float]:
    """A deployment's TPOT by cause; reads and arithmetic as the paper would count them are the layout's."""
    points, part = deployed.points, deployed.scenario.hardware
    assert isinstance(points, Points)
    tpot = float(points.tpot_s[at])
    used = max(points.mbu[at] / part.hbm.efficiency, points.mfu[at] / part.arithmetic.efficiency)
    ideal = tpot * float(used)
    launches, messages = (
        float(points.launch_s[at] + points.host_s[at]),
        float(points.messages_s[at]),
    )
    return {
        "kernels": tpot - launches - messages - ideal,
        "launches": launches,
        "messages": messages,
        "layout": ideal,
    }


def _place(points: Points | PublishedPoints, at: int) -> str:
    """`batch 64 on 8 GPUs`."""
    batch, gpus = (
        f"{value:.0f}" if value >= 100 or np.isclose(value, round(value)) else f"{value:.3g}"
        for value in (float(points.batch[at]), float(points.gpus[at]))
    )
    return f"batch {batch} on {gpus} {'GPU' if gpus == '1' else 'GPUs'}"
