"""What clients see of a case, with what drafts for it, if anything does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from infecon_tui.cost.memory import most_sequences
from infecon_tui.cost.serving.serve import Served, in_a_loop, serve
from infecon_tui.cost.serving.speculate import cycle

if TYPE_CHECKING:
    from infecon_tui.cost.case import Case
    from infecon_tui.cost.ledger import Rowed
    from infecon_tui.cost.machine import Machine
    from infecon_tui.cost.plan import Rows


def served_by(case: Case, machine: Machine, rows: Rows) -> Served:
    """Answers for rows; `case`, which is one of them, says what they have in common."""
    drafting, drafted = case.drafting, case.drafted
    if drafting is None:
        return serve(case, machine, rows)
    loop = case.serving == "closed_loop"
    one = replace(case, serving="steady") if loop else case

    def at(running: Rowed) -> Served:
        return cycle(one, machine, replace(rows, batch=running), drafting, drafted).served()

    if not loop:
        return at(rows.batch)
    planned = case.planned_bytes - drafting.weight_bytes(rows.plan)
    beside = drafting.cache_bytes(rows.plan, rows.context)
    most = most_sequences(case.model, rows.plan, planned, rows.context, case.step_tokens, beside)
    return in_a_loop(at, rows, most)
