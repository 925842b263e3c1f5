"""Notebook: a model scaled to another size, its proportions kept."""

from __future__ import annotations

import math
from dataclasses import replace

from infecon_tui.papers.erdil2025.records import Model

DEPTH_EXPONENT = 1 / 3
"""Notebook. How fast the layers grow with the size, unless told otherwise."""


def scaled(model: Model, factor: float, depth_exponent: float = DEPTH_EXPONENT) -> Model:
    """Notebook. A model of about `factor` times the parameters.

    Layers and heads are rounded as the notebook does, so the size is met only about; the group
    size of the KV heads is kept, and heads and their dimension may become fractional.
    """
    width = factor ** ((1 - depth_exponent) / 2)
    half = factor ** ((1 - depth_exponent) / 4)
    return replace(
        model,
        d_model=model.d_model * width,
        d_ff=model.d_ff * width,
        layers=int(model.layers * factor**depth_exponent),
        heads=math.ceil(model.heads * half),
        d_head=model.d_head * half,
    )


def scaled_to(model: Model, params: float, depth_exponent: float = DEPTH_EXPONENT) -> Model:
    """Notebook. The model scaled to about `params` parameters."""
    return scaled(model, params / model.total_params, depth_exponent)
