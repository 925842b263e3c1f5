"""Values to texts: as screens show them, and exactly."""

from __future__ import annotations

import math

from infecon_tui.units.kinds import BYTES, BYTES_PER_S, COUNT, SECONDS, TOKENS, Unit
from infecon_tui.units.read import parse


def three(value: float) -> str:
    """A number in three digits or all before the point, zeros kept: `2.50`, `20.0`, `301`.

    The numbers of a column so have their points under each other.
    """
    if not math.isfinite(value):
        return "∞" if value > 0 else "n/a"
    return f"{value:.0f}" if abs(value) >= 99.95 else f"{value:#.3g}".rstrip(".")


def timed(seconds: float) -> str:
    """A time in three digits, zeros kept: `30.0 ms`, `49.8 ms`, `1.85 s`."""
    number, symbol = split(seconds, SECONDS, 3)
    return f"{three(float(number))} {symbol}" if math.isfinite(seconds) else number


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
