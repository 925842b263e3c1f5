"""The scenario and its past: pure functions from one history to the next; no Textual here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from infecon_tui.errors import InfeconError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infecon_tui.scenario import Scenario

MOST_STEPS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The scenario of now, those before it (the latest last) and those undone (the next first).

    `step` is the path of the last change when further steps of it are to be one undo with it.
    """

    present: Scenario
    past: tuple[Scenario, ...] = ()
    future: tuple[Scenario, ...] = ()
    step: str = ""


def changed(history: History, scenario: Scenario, step: str = "") -> History:
    """A new present; steps of the same path join the one before."""
    if scenario == history.present:
        return history
    if step and step == history.step:
        return replace(history, present=scenario, future=())
    past = (*history.past, history.present)[-MOST_STEPS:]
    return History(present=scenario, past=past, step=step)


def with_value(scenario: Scenario, path: str, text: str) -> Scenario:
    """A scenario with one value read from a text. Raises InfeconError.

    Of two drafters, which cannot draft together, the one asked for last stays.
    """
    from infecon_tui.spec.scenario_file import edited

    made = edited(scenario, path, text)
    if not made.speculation.problem:
        return made
    other = "speculation.heads" if path.startswith("speculation.draft") else "speculation.draft"
    return edited(made, other, "none")


def edit(history: History, path: str, text: str, *, step: bool = False) -> History:
    """One value read from what was typed, stepped to or picked. Raises InfeconError."""
    return changed(history, with_value(history.present, path, text), path if step else "")


def judge(history: History, path: str, text: str) -> str:
    """What would be wrong with a value, or nothing."""
    try:
        edit(history, path, text)
    except InfeconError as error:
        return without_path(str(error), path)
    return ""


def reset(history: History, path: str) -> History:
    """One value put back to that of its spec; a spec's own row puts back all of the spec."""
    from infecon_tui.knobs import at, replaced
    from infecon_tui.spec.scenario_file import base_of

    base = base_of(history.present)
    if path in ("model", "hardware"):
        return changed(history, replaced(history.present, path, getattr(base, path)))
    if path == "speculation.draft":
        return changed(history, replaced(history.present, path, None))
    return changed(history, replaced(history.present, path, at(base, path).value))


def reset_all(history: History) -> History:
    """Everything put back to its default, the specs that are named kept."""
    from infecon_tui.spec.scenario_file import base_of

    return changed(history, base_of(history.present))


def undone(history: History) -> History:
    """The change before, or the same history when there is none."""
    if not history.past:
        return history
    return History(
        present=history.past[-1],
        past=history.past[:-1],
        future=(history.present, *history.future),
    )


def redone(history: History) -> History:
    """The change that was undone, or the same history when there is none."""
    if not history.future:
        return history
    return History(
        present=history.future[0],
        past=(*history.past, history.present),
        future=history.future[1:],
    )


def difference(before: Scenario, after: Scenario) -> str:
    """What differs in words: `HBM bandwidth 3.35 TB/s → 3.6 TB/s`, or how many values do."""
    from infecon_tui.knobs import leaves

    old, new = ({knob.path: knob for knob in leaves(s)} for s in (before, after))
    for spec in ("model", "hardware"):
        ids = getattr(before, spec).id, getattr(after, spec).id
        if ids[0] != ids[1]:
            return f"{spec} {ids[0]} → {ids[1]}"
    paths = [path for path in {**old, **new} if _value(old, path) != _value(new, path)]
    if len(paths) == 1 and paths[0] in old and paths[0] in new:
        path = paths[0]
        was, now = (knobs[path].text or "none" for knobs in (old, new))
        return f"{new[path].slot.label} {was} → {now}"
    return f"{len(paths)} values"


def _value(knobs: Mapping[str, object], path: str) -> object:
    return getattr(knobs.get(path), "value", None)


def without_path(message: str, path: str) -> str:
    """A message without the path that it begins with, where the row says it already."""
    return message.removeprefix(f"{path}: ")
