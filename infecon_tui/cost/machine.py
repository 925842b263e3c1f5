"""One accelerator as kernels see it: seconds of a matrix product, of a read, of a vector kernel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.hardware.kernels import Gemm, Kernels

if TYPE_CHECKING:
    from infecon_tui.cost.ledger import Ledger, Rowed
    from infecon_tui.formats import Format
    from infecon_tui.hardware.accelerator import Accelerator
    from infecon_tui.hardware.kernels import ExpertKernels

STORED_BYTES = {
    "fp32": 4.0,
    "bf16": 2.0,
    "fp16": 2.0,
    "fp8": 1.0,
    "int8": 1.0,
    "fp4": 0.5625,
    "int4": 0.53125,
}
"""Bytes of one weight with the scales of its block: 16 weights to an fp8 scale, 64 to an int4 one."""

TILE_ROWS = 16
"""Rows of the smallest tile of matrix units: fewer tokens take as long."""
WIDE_ROWS = 64
"""Rows of the tiles that products of more rows than this use."""
_MANY_ROWS = 1024
"""Rows from which the last tile's waste is left out: the fitted share of the peak holds it."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A kernel's two sides, in seconds without its floor: memory and arithmetic."""

    memory_s: Rowed
    arithmetic_s: Rowed

    @property
    def seconds(self) -> Rowed:
        """The longer side, and at most 19 % more where both are nearly as long: a mean of fourth powers."""
        memory, arithmetic = self.memory_s * self.memory_s, self.arithmetic_s * self.arithmetic_s
        return np.sqrt(np.sqrt(memory * memory + arithmetic * arithmetic))

    def enter(self, ledger: Ledger, operator: str, cause: str, count: Rowed) -> None:
        """Enters the time under what binds: `cause` for memory, or arithmetic."""
        seconds = _times(self.seconds, count)
        reading = np.where(self.memory_s >= self.arithmetic_s, seconds, 0.0)
        ledger.add(operator, cause, reading)
        ledger.add(operator, "arithmetic", seconds - reading)
        ledger.work(_times(self.memory_s, count), _times(self.arithmetic_s, count))


def _times(seconds: Rowed, count: Rowed) -> Rowed:
    """The product; a single kernel, the usual case, costs no pass over the rows."""
    return seconds if isinstance(count, float) and count == 1 else seconds * count


@dataclass(frozen=True, slots=True)
class Rate:
    """What products with weights in one format reach: floor, bytes per second, FLOP per second.

    `depth_s` is the least for 1000 inputs, however few the outputs.
    """

    floor_s: float
    bytes_Bps: float
    flops: float
    weight_bytes: float
    input_bytes: float
    tile_rows: int = TILE_ROWS
    depth_s: float = 0.0


class Machine:
    """Rates of an accelerator by number format, worked out once."""

    def __init__(self, accelerator: Accelerator) -> None:
        self.accelerator = accelerator
        self.kernels = accelerator.kernels or Kernels()
        self.hbm_Bps = accelerator.hbm.bandwidth_Bps
        wide = accelerator.arithmetic.peak_flops("bf16")
        narrow = accelerator.arithmetic.peak_flops("fp8")
        known = narrow if wide is None else wide
        self.wide_flops = 1.0 if known is None else known

    def gemm_rate(self, weights: Format) -> Rate:
        """Of dense layers."""
        return self._rate(self.kernels.gemm, weights)

    def block_rate(self, weights: Format, *, tuned: bool) -> Rate:
        """The same where 8-bit weights have a scale a block, with or without tiles tuned for the shape."""
        rate, gemm = self.gemm_rate(weights), self.kernels.gemm
        if self.computes(weights) != "8bit":
            return rate
        return replace(rate, depth_s=gemm.block_depth_s if tuned else gemm.untuned_depth_s)

    def expert_rate(self, weights: Format) -> Rate:
        """Of routed experts."""
        return self._rate(self.kernels.experts, weights)

    def computes(self, weights: Format) -> str:
        """The width of arithmetic with weights of a format: `wide` where they are only stored in it."""
        peaks = self.accelerator.arithmetic
        if weights == "fp8" and peaks.fp8_flops is not None:
            return "8bit"
        if weights == "fp4" and peaks.fp4_flops is not None:
            return "4bit"
        return "wide"

    def _rate(self, reached: Gemm | ExpertKernels, weights: Format) -> Rate:
        stored = STORED_BYTES[weights]
        computed = self.computes(weights)
        peaks = self.accelerator.arithmetic
        share = (
            reached.hbm if stored >= 2 else reached.hbm_8bit if stored == 1 else reached.hbm_4bit
        )
        flops, peak = self.wide_flops, _wide_peak(reached, stored)
        if computed == "8bit" and peaks.fp8_flops is not None:
            flops, peak = peaks.fp8_flops, reached.peak_8bit
        elif computed == "4bit" and peaks.fp4_flops is not None:
            flops, peak = peaks.fp4_flops, reached.peak_4bit
        return Rate(
            floor_s=_floor_s(reached, computed, stored),
            bytes_Bps=share * self.hbm_Bps,
            flops=peak * flops,
            weight_bytes=stored,
            input_bytes={"wide": 2.0, "8bit": 1.0, "4bit": 0.5625}[computed],
            tile_rows=self.kernels.gemm.tile_rows,
        )


def _wide_peak(reached: Gemm | ExpertKernels, stored: float) -> float:
    """Of products in 16 bits, also of experts that are only stored in four."""
    if isinstance(reached, Gemm) or reached.peak_widened is None or stored >= 1:
        return reached.peak
    return reached.peak_widened


def _floor_s(reached: Gemm | ExpertKernels, computed: str, stored: float) -> float:
    if isinstance(reached, Gemm):
        return reached.floor_s if computed == "wide" else reached.narrow_floor_s
    return reached.floor_4bit_s if stored < 1 else reached.floor_s


def gemm_bound(rate: Rate, rows: Rowed, n: Rowed, k: Rowed, copies: Rowed = 1.0) -> Bound:
    """`rows` x `k` by `k` x `n`, `copies` products with weights of their own in one kernel."""
    # What rows share is worked out first: they are many.
    byte_s, flop_s = copies / rate.bytes_Bps, copies / rate.flops
    memory_s = rate.weight_bytes * n * k * byte_s + rows * ((rate.input_bytes * k + 2 * n) * byte_s)
    tile = np.where(rows > WIDE_ROWS, WIDE_ROWS, rate.tile_rows)
    worked = np.where(rows >= _MANY_ROWS, rows, np.ceil(rows / tile) * tile)
    arithmetic_s = worked * (2.0 * n * k * flop_s)
    if np.any(rate.depth_s):
        # Products of many copies are of single heads, which engines keep without blocks.
        depth_s = np.where(np.asarray(copies) > 1, 0.0, k / 1000 * rate.depth_s)
        arithmetic_s = np.maximum(arithmetic_s, depth_s)
    return Bound(memory_s, arithmetic_s)


def grouped_bound(rate: Rate, touched: Rowed, rows: Rowed, weights: Rowed) -> Bound:
    """Products of experts: `touched` of them with `weights` each, `rows` tokens in all."""
    each = np.maximum(rows / np.maximum(touched, 1e-9), 1.0)
    tiled = np.ceil(each / rate.tile_rows) * rate.tile_rows
    moved = touched * weights * rate.weight_bytes
    return Bound(moved / rate.bytes_Bps, 2.0 * touched * tiled * weights / rate.flops)
