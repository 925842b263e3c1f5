"""Names of models and accelerators in pieces, as sources spell them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


_FORMAT = r"(?:nv|mx)?fp(?:4|8)|bf16|fp16|int[48]|w\da\d+|awq|gptq|[2-8]bit|g\d+"


_NOISE = frozenset(
    (
        *("instruct", "it", "chat", "hf", "base", "meta", "nvidia", "amd", "kv", "preview", "text"),
        *("quantized", "quant", "dynamic", "block", "mlx", "gguf"),
    )
)


_VENDORS = frozenset(
    ["nvidia", "amd", "instinct", "intel", "google", "aws", "gpu", "tensor", "core"]
)


_MODULES = frozenset({"sxm", "oam", "hgx", "dgx", "baseboard"})


_VARIANTS = frozenset(["pcie", "workstation", "server", "gcd", "tile", "mig", "max", "cnx", "ada"])


def model_key(text: str) -> str:
    """A model's name without vendor, number format, date and manner: `qwen3235ba22b`."""
    lower = re.sub(r"(?<=\d)_(?=\d)", ".", text.lower())
    lower = re.sub(rf"\b({_FORMAT})[-_ ]?v\d\b", r"\1", lower)
    words = re.findall(r"[a-z0-9]+(?:\.[0-9]+[a-z0-9]*)*", lower)
    kept = [word for word in words if not _is_noise(word)]
    return "".join(kept or words)


def _is_noise(word: str) -> bool:
    return word in _NOISE or bool(re.fullmatch(rf"{_FORMAT}|\d{{4}}|\d+k|\d{{6,8}}", word))


def keys_of(text: str) -> Iterable[str]:
    """The keys to look a name up under, most exact first."""
    for part in dict.fromkeys((text, text.rsplit("/", 1)[-1])):
        key = model_key(part)
        yield key
        yield model_key(re.sub(r"(?i)[-_ ]v0\.\d\b", " ", part))
        yield model_key(" ".join(w for w in re.split(r"[-_ ]", part) if w.lower() != "thinking"))


@dataclass(frozen=True, slots=True)
class Part:
    """An accelerator's name in pieces: what it is (`h100`), its form (`sxm`, `pcie`), its memory."""

    words: frozenset[str]
    form: str
    memory_gb: float | None


def part_name(text: str) -> Part:
    """The pieces of an accelerator's name; brackets may add to what it is, or name a variant of it."""
    inside = " ".join(re.findall(r"\(([^)]*)\)", text.lower()))
    outside = re.sub(r"\([^)]*\)", " ", text.lower())
    outside = re.sub(r"(?<![a-z])([a-z]{3,})[-_ ](\d+)(?![\w.])", r"\1\2", outside)
    words = re.findall(r"[a-z0-9.]+", outside)
    noted = re.findall(r"[a-z0-9]+", inside)
    memory, form = None, ""
    kept = [word for word in noted if not _form(word)]
    for word in [*words, *(word for word in noted if word in _VARIANTS)]:
        if size := re.fullmatch(r"(\d+(?:\.\d+)?)(?:gb|gib|g)", word):
            # Superchips are sold by the memory of their host too, which is larger than any HBM.
            memory = float(size[1]) if float(size[1]) < 400 else memory
        elif form_of := _form(word):
            form = form if form == "max" else form_of
        elif word not in _VENDORS:
            kept.append(word)
    return Part(frozenset(kept), form, memory)


def _form(word: str) -> str:
    plain = re.sub(r"(?<=sxm)\d$", "", word)
    if plain in _MODULES:
        return "sxm"
    return plain if plain in _VARIANTS or re.fullmatch(r"nvl\d*", plain) else ""


def form_fits(asked: str, has: str) -> bool:
    """Whether a name that asks for a form can mean a part that has another, or none."""
    if not asked or asked == has:
        return True
    return asked in ("sxm", "pcie", "server") and not has
