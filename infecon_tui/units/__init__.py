"""Quantities with units: read once at the edge, shown once at the edge, plain floats between.

Inside the program every quantity is a float in base units (s, B, B/s, FLOP/s, W, USD/h, tok/s) and
its name ends in the unit (`bandwidth_Bps`). This package is the only one that knows prefixes.
"""

from infecon_tui.units.kinds import (
    BYTES,
    BYTES_PER_S,
    COUNT,
    FLOPS,
    JOULES,
    SECONDS,
    TOK_PER_S,
    TOKENS,
    USD,
    USD_PER_HOUR,
    USD_PER_KW_MONTH,
    USD_PER_KWH,
    USD_PER_MTOK,
    WATTS,
    YEARS,
    Unit,
    key_of,
    unit_of,
)
from infecon_tui.units.read import parse
from infecon_tui.units.show import dump, show, split, three, timed

__all__ = [
    "BYTES",
    "BYTES_PER_S",
    "COUNT",
    "FLOPS",
    "JOULES",
    "SECONDS",
    "TOKENS",
    "TOK_PER_S",
    "USD",
    "USD_PER_HOUR",
    "USD_PER_KWH",
    "USD_PER_KW_MONTH",
    "USD_PER_MTOK",
    "WATTS",
    "YEARS",
    "Unit",
    "dump",
    "key_of",
    "parse",
    "show",
    "split",
    "three",
    "timed",
    "unit_of",
]
