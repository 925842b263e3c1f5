"""Values of fields as people write and read them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from infecon_tui.errors import UnitError, did_you_mean
from infecon_tui.units import COUNT, dump, parse, show

if TYPE_CHECKING:
    from infecon_tui.slots import Slot

WORDS = {True: "yes", False: "no"}
MOST, LEAST = 1e24, 1e-24
"""Sizes of a number beyond which products of several overflow; zero is no such number."""
MOST_WHOLE = 10**9
"""The most of a count or a width, where its field names no other bound."""
_TRUE, _FALSE = ("yes", "true", "on"), ("no", "false", "off")


def value_of(slot: Slot, text: str) -> Any:
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
    return checked(slot, parse(text, slot.unit, bits=slot.info.bits))


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
    most = MOST_WHOLE if slot.kind is int else MOST
    if info.high == math.inf and number > most:
        raise UnitError(f"must be at most {_plain(most, slot)}, found {_plain(number, slot)}")
    if 0 < abs(number) < LEAST:
        raise UnitError(f"must be at least {_plain(LEAST, slot)}, found {_plain(number, slot)}")
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


def _plain(number: float, slot: Slot) -> str:
    """A number that no prefix makes handy."""
    return f"{number:g} {slot.unit.symbol}".strip()


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
    """A value as screens show it; words on one line, without what a terminal would obey."""
    return one_line(_written(slot, value, show))


def one_line(text: str) -> str:
    """A text without line ends and control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


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
    if slot.info.percent and slot.unit is COUNT and number is show and value <= 1:
        return f"{100 * value:.4g} %"
    return str(number(value, slot.unit))
