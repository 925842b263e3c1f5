"""Seconds of the end of a pass: final norm, output head, gathering of logits, sampling."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.cost.step import enter
from infecon_tui.cost.step.mixing import Product

if TYPE_CHECKING:
    from infecon_tui.cost.ledger import Ledger
    from infecon_tui.cost.plan import Load
    from infecon_tui.cost.step.rates import Rates

_LOGIT_BYTES = 44.0
"""HBM traffic of sampling for one entry of the vocabulary: to fp32, temperature, softmax, draw."""
_SAMPLING_STARTS = 8
_ARGMAX_BYTES = 2.0
"""Of taking the likeliest token instead, as drafters do (`argmax` in vLLM's v1/spec_decode/eagle.py)."""


def enter_head(ledger: Ledger, rates: Rates, load: Load) -> None:
    """For the sequences' tokens and the last of every prompt; nothing where the model has no vocabulary."""
    plan, model, habits = rates.plan, rates.model, rates.habits
    if not np.any(model.vocab):
        return
    rows = (load.decoded + load.prompts) / plan.data
    product = Product(n=model.vocab / plan.tensor, k=model.d_model)
    enter.product(ledger, "head", rates.head, rows, product)
    logits = rows * model.vocab
    ledger.add("head", "messages", rates.wires.gather_s(logits * 2.0, plan.tensor))
    steps = rates.machine.kernels.steps
    moved_bytes = logits * (_ARGMAX_BYTES if habits.argmax else _LOGIT_BYTES)
    enter.traffic(ledger, "sampling", rates.machine, moved_bytes)
    starts = 1 if habits.argmax else _SAMPLING_STARTS
    ledger.add("sampling", "launch", starts * steps.vector_s)
    if habits.sorted_sampling and not habits.argmax:
        sorted_s = logits / 1000 * steps.sort_s
        ledger.add("sampling", "traffic", sorted_s)
        ledger.work(sorted_s, 0.0)
        ledger.add("sampling", "launch", steps.sort_floor_s)
    ledger.starts = ledger.starts + 10
