"""Families of serving engines by what they are called and their release."""

from __future__ import annotations

import re
from typing import get_args

from infecon_tui.cost.case import Engine

_FIRST_BEFORE = (0, 6, 0)
"""vLLM 0.6 gave its server a process of its own and took outputs off a step's way: an 8B's throughput on one
H100 grew 2.7 times (vLLM's report of 2024-09-05), as the 62 % of a step were the host's."""
_WAITING_BEFORE = (0, 14, 0)
"""vLLM 0.14 made asynchronous scheduling the default."""
_FIRST_UNTIL, _WAITING_UNTIL = "2024-09-05", "2026-01-20"
"""Days on which vLLM 0.6.0 and 0.14.0 were released, for stacks dated but not numbered."""
_EARLY_BEFORE, _EARLY_UNTIL = (0, 5, 10), "2026-04"
"""SGLang 0.5.10 and its month: it came after the pull request (18242) that tuned products for DeepSeek."""


def family_of(engine: str, release: str = "", day: str = "") -> Engine:
    """The family of `vllm`, `sglang`, `trtllm`, `lmdeploy` at a release (`0.11.1`); else `other`.

    Without a release its `day` (`2024-05`) tells; without either an engine is taken as it is now.
    """
    known: tuple[Engine, ...] = get_args(Engine)
    name: Engine = next((family for family in known if family == engine), "other")
    if name not in ("vllm", "sglang"):
        return name
    number = re.search(r"(?<![\w.])v?(\d+)\.(\d+)(?:\.(\d+))?", release)
    at = tuple(int(part or 0) for part in number.groups()) if number else None
    when = day.strip() if re.match(r"\d{4}", day.strip()) else "9999"
    if name == "sglang":
        early = at < _EARLY_BEFORE if at else when < _EARLY_UNTIL
        return "sglang-early" if early else name
    first = at < _FIRST_BEFORE if at else when < _FIRST_UNTIL
    waiting = at < _WAITING_BEFORE if at else when < _WAITING_UNTIL
    return "vllm-first" if first else "vllm-waiting" if waiting else "vllm"
