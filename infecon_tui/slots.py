"""What a field of a record is: its unit (from its name), its words and bounds (from its annotation)."""

from __future__ import annotations

import math
import types
import typing
from dataclasses import MISSING, dataclass, fields
from typing import Any, Literal, Union, get_args, get_origin

from infecon_tui.units import Unit, key_of, unit_of


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


def share(text: str, label: str = "", *, zero: bool = False, by: float = 0.01) -> Info:
    """Of a field that is a share of a whole, shown in percent; `zero` that none of it is allowed too."""
    low, above = (0.0, -math.inf) if zero else (-math.inf, 0.0)
    return Info(
        help=text, label=label, low=low, above=above, high=1, percent=True, step="linear", by=by
    )


def duration(text: str, label: str) -> Info:
    """Of a field that is a time, which may be none."""
    return Info(help=text, label=label, low=0)


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


def members(kind: Any) -> tuple[Any, ...]:
    """The alternatives of a union, or the type alone."""
    return get_args(kind) if get_origin(kind) in (Union, types.UnionType) else (kind,)


def without_none(kind: Any) -> Any:
    """`X` of `X | None`; unions of several records stay unions."""
    rest = tuple(member for member in members(kind) if member is not type(None))
    return rest[0] if len(rest) == 1 else Union[rest]  # noqa: UP007 - built at run time


_SLOTS: dict[type, tuple[Slot, ...]] = {}


def slots_of(cls: type) -> tuple[Slot, ...]:
    """The fields of a record class, in order."""
    if cls not in _SLOTS:
        _SLOTS[cls] = _slots(cls)
    return _SLOTS[cls]


def _slots(cls: type) -> tuple[Slot, ...]:
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
