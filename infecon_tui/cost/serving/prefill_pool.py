"""Instances that only take prompts: the first of two pools, in every way that is worth running it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.cost.frontier.layouts import Pinned, layouts
from infecon_tui.cost.machine import Machine
from infecon_tui.cost.memory import activation_bytes, cache_bytes, weight_bytes
from infecon_tui.cost.plan import Plan
from infecon_tui.cost.serving.serve import PromptStep, prefill

if TYPE_CHECKING:
    from infecon_tui.cost.frontier.search import Search
    from infecon_tui.cost.ledger import Array, Indices, Rowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefill:
    """Ways to run the first pool, one a row: an instance's prompts per step, the time of one step, the
    time from one to the next, and watts of one accelerator.
    """

    plan: Plan
    gpus: Array
    held: Array
    first_s: Array
    apart_s: Array
    watts: Array

    @property
    def each_s(self) -> Array:
        """An instance's seconds a prompt."""
        return self.apart_s / self.held


def prefills(search: Search) -> Prefill:
    """Every way to run the first pool that no other of its size beats in both time and rate."""
    wanted = replace(search, batch=None, pinned=Pinned(), demand_tok_s=0.0, most_ttft_s=0.0)
    return _prefills(wanted)


@lru_cache(maxsize=32)
def _prefills(search: Search) -> Prefill:
    domain = search.hardware.scale_up.domain
    ways = layouts(search.model, domain, search.engine, search.pinned, search.most_gpus)
    new = lengths_of(search)[0] - search.cached_tok
    full = max(np.floor(search.step_tokens / max(new, 1.0)), 1.0)
    counts = sorted({1.0, full})
    plan = Plan.of([way for way in ways for _ in counts])
    held = np.tile(counts, len(ways))
    made = _timed(search, plan, held)
    fits = np.flatnonzero(_fits(search, plan, held))
    best = [at for at in fits if not _beaten(made, at, fits)]
    return _taken(made, np.array(best, dtype=int))


def lengths_of(search: Search) -> tuple[float, float]:
    """ISL and OSL, which a question of two pools has."""
    return search.isl or 0.0, search.osl or 1.0


def prompt_step(search: Search, plan: Plan, count: Rowed) -> PromptStep:
    """`count` prompts through instances that take nothing else."""
    case = replace(search.case, serving="steady")
    isl, cached = np.asarray(search.isl, dtype=np.float64), search.cached_tok
    return prefill(case, Machine(search.hardware), plan, count, isl, cached=cached)


def _timed(search: Search, plan: Plan, held: Array) -> Prefill:
    # A step holds prompts of each rank of data-parallel attention.
    counted = held * plan.data
    step = prompt_step(search, plan, counted)
    spread = {
        name: np.broadcast_to(np.asarray(value, dtype=np.float64), held.shape).copy()
        for name, value in (
            ("first_s", step.work.total_s),
            ("apart_s", step.apart_s),
            ("watts", np.nan if step.watts is None else step.watts),
        )
    }
    return Prefill(plan=plan, gpus=plan.ranks * plan.pipeline, held=counted, **spread)


def _fits(search: Search, plan: Plan, held: Array) -> Array:
    """Whether two steps' prompts have room: those at work, and those that are being sent."""
    room = search.memory_utilization * search.hardware.hbm.capacity_bytes
    room = (
        room
        - weight_bytes(search.model, plan)
        - activation_bytes(search.model, plan, search.step_tokens)
    )
    each = cache_bytes(search.model, plan, np.asarray(search.isl, dtype=np.float64))
    found: Array = room >= 2 * held * each
    return found


def _beaten(made: Prefill, at: np.intp, among: Indices) -> bool:
    """Whether another way of no more accelerators is as soon and as fast, and better in one."""
    cost = made.each_s * made.gpus
    less = (made.gpus <= made.gpus[at]) & (made.first_s <= made.first_s[at]) & (cost <= cost[at])
    same = (made.first_s == made.first_s[at]) & (cost == cost[at]) & (made.gpus == made.gpus[at])
    return bool((less & ~same)[among].any())


def _taken(made: Prefill, at: Indices) -> Prefill:
    columns = ("gpus", "held", "first_s", "apart_s", "watts")
    return Prefill(plan=made.plan.at(at), **{name: getattr(made, name)[at] for name in columns})
