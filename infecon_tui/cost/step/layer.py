"""Seconds of layers on one rank: norms, attention or what takes its place, feed-forward."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.cost.ledger import Ledger
from infecon_tui.cost.machine import Bound
from infecon_tui.cost.step import enter
from infecon_tui.cost.step.feedforward import enter_feed_forward
from infecon_tui.cost.step.paged import as_paged
from infecon_tui.cost.step.stripes import striped
from infecon_tui.formats import HIDDEN_BYTES

if TYPE_CHECKING:
    from infecon_tui.cost.ledger import Rowed
    from infecon_tui.cost.plan import Load
    from infecon_tui.cost.step.mixing import Mixing, Product
    from infecon_tui.cost.step.rates import Rates
    from infecon_tui.workload.attention import Attention

_UNFUSED = 4
"""Kernels of a layer that stacks without graphs start besides: two residual sums, writing the cache, the
second stage of attention (vLLM 0.2)."""
_LATER_S = 5e-6
"""Start of a layer's attention kernels after the first, such as an indexer's."""


def enter_layers(ledger: Ledger, rates: Rates, load: Load) -> None:
    """All layers, under a load of all data-parallel ranks; what several of them have alike, once."""
    plan, width = rates.plan, rates.model.d_model
    own = _shared(load, plan.data)
    summed_s = rates.wires.all_reduce_s(own.rows * width * HIDDEN_BYTES, plan.tensor)
    for (kind, alone), count in rates.attentions:
        part = Ledger()
        _enter_attention(part, rates, kind, own)
        if alone:
            enter.summed(part, summed_s)
        ledger.merge(part, count)
    for fed, count in rates.feed_forwards:
        part = Ledger()
        enter.vector(part, "norms", rates.machine, own.rows, 4 * width)
        enter_feed_forward(part, rates, fed, load, own, summed_s)
        ledger.merge(part, count)


def _enter_attention(ledger: Ledger, rates: Rates, kind: Attention, own: Load) -> None:
    """Attention, or what takes its place, with the norm before it."""
    plan, width, tokens = rates.plan, rates.model.d_model, own.rows
    work = striped(kind, width, plan.tensor, own.context, own.keys, plan.context)
    work = as_paged(rates, kind, work, own)
    enter.vector(ledger, "norms", rates.machine, tokens, 4 * width)
    _products(ledger, rates, work, own)
    if work.summed_bytes:
        enter.summed(ledger, rates.wires.all_reduce_s(tokens * work.summed_bytes, plan.tensor))
    enter_attention(ledger, rates, work, own)
    _merge(ledger, rates, work, own)


def _shared(load: Load, ranks: Rowed) -> Load:
    """One attention rank's part of a load."""
    return replace(
        load,
        sequences=load.sequences / ranks,
        prompt=load.prompt / ranks,
        prompts=load.prompts / ranks,
    )


def _products(ledger: Ledger, rates: Rates, work: Mixing, load: Load) -> None:
    """Products of decoding and of prompts; where they are the same, in one kernel."""
    parts: list[tuple[tuple[Product, ...], Rowed, Rowed]] = [(work.products, load.rows, 1.0)]
    if work.prompt_products:
        decoding, prompting = np.asarray(load.sequences) > 0, np.asarray(load.prompt) > 0
        parts = [
            (work.products, load.decoded, decoding),
            (work.prompt_products, load.prompt, prompting),
        ]
    for products, rows, when in parts:
        for product in products:
            enter.product(ledger, "attention products", rates.dense, rows, product, when)
            ledger.starts = ledger.starts + when


def enter_attention(ledger: Ledger, rates: Rates, work: Mixing, load: Load) -> None:
    """Over the caches of the sequences, and over prompts."""
    machine, reached = rates.machine, rates.machine.kernels.attention
    (floor_s, share), peak = rates.reads, reached.prompt_peak / 2
    if work.latent:
        share, floor_s, peak = reached.latent_hbm, reached.latent_floor_s, reached.latent_peak
    read = load.sequences * work.read_bytes(load.tokens, rates.cache_bytes)
    bound = Bound(
        read / (share * machine.hbm_Bps),
        load.sequences * work.flop(load.tokens) / (peak * machine.wide_flops),
    )
    decoding, prompting = np.asarray(load.sequences) > 0, np.asarray(load.prompt) > 0
    bound.enter(ledger, "attention", "cache", 1.0)
    ledger.add("attention", "launch", (floor_s + (work.kernels - 1) * _LATER_S) * decoding)
    prompt_s = load.prompt * work.prompt_work / (reached.prompt_peak * machine.wide_flops)
    ledger.add("prompt attention", "arithmetic", prompt_s)
    ledger.work(0.0, prompt_s)
    ledger.add("prompt attention", "launch", floor_s * prompting)
    enter.vector(ledger, "norms", machine, 0.0, 0.0, work.vectors - 2)
    unfused = 0 if rates.habits.graphs else _UNFUSED
    ledger.starts = ledger.starts + work.kernels + unfused


def _merge(ledger: Ledger, rates: Rates, work: Mixing, load: Load) -> None:
    """Between the ranks of a striped cache: queries gathered, outputs and their sums merged."""
    ranks = np.asarray(rates.plan.context)
    for each_bytes in work.passed_bytes:
        # Scattering sums takes the turns of a gathering.
        seconds = rates.wires.gather_s(load.decoded * each_bytes, ranks)
        ledger.add("context merge", "messages", seconds * (np.asarray(load.decoded) > 0))
        ledger.starts = ledger.starts + (ranks > 1)
