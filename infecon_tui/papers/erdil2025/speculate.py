"""Speculative decoding, eq. 46 and the notebook."""

from __future__ import annotations

import numpy as np

from infecon_tui.papers.erdil2025.records import Array


def accepted_tokens(acceptance: float, gamma: Array) -> Array:
    """Eq. 46. Tokens that one verification of `gamma` drafted ones yields; 1 where nothing is drafted."""
    if acceptance == 1:
        return np.maximum(gamma, 1.0)
    return np.where(gamma > 0, (1 - acceptance**gamma) / (1 - acceptance), 1.0)
