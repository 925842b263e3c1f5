"""Models and accelerators that are known and have no spec: refused by name, with the nearest that has one."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from infecon_tui.spec.nodes import Mapping, Scalar, Sequence, parse_yaml, read_text

TABLE = Path(__file__).with_name("absent.yaml")


def absent(kind: str, name: str) -> str:
    """`: why; the nearest is 'id'` for a name of one of the `models` or the `hardware`, or nothing."""
    plain = name.lower().replace("_", "-")
    found = next((told for known, told in _table()[kind].items() if plain == known), None)
    return f": {found[0]}; the nearest is '{found[1]}'" if found else ""


@cache
def _table() -> dict[str, dict[str, tuple[str, str]]]:
    """By kind and name: why there is no spec, and the nearest id."""
    root = parse_yaml(read_text(TABLE), TABLE.name)
    return {
        kind: {
            _text(entry, "name"): (_text(entry, "why"), _text(entry, "nearest"))
            for entry in entries
        }
        for kind in ("models", "hardware")
        if (entries := _entries(root, kind))
    }


def _entries(root: Mapping, kind: str) -> list[Mapping]:
    found = root.get(kind)
    items = found.items if isinstance(found, Sequence) else ()
    return [entry for entry in items if isinstance(entry, Mapping)]


def _text(entry: Mapping, key: str) -> str:
    value = entry.get(key)
    return value.text if isinstance(value, Scalar) else ""
