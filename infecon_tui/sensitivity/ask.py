"""Backwards: the value of one number at which a target is met, found by halving a bracket.

What meets a target is a point of the frontier of the changed scenario, its layout and batch chosen
anew; or one layout and batch that are held. The answer is assumed to change once along the number: the
change nearest to the value of now is found.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from infecon_tui.errors import InfeconError
from infecon_tui.knobs import Knob, at
from infecon_tui.sensitivity.held import held_at
from infecon_tui.sensitivity.outcome import put
from infecon_tui.sensitivity.target import best_met, excess
from infecon_tui.solve import solve

if TYPE_CHECKING:
    from infecon_tui.scenario import Scenario
    from infecon_tui.sensitivity.target import Targets
    from infecon_tui.solve import Answer, Points

_FACTORS = (1.25, 2.0, 5.0, 20.0, 100.0, 1000.0)
"""How far from the value of now a change is looked for, nearest first, to both sides."""
_CLOSE = 0.002
"""The bracket is halved until its ends are this near, relatively."""
_DIGITS = 3
_MOST_TRIES = 32
"""Scenarios solved for one answer at most; some 20 are usual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A value tried: `excess` is 0 or less where the target is met; `points[index]` is the best point."""

    value: float
    excess: float
    points: Points | None = None
    index: int = 0

    @property
    def met(self) -> bool:
        """Whether the target is."""
        return self.excess <= 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The answer: `found` meets the target and the next value to the other side does not.

    `found` is None where no value between the bounds changes what `now` is; `best` came nearest then.
    `tries` counts the scenarios that were solved.
    """

    knob: Knob
    targets: Targets
    now: Reached
    found: Reached | None
    best: Reached
    tries: int


def ask(scenario: Scenario, path: str, targets: Targets, *, held: bool = False) -> Asked:
    """The value at `path` nearest to that of now at which the targets are met, or cease to be.

    With `held` the preferred point's layout and batch stay. Raises InfeconError where the path names no
    number, or the scenario has no answer to hold.
    """
    knob = number_at(scenario, path)
    search = _Search(scenario, knob, targets, _layout_of(scenario) if held else None)
    now = search.at(knob.value)
    other = search.bracket(now)
    found = None if other is None else search.narrowed(*other)
    best = min(search.tried.values(), key=lambda reached: reached.excess)
    return Asked(
        knob=knob, targets=targets, now=now, found=found, best=best, tries=len(search.tried)
    )


def number_at(scenario: Scenario, path: str) -> Knob:
    """The knob at a path. Raises InfeconError where it is not a number that can be asked for."""
    knob = at(scenario, path)
    if knob.slot.kind not in (int, float):
        raise InfeconError(f"{path}: {knob.text} is not a number")
    if knob.value is None:
        raise InfeconError(f"{path} is {knob.text}: set a value to start from")
    return knob


def _layout_of(scenario: Scenario) -> Answer:
    answer = solve(scenario)
    if answer.chosen is None:
        raise InfeconError(answer.verdict)
    return answer


@dataclass(slots=True)
class _Search:
    scenario: Scenario
    knob: Knob
    targets: Targets
    held: Answer | None
    tried: dict[float, Reached] = field(default_factory=dict)

    def at(self, value: float) -> Reached:
        """What is reached with a value."""
        if value not in self.tried:
            self.tried[value] = self._reached(value)
        return self.tried[value]

    def _reached(self, value: float) -> Reached:
        points = self._points(self._typed(value))
        if points is None or not len(points):
            return Reached(value=value, excess=math.inf)
        far = excess(points, self.targets)
        index = best_met(points, self.targets, far)
        if far[index] == math.inf:
            return Reached(value=value, excess=math.inf)
        return Reached(value=value, excess=float(far[index]), points=points, index=index)

    def _points(self, value: Any) -> Points | None:
        scenario = put(self.scenario, self.knob.path, value)
        if self.held is not None:
            return held_at(self.held).points(scenario)
        try:
            return None if _problems(scenario) else solve(scenario).points
        except InfeconError:
            # What cannot be, such as a number of heads that no layout divides, meets nothing.
            return None

    def _typed(self, value: float) -> Any:
        return int(value) if self._whole else value

    @property
    def _whole(self) -> bool:
        return self.knob.slot.kind is int

    def _turned(self, factor: float) -> float | None:
        """The value of now times a factor, within the bounds; None where a bound is the value of now."""
        info, now = self.knob.slot.info, float(self.knob.value)
        start = now or max(info.low, 1.0)
        value = start * factor
        if self._whole:
            value = math.ceil(value) if factor > 1 else max(math.floor(value), 1)
        value = min(max(value, info.low), info.high)
        return None if value == now else value

    def bracket(self, now: Reached) -> tuple[Reached, Reached] | None:
        """Two neighbours tried of which one meets the target: first the one nearer to now."""
        last = {1: now, -1: now}
        for factor in _FACTORS:
            for side, times in ((1, factor), (-1, 1 / factor)):
                if side < 0 and not self.knob.value:
                    continue
                value = self._turned(times)
                if value is None or value == last[side].value:
                    continue
                reached = self.at(value)
                if reached.met != now.met:
                    return last[side], reached
                last[side] = reached
        return None

    def narrowed(self, near: Reached, far: Reached) -> Reached:
        """The last value that meets the target, rounded to the side that does."""
        met, not_met = (near, far) if near.met else (far, near)
        while (middle := self._between(met.value, not_met.value)) is not None:
            reached = self.at(middle)
            met, not_met = (reached, not_met) if reached.met else (met, reached)
        if self._whole:
            return met
        info, value = self.knob.slot.info, _rounded(met.value, up=met.value > not_met.value)
        rounded = self.at(min(max(value, info.low), info.high))
        return rounded if rounded.met else met

    def _between(self, one: float, other: float) -> float | None:
        low, high = sorted((one, other))
        if len(self.tried) >= _MOST_TRIES:
            return None
        if self._whole:
            return float((int(low) + int(high)) // 2) if high - low > 1 else None
        if high <= low * (1 + _CLOSE):
            return None
        return math.sqrt(low * high) if low > 0 else high / 2


def _rounded(value: float, *, up: bool) -> float:
    """To some digits, away from what does not meet the target."""
    step = 10.0 ** (math.floor(math.log10(value)) + 1 - _DIGITS)
    whole = math.ceil(value / step) if up else math.floor(value / step)
    return float(f"{whole * step:.12g}")


def _problems(scenario: Scenario) -> bool:
    """Whether numbers of the model contradict each other."""
    return any(
        part.problems()
        for group in scenario.model.layers
        for part in (group.attention, group.feed_forward)
        if part is not None
    )
