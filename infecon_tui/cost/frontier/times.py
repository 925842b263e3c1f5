"""Times of layouts and batches: the batches that there is room for, and the best length of draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from infecon_tui.cost.machine import Machine
from infecon_tui.cost.memory import activation_bytes, cache_bytes, weight_bytes
from infecon_tui.cost.plan import Rows
from infecon_tui.cost.serving.serve import Served, serve
from infecon_tui.cost.serving.speculate import cycle as cycle_of
from infecon_tui.cost.serving.speculate import taken

if TYPE_CHECKING:
    from infecon_tui.cost.frontier.points import Points
    from infecon_tui.cost.frontier.search import Search
    from infecon_tui.cost.ledger import Array, Indices, Mask, Rowed
    from infecon_tui.cost.plan import Plan
    from infecon_tui.cost.serving.speculate import Cycle, Drafting

MOST_BATCH = 2**17
"""The largest batch looked at, where memory would hold more."""


_UNWANTED = 1e9
"""Times this, a length of draft that keeps no limit comes after all that do."""


def most_batch(
    search: Search, plan: Plan, context: Rowed | None = None, drafting: Drafting | None = None
) -> Array:
    """Whole sequences that fit beside the weights, by layout; 0 where these do not fit themselves.

    Of the memory that the engine plans with, at the mean context: paged caches hold what sequences have,
    not what they will have. With `drafting` the drafter has its part.
    """
    context = np.asarray(search.context_tok if context is None else context)
    room = search.memory_utilization * search.hardware.hbm.capacity_bytes
    room = room - weight_bytes(search.model, plan)
    room = room - activation_bytes(search.model, plan, search.step_tokens)
    each = cache_bytes(search.model, plan, context)
    if drafting is not None:
        room = room - drafting.weight_bytes(plan)
        each = each + drafting.cache_bytes(plan, context)
    most: Array = np.clip(np.floor(room / np.maximum(each / plan.data, 1.0)), 0.0, MOST_BATCH)
    return most


def timed(
    search: Search, plan: Plan, batch: Array, context: Rowed, drafted: Rowed | None = None
) -> Served:
    """Times of rows of layouts, batches and contexts, whether they fit or not.

    Numbers of the search's model and accelerator, and its lengths, may themselves be columns of a value a row.
    Where the search has a drafter, with `drafted` tokens a cycle, by default as many as are best for each row.
    """
    if search.drafting is None:
        rows = rows_of(search, plan, batch, context)
        return serve(search.case, Machine(search.hardware), rows)
    if drafted is None:
        cycle, at = _best(search, plan, batch, context, search.drafting.lengths)
        return cycle.taken(at).served()
    return _cycle(search, plan, batch, context, drafted).served()


def _cycle(search: Search, plan: Plan, batch: Array, context: Rowed, drafted: Rowed) -> Cycle:
    """Cycles of so many drafted tokens."""
    assert search.drafting is not None
    rows = rows_of(search, plan, batch, context)
    return cycle_of(search.case, Machine(search.hardware), rows, search.drafting, drafted)


def rows_of(search: Search, plan: Plan, batch: Array, context: Rowed) -> Rows:
    """Rows of a search, as `serve` takes them."""
    # Without lengths the first token is of a prompt as long as the context.
    isl = np.asarray(context if search.isl is None else search.isl, dtype=np.float64)
    return Rows(
        plan=plan,
        batch=batch,
        isl=isl,
        osl=np.asarray(1.0 if search.osl is None else search.osl),
        context=np.asarray(context) + 0.0 * batch,
        cached=search.cached_tok,
    )


class Times(NamedTuple):
    """Times of rows, and the watts of one accelerator where they are known."""

    tpot_s: Rowed
    ttft_s: Rowed
    watts: Rowed | None = None


def fastest(
    search: Search, plan: Plan, batch: Array, context: Rowed, tried: int | None = None
) -> Times:
    """Times of rows at the best length of draft: the fastest one that the demand fills and whose first
    tokens come in time, or else the fastest one. None is always among those tried, and of the others all
    or as many as `tried`.
    """
    if search.drafting is None:
        served = timed(search, plan, batch, context)
        return Times(np.broadcast_to(served.tpot_s, batch.shape), served.ttft_s, served.watts)
    lengths = search.drafting.lengths if tried is None else search.drafting.few(tried)
    cycle, at = _best(search, plan, batch, context, lengths)
    return Times(taken(cycle.tpot_s, at), taken(cycle.ttft_s, at))


def _best(
    search: Search, plan: Plan, batch: Array, context: Rowed, lengths: Array
) -> tuple[Cycle, Indices]:
    """Cycles of every length, on a first axis, and which of them is best for every row."""
    assert search.drafting is not None
    drafted = lengths.reshape(-1, *(1,) * np.ndim(batch))
    cycle = _cycle(search, plan, batch, context, drafted)
    can = (drafted == 0) | drafts_beside(search, plan, batch, context)
    merit = np.where(can, cycle.tpot_s, np.inf)
    wanted = allowed(search, batch, Times(cycle.tpot_s, cycle.ttft_s))
    return cycle, np.argmin(np.where(wanted, merit, merit * _UNWANTED), axis=0)


def drafts_beside(search: Search, plan: Plan, batch: Array, context: Rowed) -> Mask:
    """Where the engine drafts in a layout, and the drafter fits beside the batch."""
    assert search.drafting is not None
    most = most_batch(search, plan, context, search.drafting)
    found: Mask = search.drafting.allowed(plan) & (batch <= most)
    return found


def allowed(search: Search, batch: Array, times: Times | Points) -> Mask:
    """Whether the demand fills a batch, and its first tokens come in time."""
    return (batch <= search.demand_tok_s * times.tpot_s) & (times.ttft_s <= search.most_ttft_s)
