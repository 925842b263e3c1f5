"""Section 4.1: speculative decoding."""

from __future__ import annotations

import numpy as np

from infecon_tui.papers.erdil2025.records import Array


def tokens_per_iteration(acceptance: float, drafted: float) -> float:
    """Section 4.1. V: tokens expected of one iteration that drafts `drafted` tokens."""
    if acceptance >= 1:
        return float(drafted)
    return float((1 - acceptance**drafted) / (1 - acceptance))


def speculated_tpot_s(target_s: Array, draft_s: Array, acceptance: float, drafted: int) -> Array:
    """Eq. 46. One pass of the target over `drafted` tokens, and as many passes of the draft."""
    iteration = np.asarray(target_s + drafted * draft_s)
    return iteration / tokens_per_iteration(acceptance, drafted)
