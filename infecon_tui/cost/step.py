"""Seconds of one step of an instance: its layers, its head and its host, for many rows at once.

A step holds `sequences` that each bring one token (or several, of which all but one are drafted and
verified here) and `prompt` tokens of prompts. All rows share a model and an accelerator; layouts, loads
and lengths are arrays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.cost.experts import enter_experts
from infecon_tui.cost.ledger import Ledger
from infecon_tui.cost.machine import Bound, gemm_bound
from infecon_tui.cost.messages import Wires
from infecon_tui.cost.plan import Load
from infecon_tui.cost.stripes import striped
from infecon_tui.formats import BYTES_OF
from infecon_tui.workload.feedforward import Dense

if TYPE_CHECKING:
    from infecon_tui.cost.ledger import Rowed
    from infecon_tui.cost.machine import Machine, Rate
    from infecon_tui.cost.mixing import Mixing, Product
    from infecon_tui.cost.plan import Plan
    from infecon_tui.workload.feedforward import FeedForward, MixtureOfExperts
    from infecon_tui.workload.transformer import Layers, Transformer

_HIDDEN_BYTES = 2.0
"""Activations between layers are 16 bits wide."""
_UNFUSED = 4
"""Kernels of a layer that stacks without graphs start besides: two residual sums, writing the cache, the
second stage of attention (vLLM 0.2)."""
_HANDED = 2
"""Vectors that a stage hands on for every token: the output of its last layer and the residual stream."""
_LOGIT_BYTES = 44.0
"""HBM traffic of sampling for one entry of the vocabulary: to fp32, temperature, softmax, draw."""
_SAMPLING_STARTS = 8
_ARGMAX_BYTES = 2.0
"""Of taking the likeliest token instead, as drafters do (`argmax` in vLLM's v1/spec_decode/eagle.py)."""


class Stepper:
    """A model on an accelerator; `step` enters the seconds of a step.

    `sorted_sampling`, `graphs`, `aligned` and `tuned` say how an engine draws tokens, starts kernels, lays
    out the rows of 8-bit experts, and whether it has tiles tuned for wide experts that ranks hold whole;
    `argmax`, that the likeliest token is taken.
    """

    def __init__(
        self,
        model: Transformer,
        machine: Machine,
        plan: Plan,
        *,
        sorted_sampling: bool = False,
        graphs: bool = True,
        aligned: bool = False,
        tuned: bool = True,
        argmax: bool = False,
    ) -> None:
        self.model, self.machine, self.plan = model, machine, plan
        self.argmax = argmax
        self.sorted_sampling = sorted_sampling
        self.unfused = 0 if graphs else _UNFUSED
        self.tuned = tuned or BYTES_OF[model.precision.experts or model.precision.weights] < 2
        self.aligned = aligned and BYTES_OF[model.precision.experts or model.precision.weights] == 1
        self.wires = Wires(machine, custom=graphs)
        precision = model.precision
        self.dense = machine.gemm_rate(precision.weights)
        self.head = machine.gemm_rate(
            "bf16" if BYTES_OF[precision.weights] < 2 else precision.weights
        )
        self.experts = machine.expert_rate(precision.experts or precision.weights)
        self.cache_bytes = BYTES_OF[precision.cache]

    def step(self, load: Load) -> Ledger:
        """One pass: every layer, the head, and hand-overs between stages."""
        return self.stages(load)[0]

    def stages(self, load: Load) -> tuple[Ledger, Rowed, Rowed]:
        """One pass, its seconds, and those of its slowest stage."""
        total = Ledger()
        for group in self.model.layers:
            layer = Ledger()
            self._layer(layer, group, load)
            total.merge(layer, group.count)
        if not np.any(np.asarray(self.plan.pipeline) > 1):
            self._head(total, load)
            once_s = total.total_s
            return total, once_s, once_s
        inner_s, head = total.total_s, Ledger()
        self._head(head, load)
        head_s = head.total_s
        total.merge(head)
        passed_s, slowest_s = self._hand_over(total, load)
        beat_s = self._beat_s(inner_s, head_s) + slowest_s
        return total, inner_s + head_s + passed_s, beat_s

    def _beat_s(self, inner_s: Rowed, head_s: Rowed) -> Rowed:
        """Of the fullest stage, or of the last: it has the head, and no layer more than its share."""
        count, stages = np.maximum(self.model.layer_count, 1), self.plan.pipeline
        fullest, last = np.ceil(count / stages), np.floor(count / stages)
        return np.maximum(inner_s * (fullest / count), inner_s * (last / count) + head_s)

    def _hand_over(self, total: Ledger, load: Load) -> tuple[Rowed, Rowed]:
        """Enters the hand-overs of a pass; their seconds, and those of the slowest of them."""
        plan, domain = self.plan, self.wires.domain
        rows = load.rows / plan.data
        sent = rows * self.model.d_model * _HIDDEN_BYTES * _HANDED
        near, far = self.wires.hand_over_s(sent, plan.tensor)
        hops = plan.pipeline - 1
        across = np.minimum(np.ceil(plan.ranks * plan.pipeline / domain) - 1, hops)
        passed_s = near * (hops - across) + far * across
        total.add("hand-over", "messages", passed_s)
        return passed_s, np.where(hops > 0, np.where(across > 0, far, near), 0.0)

    def _layer(self, ledger: Ledger, group: Layers, load: Load) -> None:
        plan, model = self.plan, self.model
        own = _shared(load, plan.data)
        tokens = own.rows
        summed = self.wires.all_reduce_s(tokens * model.d_model * _HIDDEN_BYTES, plan.tensor)
        if group.attention is not None:
            kind, width = group.attention, model.d_model
            work = striped(kind, width, plan.tensor, own.context, own.keys, plan.context)
            self._vector(ledger, "norms", tokens, 4 * model.d_model)
            self._products(ledger, "attention products", self.dense, work, own)
            self._attention(ledger, work, own)
            self._merge(ledger, work, own)
            if not (group.parallel and group.feed_forward is not None):
                self._sum(ledger, summed)
        if group.feed_forward is not None:
            self._vector(ledger, "norms", tokens, 4 * model.d_model)
            self._feed_forward(ledger, group.feed_forward, load, own, summed)

    def _merge(self, ledger: Ledger, work: Mixing, load: Load) -> None:
        """Between the ranks of a striped cache: queries gathered, outputs and their sums merged."""
        ranks = np.asarray(self.plan.context)
        for each_bytes in work.passed_bytes:
            # Scattering sums takes the turns of a gathering.
            seconds = self.wires.gather_s(load.decoded * each_bytes, ranks)
            ledger.add("context merge", "messages", seconds * (np.asarray(load.decoded) > 0))
            ledger.starts = ledger.starts + (ranks > 1)

    def _sum(self, ledger: Ledger, seconds: Rowed) -> None:
        """An all-reduce of the residual stream."""
        ledger.add("all-reduce", "messages", seconds)
        ledger.starts = ledger.starts + (np.asarray(seconds) > 0)

    def _products(self, ledger: Ledger, name: str, rate: Rate, work: Mixing, load: Load) -> None:
        """Products of decoding and of prompts; where they are the same, in one kernel."""
        if not work.prompt_products:
            self._each(ledger, name, rate, work.products, load.rows)
            return
        decoding = np.asarray(load.sequences) > 0
        self._each(ledger, name, rate, work.products, load.decoded, decoding)
        prompting = np.asarray(load.prompt) > 0
        self._each(ledger, name, rate, work.prompt_products, load.prompt, prompting)

    def _each(
        self,
        ledger: Ledger,
        name: str,
        rate: Rate,
        products: tuple[Product, ...],
        rows: Rowed,
        when: Rowed = 1.0,
    ) -> None:
        for product in products:
            bound = gemm_bound(rate, rows, product.n, product.k, product.copies)
            bound.enter(ledger, name, "weights", when)
            ledger.add(name, "launch", rate.floor_s * when)
            ledger.starts = ledger.starts + when

    def _vector(
        self, ledger: Ledger, name: str, rows: Rowed, elements: Rowed, count: int = 1
    ) -> None:
        """Norms, activations, rotations: `elements` moved for every row."""
        steps = self.machine.kernels.steps
        moved = rows * elements * _HIDDEN_BYTES
        self._traffic(ledger, name, count * moved)
        ledger.add(name, "launch", count * steps.vector_s)
        ledger.starts = ledger.starts + count

    def _traffic(self, ledger: Ledger, name: str, moved_bytes: Rowed) -> None:
        """What vector kernels read and write."""
        steps = self.machine.kernels.steps
        seconds = moved_bytes / (steps.vector_hbm * self.machine.hbm_Bps)
        ledger.add(name, "traffic", seconds)
        ledger.work(seconds, 0.0)

    def _attention(self, ledger: Ledger, work: Mixing, load: Load) -> None:
        reached = self.machine.kernels.attention
        share = reached.hbm if self.cache_bytes >= 2 else reached.hbm_8bit
        floor, peak = reached.floor_s, reached.prompt_peak / 2
        if work.latent:
            share, floor, peak = reached.latent_hbm, reached.latent_floor_s, reached.latent_peak
        machine = self.machine
        read = load.sequences * work.read_bytes(load.tokens, self.cache_bytes)
        bound = Bound(
            read / (share * machine.hbm_Bps),
            load.sequences * work.flop(load.tokens) / (peak * machine.wide_flops),
        )
        decoding = np.asarray(load.sequences) > 0
        bound.enter(ledger, "attention", "cache", 1.0)
        ledger.add("attention", "launch", (floor + (work.kernels - 1) * 5e-6) * decoding)
        prompting = np.asarray(load.prompt) > 0
        prompt_s = load.prompt * work.prompt_work / (reached.prompt_peak * machine.wide_flops)
        ledger.add("prompt attention", "arithmetic", prompt_s)
        ledger.work(0.0, prompt_s)
        ledger.add("prompt attention", "launch", floor * prompting)
        self._vector(ledger, "norms", 0.0, 0.0, work.vectors - 2)
        ledger.starts = ledger.starts + work.kernels + self.unfused

    def _feed_forward(
        self, ledger: Ledger, kind: FeedForward, load: Load, own: Load, summed: Rowed
    ) -> None:
        tokens = own.rows
        if isinstance(kind, Dense):
            self._dense(ledger, "feed-forward", kind.d_ff, kind.gated, tokens)
            self._sum(ledger, summed)
            return
        if kind.shared_experts:
            width = kind.shared_d_ff or kind.shared_experts * kind.d_ff
            self._dense(ledger, "shared experts", width, kind.gated, tokens)
        self._routed(ledger, kind, load)
        together = self.plan.data > 1
        self._sum(ledger, np.where(together, 0.0, summed))
        self._exchange(ledger, kind, tokens, together)

    def _dense(self, ledger: Ledger, name: str, d_ff: int, gated: bool, tokens: Rowed) -> None:
        d_model, width = self.model.d_model, d_ff / self.plan.tensor
        ups = 2 if gated else 1
        for n, k in ((ups * width, d_model), (d_model, width)):
            gemm_bound(self.dense, tokens, n, k).enter(ledger, name, "weights", 1.0)
            ledger.add(name, "launch", self.dense.floor_s)
            ledger.starts = ledger.starts + 1
        self._vector(ledger, name, tokens, (ups + 1) * width)

    def _routed(self, ledger: Ledger, kind: MixtureOfExperts, load: Load) -> None:
        """Router, projections to a narrower vector if any, and experts."""
        plan, d_model = self.plan, self.model.d_model
        tokens = load.rows
        enter_experts(
            ledger,
            kind,
            d_model,
            plan,
            tokens,
            self.machine,
            self.experts,
            aligned=self.aligned,
            tuned=self.tuned,
        )
        rows = tokens / plan.data
        gemm_bound(self.head, rows, kind.experts, d_model).enter(ledger, "router", "weights", 1.0)
        ledger.add("router", "launch", self.head.floor_s)
        if kind.d_latent:
            for n, k in ((kind.d_latent, d_model), (d_model, kind.d_latent)):
                bound = gemm_bound(self.dense, rows, n, k)
                bound.enter(ledger, "experts", "weights", 1.0)
                ledger.add("experts", "launch", self.dense.floor_s)

    def _exchange(
        self, ledger: Ledger, kind: MixtureOfExperts, tokens: Rowed, together: Rowed
    ) -> None:
        """Tokens to the ranks of their experts and back, where attention is data parallel."""
        plan = self.plan
        copies = np.minimum(kind.active_experts, plan.expert)
        width = kind.d_latent or self.model.d_model
        sent = tokens / plan.tensor * copies * width
        out = self.wires.exchange_s(sent * self.experts.input_bytes, plan.ranks)
        back = self.wires.exchange_s(sent * _HIDDEN_BYTES, plan.ranks)
        ledger.add("exchange", "messages", np.where(together, out + back, 0.0))

    def _head(self, ledger: Ledger, load: Load) -> None:
        """Final norm, output head, gathering of logits, sampling."""
        plan, model = self.plan, self.model
        if not np.any(model.vocab):
            return
        rows = (load.decoded + load.prompts) / plan.data
        local = model.vocab / plan.tensor
        gemm_bound(self.head, rows, local, model.d_model).enter(ledger, "head", "weights", 1.0)
        ledger.add("head", "launch", self.head.floor_s)
        logits = rows * model.vocab
        ledger.add("head", "messages", self.wires.gather_s(logits * 2.0, plan.tensor))
        steps = self.machine.kernels.steps
        self._traffic(ledger, "sampling", logits * (_ARGMAX_BYTES if self.argmax else _LOGIT_BYTES))
        starts = 1 if self.argmax else _SAMPLING_STARTS
        ledger.add("sampling", "launch", starts * steps.vector_s)
        if self.sorted_sampling and not self.argmax:
            sorted_s = logits / 1000 * steps.sort_s
            ledger.add("sampling", "traffic", sorted_s)
            ledger.work(sorted_s, 0.0)
            ledger.add("sampling", "launch", steps.sort_floor_s)
        ledger.starts = ledger.starts + 10


def _shared(load: Load, ranks: Rowed) -> Load:
    """One attention rank's part of a load."""
    return Load(
        sequences=load.sequences / ranks,
        context=load.context,
        prompt=load.prompt / ranks,
        keys=load.keys,
        prompts=load.prompts / ranks,
        tokens=load.tokens,
    )
