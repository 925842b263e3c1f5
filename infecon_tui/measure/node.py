"""The accelerators of the machine that one sits on, as their own tools name them."""

from __future__ import annotations

import csv
import json
import platform
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from infecon_tui.measure.rows.names import Names

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE_S = 10.0
"""A driver that hangs is as good as none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Local:
    """Accelerators of one kind on this machine; `id` is the catalogue's, empty where it has none."""

    name: str
    count: int
    id: str = ""
    hint: str = ""
    memory_bytes: float | None = None
    power_W: float | None = None


@dataclass(frozen=True, slots=True)
class Tool:
    """A vendor's program that lists accelerators, and what makes names, bytes and watts of what it prints."""

    command: tuple[str, ...]
    read: Callable[[str], list[tuple[str, float | None, float | None]]]


def local() -> list[Local]:
    """What is here, by kind; empty where no tool is there or none finds any."""
    for tool in TOOLS:
        if found := tool.read(_printed(tool.command)):
            return _kinds(found)
    return []


def _printed(command: tuple[str, ...]) -> str:
    """What a program prints; nothing where it is not there, fails or hangs."""
    try:
        done = subprocess.run(  # noqa: S603 - the commands of TOOLS, which take nothing from anyone
            command, capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
        return ""
    return done.stdout if done.returncode == 0 else ""


def _kinds(found: list[tuple[str, float | None, float | None]]) -> list[Local]:
    names = Names()
    kinds: dict[str, list[tuple[float | None, float | None]]] = {}
    for name, memory_bytes, power_W in found:
        kinds.setdefault(name, []).append((memory_bytes, power_W))
    made = []
    for name, each in kinds.items():
        known = names.accelerator(name) or ""
        made.append(
            Local(
                name=name,
                count=len(each),
                id=known,
                hint="" if known else names.near_accelerator(name),
                memory_bytes=each[0][0],
                power_W=each[0][1],
            )
        )
    return made


def nvidia(text: str) -> list[tuple[str, float | None, float | None]]:
    """Of `nvidia-smi`: name, MiB and watts a line."""
    rows = csv.reader(text.splitlines(), skipinitialspace=True)
    return [
        (row[0], _times(row[1], 2**20), _times(row[2], 1))
        for row in rows
        if len(row) == 3 and row[0]
    ]


def amd(text: str) -> list[tuple[str, float | None, float | None]]:
    """Of `rocm-smi --json`: an object for every card, whose keys differ between releases."""
    try:
        tree = json.loads(text)
    except ValueError:
        return []
    cards = (
        [card for card in tree.values() if isinstance(card, dict)] if isinstance(tree, dict) else []
    )
    found = []
    for card in cards:
        name = _first(card, "Card Series", "Card series", "Device Name", "Card Model", "Card model")
        if name:
            memory = _first(card, "VRAM Total Memory (B)")
            power = _first(card, "Max Graphics Package Power (W)")
            found.append((name, _times(memory, 1), _times(power, 1)))
    return found


def apple(text: str) -> list[tuple[str, float | None, float | None]]:
    """Of `sysctl`: the chip, then its bytes of memory."""
    lines = text.splitlines()
    if platform.system() != "Darwin" or not lines or not lines[0].startswith("Apple"):
        return []
    return [(lines[0], _times(lines[1], 1) if len(lines) > 1 else None, None)]


def _first(card: dict[str, Any], *keys: str) -> str:
    return next((str(card[key]) for key in keys if card.get(key)), "")


def _times(text: str, unit: float) -> float | None:
    """A number in a unit; None for `[N/A]` and the like."""
    try:
        return float(text) * unit
    except ValueError:
        return None


TOOLS: tuple[Tool, ...] = (
    Tool(
        (
            "nvidia-smi",
            "--query-gpu=name,memory.total,power.limit",
            "--format=csv,noheader,nounits",
        ),
        nvidia,
    ),
    Tool(
        ("rocm-smi", "--showproductname", "--showmeminfo", "vram", "--showmaxpower", "--json"), amd
    ),
    Tool(("sysctl", "-n", "machdep.cpu.brand_string", "hw.memsize"), apple),
)
"""Every tool, asked in this order until one finds something."""
