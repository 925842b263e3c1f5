"""How far every number moves speed and cost: elasticities at a point, and swings around it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from infecon_tui.knobs import Knob, at, leaves
from infecon_tui.sensitivity.outcome import BATCH, Change, Outcome, Setting, joint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infecon_tui.scenario import Scenario

SMALL = 0.01
"""The step of a central difference, relatively."""
SWING = 0.1
"""How far numbers swing to both sides unless told otherwise, relatively."""
_STARTS = ("model.", "hardware.", "workload.")
_COUNTS = frozenset(
    {
        *("heads", "kv_heads", "key_heads", "value_heads", "groups", "output_groups"),
        *("experts", "active_experts", "shared_experts", "compression", "conv"),
        *("tile_rows", "domain"),
    }
)
"""Whole numbers that a small change means nothing for: they divide something, or are few. Widths and
numbers of layers are taken as real instead."""
_NARROWER = {"fp32": "bf16", "bf16": "fp8", "fp16": "fp8", "fp8": "fp4", "int8": "int4"}
_NOTHING = 1e-9
_STEP = 0.1
"""A slope of the small change above twice that of the large one by this much holds a step: a kink would
not raise it so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One number: d ln(TPOT)/d ln(x), d ln(cost)/d ln(x), and what becomes of it further off.

    `tpot` and `cost` are NaN where neither side fits. `low` and `high` are values below and above,
    each with its outcome; a bound of the number stops them. Where the number crosses a step within the
    small change (tiles of a product are filled in whole ones), `stepped` says so and the slopes are those
    between `low` and `high`.
    """

    knob: Knob
    tpot: float
    cost: float
    low: tuple[float, Outcome]
    high: tuple[float, Outcome]
    stepped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """One choice that is not a matter of degree: the knob as it stands, and the value tried."""

    knob: Knob
    value: Any
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """Every number's effect, the largest on cost first.

    `still` are numbers that move nothing here, `counts` those that no small change has a meaning for.
    """

    now: Outcome
    effects: tuple[Effect, ...]
    alternatives: tuple[Alternative, ...]
    still: tuple[Knob, ...]
    counts: tuple[Knob, ...]
    swing: float


def sensitivity(setting: Setting, swing: float = SWING, small: float = SMALL) -> Sensitivity:
    """All numbers of a setting turned, each alone.

    `small` is the relative step of elasticities; where one side does not fit, the other one counts.
    """
    knobs, counts = turnable(setting, swing)
    others = _alternatives(setting)
    steps = (-small, small, -swing, swing)
    same = knobs[0].path, knobs[0].value
    changes: list[Change] = [same]
    changes += [(knob.path, _turned(knob, step, setting)) for knob in knobs for step in steps]
    changes += [(knob.path, value) for knob, value in others]
    now, *found = setting.outcomes(changes)
    each = len(steps)
    effects = [
        _effect(knob, now, changes[1 + each * i :], found[each * i : each * (i + 1)])
        for i, knob in enumerate(knobs)
    ]
    chosen = zip(others, found[each * len(knobs) :], strict=True)
    moving = [effect for effect in effects if _moves(effect, now)]
    return Sensitivity(
        now=now,
        effects=tuple(sorted(moving, key=_weight, reverse=True)),
        alternatives=tuple(Alternative(knob=k, value=v, outcome=one) for (k, v), one in chosen),
        still=tuple(effect.knob for effect in effects if effect not in moving),
        counts=counts,
        swing=swing,
    )


def turnable(setting: Setting, swing: float = SWING) -> tuple[tuple[Knob, ...], tuple[Knob, ...]]:
    """The numbers that can be turned a little, and the counts that cannot."""
    scenario = setting.scenario
    starts = (*_STARTS, *_drafting(scenario))
    starts = (*starts, "cost.") if scenario.cost.basis == "owned" else starts
    knobs = [knob for knob in leaves(scenario) if knob.path.startswith(starts)]
    knobs = [knob for knob in knobs if _is_number(knob.value) and knob.value > 0]
    most = _largest_group(scenario)
    knobs = [knob for knob in knobs if not joint(scenario, knob.path) or most in knob.path]
    counts = tuple(knob for knob in knobs if _is_count(knob, swing, setting))
    smooth = [knob for knob in knobs if knob not in counts]
    if setting.relaxed:
        smooth.append(replace(at(scenario, BATCH), value=setting.batch))
    return tuple(smooth), counts


def _drafting(scenario: Scenario) -> tuple[str, ...]:
    """How often drafts are right, where something drafts at the fidelity."""
    if scenario.fidelity == "deployment" and scenario.speculation.drafter:
        return ("speculation.acceptance", "speculation.decay")
    return ("speculation.acceptance",) if scenario.speculation.draft else ()


def _is_count(knob: Knob, swing: float, setting: Setting) -> bool:
    few = not setting.relaxed and knob.slot.kind is int and round(knob.value * swing) == 0
    return few or knob.slot.key in _COUNTS


def _largest_group(scenario: Scenario) -> str:
    """The path of the layers whose attention stands for that of all, where one must."""
    counts = [group.count for group in scenario.model.layers]
    return f"layers.{counts.index(max(counts))}." if len(counts) > 1 else "layers."


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _turned(knob: Knob, step: float, setting: Setting) -> float:
    info = knob.slot.info
    value = min(max(knob.value * (1 + step), info.low), info.high)
    if setting.relaxed or knob.slot.kind is not int:
        return float(value)
    grain = _grain(knob.value, abs(step))
    return float(round(value / grain) * grain)


def _grain(count: int, step: float) -> int:
    """The largest power of two that divides a count and is small beside its step: layouts divide widths."""
    grain = 1
    while count % (2 * grain) == 0 and 2 * grain <= count * step / 2:
        grain *= 2
    return grain


def _alternatives(setting: Setting) -> list[tuple[Knob, Any]]:
    """Number formats a step down, and twice the batch."""
    scenario = setting.scenario
    formats = scenario.model.precision
    cache = "kv_cache" if scenario.fidelity == "deployment" else "activations"
    stored = {"weights": formats.weights, "experts": formats.experts}
    stored[cache] = formats.cache if cache == "kv_cache" else formats.activations
    tried: list[tuple[Knob, Any]] = [
        (_precision(scenario, key), _NARROWER[now])
        for key, now in stored.items()
        if now in _NARROWER and not (key not in ("weights", "experts") and now == "fp8")
    ]
    if setting.relaxed:
        tried.append((replace(at(scenario, BATCH), value=setting.batch), 2 * setting.batch))
    return tried


def _precision(scenario: Scenario, key: str) -> Knob:
    return at(scenario, f"model.precision.{key}")


def _effect(knob: Knob, now: Outcome, changes: Sequence[Change], found: list[Outcome]) -> Effect:
    tried = [(float(value), one) for (_, value), one in zip(changes, found, strict=False)]
    near, far = (_slopes(knob, now, pair) for pair in (tried[:2], tried[2:]))
    stepped = abs(near[0]) > 2 * abs(far[0]) + _STEP
    tpot, cost = far if stepped else near
    low, high = tried[2:]
    return Effect(knob=knob, tpot=tpot, cost=cost, low=low, high=high, stepped=stepped)


def _slopes(knob: Knob, now: Outcome, sides: list[tuple[float, Outcome]]) -> tuple[float, float]:
    """Of ln(TPOT) and ln(cost) between both sides, or between now and the one that fits."""
    fitting = [(x, outcome) for x, outcome in sides if outcome.fits]
    if len(fitting) < len(sides):
        fitting.append((knob.value, now))
    return (
        _slope([(x, outcome.tpot_s) for x, outcome in fitting]),
        _slope([(x, outcome.usd_per_mtok) for x, outcome in fitting]),
    )


def _slope(sides: list[tuple[float, float]]) -> float:
    """Of ln(y) over ln(x) between two points; NaN where there is only one."""
    if len(sides) < 2 or sides[0][0] == sides[1][0] or min(y for _, y in sides) <= 0:
        return math.nan
    (x0, y0), (x1, y1) = sides
    return math.log(y1 / y0) / math.log(x1 / x0)


def _moves(effect: Effect, now: Outcome) -> bool:
    """Whether a number changes anything: a slope, or what is reached further off."""
    far = [outcome for _, outcome in (effect.low, effect.high)]
    lost = any(not outcome.fits for outcome in far)
    shifted = any(
        abs(outcome.tpot_s / now.tpot_s - 1) > _NOTHING
        or abs(outcome.usd_per_mtok - now.usd_per_mtok) > _NOTHING * now.usd_per_mtok
        for outcome in far
    )
    return lost or shifted


def _weight(effect: Effect) -> tuple[float, float]:
    """Sorts by the effect on cost, then on speed."""
    cost, tpot = (0.0 if math.isnan(x) else abs(x) for x in (effect.cost, effect.tpot))
    return cost, tpot
