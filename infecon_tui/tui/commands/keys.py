"""Names of keys: as commands write them, and as Textual has them."""

from __future__ import annotations

_NAMES = {
    "-": "minus",
    "+": "plus",
    "=": "equals_sign",
    "<": "less_than_sign",
    ">": "greater_than_sign",
    "[": "left_square_bracket",
    "]": "right_square_bracket",
    "/": "slash",
    "%": "percent_sign",
    ":": "colon",
    "@": "at",
    "#": "number_sign",
    "$": "dollar_sign",
}


def key_name(key: str) -> str:
    """Textual's name of a key; commands write punctuation as itself."""
    return _NAMES.get(key, key)
