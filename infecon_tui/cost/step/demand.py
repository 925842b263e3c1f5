"""What every operator of a step asks of one accelerator, in FLOP and bytes, beside the time it takes.

Without padding of tiles, which is the step's affair; the names of operators are the step's, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.cost.step.experts import expert_shape
from infecon_tui.cost.step.mixing import Product
from infecon_tui.cost.step.stripes import striped
from infecon_tui.formats import HIDDEN_BYTES
from infecon_tui.workload.feedforward import Dense

if TYPE_CHECKING:
    from infecon_tui.cost.ledger import Array, Rowed
    from infecon_tui.cost.machine import Rate
    from infecon_tui.cost.plan import Load
    from infecon_tui.cost.step.rates import Rates
    from infecon_tui.cost.step.stepper import Stepper
    from infecon_tui.workload.attention import Attention
    from infecon_tui.workload.feedforward import FeedForward


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator of all layers of a step: FLOP, bytes of HBM and seconds of an accelerator, a value a row.

    With a pipeline every accelerator has a share of the layers, and so of all three.
    """

    name: str
    flop: Array
    moved_bytes: Array
    seconds: Array

    @property
    def intensity(self) -> Array:
        """FLOP per byte."""
        return self.flop / self.moved_bytes

    @property
    def flops(self) -> Array:
        """FLOP/s that it reaches."""
        return self.flop / self.seconds


def operators(stepper: Stepper, load: Load) -> tuple[Operator, ...]:
    """Products and attention of a step that holds only sequences or only prompts, the longest first.

    What moves nothing, such as attention to no position, is none of them.
    """
    asked, taken = _Demands(stepper.rates, load), stepper.step(load).by_operator()
    found = [
        Operator(name, *(np.atleast_1d(value) for value in (flop, moved, taken[name])))
        for name, (flop, moved) in asked.sums.items()
        if np.all(np.asarray(moved) > 0)
    ]
    return tuple(sorted(found, key=lambda one: -float(one.seconds[0])))


class _Demands:
    """FLOP and bytes of a step by operator."""

    def __init__(self, rates: Rates, load: Load) -> None:
        self.rates, self.load = rates, load
        self.rows = load.rows / rates.plan.data
        self.prompts_only = bool(np.all(np.asarray(load.sequences) == 0))
        self.sums: dict[str, tuple[Rowed, Rowed]] = {}
        for group in rates.model.layers:
            if group.attention is not None:
                self._attention(group.attention, group.count)
            if group.feed_forward is not None:
                self._feed_forward(group.feed_forward, group.count)
        self._head()

    def _add(self, operator: str, flop: Rowed, moved_bytes: Rowed) -> None:
        before = self.sums.get(operator, (0.0, 0.0))
        self.sums[operator] = before[0] + flop, before[1] + moved_bytes

    def _product(
        self, operator: str, rate: Rate, rows: Rowed, product: Product, count: int
    ) -> None:
        """Tokens through a matrix of `count` layers: weights once, input and output of every token."""
        n, k, copies = product.n, product.k, product.copies * count
        moved = rate.weight_bytes * n * k + rows * (rate.input_bytes * k + HIDDEN_BYTES * n)
        self._add(operator, 2.0 * copies * rows * n * k, copies * moved)

    def _attention(self, kind: Attention, count: int) -> None:
        rates, load = self.rates, self.load
        keys = load.keys if self.prompts_only else load.context
        plan = rates.plan
        work = striped(kind, rates.model.d_model, plan.tensor, keys, keys, plan.context)
        products = work.products
        if self.prompts_only:
            products = work.prompt_products or products
        for product in products:
            self._product("attention products", rates.dense, self.rows, product, count)
        if self.prompts_only:
            # Mean keys are half of the last: each is read once, and so is each query, and what comes of it.
            read = 2 * load.prompts / rates.plan.data * work.read_bytes(1.0, rates.cache_bytes)
            passed = self.rows * 2 * products[-1].k * HIDDEN_BYTES
            flop = self.rows * work.prompt_work
            self._add("prompt attention", count * flop, count * (read + passed))
            return
        sequences = load.sequences / rates.plan.data
        read = sequences * work.read_bytes(load.tokens, rates.cache_bytes)
        flop = sequences * work.asked_flop(load.tokens)
        self._add("attention", count * flop, count * read)

    def _feed_forward(self, kind: FeedForward, count: int) -> None:
        rates = self.rates
        if isinstance(kind, Dense):
            self._dense("feed-forward", kind.d_ff, kind.gated, count)
            return
        if kind.shared_experts:
            width = kind.shared_d_ff or kind.shared_experts * kind.d_ff
            self._dense("shared experts", width, kind.gated, count)
        shape = expert_shape(kind, rates.model.d_model, rates, self.load.rows)
        moved = shape.touched * shape.weights * rates.experts.weight_bytes
        moved = moved + shape.rows * shape.moved * HIDDEN_BYTES
        self._add("experts", count * 2.0 * shape.rows * shape.weights, count * moved)

    def _dense(self, operator: str, d_ff: int, gated: bool, count: int) -> None:
        d_model, width = self.rates.model.d_model, d_ff / self.rates.plan.tensor
        for product in (
            Product(n=(2 if gated else 1) * width, k=d_model),
            Product(n=d_model, k=width),
        ):
            self._product(operator, self.rates.dense, self.rows, product, count)

    def _head(self) -> None:
        rates, load = self.rates, self.load
        model, plan = rates.model, rates.plan
        if not np.any(model.vocab):
            return
        rows = (load.decoded + load.prompts) / plan.data
        product = Product(n=model.vocab / plan.tensor, k=model.d_model)
        self._product("head", rates.head, rows, product, 1)
