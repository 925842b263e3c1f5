"""The memory of one GPU over the batch, up to the largest that fits: a plot."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from infecon_tui.cost.frontier.points import Points as DeployedPoints
from infecon_tui.view.describe import number
from infecon_tui.view.records import Axis, Figure, Mark, Series

if TYPE_CHECKING:
    from infecon_tui.solve import Answer

_TITLE = "How many sequences fit beside the weights?"
_X = Axis(label="batch", unit="sequences")
_Y = Axis(label="memory", unit="GiB of one GPU", log=False)
_GIB = 2.0**30
_COUNT = 49
_BEYOND = 1.15
"""The plot ends where the memory is this many times full."""


class Parts(NamedTuple):
    """Bytes of one GPU at the chosen layout: fixed ones, those of a sequence, and the room for both."""

    weights: float
    activations: float
    sequence: float
    room: float

    @property
    def most(self) -> float:
        """The largest batch; without a cache there is no end to it."""
        free = self.room - self.weights - self.activations
        return free / self.sequence if self.sequence else math.inf


def parts_of(answer: Answer) -> Parts:
    """Of the chosen point, which there must be. The published model counts no activations and no reserve."""
    points, at = answer.points, answer.chosen
    assert at is not None
    capacity = answer.scenario.hardware.hbm.capacity_bytes
    gpus, batch = float(points.gpus[at]), float(points.batch[at])
    weights = float(points.weight_bytes[at]) / gpus
    if isinstance(points, DeployedPoints):
        activations = float(points.activation_bytes[at]) / gpus
        cache = float(points.cache_bytes[at]) / gpus
        room = capacity * answer.scenario.layout.memory_utilization
    else:
        activations, room = 0.0, capacity
        cache = float(points.memory_bytes[at]) / gpus - weights
    return Parts(weights, activations, cache / batch, room)


def memory_figure(answer: Answer) -> Figure:
    """Weights, activations and cache one above the other over the batch, with the room that there is."""
    if answer.chosen is None:
        return Figure(key="memory", title=_TITLE, x=_X, y=_Y, note=answer.verdict)
    parts, batch = parts_of(answer), float(answer.points.batch[answer.chosen])
    end = max(2.0, 2 * batch, min(parts.most, 2.0**40) * _BEYOND)
    x = np.geomspace(min(1.0, batch), end, _COUNT)
    full = parts.weights + parts.activations + parts.sequence * x
    within = full <= _BEYOND * answer.scenario.hardware.hbm.capacity_bytes
    fixed = parts.weights + 0 * x
    lines = [("+ cache", full[within], x[within]), ("weights", fixed, x)]
    if parts.activations:
        lines.insert(1, ("+ activations", fixed + parts.activations, x))
    series = [_line(label, at, values) for label, values, at in lines]
    series += [_line(label, x, size + 0 * x, dashed=True) for label, size in _limits(answer, parts)]
    return Figure(
        key="memory", title=_TITLE, x=_X, y=_Y, series=tuple(series), marks=_marks(parts, batch)
    )


def _limits(answer: Answer, parts: Parts) -> list[tuple[str, float]]:
    capacity = answer.scenario.hardware.hbm.capacity_bytes
    planned = [("planned", parts.room)] if parts.room < capacity else []
    return [*planned, ("HBM", capacity)]


def _marks(parts: Parts, batch: float) -> tuple[Mark, ...]:
    used = parts.weights + parts.activations + parts.sequence * batch
    now = Mark(label=f"batch {number(batch)} now", x=batch, y=used / _GIB, letter="P")
    if not math.isfinite(parts.most):
        return (now,)
    most = _whole(parts)
    there = f"{number(most)} at most"
    return (now, Mark(label=there, x=float(most), y=parts.room / _GIB, glyph="◆", letter="m"))


def _whole(parts: Parts) -> int:
    return max(math.floor(parts.most + 1e-6), 1)


def room_words(answer: Answer) -> str:
    """`batch 60 of 229`: how much of what the memory holds is used; nothing without a point or an end."""
    if answer.chosen is None or not math.isfinite((parts := parts_of(answer)).most):
        return ""
    return f"batch {number(float(answer.points.batch[answer.chosen]))} of {number(_whole(parts))}"


def _line(label: str, x: np.ndarray, y: np.ndarray, *, dashed: bool = False) -> Series:
    return Series(label=label, x=tuple(x.tolist()), y=tuple((y / _GIB).tolist()), dashed=dashed)
