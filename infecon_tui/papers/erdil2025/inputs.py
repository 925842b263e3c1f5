"""What the published model sees of a spec: its own few numbers, and notes on all it leaves out.

The paper's record holds one attention and one feed-forward for all layers. A transformer that has more
is reduced as the paper itself does it for DeepSeek-V3 (the layers with experts stand for all, shared
experts count as routed ones), each reduction said in a note; what it has no place for is refused by name.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from infecon_tui.errors import InfeconError
from infecon_tui.formats import BYTES_OF
from infecon_tui.hardware.fabric import HostBus, Mesh, Torus
from infecon_tui.papers.erdil2025.records import Model, Part
from infecon_tui.workload.attention import GroupedQuery, Latent
from infecon_tui.workload.feedforward import Dense, MixtureOfExperts

if TYPE_CHECKING:
    from infecon_tui.hardware.accelerator import Accelerator
    from infecon_tui.workload.transformer import Layers, Transformer


class UnsupportedError(InfeconError):
    """The published model has no place for something in a spec."""


@dataclass(frozen=True, slots=True)
class Reduced:
    """A spec as the paper sees it, and what was left out on the way."""

    model: Model
    notes: tuple[str, ...] = ()


def model_of(transformer: Transformer) -> Reduced:
    """The paper's record of a transformer. Raises UnsupportedError, naming what it cannot hold."""
    group, notes = _only_group(transformer)
    attention, feed_forward = group.attention, group.feed_forward
    if not isinstance(attention, (GroupedQuery, Latent)):
        raise _unsupported(transformer, f"{_kind(attention)} attention")
    if not isinstance(feed_forward, (Dense, MixtureOfExperts)):
        raise _unsupported(transformer, f"{_kind(feed_forward)} feed-forward")
    experts, active, d_ff, more = _experts(feed_forward)
    latent = attention if isinstance(attention, Latent) else None
    weight_bytes, mixed = _weight_bytes(transformer)
    if transformer.tied_embeddings:
        notes.append("tied embeddings counted twice")
    notes += mixed
    if latent and latent.d_rope:
        notes.append(f"rotary key of {latent.d_rope} left out of the KV cache")
    groups = attention.heads // attention.kv_heads if isinstance(attention, GroupedQuery) else 1
    model = Model(
        d_model=transformer.d_model,
        d_ff=d_ff,
        up_matrices=2 if feed_forward.gated else 1,
        down_matrices=1,
        layers=group.count,
        experts=experts,
        active_experts=active,
        heads=attention.heads,
        group_size=groups,
        d_head=attention.d_head,
        vocab=transformer.vocab,
        parallel_attention=group.parallel,
        weight_bytes=weight_bytes,
        activation_bytes=BYTES_OF[transformer.precision.activations],
        latent_kv=latent.latent_kv if latent else None,
        latent_query=latent.latent_query if latent else None,
    )
    return Reduced(model, tuple(notes + more))


def _weight_bytes(transformer: Transformer) -> tuple[float, list[str]]:
    """Bytes of a weight, the same for all of them, and a note where they differ."""
    formats = transformer.precision
    if formats.experts in (None, formats.weights):
        return BYTES_OF[formats.weights], []
    mean = transformer.weight_bytes / transformer.params
    counted = f"weights counted at {mean:.3g} bytes each, the mean of experts and the rest"
    return mean, [f"{counted}; arithmetic in {formats.weights}"]


def _only_group(transformer: Transformer) -> tuple[Layers, list[str]]:
    """The layers that stand for all: the only kind, or the one with experts after leading dense layers."""
    groups = transformer.layers
    if len(groups) == 1:
        return groups[0], []
    with_experts = [g for g in groups if isinstance(g.feed_forward, MixtureOfExperts)]
    rest = [g for g in groups if g not in with_experts]
    plain = all(isinstance(g.feed_forward, Dense) for g in rest)
    if len(with_experts) == 1 and plain and {g.attention for g in groups} == {groups[0].attention}:
        dense = sum(g.count for g in rest)
        return with_experts[0], [f"{dense} leading dense layers left out, as the paper does"]
    raise _unsupported(transformer, "layers of several kinds")


def _experts(layer: Dense | MixtureOfExperts) -> tuple[int, int, int, list[str]]:
    if isinstance(layer, Dense):
        return 1, 1, layer.d_ff, []
    width = layer.shared_d_ff or layer.shared_experts * layer.d_ff
    shared = round(width / layer.d_ff) if layer.shared_experts else 0
    notes = [f"{shared} shared expert(s) counted as routed, as the paper does"] if shared else []
    # No token meets more than there are, of which the shared ones are none to the paper.
    active = min(layer.active_experts + shared, layer.experts)
    return layer.experts, active, layer.d_ff, notes


def _kind(part: object) -> str:
    return str(getattr(part, "kind", "no"))


def _unsupported(transformer: Transformer, what: str) -> UnsupportedError:
    return UnsupportedError(
        f"{transformer.name or transformer.id}: the published model has no place for {what}; "
        "pick a model whose layers are all alike, with full attention (gqa, mla)"
    )


def part_of(accelerator: Accelerator, number_format: str) -> Part:
    """The paper's record of an accelerator, its peak taken at the format of the weights.

    The all-reduce bandwidth per GPU is half its one-way link (section 3.2 of the paper). Raises
    UnsupportedError when the accelerator has no peak for the format.
    """
    peak = accelerator.arithmetic.peak_flops(number_format)
    if peak is None:
        name = accelerator.name or accelerator.id
        raise UnsupportedError(
            f"{name} has no peak for {number_format} weights; set one in hardware.arithmetic"
        )
    up, out = accelerator.scale_up, accelerator.scale_out
    torus = isinstance(up, Torus)
    between = up.link_Bps if torus or out is None else out.link_Bps
    return Part(
        peak_flops=peak,
        arithmetic_cap=accelerator.arithmetic.efficiency,
        hbm_Bps=accelerator.hbm.bandwidth_Bps,
        hbm_bytes=accelerator.hbm.capacity_bytes,
        hbm_cap=accelerator.hbm.efficiency,
        intranode_allreduce_Bps=math.inf if torus else up.link_Bps / 2,
        internode_allreduce_Bps=between / 2,
        gpus_per_node=1 if torus else (up.domain or 1),
        usd_per_hour=1.0
        if accelerator.price_usd_per_hour is None
        else accelerator.price_usd_per_hour,
        launch_s=accelerator.launch_s,
        torus=torus,
    )


def part_notes(accelerator: Accelerator) -> tuple[str, ...]:
    """What the paper's record leaves out of an accelerator."""
    up, notes = accelerator.scale_up, []
    if isinstance(up, Mesh):
        notes.append("full mesh counted as a switch")
    if isinstance(up, HostBus):
        notes.append("PCIe counted as a switch")
    if accelerator.scale_out is None and not isinstance(up, Torus):
        notes.append("no network between nodes in the spec: the link inside one is taken")
    if accelerator.price_usd_per_hour is None:
        notes.append("price unknown: 1 USD an hour taken; set hardware.price")
    return tuple(notes)
