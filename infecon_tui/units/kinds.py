"""The kinds of quantity: how each is written, and which suffix of a name stands for it."""

from __future__ import annotations

from dataclasses import dataclass

DECIMAL = {"": 0, "k": 3, "K": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50}
SMALL = {"": 0, "m": -3, "u": -6, "µ": -6, "μ": -6, "n": -9, "p": -12}
COUNTING = {"": 0, "k": 3, "K": 3, "m": 6, "M": 6, "b": 9, "B": 9, "G": 9, "t": 12, "T": 12}


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
