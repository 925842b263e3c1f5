"""Speculative decoding: steps that draft, the step that verifies, and the tokens that a cycle makes.

A cycle runs the drafter once for every drafted token, then the model once over all of them. Drafted tokens
count up to the first that is refused; the model's own token follows (Leviathan et al., arXiv 2211.17192).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from infecon_tui.cost.ledger import Ledger
from infecon_tui.cost.memory import cache_bytes, weight_bytes
from infecon_tui.cost.plan import Plan
from infecon_tui.cost.power import watts
from infecon_tui.cost.serving.drafters import common_heads, expert_counts
from infecon_tui.cost.serving.serve import Served
from infecon_tui.cost.serving.server import Server
from infecon_tui.cost.step import enter
from infecon_tui.cost.step.mixing import Product
from infecon_tui.cost.step.tally import step_bytes

if TYPE_CHECKING:
    from infecon_tui.cost.case import Case
    from infecon_tui.cost.ledger import Array, Indices, Rowed
    from infecon_tui.cost.machine import Machine
    from infecon_tui.cost.plan import Rows
    from infecon_tui.workload.transformer import Transformer


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafting:
    """Who drafts, how often it is right, and from `least` to `most` tokens at a time.

    The drafter is a model, or with `head` a layer beside the model (`drafters.head_of`) that shares its
    embeddings. The i-th drafted token is accepted with `acceptance * decay**(i - 1)`. `staged` says that
    the engine drafts beside pipeline stages too.
    """

    drafter: Transformer
    head: bool = False
    staged: bool = False
    acceptance: float = 0.8
    decay: float = 1.0
    least: int = 1
    most: int = 5

    @property
    def lengths(self) -> Array:
        """What may be drafted: nothing, or `least` to `most` tokens."""
        return np.concatenate([[0.0], np.arange(self.least, self.most + 1.0)])

    def few(self, count: int) -> Array:
        """Nothing, and `count` of the lengths: enough to tell what is worth a closer look."""
        if count == 1:
            return np.array([0.0, (self.least + self.most) // 2])
        return np.unique(np.append(0.0, np.round(np.linspace(self.least, self.most, count))))

    def expected(self, drafted: Rowed) -> Array:
        """Tokens that a cycle makes on average: one, and one more for each that all before it allow."""
        longest = int(np.max(drafted, initial=0.0))
        chances = self.acceptance * self.decay ** np.arange(longest)
        made = np.concatenate([[1.0], 1.0 + np.cumsum(np.cumprod(chances))])
        found: Array = made[np.asarray(drafted).astype(int)]
        return found

    def allowed(self, plan: Plan) -> Rowed:
        """Whether the engine drafts in a layout."""
        return self.staged | (np.asarray(plan.pipeline) == 1)

    def plan(self, plan: Plan) -> Plan:
        """The drafter on the accelerators of the last stage, cut as far as its heads can be.

        Where they cannot be cut that far, accelerators draft the same beside each other.
        """
        tensor = np.gcd(np.asarray(plan.tensor).astype(int), common_heads(self.drafter))
        ranks = np.gcd(np.asarray(plan.expert).astype(int), (tensor * plan.data).astype(int))
        expert = np.gcd(ranks, expert_counts(self.drafter))
        return Plan(
            tensor=tensor.astype(float), pipeline=1.0, expert=expert.astype(float), data=plan.data
        )

    def weight_bytes(self, plan: Plan) -> Rowed:
        """The drafter's weights on one accelerator of the last stage; a head shares the embeddings."""
        own = replace(self.drafter, vocab=0) if self.head else self.drafter
        return weight_bytes(own, self.plan(plan))

    def cache_bytes(self, plan: Plan, positions: Rowed) -> Rowed:
        """The drafter's cache of one sequence on one accelerator that holds it."""
        return cache_bytes(self.drafter, self.plan(plan), positions)


@dataclass(slots=True)
class Cycle:
    """Cycles of `drafted` tokens (0 is a step without a drafter) that make `made` on average.

    All rows and `drafted` broadcast together. Ledgers are of a cycle, times of an output token; that of
    `decode_s` meets no prompts, and `prompt_s` is of a prompt with nothing beside it.
    """

    machine: Machine
    batch: Rowed
    drafted: Rowed
    made: Rowed
    verifying: Ledger
    drafting: Ledger
    tpot_s: Rowed
    ttft_s: Rowed
    decode_s: Rowed
    prompt_s: Rowed

    def taken(self, at: Indices) -> Cycle:
        """One of the cycles along the first axis for every row."""
        rows = ("drafted", "made", "tpot_s", "ttft_s", "decode_s", "prompt_s")
        found: dict[str, Any] = {name: taken(getattr(self, name), at) for name in rows}
        verifying, drafting = (_picked(each, at) for each in (self.verifying, self.drafting))
        return replace(self, verifying=verifying, drafting=drafting, **found)

    def served(self) -> Served:
        """Answers as `serve` gives them, by cause."""
        step, draft, both = Ledger(), Ledger(), Ledger()
        step.merge(self.verifying, 1 / self.made)
        draft.merge(self.drafting, 1 / self.made)
        both.merge(step)
        both.merge(draft)
        return Served(
            tpot_s=step.total_s + draft.total_s,
            ttft_s=self.ttft_s,
            tok_s=self.batch / self.tpot_s,
            step=step,
            watts=watts(self.machine, both),
            running=self.batch,
            decode_s=self.decode_s,
            prompt_s=self.prompt_s,
            draft=draft,
            drafted=self.drafted,
        )


def taken(values: Rowed, at: Indices) -> Array:
    """Of values that broadcast over a first axis and rows, the one that `at` names for every row."""
    values = np.asarray(values)
    if values.ndim <= at.ndim:
        return np.broadcast_to(values, at.shape)
    whole = np.broadcast_to(values, (len(values), *at.shape))
    # An axis of one length stands for all of them.
    found: Array = np.take_along_axis(whole, np.minimum(at, len(values) - 1)[None], axis=0)[0]
    return found


def _picked(ledger: Ledger, at: Indices) -> Ledger:
    return Ledger(
        {key: taken(seconds, at) for key, seconds in ledger.entries.items()},
        reading_s=taken(ledger.reading_s, at),
        computing_s=taken(ledger.computing_s, at),
    )


def cycle(case: Case, machine: Machine, rows: Rows, drafting: Drafting, drafted: Rowed) -> Cycle:
    """Cycles of `drafted` tokens, as `serve` takes rows; the drafter caches what is cached of a prompt, too."""
    plan, batch, isl, context = rows.plan, rows.batch, rows.isl, rows.context
    made, used = drafting.expected(drafted), np.asarray(drafted) > 0
    target = Server(case, machine, plan, rows.cached)
    drafter = _Drafter(case, machine, plan, drafting, rows.cached)
    at_once = batch if case.serving == "static" else 1.0 + 0.0 * batch
    spent, prompt = drafter.drafts(batch, context, drafted), drafter.prompt(at_once, isl)
    if case.serving == "steady":
        entering = np.maximum(batch - 1.0, 0.0) / rows.osl * made
        verifying, plain_s, alone = target.mean_step(batch, context, isl, entering, 1.0 + drafted)
        prompt_s, drafts_s = alone.total_s + prompt.total_s * used, spent.total_s
        spent.merge(prompt, entering * used)
        times = (plain_s + drafts_s, verifying.total_s + spent.total_s, prompt_s)
        first_s = target.first_token_s(batch, isl, entering, times)
    else:
        prompt_s = target.prompts(at_once, isl).total_s + prompt.total_s * used
        verifying, drafts_s, first_s = (
            target.decode(batch, context, 1.0 + drafted),
            spent.total_s,
            prompt_s,
        )
        plain_s = verifying.total_s
    return Cycle(
        machine=machine,
        batch=batch,
        drafted=drafted,
        made=made,
        verifying=verifying,
        drafting=spent,
        tpot_s=(verifying.total_s + spent.total_s) / made,
        ttft_s=first_s,
        decode_s=(plain_s + drafts_s) / made,
        prompt_s=prompt_s,
    )


class _Drafter:
    """The drafter's own steps, which start without the scheduler; every micro-batch drafts in its turn."""

    def __init__(
        self, case: Case, machine: Machine, plan: Plan, drafting: Drafting, cached: Rowed
    ) -> None:
        self.plan, self.head = drafting.plan(plan), drafting.head
        own = replace(case, model=drafting.drafter)
        self.server = Server(own, machine, self.plan, cached, drafts=True)
        self.cached = cached
        self.stages = plan.pipeline

    def drafts(self, batch: Rowed, context: Rowed, drafted: Rowed) -> Ledger:
        """One step for every drafted token."""
        turns = np.minimum(self.stages, np.maximum(batch, 1.0))
        step, total = self.server.decode(batch / turns, context), Ledger()
        self._join(step, batch / turns)
        total.merge(step, drafted * turns)
        return total

    def prompt(self, count: Rowed, isl: Rowed) -> Ledger:
        """Prompts at once, which the drafter needs in its cache too."""
        step = self.server.prompts(count, isl)
        self._join(step, count * (isl - self.cached))
        return step

    def _join(self, step: Ledger, rows: Rowed) -> None:
        """The product of a head's start, whole on every accelerator of a tensor-parallel group."""
        if self.head:
            rates = self.server.stepper.rates
            width = rates.model.d_model
            join = Product(n=width, k=2 * width)
            enter.product(step, "joining", rates.dense, rows / self.plan.data, join)


def cycle_bytes(
    model: Transformer, machine: Machine, rows: Rows, drafting: Drafting, drafted: Rowed
) -> Rowed:
    """Weights and cache that all accelerators read for one output token of every sequence."""
    verified = step_bytes(model, machine, rows, 1.0 + drafted)
    beside = replace(rows, plan=drafting.plan(rows.plan))
    once = step_bytes(drafting.drafter, machine, beside)
    return (verified + drafted * once) / drafting.expected(drafted)
