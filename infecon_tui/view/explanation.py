"""Everything known of one value, metric or view of a scenario: value, bounds, formula, source, effect."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from infecon_tui.cost.support import sources
from infecon_tui.errors import InfeconError, did_you_mean
from infecon_tui.knobs import Knob, at, leaves
from infecon_tui.units import show
from infecon_tui.view.editor.forms import spec_source
from infecon_tui.view.editor.steps import choices_of
from infecon_tui.view.meanings import MEANINGS, meaning_of

if TYPE_CHECKING:
    from infecon_tui.scenario import Scenario

Facts = tuple[tuple[str, str], ...]
"""What is said of, and what."""
NAMED = ("view ", "metric ")
_EFFECT = {"": "effect", "view": "reading it", "metric": "moved by"}


def explanation(scenario: Scenario, name: str, base: Scenario | None = None) -> Facts:
    """The facts of a path, a view or a metric; with `base` the value as its spec has it, where it was
    changed. Raises InfeconError with the nearest name.
    """
    meaning = meaning_of(name) or next(
        (m for kind in NAMED if (m := meaning_of(kind + name))), None
    )
    paths = [knob.path for knob in leaves(scenario)]
    known = [*paths, *(m.name.split(" ")[1] for m in MEANINGS if m.name.startswith(NAMED))]
    if meaning is None and name not in paths:
        raise InfeconError(f"{name}: nothing of this name{did_you_mean(name, known)}")
    facts = _of_value(scenario, at(scenario, name), base) if name in paths else ()
    if meaning is None:
        return facts
    kind, _, word = meaning.name.rpartition(" ")
    facts = facts or (("what", f"{word}: a {kind}"),)
    formula = meaning.formula(scenario.fidelity)
    return (*facts, (f"at {scenario.fidelity}", formula), (_EFFECT[kind], meaning.moves))


def _of_value(scenario: Scenario, knob: Knob, base: Scenario | None) -> Facts:
    source, default = _source(knob.path, scenario), ""
    spec = {k.path: k for k in leaves(base)}.get(knob.path) if base is not None else None
    if spec is not None and spec.value != knob.value:
        default = f"{spec.text} ({source})" if source else spec.text
        source = "put in here"
    found = [
        ("what", f"{knob.slot.label}: {knob.slot.info.help}"),
        ("path", knob.path),
        ("now", knob.text),
        ("source", source),
        ("default", default),
        ("allowed", _allowed(knob)),
    ]
    return tuple(fact for fact in found if fact[1])


def _source(path: str, scenario: Scenario) -> str:
    """Of a spec's number, or of what an engine is told to run."""
    if path == "engine":
        return "; ".join(sources(scenario.engine))
    return spec_source(path, scenario)


def _allowed(knob: Knob) -> str:
    """Words that may stand there, or bounds."""
    if choices := choices_of(knob):
        return ", ".join(choices)
    info, unit = knob.slot.info, knob.slot.unit
    parts = []
    if math.isfinite(info.above):
        parts.append(f"above {show(info.above, unit)}")
    if math.isfinite(info.low):
        parts.append(f"from {show(info.low, unit)}")
    if math.isfinite(info.high):
        parts.append(f"to {show(info.high, unit)}")
    if knob.slot.optional:
        parts.append(f"or {info.none}")
    example = f"such as {unit.example}" if unit.example and unit.symbol else ""
    return ", ".join(filter(None, (" ".join(parts), example)))
