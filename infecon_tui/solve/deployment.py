"""The deployment engine's question behind a scenario, and its answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from infecon_tui.cost.frontier.evaluate import evaluate
from infecon_tui.cost.frontier.layouts import MOST_EVER, MOST_GPUS, Pinned
from infecon_tui.cost.frontier.points import joined, layout_of
from infecon_tui.cost.frontier.search import Search, frontier
from infecon_tui.cost.frontier.targets import best_batches
from infecon_tui.cost.frontier.verdict import why_nothing
from infecon_tui.drafting import drafting_notes, drafting_of
from infecon_tui.errors import InfeconError
from infecon_tui.pareto import pareto
from infecon_tui.solve.answer import UNLIMITED, Answer, owning_notes
from infecon_tui.targets import kept, limits_of, missed, pick, wants_speed

if TYPE_CHECKING:
    from infecon_tui.cost.frontier.points import Points
    from infecon_tui.scenario import Goal, Scenario

_NEAR = 4
"""Points of a frontier to both sides of its choice whose layouts are tried at every batch."""


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
    notes += owning_notes(scenario)
    if scenario.scale_to is not None:
        notes.append("the model is taken as it is: scaling belongs to the published model")
    return [*notes, *drafting_notes(scenario)]


def deployed(scenario: Scenario) -> Answer:
    """The answer of the deployment engine."""
    search, notes = search_of(scenario)
    points = frontier(search)
    if not len(points) and search.most_ttft_s < UNLIMITED:
        search = replace(search, most_ttft_s=UNLIMITED)
        points = frontier(search)
    if not len(points):
        return Answer(scenario, points, None, why_nothing(search), notes)
    if scenario.goal.targeted:
        points = _sharpened(search, points, scenario.goal)
    chosen, unmet = pick(points, scenario.goal)
    if unmet:
        # No frontier tells what is the least of a first token: it is of a sequence alone.
        alone = evaluate(search, search.layouts(), 1.0)
        unmet = missed(joined([points, alone]), limits_of(scenario.goal))
    return Answer(scenario, points, chosen, "", notes, unmet)


def _sharpened(search: Search, points: Points, goal: Goal) -> Points:
    """A frontier with the largest batches that keep the targets, of the layouts near its choice."""
    at, limits = pick(points, goal)[0], limits_of(goal)
    near = range(max(at - _NEAR, 0), min(at + _NEAR + 1, len(points)))
    ways = tuple(dict.fromkeys(layout_of(points, index) for index in near))
    best = best_batches(search, ways, lambda some: kept(some, limits), speed=wants_speed(goal))
    every = joined([points, best])
    return every.take(pareto(every.speed_tok_s, every.usd_per_mtok))
