"""Where a step's time and a GPU's memory go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui.units import BYTES, SECONDS, show
from infecon_tui.view.describe import shares

if TYPE_CHECKING:
    from infecon_tui.solve import Answer

Bars = tuple[tuple[str, float, str], ...]
"""Label, share of the whole (0 to 1) and the amount in words."""


def causes(answer: Answer, index: int | None = None) -> Bars:
    """TPOT by cause. Arithmetic and HBM overlap: the shorter counts 0, its time in brackets."""
    at = answer.chosen if index is None else index
    if at is None:
        return ()
    points = answer.points
    nothing = 0.0 * points.tpot_s
    hidden = {
        name: float(getattr(points, field, nothing)[at])
        for name, field in (("arithmetic", "arithmetic_demand_s"), ("HBM", "hbm_demand_s"))
    }
    return tuple(
        (name, share, _amount(seconds, hidden.get(name, 0.0)))
        for name, seconds, share in shares(points, at)
    )


def operators(answer: Answer) -> Bars:
    """TPOT by operator, the longest first; only a deployment has them."""
    if answer.chosen is None or answer.scenario.fidelity != "deployment":
        return ()
    from infecon_tui.view.plots.deployed import operator_seconds

    found = operator_seconds(answer)
    whole = sum(found.values())
    longest = sorted(found.items(), key=lambda item: -item[1])
    return tuple((name, s / whole, show(s, SECONDS, 3)) for name, s in longest if s > 0)


def _amount(seconds: float, demand: float) -> str:
    if seconds == 0 and demand > 0:
        return f"({show(demand, SECONDS, 3)})"
    return show(seconds, SECONDS, 3)


def memory(answer: Answer, index: int | None = None) -> Bars:
    """The memory of one GPU: weights, KV cache, free; activations and reserve where they are counted."""
    at = answer.chosen if index is None else index
    if at is None:
        return ()
    points, capacity = answer.points, answer.scenario.hardware.hbm.capacity_bytes
    gpus = float(points.gpus[at])
    if answer.scenario.fidelity == "deployment":
        return _deployed_memory(answer, at)
    weights = min(float(points.weight_bytes[at]) / gpus, capacity)
    cache = float(points.memory_bytes[at]) / gpus - weights
    parts = (
        ("weights", weights),
        ("KV cache", cache),
        ("free", max(capacity - weights - cache, 0.0)),
    )
    return _parts(parts, capacity)


def _parts(parts: tuple[tuple[str, float], ...], capacity: float) -> Bars:
    return tuple((name, size / capacity, show(size, BYTES, 3)) for name, size in parts)


def _deployed_memory(answer: Answer, at: int) -> Bars:
    """With what the engine keeps out of its plan."""
    points, capacity = answer.points, answer.scenario.hardware.hbm.capacity_bytes
    used = [
        (name, float(getattr(points, field)[at] / points.gpus[at]))
        for name, field in (
            ("weights", "weight_bytes"),
            ("KV cache", "cache_bytes"),
            ("activations", "activation_bytes"),
        )
    ]
    reserve = (1 - answer.scenario.layout.memory_utilization) * capacity
    free = max(capacity - reserve - sum(size for _, size in used), 0.0)
    return _parts((*used, ("reserve", reserve), ("free", free)), capacity)
