"""Which point keeps a goal's targets, and what is in the way where none does. Either engine's points."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from infecon_tui.pareto import preferred
from infecon_tui.units import SECONDS, show

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from infecon_tui.scenario import Goal

_ROUNDING = 1 + 1e-9


class Limits(NamedTuple):
    """Most that is allowed of each; infinite where nothing is asked."""

    tpot_s: float = math.inf
    ttft_s: float = math.inf
    usd_per_mtok: float = math.inf
    gpus: float = math.inf


class Target(NamedTuple):
    """One thing that may be limited: its name, the field of points, and how an amount is written."""

    name: str
    field: str
    words: Any


TARGETS = (
    Target("TPOT", "tpot_s", lambda seconds: show(seconds, SECONDS, 3)),
    Target("TTFT", "ttft_s", lambda seconds: show(seconds, SECONDS, 3)),
    Target("cost", "usd_per_mtok", lambda usd: f"{usd:.3g} USD/Mtok"),
    Target("GPUs", "gpus", lambda gpus: f"{gpus:g}"),
)


def limits_of(goal: Goal) -> Limits:
    """A goal's targets as limits."""
    return Limits(
        goal.tpot_s or math.inf,
        goal.ttft_s or math.inf,
        goal.cost_usd_per_mtok or math.inf,
        float(goal.gpus_at_hand or math.inf),
    )


def kept(points: Any, limits: Limits) -> NDArray[np.bool_]:
    """Which points keep every limit. Points that do not know of a quantity keep its limit."""
    keep: NDArray[np.bool_] = np.isfinite(points.tpot_s)
    for target, most in zip(TARGETS, limits, strict=True):
        values = getattr(points, target.field, None)
        if values is not None and math.isfinite(most):
            keep &= within(values, most)
    return keep


def within(values: Any, most: float) -> Any:
    """Whether values keep a limit, rounding forgiven."""
    return values <= most * _ROUNDING


def wants_speed(goal: Goal) -> bool:
    """Whether a cost is to be kept and no time, so that the fastest is wanted."""
    return bool(goal.cost_usd_per_mtok and not goal.tpot_s and not goal.ttft_s)


def pick(points: Any, goal: Goal) -> tuple[int, str]:
    """The point that a goal chooses, and what it misses; "" when all targets are kept.

    The cheapest that keeps a time asked for, the fastest that keeps a cost alone, else the preferred
    one. Where none keeps all, the cheapest that keeps the times, or else the fastest. `points` hold
    at least one.
    """
    limits = limits_of(goal)
    keep = np.flatnonzero(kept(points, limits))
    if len(keep):
        return int(keep[_best(points, keep, goal)]), ""
    timely = np.flatnonzero(kept(points, limits._replace(usd_per_mtok=math.inf)))
    dear = points.usd_per_mtok[timely]
    at = timely[np.argmin(dear)] if len(timely) else np.argmin(points.tpot_s)
    return int(at), missed(points, limits)


def _best(points: Any, keep: NDArray[np.intp], goal: Goal) -> int:
    speed, cost = points.speed_tok_s[keep], points.usd_per_mtok[keep]
    if wants_speed(goal):
        return int(np.argmax(speed))
    if goal.targeted:
        return int(np.argmin(cost))
    return preferred(speed, cost, goal.exponent)


def missed(points: Any, limits: Limits) -> str:
    """What no point keeps: `TPOT 10 ms is out of reach: 14 ms at least`."""
    for target, most in zip(TARGETS, limits, strict=True):
        values = getattr(points, target.field, None)
        if values is None or math.isinf(most):
            continue
        least = float(np.min(values))
        if not within(least, most):
            said = f"{target.name} {target.words(most)} is out of reach"
            return f"{said}: {target.words(least)} at least"
    timely = kept(points, limits._replace(usd_per_mtok=math.inf))
    if timely.any() and math.isfinite(limits.usd_per_mtok):
        least = float(np.min(points.usd_per_mtok[timely]))
        return f"in the time asked for a million tokens cost {least:.3g} USD at least"
    return "no point keeps all the targets at once"
