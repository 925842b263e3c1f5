"""Speculative decoding: steps that draft, the step that verifies, and the tokens that a cycle makes.

A cycle runs the drafter once for every drafted token, then the model once over all of them. Drafted tokens
count up to the first that is refused; the model's own token follows (Leviathan et al., arXiv 2211.17192).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.cost.ledger import Ledger
from infecon_tui.cost.machine import gemm_bound
from infecon_tui.cost.memory import STATES, cache_bytes, weight_bytes
from infecon_tui.cost.plan import Plan
from infecon_tui.cost.power import watts
from infecon_tui.cost.serve import Served, Server
from infecon_tui.cost.tally import step_bytes
from infecon_tui.workload.feedforward import Dense, MixtureOfExperts
from infecon_tui.workload.transformer import Layers

if TYPE_CHECKING:
    from infecon_tui.cost.case import Case
    from infecon_tui.cost.ledger import Array, Rowed
    from infecon_tui.cost.machine import Machine
    from infecon_tui.workload.feedforward import FeedForward
    from infecon_tui.workload.transformer import Transformer


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafting:
    """Who drafts, how often it is right, and from `least` to `most` tokens at a time.

    The drafter is a model, or with `head` a layer beside the model (`head_of`) that shares its
    embeddings. The i-th drafted token is accepted with `acceptance * decay**(i - 1)`.
    """

    drafter: Transformer
    head: bool = False
    acceptance: float = 0.8
    decay: float = 1.0
    least: int = 1
    most: int = 5

    @property
    def lengths(self) -> Array:
        """What may be drafted: nothing, or `least` to `most` tokens."""
        return np.concatenate([[0.0], np.arange(self.least, self.most + 1.0)])

    def expected(self, drafted: Rowed) -> Array:
        """Tokens that a cycle makes on average: one, and one more for each that all before it allow."""
        longest = int(np.max(drafted))
        chances = self.acceptance * self.decay ** np.arange(longest)
        made = np.concatenate([[1.0], 1.0 + np.cumsum(np.cumprod(chances))])
        found: Array = made[np.asarray(drafted).astype(int)]
        return found

    def plan(self, plan: Plan) -> Plan:
        """The drafter on the model's accelerators; a head is whole on the last stage."""
        experts = [
            group.feed_forward.experts
            for group in self.drafter.layers
            if isinstance(group.feed_forward, MixtureOfExperts)
        ]
        return Plan(
            tensor=plan.tensor,
            pipeline=np.minimum(plan.pipeline, self.drafter.layer_count),
            expert=np.minimum(plan.expert, min(experts, default=1)),
            data=plan.data,
        )

    def weight_bytes(self, plan: Plan) -> Rowed:
        """The drafter's weights on one accelerator (of the last stage)."""
        own = replace(self.drafter, vocab=0) if self.head else self.drafter
        return weight_bytes(own, self.plan(plan))

    def cache_bytes(self, plan: Plan, positions: Rowed) -> Rowed:
        """The drafter's cache of one sequence on one accelerator that holds it."""
        return cache_bytes(self.drafter, self.plan(plan), positions)


def head_of(model: Transformer, kind: str) -> Transformer:
    """A head that drafts from the model's hidden states, as a model of one layer.

    `mtp`: the model's own layer for multi-token prediction, alike the last that keep a cache (section 2.2
    of arXiv 2412.19437). `eagle`: the same with a dense feed-forward, as vLLM's and SGLang's EAGLE heads
    have beside models with experts too. Both start with a product that joins hidden state and embedding.
    """
    mixers = [group for group in model.layers if group.attention is not None]
    keeping = [group for group in mixers if not isinstance(group.attention, STATES)] or mixers
    inner = [group.feed_forward for group in model.layers if group.feed_forward is not None]
    last = inner[-1] if inner else None
    layer = Layers(
        count=1,
        attention=keeping[-1].attention if keeping else None,
        feed_forward=_dense(last) if kind == "eagle" else last,
        parallel=bool(keeping) and keeping[-1].parallel,
    )
    joins = 2 * model.d_model**2
    return replace(model, id=f"{model.id}+{kind}", layers=(layer,), extra_params=joins)


def _dense(kind: FeedForward | None) -> FeedForward | None:
    """Experts as one perceptron, as wide as those that a token meets."""
    if not isinstance(kind, MixtureOfExperts):
        return kind
    shared = kind.shared_d_ff or kind.shared_experts * kind.d_ff
    return Dense(d_ff=kind.active_experts * kind.d_ff + shared, gated=kind.gated)


def speculate(
    case: Case,
    machine: Machine,
    plan: Plan,
    batch: Rowed,
    isl: Rowed,
    osl: Rowed,
    context: Rowed,
    drafting: Drafting,
    drafted: Rowed,
) -> Served:
    """Answers as `serve` gives them, with `drafted` tokens a cycle; 0 is as without a drafter.

    All rows and `drafted` broadcast together. Seconds are of an output token.
    """
    made, steady = drafting.expected(drafted), case.serving == "steady"
    target = Server(case, machine, plan)
    entering = np.maximum(batch - 1.0, 0.0) / osl * made if steady else 0.0 * made
    if steady:
        verifying = target.mean_step(batch, context, isl, entering, 1.0 + drafted)
    else:
        verifying = target.decode(batch, context, 1.0 + drafted)
    drafter = _Drafter(case, machine, plan, drafting)
    used = np.asarray(drafted) > 0
    spent = drafter.drafts(batch, context, drafted)
    first = target.prompts(1.0 + 0.0 * batch, isl).total_s
    if drafting.most:
        prompt = drafter.prompt(isl)
        spent.merge(prompt, entering * used)
        first = first + prompt.total_s * used
    step, draft, both = Ledger(), Ledger(), Ledger()
    step.merge(verifying, 1 / made)
    draft.merge(spent, 1 / made)
    both.merge(step)
    both.merge(draft)
    tpot = step.total_s + draft.total_s
    ttft = first + tpot * made / 2 if steady else first
    return Served(tpot, ttft, batch / tpot, step, watts(machine, both), batch, draft)


class _Drafter:
    """The drafter's own steps. Micro-batches take turns on stages that hold all of it."""

    def __init__(self, case: Case, machine: Machine, plan: Plan, drafting: Drafting) -> None:
        self.plan, self.head = drafting.plan(plan), drafting.head
        self.server = Server(replace(case, model=drafting.drafter), machine, self.plan)
        self.stages = plan.pipeline / self.plan.pipeline

    def drafts(self, batch: Rowed, context: Rowed, drafted: Rowed) -> Ledger:
        """One step for every drafted token."""
        turns = np.minimum(self.stages, np.maximum(batch, 1.0))
        step, total = self.server.decode(batch / turns, context), Ledger()
        self._join(step, batch / turns)
        total.merge(step, drafted * turns)
        return total

    def prompt(self, isl: Rowed) -> Ledger:
        """A prompt, which the drafter needs in its cache too."""
        step = self.server.prompts(1.0 + 0.0 * self.plan.tensor, isl)
        self._join(step, isl)
        return step

    def _join(self, step: Ledger, rows: Rowed) -> None:
        """The product of a head's start, whole on every accelerator of a tensor-parallel group."""
        if self.head:
            stepper = self.server.stepper
            width = stepper.model.d_model
            bound = gemm_bound(stepper.dense, rows / self.plan.data, width, 2 * width)
            bound.enter(step, "joining", "weights", 1.0)
            step.add("joining", "launch", stepper.dense.floor_s)


def cycle_bytes(
    model: Transformer,
    machine: Machine,
    plan: Plan,
    batch: Rowed,
    context: Rowed,
    drafting: Drafting,
    drafted: Rowed,
) -> Rowed:
    """Weights and cache that all accelerators read for one output token of every sequence."""
    verified = step_bytes(model, machine, plan, batch, context, 1.0 + drafted)
    once = step_bytes(drafting.drafter, machine, drafting.plan(plan), batch, context)
    return (verified + drafted * once) / drafting.expected(drafted)
