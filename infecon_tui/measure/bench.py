"""What this machine's accelerator reaches in matrix products, measured with PyTorch where it is installed."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from infecon_tui.cost.machine import Machine, gemm_bound
from infecon_tui.errors import InfeconError
from infecon_tui.hardware.kernels import Kernels
from infecon_tui.knobs import at, replaced
from infecon_tui.measure.calibration.squares import Problem, minimise

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from infecon_tui.hardware.accelerator import Accelerator
    from infecon_tui.measure.calibration.squares import Array

ROWS = (1, 8, 64, 256, 2048, 8192)
WIDTHS = ((4096, 4096), (8192, 8192), (28672, 8192))
"""Outputs and inputs of the products: layers of models of 8B to 70B."""
FITTED = ("kernels.gemm.floor", "kernels.gemm.hbm", "kernels.gemm.peak")
_FLOOR_SPREAD, _SHARE_SPREAD, _NOISE = 1.5, 1.0, 0.05
_REPEATS, _WARM = 10, 3
_CACHES_BYTES = 256 * 2**20
"""Weights are taken in turns from this much memory, more than any cache holds."""


@dataclass(frozen=True, slots=True)
class Product:
    """One shape and its time: `rows` x `inputs` by `inputs` x `outputs`, in bf16."""

    rows: int
    outputs: int
    inputs: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Bench:
    """An accelerator with what was measured of it, the products, and how far the fit is from them."""

    hardware: Accelerator
    products: tuple[Product, ...]
    median_ape: float


def measured(
    part: Accelerator,
    device: str = "cuda",
    rows: Sequence[int] = ROWS,
    widths: Sequence[tuple[int, int]] = WIDTHS,
) -> Bench:
    """Times products on this machine and fits a part's GEMM numbers to them.

    Raises InfeconError without PyTorch or without the device.
    """
    try:
        torch: Any = importlib.import_module("torch")
    except ImportError as error:
        raise InfeconError(
            "measuring needs PyTorch, which is not installed here: pip install torch"
        ) from error
    if device == "cuda" and not torch.cuda.is_available():
        raise InfeconError("PyTorch finds no accelerator on this machine")
    shapes = [(m, n, k) for n, k in widths for m in rows]
    products = tuple(Product(*shape, _timed(torch, device, *shape)) for shape in shapes)
    said = (
        f"measured on this machine: {len(products)} products in bf16, PyTorch {torch.__version__}"
    )
    return fitted(part, products, said)


def fitted(part: Accelerator, products: Sequence[Product], source: str) -> Bench:
    """The part whose GEMM floor, HBM share and peak share come nearest to measured products."""
    part = replace(part, kernels=part.kernels or Kernels())
    knobs = [at(part, path) for path in FITTED]
    values = np.array([knob.value for knob in knobs], dtype=float)
    high = np.array([knob.slot.info.high for knob in knobs], dtype=float)
    problem = Problem(
        residuals=lambda thetas: np.array(
            [_residuals(_with(part, theta), products) for theta in thetas]
        ),
        start=np.log(values),
        low=np.log(values) - 5.0,
        high=np.minimum(np.log(high), np.log(values) + 5.0),
        spread=np.array([_FLOOR_SPREAD, _SHARE_SPREAD, _SHARE_SPREAD]),
        noise=_NOISE,
    )
    found = minimise(problem)
    made = _with(part, found.at)
    sources = {**dict(part.sources), **dict.fromkeys(FITTED, source)}
    off = float(np.median(np.abs(np.expm1(found.residuals))))
    return Bench(replace(made, sources=tuple(sources.items())), tuple(products), off)


def _with(part: Accelerator, theta: Array) -> Accelerator:
    for path, value in zip(FITTED, np.exp(theta).tolist(), strict=True):
        part = replaced(part, path, value)
    return part


def _residuals(part: Accelerator, products: Sequence[Product]) -> Array:
    """log(predicted/measured), by what the engine takes for a product."""
    rate = Machine(part).gemm_rate("bf16")
    rows, n, k, seconds = (
        np.array([getattr(one, name) for one in products], dtype=float)
        for name in ("rows", "outputs", "inputs", "seconds")
    )
    predicted: Array = rate.floor_s + gemm_bound(rate, rows, n, k).seconds
    off: Array = np.log(predicted) - np.log(seconds)
    return off


def _timed(torch: Any, device: str, rows: int, outputs: int, inputs: int) -> float:
    """Seconds of one product, the median of some; weights come from memory, not from a cache."""
    count = max(1, -(-_CACHES_BYTES // (2 * outputs * inputs)))
    made = {"dtype": torch.bfloat16, "device": device}
    weights = [torch.randn(inputs, outputs, **made) for _ in range(count)]
    given = torch.randn(rows, inputs, **made)

    def work() -> None:
        for weight in weights:
            torch.mm(given, weight)

    with torch.no_grad():
        run = _graph(torch, work) if device == "cuda" else work
        wait = torch.cuda.synchronize if device == "cuda" else lambda: None
        return _median_s(run, wait) / count


def _graph(torch: Any, work: Callable[[], None]) -> Callable[[], None]:
    """The work as a CUDA graph, so that no launch of the host stands between kernels."""
    stream = torch.cuda.Stream()
    with torch.cuda.stream(stream):
        for _ in range(_WARM):
            work()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        work()
    replay: Callable[[], None] = graph.replay
    return replay


def _median_s(run: Callable[[], None], wait: Callable[[], None]) -> float:
    for _ in range(_WARM):
        run()
    wait()
    times = []
    for _ in range(_REPEATS):
        start = perf_counter()
        run()
        wait()
        times.append(perf_counter() - start)
    return float(np.median(times))
