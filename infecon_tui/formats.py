"""Number formats of weights, activations and arithmetic."""

from __future__ import annotations

from typing import Literal

Format = Literal["fp32", "bf16", "fp16", "fp8", "int8", "fp4", "int4"]
"""A number format. Four-bit formats with shared scales (MXFP4, NVFP4) are `fp4`."""

BYTES_OF = {"fp32": 4.0, "bf16": 2.0, "fp16": 2.0, "fp8": 1.0, "int8": 1.0, "fp4": 0.5, "int4": 0.5}
"""Bytes of one element, scales left out."""

HIDDEN_BYTES = 2.0
"""Of an element of the residual stream and of embeddings: engines keep them in 16 bits."""
STATE_BYTES = 4.0
"""Of an element of a state of linear attention, which engines keep in fp32."""
