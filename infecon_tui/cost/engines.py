"""Families of serving engines by what they are called and their release."""

from __future__ import annotations

import re
from typing import get_args

from infecon_tui.cost.case import Engine

_FIRST_BEFORE = (0, 8)
"""vLLM 0.8 made its second engine the default: scheduler and server in processes of their own."""
_WAITING_BEFORE = (0, 14)
"""vLLM 0.14 made asynchronous scheduling the default."""
_FIRST_UNTIL, _WAITING_UNTIL = "2025-03-18", "2026-01-20"
"""Days on which vLLM 0.8.0 and 0.14.0 were released, for stacks dated but not numbered."""


def family_of(engine: str, release: str = "", day: str = "") -> Engine:
    """The family of `vllm`, `sglang`, `trtllm`, `lmdeploy` at a release (`0.11.1`); else `other`.

    Without a release its `day` (`2024-05`) tells; without either vLLM is taken as it is now.
    """
    known: tuple[Engine, ...] = get_args(Engine)
    name: Engine = next((family for family in known if family == engine), "other")
    if name != "vllm":
        return name
    number = re.search(r"(?<![\w.])v?(\d+)\.(\d+)", release)
    if number is not None:
        at = (int(number[1]), int(number[2]))
        return _by_age(at < _FIRST_BEFORE, at < _WAITING_BEFORE)
    when = day.strip()
    if not re.match(r"\d{4}", when):
        return name
    return _by_age(when < _FIRST_UNTIL, when < _WAITING_UNTIL)


def _by_age(first: bool, waiting: bool) -> Engine:
    return "vllm-first" if first else "vllm-waiting" if waiting else "vllm"
