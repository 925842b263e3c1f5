"""Every value of a record by its path: list them, read one, replace one.

A path (`hardware.hbm.bandwidth`) is at once a YAML location, a form row, a `--set` argument, a
sensitivity coordinate and the key under which `sources:` names the datasheet. Nothing here knows any
record in particular.
"""

from __future__ import annotations

from dataclasses import dataclass, is_dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from infecon_tui.errors import InfeconError, UnitError, did_you_mean
from infecon_tui.slots import Slot, members, slots_of
from infecon_tui.values import text_of, value_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from _typeshed import DataclassInstance

Record = TypeVar("Record", bound="DataclassInstance")


@dataclass(frozen=True, slots=True)
class Knob:
    """One value of one record: where it is, what it is and what may stand there."""

    path: str
    slot: Slot
    value: Any

    @property
    def text(self) -> str:
        """The value as it is shown."""
        return text_of(self.slot, self.value)


def leaves(record: Any, path: str = "") -> list[Knob]:
    """Every value of a record and of the records inside it, depth first, in the order of the fields."""
    found: list[Knob] = []
    for slot in slots_of(type(record)):
        value, here = getattr(record, slot.name), f"{path}.{slot.key}" if path else slot.key
        if is_dataclass(value):
            found += leaves(value, here)
        elif isinstance(value, tuple) and value and is_dataclass(value[0]):
            for index, item in enumerate(value):
                found += leaves(item, f"{here}.{index}" if len(value) > 1 else here)
        elif not slot.info.hidden and not _lacks_record(slot, value):
            found.append(Knob(here, slot, value))
    return found


def _lacks_record(slot: Slot, value: Any) -> bool:
    """A record that is not there (a layer without attention) has no values."""
    return value is None and any(is_dataclass(member) for member in members(slot.kind))


def at(record: Any, path: str) -> Knob:
    """The knob at a path; InfeconError with the nearest path when there is none."""
    known = {knob.path: knob for knob in leaves(record)}
    if path not in known:
        raise InfeconError(f"{path}: no such value{_near(path, list(known))}")
    return known[path]


def _near(path: str, known: list[str]) -> str:
    """The nearest path, judged by its last word first: people forget the middle, not the end."""
    last = path.rsplit(".", 1)[-1]
    same_end = [other for other in known if other.rsplit(".", 1)[-1] == last]
    if len(same_end) == 1:
        return f"; did you mean '{same_end[0]}'?"
    return did_you_mean(path, same_end or known)


def source_of(path: str, sources: Mapping[str, str]) -> str:
    """The source of the longest part of a path that there is one for; empty where there is none."""
    while path and path not in sources:
        path = path.rpartition(".")[0]
    return sources.get(path, "")


def replaced(record: Record, path: str, value: Any) -> Record:
    """The record with the value at a path changed; `value` is already of the slot's type."""
    head, _, rest = path.partition(".")
    slot = next((slot for slot in slots_of(type(record)) if slot.key == head), None)
    if slot is None:
        raise InfeconError(f"{path}: no such value")
    new = _inside(getattr(record, slot.name), rest, value) if rest else value
    changed: Record = replace(record, **{slot.name: new})
    return changed


def _inside(inner: Any, rest: str, value: Any) -> Any:
    """A nested record, or one item of a tuple of records, with the value changed."""
    if not isinstance(inner, tuple):
        return replaced(inner, rest, value)
    index, _, tail = rest.partition(".")
    position, tail = (int(index), tail) if index.isdigit() else (0, rest)
    return (*inner[:position], replaced(inner[position], tail, value), *inner[position + 1 :])


def with_text(record: Record, path: str, text: str) -> Record:
    """The record with the value at a path read from what a user typed; InfeconError names the path."""
    knob = at(record, path)
    try:
        return replaced(record, path, value_of(knob.slot, text))
    except UnitError as error:
        raise InfeconError(f"{path}: {error}") from None
