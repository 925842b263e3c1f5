"""A scenario's answer, at the fidelity it asks for. Needs numpy; everything above it may load late."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from infecon_tui.cost import search as deployed
from infecon_tui.cost.evaluate import evaluate as evaluated
from infecon_tui.cost.layouts import MOST_EVER, MOST_GPUS, Pinned
from infecon_tui.cost.points import Points as DeployedPoints
from infecon_tui.cost.points import joined, layout_of
from infecon_tui.cost.price import usd_per_hour
from infecon_tui.cost.search import Search
from infecon_tui.cost.targets import best_batches
from infecon_tui.cost.verdict import why_nothing
from infecon_tui.drafting import check_speculation, drafting_notes, drafting_of
from infecon_tui.errors import InfeconError
from infecon_tui.hardware.cost import USUAL_CAPITAL_USD
from infecon_tui.papers.erdil2025 import (
    Points as PublishedPoints,
)
from infecon_tui.papers.erdil2025 import (
    Question,
    Speculation,
    evaluate,
    frontier,
    shortfall,
)
from infecon_tui.papers.erdil2025.inputs import model_of, part_notes, part_of
from infecon_tui.papers.erdil2025.scaling import scaled_to
from infecon_tui.pareto import pareto
from infecon_tui.targets import kept, limits_of, pick, wants_speed
from infecon_tui.targets import missed as missed_by
from infecon_tui.units import BYTES, USD, show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infecon_tui.hardware.accelerator import Accelerator
    from infecon_tui.papers.erdil2025 import Model
    from infecon_tui.scenario import Goal, Scenario

UNLIMITED = math.inf
DEPLOYMENT = "deployment"
Points = PublishedPoints | DeployedPoints
"""Operating points of either engine. Both have speed, cost, TPOT, GPUs, batch, MFU, MBU and bytes."""
_NEAR = 4
"""Points of a frontier to both sides of its choice whose layouts are tried at every batch."""
FINE, ON_SCREEN = 0.003, 0.015
"""Steps of cost between the points of a frontier: to compute with, and to look at."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The frontier of a scenario, sorted by speed, and the point that its goal prefers.

    `verdict` is empty, or says why nothing fits and what would; `missed` is empty, or says which of the
    goal's targets the chosen point does not keep. `notes` say what the fidelity leaves out of the specs.
    """

    scenario: Scenario
    points: Points
    chosen: int | None
    verdict: str = ""
    notes: tuple[str, ...] = ()
    missed: str = ""

    @property
    def fastest(self) -> int | None:
        """Index of the fastest point."""
        return len(self.points.speed_tok_s) - 1 if self.chosen is not None else None


def question_of(scenario: Scenario, step: float = FINE) -> tuple[Question, tuple[str, ...]]:
    """The paper's question behind a scenario, and what was left out. Raises InfeconError.

    `step` is about how far apart in cost, relatively, the points of its frontier are.
    """
    reduced = model_of(scenario.model)
    model, grown = _scaled(scenario, reduced.model)
    hardware = _priced(scenario)
    notes = [*reduced.notes, *grown, *part_notes(hardware), *_owning(scenario)]
    formats = scenario.model.precision
    if formats.cache != formats.activations:
        notes.append(f"KV cache counted in {formats.activations}, as activations")
    layout = scenario.layout
    if scenario.fidelity == "deployment":
        raise InfeconError("fidelity: deployment is not a level of the paper")
    question = Question(
        model=model,
        part=part_of(hardware, scenario.model.precision.weights),
        fidelity=scenario.fidelity,
        context=scenario.workload.mean_context_tok,
        demand_tok_s=scenario.workload.demand_tok_s or UNLIMITED,
        speculation=_speculation(scenario),
        pipeline=layout.pipeline,
        scaledown=layout.scaledown,
        tensor=layout.tensor,
        gpus=layout.gpus,
        batch=layout.batch,
        whole=layout.whole,
        step=step,
    )
    if scenario.goal.gpus_at_hand:
        question = replace(question, max_gpus=float(scenario.goal.gpus_at_hand))
    if scenario.goal.ttft_s:
        notes.append("TTFT target left out: the published model has no prompts")
    if scenario.speculation.heads != "none":
        notes.append("heads left out: the published model knows only draft models")
    return question, tuple(notes)


def _priced(scenario: Scenario) -> Accelerator:
    """The accelerator at its owner's price: the published models know rents only, and no watts."""
    if scenario.cost.basis == "rented":
        return scenario.hardware
    price = usd_per_hour(scenario.cost, scenario.hardware)
    return replace(scenario.hardware, price_usd_per_hour=price)


def _owning(scenario: Scenario) -> list[str]:
    """What an owner's price leaves out or assumes."""
    cost, part = scenario.cost, scenario.hardware
    notes: list[str] = []
    if cost.basis == "rented":
        return notes
    if cost.capital_usd is None and part.list_price_usd is None:
        notes.append(f"list price unknown: {show(USUAL_CAPITAL_USD, USD)} taken; set cost.capital")
    if part.tdp_W is None:
        notes.append("power limit unknown: no electricity, no hosting; set hardware.tdp")
    elif scenario.fidelity != DEPLOYMENT:
        notes.append("electricity counted at the power limit: published models have no watts")
    return notes


def _scaled(scenario: Scenario, model: Model) -> tuple[Model, list[str]]:
    """The model at the size that the scenario asks for, and a note on it."""
    if scenario.scale_to is None:
        return model, []
    made = scaled_to(model, scenario.scale_to)
    return made, [f"model scaled to {show(made.total_params, digits=3)} parameters"]


def _speculation(scenario: Scenario) -> Speculation | None:
    check_speculation(scenario.speculation)
    draft = scenario.speculation.draft
    if draft is None:
        return None
    least, most = scenario.speculation.draft_tokens
    return Speculation(
        draft=model_of(draft).model,
        draft_part=part_of(scenario.hardware, draft.precision.weights),
        acceptance=scenario.speculation.acceptance,
        least_tokens=least,
        most_tokens=most,
    )


@lru_cache(maxsize=64)
def solve(scenario: Scenario, step: float = FINE) -> Answer:
    """The answer to a scenario: its frontier, or the reason why it has none. Raises InfeconError.

    Cached, so that undo and comparison cost nothing.
    """
    if scenario.fidelity == DEPLOYMENT:
        return _deployed(scenario)
    question, notes = question_of(scenario, step)
    points = frontier(question)
    if not len(points.speed_tok_s):
        return Answer(scenario, points, None, _verdict(scenario, question), notes)
    chosen, missed = pick(points, scenario.goal)
    return Answer(scenario, points, chosen, "", notes, missed)


def search_of(scenario: Scenario) -> tuple[Search, tuple[str, ...]]:
    """The deployment engine's question behind a scenario, and what was left out. Raises InfeconError."""
    layout, workload = scenario.layout, scenario.workload
    search = Search(
        model=scenario.model,
        hardware=scenario.hardware,
        engine=scenario.engine,
        context_tok=workload.mean_context_tok,
        isl=workload.isl_tok,
        osl=workload.osl_tok,
        cached_tok=workload.cached_tok,
        demand_tok_s=workload.demand_tok_s or UNLIMITED,
        batch=_whole("batch", layout.batch),
        pinned=Pinned(
            gpus=_whole("gpus", layout.gpus),
            tensor=layout.tp,
            pipeline=layout.pp,
            expert=layout.ep,
            attention_data=layout.dp,
            context=layout.cp,
        ),
        most_gpus=min(scenario.goal.gpus_at_hand or MOST_GPUS, MOST_GPUS),
        most_ttft_s=scenario.goal.ttft_s or UNLIMITED,
        drafting=drafting_of(scenario),
        memory_utilization=layout.memory_utilization,
        step_tokens=float(layout.chunk_tok),
        pools=layout.pools,
        at_hand=scenario.goal.gpus_at_hand or UNLIMITED,
        cost=scenario.cost,
    )
    return search, tuple(_left_out(scenario))


def _whole(name: str, count: float | None) -> int | None:
    if count is not None and count != int(count):
        raise InfeconError(f"layout.{name}: a deployment has a whole number, found {count:g}")
    if name == "gpus" and count is not None and count > MOST_EVER:
        raise InfeconError(f"layout.gpus: a deployment has at most {MOST_EVER}, found {count:g}")
    return None if count is None else int(count)


def _left_out(scenario: Scenario) -> list[str]:
    notes, workload, part = [], scenario.workload, scenario.hardware
    if workload.isl_tok is None or workload.osl_tok is None:
        notes.append("prompts left out: give ISL and OSL to count them")
        if scenario.layout.pools == "two":
            notes.append("without prompts there is one pool")
    if part.kernels is None:
        notes.append(f"{part.id} has no measured kernels: typical ones taken")
    if part.price_usd_per_hour is None and scenario.cost.basis == "rented":
        notes.append("price unknown: 1 USD an hour taken; set hardware.price")
    notes += _owning(scenario)
    if scenario.scale_to is not None:
        notes.append("the model is taken as it is: scaling belongs to the published model")
    return [*notes, *drafting_notes(scenario)]


def _deployed(scenario: Scenario) -> Answer:
    """The answer of the deployment engine."""
    search, notes = search_of(scenario)
    points = deployed.frontier(search)
    if not len(points) and search.most_ttft_s < UNLIMITED:
        search = replace(search, most_ttft_s=UNLIMITED)
        points = deployed.frontier(search)
    if not len(points):
        return Answer(scenario, points, None, why_nothing(search), notes)
    if scenario.goal.targeted:
        points = _sharpened(search, points, scenario.goal)
    chosen, missed = pick(points, scenario.goal)
    if missed:
        # No frontier tells what is the least of a first token: it is of a sequence alone.
        alone = evaluated(search, search.layouts(), 1.0)
        missed = missed_by(joined([points, alone]), limits_of(scenario.goal))
    return Answer(scenario, points, chosen, "", notes, missed)


def _sharpened(search: Search, points: DeployedPoints, goal: Goal) -> DeployedPoints:
    """A frontier with the largest batches that keep the targets, of the layouts near its choice."""
    at, limits = pick(points, goal)[0], limits_of(goal)
    near = range(max(at - _NEAR, 0), min(at + _NEAR + 1, len(points)))
    ways = tuple(dict.fromkeys(layout_of(points, index) for index in near))
    best = best_batches(search, ways, lambda some: kept(some, limits), speed=wants_speed(goal))
    every = joined([points, best])
    return every.take(pareto(every.speed_tok_s, every.usd_per_mtok))


def points_at(scenario: Scenario, gpus: Sequence[float], batch: Sequence[float]) -> PublishedPoints:
    """The published model's points of given sizes and batches, infinite where they do not fit."""
    question, _ = question_of(scenario)
    return evaluate(replace(question, gpus=None, batch=None), gpus, batch)


def _verdict(scenario: Scenario, question: Question) -> str:
    """Why nothing fits, and the smallest change that would."""
    needed, model = shortfall(question), question.model
    need_bytes = model.weight_bytes * model.total_params
    need_bytes += model.kv_bytes_per_position * question.context
    what = f"weights and the KV cache of one sequence take {show(need_bytes, BYTES, 3)}"
    remedy = f"{_count(scenario, needed)} would do"
    if needed > question.max_gpus:
        return f"Does not fit: {what}, more than {question.max_gpus:g} GPUs hold"
    if question.gpus is not None and question.gpus < needed:
        has = show(question.gpus * question.part.hbm_bytes, BYTES, 3)
        return f"Does not fit: {what}, more than the {has} of {_plural(question.gpus)}; {remedy}"
    if question.demand_tok_s < UNLIMITED:
        return f"No point serves as little as {question.demand_tok_s:g} tok/s: raise the demand"
    if question.batch is not None:
        return f"A batch of {question.batch:g} fits no instance: lower the batch or raise the GPUs"
    return f"Does not fit: {what}; {remedy}"


def _count(scenario: Scenario, needed: float) -> str:
    return _plural(math.ceil(needed)) if scenario.layout.whole else _plural(needed)


def _plural(gpus: float) -> str:
    return "1 GPU" if gpus == 1 else f"{gpus:.3g} GPUs"
