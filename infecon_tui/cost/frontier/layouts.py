"""Which layouts of an instance a serving engine can run, and why it refuses the others."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

from infecon_tui.cost.case import Layout
from infecon_tui.cost.memory import STATES, has_experts
from infecon_tui.workload.attention import GroupedQuery, Latent
from infecon_tui.workload.feedforward import Dense

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from infecon_tui.workload.transformer import Transformer

MOST_GPUS = 64
"""The largest instance that a search looks at unless the number of GPUs is given."""
MOST_EVER = 4096
"""The largest instance that can be asked for."""
_MOST_STAGES = 8
"""The longest pipeline that a search looks at unless the number of GPUs is given."""
_UNEVEN = 1.1
"""Layers of the fullest stage over the mean, up to which engines cut a pipeline unasked."""
_HEAD_FIELDS = ("heads", "value_heads", "key_heads", "output_groups", "channels")
_TENSOR_EXPERTS = ("sglang",)
"""Engines that cut experts and their widths at once; the others either the one or the other."""
_STRIPING = ("vllm", "sglang")
"""Engines that stripe a cache over tensor ranks: `--decode-context-parallel-size`, `--dcp-size`."""
_WHOLE_ATTENTION = ("trtllm",)
"""Engines whose data-parallel attention leaves every rank with all heads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """Degrees that a user has fixed; None leaves one to the search."""

    gpus: int | None = None
    tensor: int | None = None
    pipeline: int | None = None
    expert: int | None = None
    attention_data: int | None = None
    context: int | None = None


@lru_cache(maxsize=256)
def layouts(
    model: Transformer, domain: int | None, engine: str, pinned: Pinned, most: int = MOST_GPUS
) -> tuple[Layout, ...]:
    """Every layout of at most `most` GPUs that an engine can run, by ascending size.

    `domain` is the number of GPUs that are linked directly. What is pinned overrides `most`.
    """
    found = [
        layout
        for layout in _candidates(model, domain or most, pinned, most)
        if not problem(model, engine, layout)
    ]
    return tuple(sorted(found, key=lambda made: (made.gpus, made.pipeline, made.attention_data)))


def _candidates(model: Transformer, domain: int, pinned: Pinned, most: int) -> Iterator[Layout]:
    gpus = pinned.gpus
    most = gpus or most
    tensors = _degrees(pinned.tensor, _tensor_degrees(gpus, domain, most))
    stages = _degrees(pinned.pipeline, _stage_counts(model, gpus, most))
    spread = has_experts(model)
    datas = _degrees(pinned.attention_data, _counts(gpus, most) if spread else (1,))
    for tensor, pipeline, data in product(tensors, stages, datas):
        size = tensor * pipeline * data
        if (gpus and size != gpus) or (size > most and not _fixes_size(pinned, spread)):
            continue
        ranks = tensor * data
        wanted = [degree for degree in _divisors(ranks) if spread or degree == 1]
        for expert in _degrees(pinned.expert, wanted):
            yield Layout(
                gpus=size,
                tensor=tensor,
                pipeline=pipeline,
                expert=expert,
                attention_data=data,
                context=pinned.context or 1,
            )


def _fixes_size(pinned: Pinned, spread: bool) -> bool:
    """Whether the degrees that are given leave the size of the instance no choice."""
    return bool(pinned.tensor and pinned.pipeline and (pinned.attention_data or not spread))


def _degrees(pinned: int | None, found: Iterable[int]) -> tuple[int, ...]:
    return (pinned,) if pinned else tuple(found)


def _counts(gpus: int | None, most: int) -> tuple[int, ...]:
    """Degrees to try: what divides a given instance, or powers of two."""
    if gpus:
        return _divisors(gpus)
    return tuple(2**power for power in range(most.bit_length()) if 2**power <= most)


def _tensor_degrees(gpus: int | None, domain: int, most: int) -> tuple[int, ...]:
    """Those that fill a domain evenly, powers of two inside it, and whole domains."""
    if gpus:
        return _divisors(gpus)
    inside = {*_divisors(domain), *_counts(None, min(domain, most))}
    return tuple(sorted(t for t in {*inside, *_counts(None, most)} if t <= most))


def _stage_counts(model: Transformer, gpus: int | None, most: int) -> tuple[int, ...]:
    layers = model.layer_count
    return tuple(
        stages
        for stages in _counts(gpus, min(most, _MOST_STAGES))
        if stages <= layers and -(-layers // stages) * stages <= _UNEVEN * layers
    )


@lru_cache(maxsize=1024)
def _divisors(number: int) -> tuple[int, ...]:
    small = [degree for degree in range(1, math.isqrt(number) + 1) if number % degree == 0]
    return tuple(sorted({*small, *(number // degree for degree in small)}))


def problem(model: Transformer, engine: str, layout: Layout) -> str:
    """Why an engine cannot run a layout, or nothing."""
    ranks = layout.tensor * layout.attention_data
    if ranks * layout.pipeline != layout.gpus:
        return f"TP x PP x DP is {ranks * layout.pipeline}, not {layout.gpus} GPUs"
    if layout.pipeline > model.layer_count:
        return f"PP {layout.pipeline} is more stages than the {model.layer_count} layers"
    spread = has_experts(model)
    if layout.expert > 1 and not spread:
        return f"EP {layout.expert} needs experts, {model.id} has none"
    if layout.attention_data > 1 and not spread:
        return f"DP {layout.attention_data} of a dense model is as many instances; leave it at 1"
    return (
        _cuts(model, layout, ranks)
        or _engine_problem(engine, layout, ranks)
        or _stripes_problem(model, engine, layout)
    )


def _cuts(model: Transformer, layout: Layout, ranks: int) -> str:
    """What a degree does not divide."""
    for group in model.layers:
        found = _heads_cut(group.attention, layout.tensor)
        kind = group.feed_forward
        if isinstance(kind, Dense) and kind.d_ff % layout.tensor:
            found = found or f"TP {layout.tensor} does not divide the inner width of {kind.d_ff}"
        if kind is not None and not isinstance(kind, Dense):
            found = found or _experts_cut(kind.experts, kind.d_ff, layout.expert, ranks)
        if found:
            return found
    return ""


def _heads_cut(kind: object, tensor: int) -> str:
    for name in _HEAD_FIELDS:
        count = getattr(kind, name, None) or tensor
        if count % tensor and (name != "output_groups" or tensor % count):
            return f"TP {tensor} does not divide the {count} {name.replace('_', ' ')} of attention"
    shared = getattr(kind, "kv_heads", None) or tensor
    if shared % tensor and tensor % shared:
        return f"TP {tensor} neither divides the {shared} KV heads nor is a multiple of them"
    return ""


def _experts_cut(experts: int, d_ff: int, expert: int, ranks: int) -> str:
    if ranks % expert:
        return f"EP {expert} does not divide the {ranks} GPUs of a stage"
    if experts % expert:
        return f"EP {expert} does not divide the {experts} experts"
    if d_ff % (ranks // expert):
        return f"{ranks // expert} GPUs to an expert do not divide its inner width of {d_ff}"
    return ""


def _stripes_problem(model: Transformer, engine: str, layout: Layout) -> str:
    """Why the cache cannot be striped so: it is the copies that tensor ranks hold which are."""
    stripes, tensor = layout.context, layout.tensor
    if stripes == 1:
        return ""
    if not engine.startswith(_STRIPING):
        return f"{engine} has no decode context parallelism (CP) that tensor ranks share"
    if tensor % stripes:
        return f"CP {stripes} does not divide TP {tensor}"
    for group in model.layers:
        kind = group.attention
        if kind is None or isinstance(kind, (*STATES, Latent)):
            continue
        if not isinstance(kind, GroupedQuery) or engine in _TENSOR_EXPERTS:
            return f"{engine} does not stripe the cache of {kind.kind} attention over ranks (CP)"
        copies = max(tensor // kind.kv_heads, 1)
        if stripes > copies or kind.heads // kind.kv_heads % stripes:
            return f"CP {stripes} needs as many copies of {kind.kv_heads} KV heads; TP {tensor} has {copies}"
    return ""


def _engine_problem(engine: str, layout: Layout, ranks: int) -> str:
    if engine in _WHOLE_ATTENTION:
        if layout.attention_data > 1 and layout.tensor > 1:
            return f"{engine} runs data-parallel attention with TP 1 only"
        return ""
    if engine not in _TENSOR_EXPERTS and layout.expert not in (1, ranks):
        return f"{engine} runs EP over all {ranks} GPUs of a stage or not at all"
    return ""
