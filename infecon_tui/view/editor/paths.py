"""Every path of a scenario and what may stand there, from the records alone; for manuals and hints."""

from __future__ import annotations

import math
from dataclasses import dataclass, is_dataclass
from typing import Any, Literal, get_args, get_origin

from infecon_tui.slots import Slot, members, slots_of
from infecon_tui.units import COUNT, show


@dataclass(frozen=True, slots=True)
class Place:
    """One path, its slot, and the kinds of record that have it (none where all have)."""

    path: str
    slot: Slot
    kinds: tuple[str, ...] = ()


def places_of(record: Any, path: str = "", kinds: tuple[str, ...] = ()) -> list[Place]:
    """Every value that a record of this class can have, in order; those of several kinds once each."""
    found: dict[str, Place] = {}
    for slot in slots_of(record):
        here = f"{path}.{slot.key}" if path else slot.key
        for place in _inside(slot, here, kinds):
            known = found.get(place.path)
            first = known or place
            both = (*first.kinds, *place.kinds)
            found[place.path] = Place(place.path, first.slot, tuple(dict.fromkeys(both)))
    return list(found.values())


def _inside(slot: Slot, path: str, kinds: tuple[str, ...]) -> list[Place]:
    kind = slot.kind
    if get_origin(kind) is tuple and is_dataclass(get_args(kind)[0]):
        return places_of(get_args(kind)[0], f"{path}[.N]", kinds)
    records: list[Any] = [member for member in members(kind) if is_dataclass(member)]
    if not records:
        return [] if slot.info.hidden else [Place(path, slot, kinds)]
    found: list[Place] = []
    for record in records:
        named = (str(getattr(record, "kind", record.__name__)),) if len(records) > 1 else ()
        found += places_of(record, path, (*kinds, *named))
    return found


def allowed(slot: Slot) -> str:
    """What may stand in a slot: `above 0 B/s, such as 3.35 TB/s`, `yes | no`, `1d | 2d`."""
    kind, info = slot.kind, slot.info
    if get_origin(kind) is Literal:
        words = " | ".join(map(str, get_args(kind)))
    elif kind is bool:
        words = "yes | no"
    elif kind is str:
        words = "text"
    elif get_origin(kind) is tuple:
        words = f"a range such as 2-5, from {info.low:g} to {info.high:g}"
    else:
        words = _number(slot)
    return f"{words} | {info.none}" if slot.optional and info.none else words


def _number(slot: Slot) -> str:
    bounds = _bounds(slot)
    what = "a whole number" if slot.kind is int else "a number"
    words = f"{what} {bounds}".strip()
    return words if slot.unit is COUNT else f"{words}, such as {slot.unit.example}"


def _bounds(slot: Slot) -> str:
    info = slot.info
    if info.above > -math.inf:
        low = f"above {_shown(slot, info.above)}"
    elif info.low > -math.inf:
        low = f"from {_shown(slot, info.low)}"
    else:
        low = ""
    high = f"up to {_shown(slot, info.high)}" if info.high < math.inf else ""
    return " ".join(part for part in (low, high) if part)


def _shown(slot: Slot, value: float) -> str:
    if slot.unit is COUNT and slot.info.percent:
        return f"{100 * value:g} %"
    return str(show(value, slot.unit))


def titled(place: Place) -> str:
    """The help of a place, with the kinds that have it."""
    kinds = f" ({', '.join(place.kinds)})" if place.kinds else ""
    return f"{place.slot.info.help or place.slot.label}{kinds}"
