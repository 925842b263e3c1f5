"""From steps to what clients see: a known batch, a whole batch at once, a loop of clients.

In a closed loop every sequence that decodes for `osl` steps sees each of the others enter once, so that
a mean step holds its share of their prompts (conservation: as many prompts as outputs pass). Little's law
gives how many of the clients' requests are decoding at a time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.cost.power import watts
from infecon_tui.cost.serving.server import Server
from infecon_tui.cost.step.pipeline import one_after_another

if TYPE_CHECKING:
    from collections.abc import Callable

    from infecon_tui.cost.case import Case
    from infecon_tui.cost.ledger import Ledger, Rowed
    from infecon_tui.cost.machine import Machine
    from infecon_tui.cost.plan import Plan, Rows

_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Served:
    """Columns of answers; `step` is the mean step while decoding `running` sequences.

    `decode_s` is a step of these without prompts, `prompt_s` a prompt with nothing beside it. Where
    `drafted` tokens are drafted at a time, `step` and `draft` are what verifying and drafting take of an
    output token, and `decode_s` is of an output token, too.
    """

    tpot_s: Rowed
    ttft_s: Rowed
    tok_s: Rowed
    step: Ledger
    watts: Rowed | None
    running: Rowed
    decode_s: Rowed
    prompt_s: Rowed
    draft: Ledger | None = None
    drafted: Rowed = 0.0


def serve(case: Case, machine: Machine, rows: Rows) -> Served:
    """Answers for rows; `case`, which is one of them, says what they have in common."""
    engine, batch = Server(case, machine, rows.plan, rows.cached), rows.batch
    if case.serving == "closed_loop":
        return in_a_loop(
            lambda running: _steady(engine, replace(rows, batch=running)),
            rows,
            engine.most(rows.context),
        )
    if case.serving == "steady":
        return _steady(engine, rows)
    step = engine.decode(batch, rows.context)
    first = engine.prompts(batch if case.serving == "static" else 1.0 + 0.0 * batch, rows.isl)
    tpot = step.total_s
    drawn = watts(machine, step)
    return Served(tpot, first.total_s, batch / tpot, step, drawn, batch, tpot, first.total_s)


def _steady(engine: Server, rows: Rows) -> Served:
    """A batch known to run, refilled at once: the mean step with the prompts of those who come in.

    What runs fits: where the contexts asked for do not, they are as long as memory allows.
    """
    running, isl, context = rows.batch, rows.isl, rows.context
    fits = engine.most(context) / running
    held = np.minimum(context, np.maximum(context * fits, 1.0))
    prompts = np.maximum(running - 1.0, 0.0) / rows.osl
    step, decode_s, alone = engine.mean_step(running, held, isl, prompts)
    tpot, alone_s = step.total_s, alone.total_s
    first_s = engine.first_token_s(running, isl, prompts, (decode_s, tpot, alone_s))
    drawn = watts(engine.machine, step)
    return Served(tpot, first_s, running / tpot, step, drawn, running, decode_s, alone_s)


def in_a_loop(steady: Callable[[Rowed], Served], rows: Rows, most: Rowed) -> Served:
    """A fixed number of requests at a time, each followed at once by the next; `steady` is of so many that run.

    Requests beyond the `most` that memory has room for wait; what they wait for follows from Little's law.
    """
    clients, osl = rows.batch, rows.osl
    running = np.minimum(clients, most)
    for _ in range(_ROUNDS):
        served = steady(running)
        share = osl * served.tpot_s / (osl * served.tpot_s + served.ttft_s)
        running = np.minimum(clients * share, most)
    return replace(
        served,
        ttft_s=(clients / running - 1) * osl * served.tpot_s,
        tok_s=running / served.tpot_s,
        running=running,
    )


@dataclass(frozen=True, slots=True)
class PromptStep:
    """Prompts through an instance that takes nothing else: their time and its causes, the time until the
    next ones are through, and watts.
    """

    work: Ledger
    apart_s: Rowed
    watts: Rowed | None


def prefill(
    case: Case, machine: Machine, plan: Plan, count: Rowed, isl: Rowed, *, cached: Rowed = 0.0
) -> PromptStep:
    """`count` prompts at once; a rank of data-parallel attention takes those beyond a step in chunks."""
    engine = Server(case, machine, plan, cached)
    asked, steps = engine.prompting(count, isl, plan.data)
    (one,) = engine.passes(asked)
    work = one_after_another(plan, one, steps)
    return PromptStep(work, steps * (one.beat_s + one.host_s), watts(machine, work))
