"""Families of serving engines by what they are called and their release."""

from __future__ import annotations

import re
from typing import get_args

from infecon_tui.cost.case import Engine

_FIRST_BEFORE = (0, 8)
"""vLLM 0.8 made its second engine the default: scheduler and server in processes of their own."""
_WAITING_BEFORE = (0, 14)
"""vLLM 0.14 made asynchronous scheduling the default."""


def family_of(engine: str, release: str = "") -> Engine:
    """The family of `vllm`, `sglang`, `trtllm`, `lmdeploy` at a release (`0.11.1`); else `other`.

    Without a release vLLM is taken as it is now.
    """
    known: tuple[Engine, ...] = get_args(Engine)
    name: Engine = next((family for family in known if family == engine), "other")
    number = re.match(r"v?(\d+)\.(\d+)", release.strip())
    if name != "vllm" or number is None:
        return name
    at = (int(number[1]), int(number[2]))
    if at < _FIRST_BEFORE:
        return "vllm-first"
    return "vllm-waiting" if at < _WAITING_BEFORE else "vllm"
