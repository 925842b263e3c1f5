"""Which engine runs which model on which accelerator. One engine is one record in one file.

A record holds what the engine's own documents say it has kernels for, each with its place; what they do not
tell is let pass, and so is every engine without a record.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from infecon_tui.cost.support.lmdeploy import LMDEPLOY
from infecon_tui.cost.support.record import Support
from infecon_tui.cost.support.sglang import SGLANG
from infecon_tui.cost.support.trtllm import TRTLLM
from infecon_tui.cost.support.vllm import VLLM
from infecon_tui.formats import BYTES_OF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infecon_tui.hardware.accelerator import Accelerator
    from infecon_tui.workload.transformer import Precision, Transformer

SUPPORT = {"vllm": VLLM, "sglang": SGLANG, "trtllm": TRTLLM, "lmdeploy": LMDEPLOY}
"""The engines by family; this table is their registry."""

__all__ = ["SUPPORT", "Support", "instead", "sources", "unsupported"]


def unsupported(engine: str, part: Accelerator, model: Transformer) -> str:
    """Why an engine does not run a model on an accelerator, or nothing."""
    family = engine.partition("-")[0]
    return SUPPORT[family].problem(part, model) if family in SUPPORT else ""


def sources(engine: str) -> tuple[str, ...]:
    """Where what an engine has kernels for is documented."""
    family = engine.partition("-")[0]
    return SUPPORT[family].sources if family in SUPPORT else ()


def instead(engine: str, part: Accelerator, model: Transformer) -> str:
    """The nearest that runs: weights in another format, another engine, else another accelerator."""
    own = SUPPORT[engine.partition("-")[0]]
    formats = next(_formats(own, part, model), "")
    engines = [support.name for support in SUPPORT.values() if support.offered(part, model)]
    ways = [f"take {formats}"] if formats else []
    ways += [f"run {engines[0]}"] if engines else []
    if not any(part.vendor in support.vendors for support in SUPPORT.values()):
        ways = ["run its vendor's own engine (other)"]
    if not ways:
        return "choose another accelerator"
    return f"{' or '.join(ways)}, or choose another accelerator"


def _formats(own: Support, part: Accelerator, model: Transformer) -> Iterator[str]:
    """Formats of the weights that the engine runs there, those of most alike width first."""
    for what in ("experts", "weights", "weights and experts"):
        for made, text in _other(own, model.precision, what):
            if not own.problem(part, replace(model, precision=made)):
                yield text


def _other(own: Support, now: Precision, what: str) -> Iterator[tuple[Precision, str]]:
    """The precision with another format, no narrower, of the experts, of the weights or of both."""
    if "experts" in what and now.experts is None:
        return
    held = now.weights if what == "weights" else now.experts or now.weights
    wider = {one for one in (*own.everywhere, "fp8") if BYTES_OF[one] >= BYTES_OF[held]} - {held}
    for one in sorted(wider, key=lambda one: (BYTES_OF[one], one != "int8")):
        if what == "experts":
            yield replace(now, experts=one), f"{one} {what}"
        else:
            kept = now.experts if what == "weights" else None
            yield replace(now, weights=one, experts=kept), f"{one} {what}"
