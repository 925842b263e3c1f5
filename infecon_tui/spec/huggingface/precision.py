"""The number formats of a checkpoint: its `dtype` and its `quantization_config`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from infecon_tui.errors import did_you_mean
from infecon_tui.spec.nodes import Mapping, Node, Scalar, Sequence, describe
from infecon_tui.workload.transformer import Precision

if TYPE_CHECKING:
    from infecon_tui.formats import Format
    from infecon_tui.spec.huggingface.config import Config

# Engines serve what is stored in 32 bits in 16.
_DTYPES: dict[str, Format] = {"bfloat16": "bf16", "float16": "fp16", "float32": "bf16"}
_FIXED: dict[str, Format] = {"fp8": "fp8", "fbgemm_fp8": "fp8", "mxfp4": "fp4"}
_MODELOPT: dict[str, Format] = {"fp8": "fp8", "nvfp4": "fp4", "w4a8_awq": "int4"}
_INTEGERS: dict[str, Format] = {"4": "int4", "8": "int8"}
_FLOATS: dict[str, Format] = {"4": "fp4", "8": "fp8"}
_BY_BITS = ("awq", "gptq", "auto-round")
METHODS = (*_FIXED, *_BY_BITS, "bitsandbytes", "compressed-tensors", "modelopt")
"""Values of `quant_method` that are understood."""
_KEPT = ("modules_to_not_convert", "ignore", "ignored_layers", "exclude_modules")
"""Keys that list what is not quantized."""


def precision_of(config: Config, *, experts: bool) -> Precision:
    """The formats of weights, routed experts and KV cache."""
    wide = _dtype(config)
    key, node = "quantization_config", config.root.get("quantization_config")
    if node is None:
        key, node = config.node("quantization_config", "compression_config")
    if node is None or (isinstance(node, Scalar) and node.null):
        return Precision(weights=wide, activations=wide)
    if not isinstance(node, Mapping):
        config.fail(node, key, f"expected keys and values, found {describe(node)}")
        return Precision()
    found = _weights(config, node, key)
    cache: Format | None = "fp8" if _caches_in_8_bits(node) else None
    blocks = isinstance(node.get("weight_block_size"), Sequence)
    apart = experts and _keeps_attention(config, node)
    return Precision(
        weights=wide if apart else found,
        experts=found if apart else None,
        activations=wide,
        kv_cache=cache,
        blocks=blocks,
    )


def _dtype(config: Config) -> Format:
    for holder in (config.inner, config.root):
        for key in ("dtype", "torch_dtype"):
            node = holder.get(key)
            if node is None or (isinstance(node, Scalar) and node.null):
                continue
            return _one_of(config, node, key, _DTYPES)
    return "bf16"


def _one_of(config: Config, node: Node | None, key: str, known: dict[str, Format]) -> Format:
    text = node.text.lower() if isinstance(node, Scalar) else ""
    if text not in known:
        found = f", found {describe(node)}" if node is not None else ""
        config.fail(
            node, key, f"expected {' | '.join(known)}{found}{did_you_mean(text, list(known))}"
        )
    return known.get(text, "bf16")


def _weights(config: Config, node: Mapping, key: str) -> Format:
    """The format that a quantization stores weights in."""
    method = node.get("quant_method")
    said = method.text.lower() if isinstance(method, Scalar) else ""
    if said in _FIXED:
        return _FIXED[said]
    if said in _BY_BITS:
        return _one_of(config, node.get("bits"), f"{key}.bits", _INTEGERS)
    if said == "bitsandbytes":
        four = node.get("load_in_4bit")
        return "int4" if isinstance(four, Scalar) and four.text.lower() == "true" else "int8"
    if said == "modelopt":
        return _one_of(config, node.get("quant_algo"), f"{key}.quant_algo", _MODELOPT)
    if said == "compressed-tensors":
        return _compressed(config, node, key)
    found = f", found {describe(method)}" if method is not None else ""
    config.fail(
        method or node,
        f"{key}.quant_method",
        f"expected {' | '.join(METHODS)}{found}{did_you_mean(said, METHODS)}",
    )
    return "bf16"


def _compressed(config: Config, node: Mapping, key: str) -> Format:
    """Of the first group of layers: bits, and whether they are integers."""
    groups, path = node.get("config_groups"), f"{key}.config_groups"
    group = groups.items[0][1] if isinstance(groups, Mapping) and groups.items else None
    weights = group.get("weights") if isinstance(group, Mapping) else None
    if not isinstance(weights, Mapping):
        config.fail(groups or node, path, "expected a group with weights")
        return "bf16"
    kind = weights.get("type")
    floats = isinstance(kind, Scalar) and kind.text == "float"
    bits = weights.get("num_bits") or weights
    return _one_of(config, bits, f"{path}.weights.num_bits", _FLOATS if floats else _INTEGERS)


def _caches_in_8_bits(node: Mapping) -> bool:
    scheme, algorithm = node.get("kv_cache_scheme"), node.get("kv_cache_quant_algo")
    if isinstance(scheme, Mapping):
        bits = scheme.get("num_bits")
        return isinstance(bits, Scalar) and bits.text == "8"
    return isinstance(algorithm, Scalar) and algorithm.text.lower() == "fp8"


def _keeps_attention(config: Config, node: Mapping) -> bool:
    """Whether the projections of attention are left wide, in half of the layers at least."""
    lists = [node.get(key) for key in _KEPT]
    names = [
        item.text
        for listed in lists
        if isinstance(listed, Sequence)
        for item in listed.items
        if isinstance(item, Scalar) and "attn" in item.text and "norm" not in item.text
    ]
    layers = [re.search(r"layers\.(\d+)\.", name) for name in names]
    numbered = {found[1] for found in layers if found}
    return None in layers or 2 * len(numbered) >= config.whole("num_hidden_layers")
