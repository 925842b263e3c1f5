"""Every value of a record by its path: list them, read one, replace one.

A path (`hardware.hbm.bandwidth`) is at once a YAML location, a form row, a `--set` argument, a
sensitivity coordinate and the key under which `sources:` names the datasheet. Nothing here knows any
record in particular: names give the units, annotations give the words and the bounds.
"""

from __future__ import annotations

import math
import types
import typing
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin

from infecon_tui.errors import InfeconError, UnitError, did_you_mean
from infecon_tui.units import COUNT, Unit, dump, key_of, parse, show, unit_of

WORDS = {True: "yes", False: "no"}
Record = typing.TypeVar("Record")

_TRUE, _FALSE = ("yes", "true", "on"), ("no", "false", "off")


@dataclass(frozen=True, slots=True, kw_only=True)
class Info:
    """What an annotation adds to a field: `Annotated[float, Info("…", above=0)]`.

    `low`/`high` are allowed bounds, `above` a bound that is itself not allowed; `none` is the word for
    None; `bits` allows a rate in bits; `step` says how the editor steps: `linear` by `by`, `pow2`, or
    `decade` (1-1.5-2-3-5-7); `label` replaces the key on screen; `hidden` keeps it out of forms.
    """

    help: str = ""
    low: float = -math.inf
    high: float = math.inf
    above: float = -math.inf
    none: str = "none"
    bits: bool = False
    step: Literal["linear", "pow2", "decade"] = "decade"
    by: float = 1.0
    label: str = ""
    percent: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """One field of a record class: its name, its YAML key, its bare type, what is said about it."""

    name: str
    key: str
    type: Any
    info: Info
    required: bool

    @property
    def unit(self) -> Unit:
        return unit_of(self.name)

    @property
    def label(self) -> str:
        return self.info.label or self.key.replace("_", " ")

    @property
    def kind(self) -> Any:
        """The type without `| None`."""
        return without_none(self.type)

    @property
    def optional(self) -> bool:
        return type(None) in members(self.type)


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


def members(kind: Any) -> tuple[Any, ...]:
    """The alternatives of a union, or the type alone."""
    return get_args(kind) if get_origin(kind) in (Union, types.UnionType) else (kind,)


def without_none(kind: Any) -> Any:
    """`X` of `X | None`; unions of several records stay unions."""
    rest = tuple(member for member in members(kind) if member is not type(None))
    return rest[0] if len(rest) == 1 else Union[rest]  # noqa: UP007 - built at run time


@cache
def slots_of(cls: type) -> tuple[Slot, ...]:
    """The fields of a record class, in order."""
    hints = typing.get_type_hints(cls, include_extras=True)
    return tuple(
        _slot(
            field.name,
            hints[field.name],
            field.default is MISSING and field.default_factory is MISSING,
        )
        for field in fields(cls)
    )


def _slot(name: str, hint: Any, required: bool) -> Slot:
    info = Info()
    if get_origin(hint) is typing.Annotated:
        hint, *extras = get_args(hint)
        info = next((extra for extra in extras if isinstance(extra, Info)), info)
    return Slot(name, key_of(name), hint, info, required)


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


def value_of(slot: Slot, text: str, default_unit: str = "") -> Any:
    """What a text means in a slot. Raises UnitError with what is allowed there."""
    text = text.strip()
    if slot.optional and text.lower() in (slot.info.none, "none", "null"):
        return None
    kind = slot.kind
    if get_origin(kind) is Literal:
        return _choice(text, get_args(kind))
    if kind is bool:
        return _choice(text.lower(), (*_TRUE, *_FALSE)) in _TRUE
    if get_origin(kind) is tuple:
        return _range(text, slot)
    if kind is str:
        return text
    return checked(slot, parse(text, slot.unit, bits=slot.info.bits, default=default_unit))


def checked(slot: Slot, number: float) -> Any:
    """A number of the slot's type; UnitError when it is out of bounds or not whole where it must be."""
    info = slot.info
    if not math.isfinite(number):
        raise UnitError(f"expected a finite number, found {number}")
    if number <= info.above:
        raise UnitError(
            f"must be above {show(info.above, slot.unit)}, found {show(number, slot.unit)}"
        )
    if not info.low <= number <= info.high:
        raise UnitError(f"must be {_bounds(slot)}, found {show(number, slot.unit)}")
    if slot.kind is int:
        if number != int(number):
            raise UnitError(f"expected a whole number, found {number:g}")
        return int(number)
    return float(number)


def _bounds(slot: Slot) -> str:
    low, high = slot.info.low, slot.info.high
    if high == math.inf:
        return f"at least {show(low, slot.unit)}"
    if low == -math.inf:
        return f"at most {show(high, slot.unit)}"
    return f"between {show(low, slot.unit)} and {show(high, slot.unit)}"


def _choice(text: str, allowed: tuple[str, ...]) -> str:
    exact = {option.lower(): option for option in allowed}
    if text.lower() not in exact:
        listed = " | ".join(allowed)
        raise UnitError(f"expected {listed}, found {text!r}{did_you_mean(text, allowed)}")
    return exact[text.lower()]


def _range(text: str, slot: Slot) -> tuple[int, int]:
    """`2-5`, or one number for both ends."""
    ends = text.replace("–", "-").split("-")
    if len(ends) > 2 or not all(end.strip().isdigit() for end in ends):
        raise UnitError(f'expected a range such as "2-5", found {text!r}')
    low, high = int(ends[0]), int(ends[-1])
    if not slot.info.low <= low <= high <= slot.info.high:
        raise UnitError(
            f"expected a range from {slot.info.low:g} to {slot.info.high:g}, lower end first, found {text!r}"
        )
    return low, high


def text_of(slot: Slot, value: Any) -> str:
    """A value as screens show it."""
    return _written(slot, value, show)


def exact_text(slot: Slot, value: Any) -> str:
    """A value as files hold it: `value_of` gives exactly this value back."""
    return _written(slot, value, dump)


def _written(slot: Slot, value: Any, number: Any) -> str:
    if value is None:
        return slot.info.none
    if isinstance(value, bool):
        return WORDS[value]
    if isinstance(value, tuple):
        return "-".join(str(end) for end in dict.fromkeys(value))
    if isinstance(value, str):
        return value
    if slot.unit is COUNT and slot.kind is int and number is dump:
        return str(value)
    if slot.info.percent and slot.unit is COUNT and number is show:
        return f"{100 * value:.4g} %"
    return str(number(value, slot.unit))
