"""Routed experts of one layer on one rank: which of them are met, and the rows they work on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.cost.machine import TILE_ROWS, Bound, grouped_bound
from infecon_tui.formats import HIDDEN_BYTES

if TYPE_CHECKING:
    from infecon_tui.cost.ledger import Ledger, Rowed
    from infecon_tui.cost.machine import Machine
    from infecon_tui.cost.plan import Plan
    from infecon_tui.cost.step.rates import Rates
    from infecon_tui.workload.feedforward import MixtureOfExperts

_LARGEST = (0.0, 0.564, 1.029, 1.424, 1.766, 2.070, 2.344, 2.595, 2.828)
"""Expected largest of 1, 2, 4, ... 256 standard normal draws."""
_ALIGNED_ROWS = 128
"""Rows that DeepGEMM's contiguous layout gives every local expert at least."""


@dataclass(frozen=True, slots=True)
class ExpertShape:
    """A rank's part of a layer's experts: `touched` of them, with `weights` each, work on `rows` tokens in
    all, of which each moves `moved` elements of 16 bits: permuted, into and out of the products and the
    activation between them, and combined; or where these are fused, into and out of the products and summed.
    """

    touched: Rowed
    rows: Rowed
    weights: Rowed
    moved: Rowed


def expert_shape(kind: MixtureOfExperts, d_model: int, rates: Rates, tokens: Rowed) -> ExpertShape:
    """Of `tokens` of all ranks."""
    plan, spread = rates.plan, rates.machine.kernels.experts.spread
    inner, width = kind.d_latent or d_model, kind.d_ff * plan.expert / plan.ranks
    matrices = 3 if kind.gated else 2
    rows = tokens * kind.active_experts / plan.expert
    met = met_share(kind, tokens, spread)
    touched = np.minimum(fullest(kind.experts / plan.expert, met, plan.expert), rows + 1)
    moved = 5 * inner + (2 * matrices - 1) * width
    if rates.fused:
        moved = 2 * inner + (inner + 2 * width) * (rates.experts.input_bytes / HIDDEN_BYTES)
    return ExpertShape(touched, rows, matrices * inner * width, moved)


def enter_experts(ledger: Ledger, rates: Rates, kind: MixtureOfExperts, tokens: Rowed) -> None:
    """Enters the grouped products of a rank, of `tokens` of all ranks: its share of the experts, its slice
    of each of them.
    """
    plan, rate = rates.plan, rates.experts
    reached = rates.machine.kernels.experts
    shape = expert_shape(kind, rates.model.d_model, rates, tokens)
    # Few tokens leave ranks waiting for weights, which the number of tokens does not change.
    crowded = np.where(plan.expert > 1, reached.imbalance, 1.0)
    rows = shape.rows * np.where(shape.rows > TILE_ROWS * shape.touched, crowded, 1.0)
    bound = grouped_bound(rate, shape.touched, rows, shape.weights)
    if not rates.tuned:
        # Tables of tiles are by the experts a rank holds: few have those of expert parallelism. Without
        # one, vLLM's `get_default_config` takes tiles of 64 rows from more tokens than experts on.
        share = np.where(tokens > kind.experts / plan.expert, reached.untuned_wide, reached.untuned)
        bound = Bound(bound.memory_s / np.where(plan.expert > 1, share, 1.0), bound.arithmetic_s)
    if rates.aligned and kind.active_experts > 1:
        rows = np.maximum(rows, _aligned_rows(kind, plan, tokens))
        work_s = 2.0 * rows * shape.weights / rate.flops
        bound = Bound(bound.memory_s, np.maximum(work_s, bound.arithmetic_s))
    bound.enter(ledger, "experts", "weights", 1.0)
    moved = rows * shape.moved
    moved_s = passing_s(rates.machine, moved, blocks=rates.blocks, fused=rates.fused)
    ledger.add("experts", "traffic", moved_s)
    ledger.work(moved_s, 0.0)
    ledger.add("experts", "launch", rate.floor_s)
    ledger.starts = ledger.starts + 8


def passing_s(machine: Machine, moved: Rowed, *, blocks: bool, fused: bool = False) -> Rowed:
    """Tokens passed on before, between and after the products: `moved` elements, by kernels of their own
    (`blocks`: which scale them by blocks on the way) or, `fused`, by the products.
    """
    reached = machine.kernels.experts
    share = reached.blocks_hbm if blocks else reached.tokens_hbm
    if fused and reached.fused_hbm is not None:
        share = reached.fused_hbm
    return moved * HIDDEN_BYTES / (share * machine.hbm_Bps)


def _aligned_rows(kind: MixtureOfExperts, plan: Plan, tokens: Rowed) -> Rowed:
    """Without counts on the host the most there can be is taken (`compute_aligned_M` in vLLM's
    deep_gemm_utils.py): every rank all tokens' rows, and 127 more for each of its experts.
    """
    return tokens * kind.active_experts + (_ALIGNED_ROWS - 1) * kind.experts / plan.expert


def met_share(kind: MixtureOfExperts, tokens: Rowed, spread: float) -> Rowed:
    """Share of the experts that some token meets; routing prefers some of them."""
    alone = kind.active_experts / kind.experts
    even = np.maximum(tokens * spread, np.minimum(tokens, 1.0))
    return 1 - (1 - alone) ** even


def fullest(local: Rowed, met: Rowed, ranks: Rowed) -> Rowed:
    """Different experts met on the rank that meets most, of `ranks` with `local` experts each.

    All wait for that one. The count on a rank is close to binomial; the largest of several lies above
    the mean by so many standard deviations (order statistics of the normal distribution).
    """
    above = np.interp(np.log2(ranks), range(len(_LARGEST)), _LARGEST)
    spread = np.sqrt(local * met * (1 - met))
    return np.minimum(local * met + above * spread, local)
