"""Steps of one engine family: of sequences, of prompts, and the mean of those that hold both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.cost.ledger import Ledger
from infecon_tui.cost.memory import most_sequences
from infecon_tui.cost.plan import Load
from infecon_tui.cost.serving.queue import Steady, apart_s, mixed_s
from infecon_tui.cost.step.pipeline import (
    Pass,
    alone,
    lanes_of,
    largest_part,
    mixed,
    one_after_another,
)
from infecon_tui.cost.step.rates import Habits
from infecon_tui.cost.step.stepper import Stepper
from infecon_tui.cost.step.together import Asked, together

if TYPE_CHECKING:
    from infecon_tui.cost.case import Case
    from infecon_tui.cost.ledger import Rowed
    from infecon_tui.cost.machine import Machine
    from infecon_tui.cost.plan import Plan

_SEPARATE = ("sglang", "sglang-early", "lmdeploy", "vllm-first")
"""Engines that run prompts in steps of their own; the others mix them into decode steps."""
_WAITING = ("vllm-waiting",)
"""Engines that schedule a step only when the tokens of the last one are known."""
_UNTUNED = ("vllm-first", "vllm-waiting")
"""Engines that take wide experts' tiles from a table of tuned shapes, or else guess them."""
_BLOCKS_UNTUNED = ("sglang-early", *_UNTUNED, "vllm")
"""Engines that have no tiles for block-scaled weights on parts where those differ; vLLM still logs so of
DeepSeek's shapes in 2026-06 (ROCm/aiter, issue 3852), SGLang has had them since its pull request 18242."""
_PAGED, _NO_FLASH = ("vllm-first",), "AMD"
"""Engines whose attention of decoding was paged attention alone where FlashAttention's did not run."""
_TINY = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean:
    """The mean of steps before its passes are worked out: those without prompts, and of `share` the ones with.

    `times` is how much of both there is to a decode step.
    """

    plan: Plan
    lanes: Rowed
    plain: Asked
    other: Asked
    share: Rowed
    times: Rowed = 1.0

    def of(self, plain: Pass, other: Pass) -> tuple[Ledger, Rowed]:
        """The mean step, and the seconds of one without prompts."""
        total = Ledger()
        total.merge(mixed(self.plan, self.lanes, plain, other, self.share), self.times)
        return total, plain.round_s(self.lanes)


class Server:
    """Steps of one engine family on one machine; `tokens` are those that every sequence brings to one.

    `cached` tokens of each prompt are in the prefix cache. With `drafts` the model is a drafter: no
    scheduler between its steps, and the likeliest token taken.
    """

    def __init__(
        self,
        case: Case,
        machine: Machine,
        plan: Plan,
        cached: Rowed = 0.0,
        *,
        drafts: bool = False,
    ) -> None:
        self.case, self.machine, self.plan = case, machine, plan
        self.cached, self.drafts = cached, drafts
        habits = Habits(
            engine=case.engine,
            sorted_sampling=case.sampling == "sorted",
            graphs=case.cuda_graphs,
            aligned=case.engine in _WAITING,
            tuned=case.engine not in _UNTUNED,
            blocks_tuned=case.engine not in _BLOCKS_UNTUNED,
            argmax=drafts,
            paged=case.engine in _PAGED and case.hardware.vendor == _NO_FLASH,
        )
        self.stepper = Stepper(case.model, machine, plan, habits)

    def decode(self, sequences: Rowed, context: Rowed, tokens: Rowed = 1.0) -> Ledger:
        """A step in which every sequence gets a token, or has those verified that were drafted."""
        (one,) = self.passes(self._decoding(sequences, context, tokens))
        return alone(self.plan, lanes_of(self.plan, sequences), one)

    def _decoding(self, sequences: Rowed, context: Rowed, tokens: Rowed) -> Asked:
        part = largest_part(self.plan, sequences)
        return Asked(Load(sequences=part, context=context, tokens=tokens), part)

    def passes(self, *asked: Asked) -> list[Pass]:
        """Passes with their hosts, of the same rows."""
        return [self._hosted(asked[0])] if len(asked) == 1 else together(asked, self._hosted)

    def _hosted(self, asked: Asked) -> Pass:
        """A pass with its host: what that does between steps, and of launches what no kernel hides."""
        step, work_s, beat_s = self.stepper.stages(asked.load)
        between_s = 0.0 * work_s if self.drafts else self._between_s(asked.sequences)
        if not self.case.cuda_graphs:
            eager_s = self.machine.kernels.steps.eager_s
            eager_s = np.maximum(step.starts * eager_s - work_s, 0.0)
            step.add("host", "host", eager_s)
            work_s, beat_s = work_s + eager_s, beat_s + eager_s / self.plan.pipeline
        return Pass(step, work_s, beat_s, between_s)

    def _between_s(self, sequences: Rowed) -> Rowed:
        """The host's time between two steps; ranks of data-parallel attention each have their own."""
        costs = self.machine.kernels.steps
        sequences = sequences / self.plan.data
        if self.case.engine == "vllm-first":
            share = 1.0 if self.case.serving == "static" else costs.first_server
            own_s = share * (costs.first_s + costs.first_sequence_s * sequences)
            ranks = self.plan.tensor
            messages_s = costs.first_worker_sequence_s * np.log2(ranks) * sequences
            return own_s + np.where(ranks > 1, costs.first_workers_s, 0.0) + messages_s
        if self.case.engine in _WAITING:
            return costs.waiting_s + costs.waiting_sequence_s * sequences
        return costs.ahead_s + costs.ahead_sequence_s * sequences

    def prompts(self, sequences: Rowed, isl: Rowed) -> Ledger:
        """All prompts, in steps of at most so many tokens as the engine takes that hold nothing else."""
        asked, steps = self.prompting(sequences, isl)
        (one,) = self.passes(asked)
        return one_after_another(self.plan, one, steps)

    def prompting(self, sequences: Rowed, isl: Rowed, ranks: Rowed = 1.0) -> tuple[Asked, Rowed]:
        """One of the steps that hold prompts only, and how many of them there are.

        Each of `ranks` takes as many tokens of them as the engine allows to a step.
        """
        tokens = sequences * (isl - self.cached)
        steps = np.maximum(np.ceil(tokens / ranks / self.case.step_tokens), 1.0)
        load = Load(
            sequences=0.0 * tokens,
            context=1.0 + 0.0 * tokens,
            prompt=tokens / steps,
            keys=self._keys(isl),
            prompts=sequences / steps,
        )
        return Asked(load, sequences / steps), steps

    def _keys(self, isl: Rowed) -> Rowed:
        """Positions that a token behind the cached prefix sees on average: the prefix, and half of the rest."""
        return (isl + self.cached + 1) / 2

    def mean_step(
        self, running: Rowed, context: Rowed, isl: Rowed, prompts: Rowed, tokens: Rowed = 1.0
    ) -> tuple[Ledger, Rowed, Ledger]:
        """The mean of steps, with `prompts` of them to a step of all micro-batches; one without; and a prompt
        with nothing beside it.
        """
        mean = self.mean(running, context, isl, prompts, tokens)
        asked, steps = self.prompting(1.0 + 0.0 * running, isl)
        plain, other, one = self.passes(mean.plain, mean.other, asked)
        return *mean.of(plain, other), one_after_another(self.plan, one, steps)

    def mean(
        self, running: Rowed, context: Rowed, isl: Rowed, prompts: Rowed, tokens: Rowed = 1.0
    ) -> Mean:
        """What to work out for a mean step.

        Engines that mix put a prompt (or a chunk of it) beside the decoding sequences in some steps, or
        several in all; the others stop decoding for it.
        """
        lanes = lanes_of(self.plan, running)
        plain = self._decoding(running, context, tokens)
        if self.case.engine in _SEPARATE:
            # Those that come while their micro-batch is under way are worked off together.
            held = np.where(lanes > 1, np.maximum(prompts / lanes, 1.0), 1.0)
            other, steps = self.prompting(held, isl)
            more = prompts / lanes / held * steps
            return Mean(
                plan=self.plan,
                lanes=lanes,
                plain=plain,
                other=other,
                share=more / (1 + more),
                times=1 + more,
            )
        new = isl - self.cached
        chunks = np.maximum(np.ceil(new / self.case.step_tokens), 1.0)
        share = np.minimum(prompts * chunks / lanes, 1.0)
        held = prompts / lanes / np.maximum(share, _TINY)
        load = Load(
            sequences=plain.sequences,
            context=context,
            prompt=held * new,
            keys=self._keys(isl),
            prompts=held,
            tokens=tokens,
        )
        other = Asked(load, plain.sequences)
        return Mean(plan=self.plan, lanes=lanes, plain=plain, other=other, share=share)

    def first_token_s(
        self, running: Rowed, isl: Rowed, prompts: Rowed, times: tuple[Rowed, Rowed, Rowed]
    ) -> Rowed:
        """From a request's arrival to its first token; `times` are a step without prompts, the mean one, and
        a prompt with nothing beside it.
        """
        plain_s, mean_s, alone_s = times
        steady = Steady(
            others=np.maximum(running - 1.0, 0.0),
            plain_s=plain_s,
            mean_s=mean_s,
            prompts=prompts,
            alone_s=alone_s,
            chunks=np.maximum(np.ceil((isl - self.cached) / self.case.step_tokens), 1.0),
            lanes=lanes_of(self.plan, running),
        )
        return apart_s(steady) if self.case.engine in _SEPARATE else mixed_s(steady)

    def most(self, context: Rowed) -> Rowed:
        """Sequences that there is room for."""
        case = self.case
        return most_sequences(case.model, self.plan, case.planned_bytes, context, case.step_tokens)
