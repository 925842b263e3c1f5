"""What is wanted of a point: words of a user, and how far points are from meeting them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.cost.frontier.points import Points as DeployedPoints
from infecon_tui.errors import InfeconError, UnitError, did_you_mean
from infecon_tui.units import SECONDS, TOK_PER_S, USD_PER_MTOK, Unit, parse, show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from infecon_tui.solve import Points


@dataclass(frozen=True, slots=True)
class Metric:
    """A quantity that can be a target: its field of points, and whether more of it is better."""

    name: str
    field: str
    unit: Unit
    more: bool = False
    bare: str = ""


METRICS = {
    "tpot": Metric("TPOT", "tpot_s", SECONDS, bare="ms"),
    "speed": Metric("speed", "speed_tok_s", TOK_PER_S, more=True),
    "cost": Metric("cost", "usd_per_mtok", USD_PER_MTOK),
    "ttft": Metric("TTFT", "ttft_s", SECONDS, bare="ms"),
}
"""Every target by the word for it; a row here adds one. `bare` is the unit of a number without one."""
EXAMPLES = "tpot 20ms, speed 60, cost 0.5 or ttft 300ms; several together are one point's"


@dataclass(frozen=True, slots=True)
class Target:
    """At most this of a metric, or at least where more is better."""

    metric: Metric
    value: float

    @property
    def text(self) -> str:
        """`TPOT 20 ms`."""
        return f"{self.metric.name} {show(self.value, self.metric.unit)}"


Targets = tuple[Target, ...]


def targets_of(given: Mapping[str, str]) -> Targets:
    """Targets from the text of each metric. Raises InfeconError with what is allowed."""
    if not given:
        raise InfeconError(f"no target: expected {EXAMPLES}")
    return tuple(_target(name, text) for name, text in given.items())


def targets_in(text: str) -> Targets:
    """Targets from one line: words of metrics, each with its value. Raises InfeconError."""
    given: dict[str, str] = {}
    name = ""
    for word in text.replace("=", " ").replace(",", " ").split():
        if word.lower() in METRICS:
            name = word.lower()
            given[name] = ""
        elif not name:
            near = did_you_mean(word, METRICS)
            raise InfeconError(f"expected {EXAMPLES}, found {word!r}{near}")
        else:
            given[name] = f"{given[name]} {word}".strip()
    return targets_of(given)


def _target(name: str, text: str) -> Target:
    metric = METRICS[name]
    try:
        value = parse(text, metric.unit, default=metric.bare)
    except UnitError as error:
        raise InfeconError(f"{name}: {error}") from None
    if value <= 0:
        raise InfeconError(f"{name}: must be above 0, found {text}")
    return Target(metric, value)


def excess(points: Points, targets: Targets) -> NDArray[np.float64]:
    """How far every point is beyond its worst target, in ln; 0 or less where it meets all.

    Raises InfeconError where the points do not know a metric.
    """
    worst = np.full(len(points), -math.inf)
    for target in targets:
        field = target.metric.field
        if field == "ttft_s" and not isinstance(points, DeployedPoints):
            raise InfeconError("ttft: only the deployment fidelity knows of a first token")
        with np.errstate(divide="ignore"):
            far = np.log(np.asarray(getattr(points, field)) / target.value)
        worst = np.maximum(worst, -far if target.metric.more else far)
    return worst


def best_met(points: Points, targets: Targets, far: NDArray[np.float64]) -> int:
    """The point to tell of: the cheapest that meets all, the fastest for a cost, or the nearest miss."""
    met = np.flatnonzero(far <= 0)
    if not len(met):
        return int(np.argmin(far))
    only_cost = all(target.metric.field == "usd_per_mtok" for target in targets)
    merit = points.tpot_s if only_cost else points.usd_per_mtok
    return int(met[np.argmin(merit[met])])
