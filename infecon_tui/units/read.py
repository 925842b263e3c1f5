"""Texts to values: what people write, and what files hold."""

from __future__ import annotations

import math
import re

from infecon_tui.errors import UnitError
from infecon_tui.units.kinds import BINARY, BYTES, BYTES_PER_S, COUNT, DECIMAL, Unit

_NUMBER = re.compile(r"\s*([+-]?(?:\d[\d_ ,]*\.?\d*|\.\d+))(?:[eE]([+-]?\d+))?\s*(.*?)\s*$")
_GROUPED = re.compile(r"[+-]?\d{1,3}([ ,_]\d{3})+(\.\d*)?$")


def parse(text: str, unit: Unit = COUNT, *, bits: bool = False, default: str = "") -> float:
    """The value of `text` in base units.

    `bits` allows a rate in bits (`400 Gb/s`), as networks are sold. `default` is the unit that a bare
    number takes where the caller shows one beside the field. Raises UnitError with what is allowed.
    """
    match = _NUMBER.match(text.removeprefix("$"))
    if not match:
        raise UnitError(f"expected {_expected(unit)}, found {_quoted(text)}")
    digits, exponent, tail = match.groups()
    digits = _ungrouped(digits.strip(), text, unit)
    power = int(exponent or 0)
    if not tail and default:
        tail = default
    if tail == "%" and unit is COUNT:
        return _scaled(digits, power - 2)
    if not tail and not unit.bare and float(digits) != 0:
        raise UnitError(f"a unit is missing: expected {_expected(unit)}, found {_quoted(text)}")
    shift, factor = _scale(tail, unit, bits=bits, text=text)
    return _scaled(digits, power + shift) * factor


def _ungrouped(digits: str, text: str, unit: Unit) -> str:
    if re.search(r"[ ,_]", digits):
        if not _GROUPED.match(digits):
            raise UnitError(f"expected {_expected(unit)}, found {_quoted(text)}")
        digits = re.sub(r"[ ,_]", "", digits)
    return digits


def _scaled(digits: str, power: int) -> float:
    # Through the decimal text, so that 3.35 TB/s is the float nearest to 3.35e12 and not a rounding off it.
    value = float(f"{digits}e{power}")
    if not math.isfinite(value):
        raise UnitError("the number is too large")
    return value


def _scale(tail: str, unit: Unit, *, bits: bool, text: str) -> tuple[int, float]:
    """The power of ten and the factor that a written unit stands for."""
    tail = tail.strip()
    if not tail:
        return 0, 1.0
    for symbol in unit.symbols:
        prefix = tail.removesuffix(symbol) if symbol else tail
        if not tail.endswith(symbol):
            continue
        if prefix.strip() in unit.prefixes:
            return unit.prefixes[prefix.strip()], 1.0
        if unit in (BYTES, BYTES_PER_S) and prefix in BINARY:
            return 0, float(2 ** BINARY[prefix])
    if unit is BYTES_PER_S:
        return _bit_rate(tail, bits=bits, text=text)
    if unit is BYTES and tail.lower().endswith(("b", "bit", "bits")):
        raise UnitError(
            f"{_quoted(text)} can be read as bits; expected bytes, such as '80 GB' or '80 GiB'"
        )
    if unit is COUNT:
        raise UnitError(
            f"expected a number without a unit, such as {unit.example}, found {_quoted(text)}"
        )
    raise UnitError(f"expected {_expected(unit)}, found {_quoted(text)}")


_RATE = re.compile(r"([kKMGTP]i?|)(?:b/s|bps|bit/s)$")
_ANY_CASE_RATE = re.compile(r"[kmgtp]i?b(/s|ps)$", re.IGNORECASE)


def _bit_rate(tail: str, *, bits: bool, text: str) -> tuple[int, float]:
    match = _RATE.match(tail)
    if match and bits:
        prefix = match[1]
        binary = prefix in BINARY
        return (0, 2 ** BINARY[prefix] / 8) if binary else (DECIMAL[prefix], 1 / 8)
    if match:
        raise UnitError(
            f"{_quoted(text)} is in bits; this is given in bytes, such as '{BYTES_PER_S.example}'"
        )
    if _ANY_CASE_RATE.match(tail):
        raise UnitError(f"{_quoted(text)} is ambiguous: write GB/s for bytes or Gb/s for bits")
    raise UnitError(f"expected {_expected(BYTES_PER_S)}, found {_quoted(text)}")


def _expected(unit: Unit) -> str:
    if unit is COUNT:
        return f"a number, such as {unit.example}"
    return f'a quantity in {unit.symbol}, such as "{unit.example}"'


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")
