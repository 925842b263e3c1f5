"""The deployment engine around the chosen point: other points for sweeps, and its operators."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.cost.case import Layout
from infecon_tui.cost.frontier.evaluate import evaluate
from infecon_tui.cost.frontier.layouts import Pinned
from infecon_tui.cost.frontier.points import Points, joined, layout_of, no_points, unfit
from infecon_tui.cost.frontier.times import timed
from infecon_tui.cost.machine import Machine
from infecon_tui.cost.plan import Load, Plan
from infecon_tui.cost.serving.first_token import prefill_plan
from infecon_tui.cost.serving.server import Server
from infecon_tui.cost.step.demand import operators
from infecon_tui.cost.step.pipeline import largest_part
from infecon_tui.solve import search_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from infecon_tui.cost.step.demand import Operator
    from infecon_tui.solve import Answer


def at_batches(answer: Answer, batches: NDArray[np.float64]) -> Points:
    """The chosen layout under other batches."""
    return evaluate(search_of(answer.scenario)[0], [_chosen(answer)] * len(batches), batches)


def at_contexts(answer: Answer, batch: float, contexts: NDArray[np.float64]) -> Points:
    """The chosen layout and batch with other contexts."""
    ways = [_chosen(answer)] * len(contexts)
    return evaluate(search_of(answer.scenario)[0], ways, batch, contexts)


def at_sizes(answer: Answer, sizes: Sequence[int], batch: float) -> Points:
    """The fastest layout of every size at a batch; infinite where none runs or fits."""
    search = search_of(answer.scenario)[0]
    ways = [replace(search, pinned=Pinned(gpus=size)).layouts() for size in sizes]
    of_size = np.repeat(sizes, [len(some) for some in ways])
    every = evaluate(search, list(chain(*ways)), batch) if len(of_size) else no_points()

    def fastest(size: int) -> Points:
        rows = np.flatnonzero(of_size == size)
        return every.take(rows[[np.argmin(every.tpot_s[rows])]]) if len(rows) else unfit(size)

    return joined([fastest(size) for size in sizes])


def operator_seconds(answer: Answer) -> dict[str, float]:
    """Seconds of an output token by operator, at the chosen point; they sum to its TPOT."""
    assert isinstance(answer.points, Points)
    assert answer.chosen is not None
    at, search = answer.chosen, search_of(answer.scenario)[0]
    batch = answer.points.batch[at : at + 1] / answer.points.decode_instances[at]
    plan, drafted = Plan.of([_chosen(answer)]), answer.points.draft_tokens[at : at + 1]
    served = timed(search, plan, batch, search.context_tok, drafted)
    found = {name: float(np.sum(s)) for name, s in served.step.by_operator().items()}
    if served.draft is not None and drafted.any():
        found["drafting"] = float(np.sum(served.draft.total_s))
    return found


def step_operators(answer: Answer) -> tuple[tuple[Operator, ...], tuple[Operator, ...]]:
    """Operators of a decode step at the chosen point, and of the step that ends a prompt."""
    assert isinstance(answer.points, Points)
    assert answer.chosen is not None
    search, point = search_of(answer.scenario)[0], answer.points.take(np.array([answer.chosen]))
    machine, one = Machine(search.hardware), np.ones(1)
    plan = Plan.of([_chosen(answer)])
    load = Load(
        sequences=largest_part(plan, point.batch / point.decode_instances),
        context=search.context_tok * one,
        tokens=1 + point.draft_tokens,
    )
    decoding = operators(Server(search.case, machine, plan).stepper, load)
    if not search.isl:
        return decoding, ()
    plan, new = prefill_plan(point, one), search.isl - search.cached_tok
    chunk = np.minimum(new, search.step_tokens) * one
    keys = (search.isl + search.cached_tok + 1) / 2 * one
    # Every rank of data-parallel attention takes one.
    load = Load(
        sequences=0 * one, context=one, prompt=chunk * plan.data, keys=keys, prompts=plan.data
    )
    return decoding, operators(Server(search.case, machine, plan).stepper, load)


def _chosen(answer: Answer) -> Layout:
    assert isinstance(answer.points, Points)
    assert answer.chosen is not None
    return layout_of(answer.points, answer.chosen)
