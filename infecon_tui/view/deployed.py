"""Points of the deployment engine around the chosen one, for sweeps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.cost.case import Layout
from infecon_tui.cost.evaluate import evaluate, plan_of, timed
from infecon_tui.cost.layouts import Pinned
from infecon_tui.cost.points import Points, joined, layout_of, unfit
from infecon_tui.solve import search_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

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
    parts = []
    for size in sizes:
        ways = replace(search, pinned=Pinned(gpus=size)).layouts()
        points = evaluate(search, ways, batch) if ways else unfit(size)
        parts.append(points.take([int(np.argmin(points.tpot_s))]))
    return joined(parts)


def operator_seconds(answer: Answer) -> dict[str, float]:
    """Seconds of an output token by operator, at the chosen point; they sum to its TPOT."""
    assert isinstance(answer.points, Points)
    assert answer.chosen is not None
    at, search = answer.chosen, search_of(answer.scenario)[0]
    batch = answer.points.batch[at : at + 1] / answer.points.decode_instances[at]
    plan, drafted = plan_of([_chosen(answer)]), answer.points.draft_tokens[at : at + 1]
    served = timed(search, plan, batch, search.context_tok, drafted)
    found = {name: float(np.sum(s)) for name, s in served.step.by_operator().items()}
    if served.draft is not None and drafted.any():
        found["drafting"] = float(np.sum(served.draft.total_s))
    return found


def _chosen(answer: Answer) -> Layout:
    assert isinstance(answer.points, Points)
    assert answer.chosen is not None
    return layout_of(answer.points, answer.chosen)
