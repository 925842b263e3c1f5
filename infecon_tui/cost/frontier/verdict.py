"""Why a deployment has no point at all, and the smallest change that gives one."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.cost.case import Layout
from infecon_tui.cost.frontier.layouts import Pinned, layouts, problem
from infecon_tui.cost.frontier.times import most_batch
from infecon_tui.cost.memory import activation_bytes, cache_bytes, weight_bytes
from infecon_tui.cost.plan import Plan
from infecon_tui.cost.support import instead, unsupported

if TYPE_CHECKING:
    from infecon_tui.cost.frontier.search import Search

_LARGER = 1024
"""GPUs up to which an instance that holds the model is looked for."""


def why_nothing(search: Search) -> str:
    """The reason in words; for a search whose frontier is empty."""
    asked = (search.engine, search.hardware, search.model)
    if said := unsupported(*asked):
        return f"No layout: {said}; {instead(*asked)}"
    ways = search.layouts()
    if not ways:
        return f"No layout: {_refused(search)}"
    most = most_batch(search, Plan.of(ways))
    if most.max() < 1:
        return _too_large(search, ways)
    if search.batch is not None and most.max() < search.batch:
        best = ways[int(np.argmax(most))]
        return (
            f"A batch of {search.batch} does not fit: {words(best)} holds {most.max():.0f} at most; "
            "lower the batch, shorten the context or raise the GPUs"
        )
    if search.apart:
        return _no_pools(search)
    return f"No point serves as little as {search.demand_tok_s:g} tok/s: raise the demand"


def _no_pools(search: Search) -> str:
    """Why instances that fit alone do not fit together with those that take their prompts."""
    if math.isfinite(search.at_hand):
        return (
            f"No two pools on {search.at_hand:g} GPUs: each needs an instance of its own; raise the GPUs at "
            "hand, or run one pool"
        )
    return "No two pools: no instance holds the prompts of a step; shorten them, or run one pool"


def words(layout: Layout) -> str:
    """`TP 8, PP 2, EP 16`, as messages name a layout."""
    parts = [f"TP {layout.tensor}"]
    parts += [f"PP {layout.pipeline}"] if layout.pipeline > 1 else []
    parts += [f"EP {layout.expert}"] if layout.expert > 1 else []
    parts += [f"DP {layout.attention_data}"] if layout.attention_data > 1 else []
    parts += [f"CP {layout.context}"] if layout.context > 1 else []
    return ", ".join(parts)


def _refused(search: Search) -> str:
    """What stands against the layout that was asked for, the rest of it as simple as can be."""
    pins = search.pinned
    pipeline, data = pins.pipeline or 1, pins.attention_data or 1
    tensor = pins.tensor or max((pins.gpus or pins.expert or 1) // (pipeline * data), 1)
    if pins.gpus and pins.tensor and not pins.pipeline and not pins.attention_data:
        pipeline = max(pins.gpus // tensor, 1)
    gpus = pins.gpus or tensor * pipeline * data
    asked = Layout(
        gpus=gpus,
        tensor=tensor,
        pipeline=pipeline,
        expert=pins.expert or 1,
        attention_data=data,
        context=pins.context or 1,
    )
    said = problem(search.model, search.engine, asked)
    return f"{said or f'{search.engine} cannot run {search.model.id} so'}; {_remedy(search)}"


def _remedy(search: Search) -> str:
    """The pin that, freed alone, allows something."""
    labels = {
        "context": "CP",
        "expert": "EP",
        "attention_data": "DP attention",
        "pipeline": "PP",
        "tensor": "TP",
        "gpus": "GPUs",
    }
    for name, label in labels.items():
        if getattr(search.pinned, name) is None:
            continue
        freed = replace(search, pinned=replace(search.pinned, **{name: None}))
        if found := freed.layouts():
            values = sorted({getattr(way, name) for way in found})
            return f"{label} {_listed(values)} would do"
    return "leave more of the layout on auto"


def _listed(values: list[int]) -> str:
    shown = [str(value) for value in values[:6]]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"


def _too_large(search: Search, ways: tuple[Layout, ...]) -> str:
    plan = Plan.of(ways)
    fixed = weight_bytes(search.model, plan) + activation_bytes(
        search.model, plan, search.step_tokens
    )
    each = cache_bytes(search.model, plan, np.asarray(search.context_tok)) / plan.data
    at = int(np.argmin(fixed + each))
    room = search.memory_utilization * search.hardware.hbm.capacity_bytes
    what = (
        f"Does not fit: {words(ways[at])} needs {(fixed + each)[at] / 1e9:.3g} GB on each GPU, "
        f"where {room / 1e9:.3g} GB can be used"
    )
    more = _holding(search)
    if more is None:
        return f"{what}; narrow the weights or shorten the context"
    return f"{what}; {more.gpus} GPUs ({words(more)}) would do"


def _holding(search: Search) -> Layout | None:
    """The smallest layout that holds the model and one sequence."""
    domain = search.hardware.scale_up.domain
    ways = layouts(search.model, domain, search.engine, Pinned(), _LARGER)
    fits = np.flatnonzero(most_batch(search, Plan.of(ways)) >= (search.batch or 1))
    return ways[int(fits[0])] if len(fits) else None
