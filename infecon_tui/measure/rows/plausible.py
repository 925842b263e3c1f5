"""Whether a measured time can be true: what a step reads has to come out of memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui.cost.machine import Machine
from infecon_tui.cost.memory import most_sequences
from infecon_tui.cost.plan import Plan, Rows
from infecon_tui.cost.step.tally import step_bytes

if TYPE_CHECKING:
    from infecon_tui.measure.evaluate import Outcome
    from infecon_tui.measure.rows.cases import Question

_IMPOSSIBLE = 2.0
"""From so many times on a row is not what its columns say, at whatever precision it was served."""
_NAMED = 1.05


def beyond(question: Question) -> float:
    """How many times as fast as memory can be read at its full bandwidth; above one, it cannot be so."""
    case = question.case
    context = case.isl + case.osl / 2 if case.context_tok is None else case.context_tok
    rows = Rows(
        plan=Plan.of([case.layout]), batch=case.batch, isl=case.isl, osl=case.osl, context=context
    )
    machine = Machine(case.hardware)
    read = step_bytes(case.model, machine, rows)
    least_s = float(read[0]) / (case.layout.gpus * machine.hbm_Bps)
    sequences = case.batch * question.instances if question.quantity == "rate" else 1.0
    return least_s / (question.measured_s * sequences)


def queued(question: Question) -> bool:
    """Whether a batch that came at once is more than memory holds at its full length: some of it waited."""
    case = question.case
    if case.serving != "static":
        return False
    plan = Plan.of([case.layout])
    full = case.isl + case.osl
    most = most_sequences(case.model, plan, case.planned_bytes, full, case.step_tokens)
    return bool(case.batch > most[0])


def tells_speed(question: Question) -> bool:
    """Whether a row is one to fit speeds to: those whose batch the cache limited, or that give only the
    largest rate, tell of memory instead; those faster than memory tell of something else.
    """
    of_memory = question.quantity == "rate" or question.purity == "serving_kv_limited"
    return not of_memory and not queued(question) and beyond(question) < _IMPOSSIBLE


def why(outcome: Outcome) -> str:
    """What a row's error is likely to come from: a time that cannot be, a batch that cannot run at once, what
    had to be assumed, or what its step is mostly spent on.
    """
    assert outcome.question is not None
    if (times := beyond(outcome.question)) > _NAMED:
        return f"measured {times:.3g} times as fast as its memory is read"
    found = f"mostly {outcome.cause}" if outcome.cause else ""
    if queued(outcome.question):
        found = f"more than memory holds at once; {found}"
    return "; ".join(text for text in (found, outcome.question.assumed) if text)
