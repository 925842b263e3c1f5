"""Seconds of one layer's feed-forward on one rank: dense, or routed experts with their exchange of tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.cost.step import enter
from infecon_tui.cost.step.experts import enter_experts
from infecon_tui.cost.step.mixing import Product
from infecon_tui.formats import HIDDEN_BYTES
from infecon_tui.workload.feedforward import Dense

if TYPE_CHECKING:
    from infecon_tui.cost.ledger import Ledger, Rowed
    from infecon_tui.cost.machine import Rate
    from infecon_tui.cost.plan import Load
    from infecon_tui.cost.step.rates import Rates
    from infecon_tui.workload.feedforward import FeedForward, MixtureOfExperts


def enter_feed_forward(
    ledger: Ledger, rates: Rates, kind: FeedForward, load: Load, own: Load, summed_s: Rowed
) -> None:
    """Under a load of all ranks, of which a rank's attention has `own`; `summed_s` is of the all-reduce."""
    tokens = own.rows
    if isinstance(kind, Dense):
        _dense(ledger, rates, "feed-forward", rates.dense, kind, kind.d_ff, tokens)
        enter.summed(ledger, summed_s)
        return
    if kind.shared_experts:
        width = kind.shared_d_ff or kind.shared_experts * kind.d_ff
        # Where blocks take their time these pass through the routed experts' kernels.
        _dense(ledger, rates, "shared experts", rates.plain, kind, width, tokens)
    enter_experts(ledger, rates, kind, load.rows)
    _router(ledger, rates, kind, load.rows / rates.plan.data)
    together = rates.plan.data > 1
    enter.summed(ledger, np.where(together, 0.0, summed_s))
    _exchange(ledger, rates, kind, tokens, together)


def _dense(
    ledger: Ledger,
    rates: Rates,
    name: str,
    rate: Rate,
    kind: FeedForward,
    d_ff: int,
    tokens: Rowed,
) -> None:
    d_model, width = rates.model.d_model, d_ff / rates.plan.tensor
    ups = 2 if kind.gated else 1
    for product in (Product(n=ups * width, k=d_model), Product(n=d_model, k=width)):
        enter.product(ledger, name, rate, tokens, product)
        ledger.starts = ledger.starts + 1
    enter.vector(ledger, name, rates.machine, tokens, (ups + 1) * width)


def _router(ledger: Ledger, rates: Rates, kind: MixtureOfExperts, rows: Rowed) -> None:
    """The router, and projections to a narrower vector and back where experts work on one."""
    d_model = rates.model.d_model
    enter.product(ledger, "router", rates.head, rows, Product(n=kind.experts, k=d_model))
    if kind.d_latent:
        for product in (Product(n=kind.d_latent, k=d_model), Product(n=d_model, k=kind.d_latent)):
            enter.product(ledger, "experts", rates.dense, rows, product)


def _exchange(
    ledger: Ledger, rates: Rates, kind: MixtureOfExperts, tokens: Rowed, together: Rowed
) -> None:
    """Tokens to the ranks of their experts and back, where attention is data parallel."""
    plan = rates.plan
    copies = np.minimum(kind.active_experts, plan.expert)
    width = kind.d_latent or rates.model.d_model
    sent = tokens / plan.tensor * copies * width
    out = rates.wires.exchange_s(sent * rates.experts.input_bytes, plan.ranks)
    back = rates.wires.exchange_s(sent * HIDDEN_BYTES, plan.ranks)
    ledger.add("exchange", "messages", np.where(together, out + back, 0.0))
