"""Quantities with units: read once at the edge, shown once at the edge, plain floats between.

Inside the program every quantity is a float in base units (s, B, B/s, FLOP/s, W, USD/h, tok/s) and
its name ends in the unit (`bandwidth_Bps`). This module is the only one that knows prefixes.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from infecon_tui.errors import UnitError

DECIMAL = {"": 0, "k": 3, "K": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50}
SMALL = {"": 0, "m": -3, "u": -6, "µ": -6, "μ": -6, "n": -9, "p": -12}
COUNTING = {"": 0, "k": 3, "K": 3, "m": 6, "M": 6, "b": 9, "B": 9, "G": 9, "t": 12, "T": 12}

_NUMBER = re.compile(r"\s*([+-]?(?:\d[\d_ ,]*\.?\d*|\.\d+))(?:[eE]([+-]?\d+))?\s*(.*?)\s*$")
_GROUPED = re.compile(r"[+-]?\d{1,3}([ ,_]\d{3})+(\.\d*)?$")


@dataclass(frozen=True, slots=True)
class Unit:
    """How one kind of quantity is written.

    `symbols` are the accepted spellings after the prefix, the first is the one shown; `prefixes` maps
    a prefix to its power of ten; `bare` says whether a number without unit is understood.
    """

    symbols: tuple[str, ...]
    prefixes: dict[str, int]
    example: str
    bare: bool = False
    shown: tuple[str, ...] = ("",)

    @property
    def symbol(self) -> str:
        return self.symbols[0]

    @property
    def counts(self) -> bool:
        """Whether prefixes are those of counting: k, M, B for 10^9, T."""
        return self.prefixes is COUNTING


COUNT = Unit(("",), COUNTING, "70B", bare=True, shown=("", "k", "M", "B", "T"))
TOKENS = Unit(("tok", "tokens", "token", ""), COUNTING, "2k tok", bare=True)
SECONDS = Unit(("s", "sec"), SMALL, "4 us", shown=("", "m", "u", "n"))
BYTES = Unit(("B",), DECIMAL, "80 GB", shown=("", "k", "M", "G", "T", "P"))
BYTES_PER_S = Unit(("B/s", "Bps"), DECIMAL, "3.35 TB/s", shown=("", "k", "M", "G", "T", "P"))
FLOPS = Unit(
    ("FLOP/s", "FLOPS", "FLOPs/s", "OP/s", "OPS"),
    DECIMAL,
    "989 TFLOP/s",
    shown=("", "k", "M", "G", "T", "P", "E"),
)
FLOP = Unit(("FLOP",), DECIMAL, "140 GFLOP", shown=("", "k", "M", "G", "T", "P", "E"))
WATTS = Unit(("W",), DECIMAL | {"m": -3}, "700 W", bare=True, shown=("", "k", "M"))
JOULES = Unit(("J",), DECIMAL | {"m": -3}, "1.9 J", bare=True, shown=("m", "", "k", "M"))
USD_PER_HOUR = Unit(
    ("USD/h", "$/h", "USD/hour", "$/hour", "USD", "$", "/h"), {"": 0}, "2.10 USD/h", True
)
USD = Unit(("USD", "$", ""), COUNTING, "30k USD", bare=True, shown=("", "k", "M", "B"))
USD_PER_KWH = Unit(("USD/kWh", "$/kWh", "/kWh"), {"": 0}, "0.08 USD/kWh", bare=True)
USD_PER_KW_MONTH = Unit(
    ("USD/kW/month", "$/kW/month", "/kW/month"), {"": 0}, "150 USD/kW/month", bare=True
)
YEARS = Unit(("years", "year", "y"), {"": 0}, "4 years", bare=True)
USD_PER_MTOK = Unit(("USD/Mtok", "$/Mtok", "USD", "$", "/Mtok"), {"": 0}, "0.40 USD/Mtok", True)
TOK_PER_S = Unit(
    ("tok/s", "tokens/s", "token/s", "tps", ""), COUNTING, "10k tok/s", True, ("", "k", "M", "G")
)

SUFFIXES = {
    "_tok_s": TOK_PER_S,
    "_usd_per_hour": USD_PER_HOUR,
    "_usd_per_mtok": USD_PER_MTOK,
    "_usd_per_kwh": USD_PER_KWH,
    "_usd_per_kw_month": USD_PER_KW_MONTH,
    "_usd": USD,
    "_years": YEARS,
    "_Bps": BYTES_PER_S,
    "_flops": FLOPS,
    "_flop": FLOP,
    "_bytes": BYTES,
    "_tok": TOKENS,
    "_W": WATTS,
    "_J": JOULES,
    "_s": SECONDS,
}


def unit_of(name: str) -> Unit:
    """The unit a field's name ends in; a plain count when it ends in none."""
    return next((unit for suffix, unit in SUFFIXES.items() if name.endswith(suffix)), COUNT)


def key_of(name: str) -> str:
    """The key of a field in YAML and in paths: the name without its unit."""
    suffix = next((suffix for suffix in SUFFIXES if name.endswith(suffix)), "")
    return name.removesuffix(suffix)


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


def split(value: float, unit: Unit = COUNT, digits: int = 4) -> tuple[str, str]:
    """The number and the unit that a screen shows for a value: `("3.35", "TB/s")`."""
    if not math.isfinite(value):
        return ("∞" if value > 0 else "n/a"), unit.symbol
    if unit is BYTES and value >= 2**30 and value % 2**30 == 0 and value % 10**9:
        return _plain(value / 2**30, digits), "GiB"
    if unit in (TOKENS, COUNT) and abs(value) < 10_000_000 and value == int(value):
        return f"{value:.0f}", unit.symbol
    prefix = _prefix(value, unit, digits)
    return _join(_plain(value / 10 ** unit.prefixes[prefix], digits), prefix, unit)


def _join(number: str, prefix: str, unit: Unit) -> tuple[str, str]:
    """`70B` and `10k tok/s` carry the prefix on the number, `3.35 TB/s` on the unit."""
    return (number + prefix, unit.symbol) if unit.counts else (number, prefix + unit.symbol)


def _prefix(value: float, unit: Unit, digits: int) -> str:
    size = abs(float(f"{value:.{digits}g}"))
    fitting = [prefix for prefix in unit.shown if size >= 10.0 ** unit.prefixes[prefix]]
    if size == 0:
        return "" if "" in unit.shown else unit.shown[0]
    powers = unit.prefixes
    return (
        max(fitting, key=powers.__getitem__) if fitting else min(unit.shown, key=powers.__getitem__)
    )


def _plain(value: float, digits: int) -> str:
    text = f"{value:.{digits}g}"
    if "e" in text:
        text = f"{value:.0f}" if abs(value) >= 1 and abs(value) < 1e9 else text
    elif abs(value) >= 10**digits:
        text = f"{value:.0f}"
    return text


def show(value: float | None, unit: Unit = COUNT, digits: int = 4) -> str:
    """`3.35 TB/s`; `n/a` for None and for what is not a number."""
    if value is None or math.isnan(value):
        return "n/a"
    return " ".join(split(value, unit, digits)).strip()


def dump(value: float, unit: Unit = COUNT) -> str:
    """A text that `parse` turns back into exactly this value, with the prefix a person would write."""
    written = [
        (abs(float(number)), " ".join(_join(number, prefix, unit)).strip())
        for prefix in dict.fromkeys(unit.shown)
        if "e" not in (number := f"{value / 10 ** unit.prefixes[prefix]:.15g}")
    ]
    if unit in (BYTES, BYTES_PER_S) and value >= 2**30 and value % 2**20 == 0:
        written.append((value / 2**30, f"{value / 2**30:.15g} Gi{unit.symbol}"))
    exact = [(size, text) for size, text in written if parse(text, unit) == value]
    handy = [text for size, text in exact if 1 <= size < 1000] or [text for _, text in exact]
    return min(handy, key=len, default=f"{value!r} {unit.symbol}".strip())
