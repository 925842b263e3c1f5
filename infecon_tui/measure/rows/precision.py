"""The number formats a benchmark's model was served in, from its columns of bits."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from infecon_tui.workload.attention.heads import LatentHeads
from infecon_tui.workload.transformer import Precision

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infecon_tui.formats import Format
    from infecon_tui.hardware.accelerator import Accelerator
    from infecon_tui.workload.transformer import Transformer

_SPELLED: tuple[tuple[str, Format], ...] = (
    (r"(?:nv|mx)?fp4", "fp4"),
    (r"fp8", "fp8"),
    (r"awq|gptq|int4|4bit|w4a16", "int4"),
    (r"int8|w8a8|8bit|w8a16", "int8"),
)
_EXPERTS_IN = re.compile(r"moe_quant=(\w+)")
"""The format of experts in a row's notes, where another checkpoint was served than the model's name says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bits:
    """Nominal bits of weights, activations and KV cache, None where the file does not say, and the engine
    whose defaults fill the gaps.
    """

    weights: float | None = None
    activations: float | None = None
    cache: float | None = None
    engine: str = ""


def told_formats(texts: Mapping[str, str]) -> str:
    """What a row's columns say of formats in words: names of its model, and that of experts in its notes."""
    said = _EXPERTS_IN.search(texts.get("notes", ""))
    return f"{texts.get('hf_id', '')} {texts.get('model', '')} {said[1] if said else ''}"


def spelled_format(name: str) -> Format | None:
    """The number format that a model's name holds (`…-FP8`, `…-AWQ`), if any."""
    for pattern, found in _SPELLED:
        if re.search(rf"(?<![a-z0-9])(?:{pattern})(?![a-z0-9])", name.lower()):
            return found
    return None


def served(model: Transformer, part: Accelerator, bits: Bits, name: str) -> Transformer | str:
    """The model in the formats a row was measured in, or why there is no format for them.

    A checkpoint's own mixture stays when the row's bits agree with it: experts in four bits and the
    rest in sixteen are published as four. Without bits the name decides, then the checkpoint.
    """
    own = model.precision
    wanted = spelled_format(name)
    width = bits.weights or _width(wanted)
    if width is None:
        made = own
    elif width == 16:
        made = replace(own, weights="bf16", experts=None)
    elif width == 8:
        made = own if own.weights in ("fp8", "int8") else _all(own, _eight(part, bits, wanted))
    elif width == 4:
        made = _in_four_bits(model, _four(part, bits, wanted), wanted)
    else:
        return f"weights of {width:g} bits"
    cache = bits.cache
    if cache is None and part.arithmetic.fp8_flops is not None:
        cache = _usual_cache(own, bits, name, width)
    made = _with_cache(made, part, cache)
    if width == 8 and "nvidia/" in name.lower():
        # Its Model Optimizer scales whole matrices, also of models whose developers scale blocks.
        made = replace(made, blocks=False)
    return replace(model, precision=made)


def _width(wanted: Format | None) -> float | None:
    return {"fp8": 8.0, "int8": 8.0, "fp4": 4.0, "int4": 4.0}.get(wanted or "")


def _all(own: Precision, weights: Format) -> Precision:
    return replace(own, weights=weights, experts=None)


def _eight(part: Accelerator, bits: Bits, wanted: Format | None) -> Format:
    """Eight bits are fp8 where the part computes in it, unless said otherwise or kept beside 16."""
    if wanted in ("fp8", "int8"):
        return wanted
    weight_only = bits.activations == 16
    return "fp8" if part.arithmetic.fp8_flops is not None and not weight_only else "int8"


def _four(part: Accelerator, bits: Bits, wanted: Format | None) -> Format:
    if wanted in ("fp4", "int4"):
        return wanted
    weight_only = bits.activations == 16
    return "fp4" if part.arithmetic.fp4_flops is not None and not weight_only else "int4"


def _in_four_bits(model: Transformer, four: Format, wanted: Format | None) -> Precision:
    """Checkpoints in four bits of models with compressed attention keep all but the experts wide."""
    own = model.precision
    if own.experts in ("fp4", "int4"):
        return own if wanted is None else replace(own, experts=four)
    if any(isinstance(group.attention, LatentHeads) for group in model.layers):
        return replace(own, weights="bf16", experts=four)
    return _all(own, four)


def _usual_cache(own: Precision, bits: Bits, name: str, width: float | None) -> float | None:
    """TensorRT-LLM takes the cache's format from the checkpoint. Those that NVIDIA makes in 8 or 4 bits, and
    what the engine's own bench makes so, have it in 8 (`kv_cache_quant_algo`); developers' own say nothing.
    """
    if bits.engine != "trtllm" or width not in (8, 4):
        return None
    developers = own.experts in ("fp4", "int4") or (width == 8 and own.weights == "fp8")
    other = spelled_format(name) is not None and "nvidia/" not in name.lower()
    return None if developers or other else 8.0


def _with_cache(made: Precision, part: Accelerator, cache_bits: float | None) -> Precision:
    """A blank column means what engines do by default: the cache keeps the activations' format."""
    if cache_bits is None or cache_bits == 16:
        return made
    eight: Format = "fp8" if part.arithmetic.fp8_flops is not None else "int8"
    return replace(made, activations=eight if cache_bits == 8 else made.activations)
