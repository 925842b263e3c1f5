"""What moves cost and speed, as a sentence and as a table."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from infecon_tui.sensitivity.freed import freed_at
from infecon_tui.sensitivity.held import held_at
from infecon_tui.sensitivity.turned import SMALL, SWING, sensitivity
from infecon_tui.units import SECONDS, show
from infecon_tui.view.describe import bound_sentence, layout, number
from infecon_tui.view.editor.forms import label_of
from infecon_tui.view.records import Column, Table
from infecon_tui.view.swings import gain, others

if TYPE_CHECKING:
    from infecon_tui.knobs import Knob
    from infecon_tui.sensitivity.outcome import Outcome
    from infecon_tui.sensitivity.turned import Effect, Sensitivity
    from infecon_tui.solve import Answer

TITLE = "What moves cost and speed most?"
_KERNELS = "hardware.kernels."
_LEAST_GAIN = 1e-3
"""Speed gained, relatively, from which a number is worth naming."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """A point's sensitivity with its words."""

    found: Sensitivity
    sentence: str
    point: str
    held: bool

    @property
    def stays(self) -> str:
        """What is the same for every number turned."""
        if not self.held:
            return "layout and batch chosen anew for every number"
        return f"{'GPUs' if math.isnan(self.found.now.ttft_s) else 'layout'} and batch held"


def turned(answer: Answer, *, swing: float = SWING, free: bool = False) -> Turned:
    """The sensitivity of the answer's chosen point, which must be there.

    With `free` layout and batch are chosen anew for every number, and elasticities are those of the swing.
    """
    index, points = answer.chosen, answer.points
    assert index is not None
    if free:
        found = sensitivity(freed_at(answer), swing, small=swing)
    else:
        found = sensitivity(held_at(answer), swing, small=min(swing, SMALL))
    gpus, batch = (number(float(values[index])) for values in (points.gpus, points.batch))
    tpot, cost = show(found.now.tpot_s, SECONDS, 3), found.now.usd_per_mtok
    place = (
        f"TPOT {tpot}, {cost:.3g} USD/Mtok on {gpus} GPUs ({layout(points, index)}), batch {batch}"
    )
    return Turned(
        found=found,
        sentence=f"{bound_sentence(points, index)}{_lever(found, free=free)}.",
        point=place,
        held=not free,
    )


def _lever(found: Sensitivity, *, free: bool) -> str:
    """`; 10 % more HBM bandwidth gives 5.9 % more speed`: the part of the hardware that helps most."""
    gains = [
        (gain(outcome, found.now), effect, more)
        for effect in found.effects
        if effect.knob.path.startswith("hardware.")
        for outcome, more in ((effect.low[1], False), (effect.high[1], True))
    ]
    bought = [one for one in gains if not one[1].knob.path.startswith(_KERNELS)]
    for some in (bought, gains):
        best, effect, more = max(some, key=lambda one: one[0], default=(0.0, None, True))
        if effect is not None and best > _LEAST_GAIN:
            much = f"{100 * found.swing:.3g} % {'more' if more else 'less'} {label_of(effect.knob)}"
            paid = " at the same cost" if free else ""
            return f"; {much} gives {100 * best:.2g} % more speed{paid}"
    return ""


def sensitivity_table(seen: Turned) -> Table:
    """A row a number, sorted by the elasticity of cost."""
    found = seen.found
    more = f"{100 * found.swing:.3g} %"
    columns = (
        Column(key="path", title="path", left=True),
        Column(key="label", title="number", left=True),
        Column(key="now", title="now"),
        Column(key="speed_elasticity", title="speed", unit="elasticity"),
        Column(key="cost_elasticity", title="cost", unit="elasticity"),
        Column(key="cost_at_less", title=f"cost at -{more}", unit="USD/Mtok"),
        Column(key="cost_at_more", title=f"cost at +{more}", unit="USD/Mtok"),
    )
    return Table(
        key="sensitivity",
        title=TITLE,
        columns=columns,
        rows=tuple(_cells(effect) for effect in found.effects),
        values=tuple(_values(effect) for effect in found.effects),
        note="\n".join(_notes(seen)),
    )


def _numbers(effect: Effect) -> tuple[float, ...]:
    far = (side.usd_per_mtok for _, side in (effect.low, effect.high))
    return (0.0 - effect.tpot, effect.cost, *far)


def _values(effect: Effect) -> tuple[Any, ...]:
    knob = effect.knob
    numbers = (None if math.isnan(value) else value for value in _numbers(effect))
    return (knob.path, label_of(knob), knob.value, *numbers)


def _cells(effect: Effect) -> tuple[str, ...]:
    speed, cost, *far = _numbers(effect)
    mark = "*" if effect.stepped else " "
    slopes = ("n/a " if math.isnan(slope) else f"{slope:+.3f}{mark}" for slope in (speed, cost))
    shown = (f"{value:.4g}" if math.isfinite(value) else "no fit" for value in far)
    return (effect.knob.path, label_of(effect.knob), effect.knob.text, *slopes, *shown)


def _notes(seen: Turned) -> list[str]:
    found = seen.found
    notes = ["", seen.sentence, f"At {seen.point}; {seen.stays}."]
    notes += [f"{choice}: {change}" for choice, change in others(found)]
    if any(effect.stepped for effect in found.effects):
        notes.append(
            f"* a step lies within {100 * SMALL:g} %: the slope is that of the whole swing."
        )
    if found.counts:
        notes.append(f"Counts that are not turned: {_named(found.counts)}.")
    return [*notes, f"{len(found.still)} other numbers move nothing here."]


def _named(knobs: tuple[Knob, ...]) -> str:
    return ", ".join(dict.fromkeys(label_of(knob) for knob in knobs))


def sensitivity_tree(seen: Turned) -> dict[str, Any]:
    """The same for programs."""
    table, found = sensitivity_table(seen), seen.found
    keys = [column.key for column in table.columns]
    return {
        "sentence": seen.sentence,
        "point": seen.point,
        "layout_held": seen.held,
        "swing": found.swing,
        "now": _outcome(found.now),
        "effects": [
            dict(zip(keys, row, strict=True)) | _more(effect)
            for row, effect in zip(table.values, found.effects, strict=True)
        ],
        "alternatives": [
            {
                "path": one.knob.path,
                "now": one.knob.value,
                "value": one.value,
                **_outcome(one.outcome),
            }
            for one in found.alternatives
        ],
        "without_effect": [knob.path for knob in found.still],
        "counts_not_turned": [knob.path for knob in found.counts],
    }


def _more(effect: Effect) -> dict[str, Any]:
    """What the table has no room for."""
    return {
        "speed_at_less": effect.low[1].speed_tok_s,
        "speed_at_more": effect.high[1].speed_tok_s,
        "value_at_less": effect.low[0],
        "value_at_more": effect.high[0],
        "stepped": effect.stepped,
    }


def _outcome(outcome: Outcome) -> dict[str, float]:
    return {
        "tok_s": outcome.speed_tok_s,
        "tpot_s": outcome.tpot_s,
        "usd_per_mtok": outcome.usd_per_mtok,
    }
