"""Families of serving engines by what they are called and their release, and whose accelerators they run on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args

from infecon_tui.cost.case import Engine

if TYPE_CHECKING:
    from infecon_tui.hardware.accelerator import Accelerator

_FIRST_BEFORE = (0, 6, 0)
"""vLLM 0.6 gave its server a process of its own and took outputs off a step's way: an 8B's throughput on one
H100 grew 2.7 times (vLLM's report of 2024-09-05), as the 62 % of a step were the host's."""
_WAITING_BEFORE = (0, 14, 0)
"""vLLM 0.14 made asynchronous scheduling the default."""
_FIRST_UNTIL, _WAITING_UNTIL = "2024-09-05", "2026-01-20"
"""Days on which vLLM 0.6.0 and 0.14.0 were released, for stacks dated but not numbered."""
_EARLY_BEFORE, _EARLY_UNTIL = (0, 5, 10), "2026-04"
"""SGLang 0.5.10 and its month: it came after the pull request (18242) that tuned products for DeepSeek."""

_RUNS_ON = {
    "trtllm": ("TensorRT-LLM", ("NVIDIA",)),
    "lmdeploy": ("LMDeploy", ("NVIDIA",)),
    "sglang": ("SGLang", ("NVIDIA", "AMD", "Google", "Intel")),
}
"""Vendors of accelerators that an engine has kernels for. LMDeploy: TurboMind, whose steps these are, is for
CUDA (docs/en/supported_models of its release 0.16). SGLang: docs.sglang.io, hardware platforms, and
docs.habana.ai for Gaudi. vLLM has back ends and plugins for all vendors of the catalogue."""


def unsupported(engine: str, part: Accelerator) -> str:
    """Why an engine does not run on an accelerator, or nothing; one whose vendor is not said is let pass."""
    name, vendors = _RUNS_ON.get(engine.partition("-")[0], ("", ()))
    if not part.vendor or not vendors or part.vendor in vendors:
        return ""
    return f"{name} runs on accelerators of {_listed(vendors)} only, not on {part.id}"


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


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
