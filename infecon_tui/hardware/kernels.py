"""What kernels and messages of serving engines reach on an accelerator, and what each costs to start.

A kernel takes its floor and then the time of what binds it: bytes at a share of the HBM bandwidth, or
arithmetic at a share of the peak in its number format. The values are fitted to tables of single
kernels, never to whole models. The defaults, for parts whose specs have none, are the H100's; launches without
graphs and the draw of reads are what most parts have.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from infecon_tui.hardware.draw import Draw
from infecon_tui.hardware.messages import Messages
from infecon_tui.hardware.steps import Steps
from infecon_tui.slots import Info, duration, share


@dataclass(frozen=True, slots=True, kw_only=True)
class Gemm:
    """Matrix products with weights. Wide formats have 16 bits or more."""

    floor_s: Annotated[float, duration("fixed time of a product in 16 bits", "GEMM floor")] = 3.6e-6
    narrow_floor_s: Annotated[
        float, duration("fixed time in 8 or 4 bits, with quantising its input", "narrow GEMM floor")
    ] = 5.4e-6
    hbm: Annotated[float, share("share of HBM bandwidth, 16-bit weights", "GEMM HBM share")] = 0.85
    hbm_8bit: Annotated[
        float, share("share of HBM bandwidth, 8-bit weights", "8-bit GEMM HBM share")
    ] = 0.8
    hbm_4bit: Annotated[
        float, share("share of HBM bandwidth, 4-bit weights", "4-bit GEMM HBM share")
    ] = 0.6
    peak: Annotated[float, share("share of the peak in 16 bits", "GEMM peak share")] = 0.78
    peak_8bit: Annotated[float, share("share of the peak in 8 bits", "8-bit GEMM peak share")] = (
        0.555
    )
    peak_4bit: Annotated[float, share("share of the peak in 4 bits", "4-bit GEMM peak share")] = (
        0.43
    )
    block_depth_s: Annotated[
        float,
        duration(
            "least time for 1000 inputs of 8-bit weights scaled by blocks: a tile takes them in turn",
            "block-scaled GEMM depth",
        ),
    ] = 0.0
    untuned_depth_s: Annotated[
        float,
        duration("the same where an engine has no tiles tuned for the shape", "untuned GEMM depth"),
    ] = 0.0
    tile_rows: Annotated[
        int,
        Info(
            help="rows that a product works on at least; 1 without matrix units",
            low=1,
            step="pow2",
            label="least GEMM rows",
        ),
    ] = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheReads:
    """Decode attention over keys and values in the kernels of one engine."""

    floor_s: Annotated[float, duration("fixed time over a 16-bit cache", "attention floor")]
    floor_8bit_s: Annotated[
        float, duration("fixed time over an 8-bit cache", "8-bit cache attention floor")
    ]
    hbm_8bit: Annotated[
        float,
        share(
            "share of HBM bandwidth over an 8-bit cache, which is widened", "8-bit cache HBM share"
        ),
    ]


_OWN = Info(help="where this engine's kernels differ")


@dataclass(frozen=True, slots=True, kw_only=True)
class AttentionKernels:
    """Attention of one new token over the cache, and of prompts.

    An engine with a record of its own takes floors and the share over an 8-bit cache from that.
    """

    floor_s: Annotated[float, duration("fixed time of decode attention", "attention floor")] = (
        12.5e-6
    )
    hbm: Annotated[
        float, share("share of HBM bandwidth over a 16-bit cache", "attention HBM share")
    ] = 0.87
    hbm_8bit: Annotated[
        float, share("share of HBM bandwidth over an 8-bit cache", "8-bit cache HBM share")
    ] = 0.8
    paged_hbm: Annotated[
        float,
        share(
            "share of HBM bandwidth of vLLM's first paged attention, a block of threads a query head",
            "paged attention HBM share",
        ),
    ] = 0.75
    paged_caches: Annotated[
        int,
        Info(
            help="dies with a second-level cache of their own among which such blocks are dealt in turn",
            low=1,
            step="pow2",
            label="paged attention caches",
        ),
    ] = 1
    latent_floor_s: Annotated[
        float, duration("fixed time of latent decode attention", "MLA floor")
    ] = 17e-6
    latent_hbm: Annotated[
        float, share("share of HBM bandwidth over a latent cache", "MLA HBM share")
    ] = 0.93
    latent_peak: Annotated[
        float, share("share of the peak of latent decode attention", "MLA peak share")
    ] = 0.65
    prompt_peak: Annotated[
        float, share("share of the peak of attention over prompts", "prompt attention share")
    ] = 0.42
    trtllm: Annotated[CacheReads | None, _OWN] = None
    vllm: Annotated[CacheReads | None, _OWN] = None
    sglang: Annotated[CacheReads | None, _OWN] = None

    def reads(self, engine: str, element_bytes: float) -> tuple[float, float]:
        """Fixed seconds and the share of HBM bandwidth of an engine's family, over a cache of such elements."""
        own = getattr(self, engine.partition("-")[0], None)
        if own is None:
            return self.floor_s, self.hbm if element_bytes >= 2 else self.hbm_8bit
        if element_bytes >= 2:
            return own.floor_s, self.hbm
        return own.floor_8bit_s, own.hbm_8bit


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertKernels:
    """Grouped products of routed experts, with routing, permuting and combining their tokens."""

    floor_s: Annotated[float, duration("fixed time of a layer's experts", "experts floor")] = 28e-6
    floor_4bit_s: Annotated[
        float, duration("fixed time where experts are stored in 4 bits", "4-bit experts floor")
    ] = 76e-6
    hbm: Annotated[float, share("share of HBM bandwidth, 16-bit experts", "experts HBM share")] = (
        0.875
    )
    hbm_8bit: Annotated[
        float, share("share of HBM bandwidth, 8-bit experts", "8-bit experts HBM share")
    ] = 0.83
    hbm_4bit: Annotated[
        float, share("share of HBM bandwidth, 4-bit experts", "4-bit experts HBM share")
    ] = 0.77
    peak: Annotated[float, share("share of the peak in 16 bits", "experts peak share")] = 0.8
    peak_widened: Annotated[
        float | None,
        Info(
            help="share of the peak in 16 bits of experts stored in 4 bits, widened on the way",
            above=0,
            high=1,
            none="as in 16 bits",
            percent=True,
            step="linear",
            by=0.01,
            label="widened experts peak share",
        ),
    ] = None
    peak_8bit: Annotated[
        float, share("share of the peak in 8 bits", "8-bit experts peak share")
    ] = 0.6
    peak_4bit: Annotated[
        float, share("share of the peak in 4 bits", "4-bit experts peak share")
    ] = 0.25
    tokens_hbm: Annotated[
        float,
        share(
            "share of HBM bandwidth, tokens permuted, activated and combined",
            "experts tokens HBM share",
        ),
    ] = 0.75
    fused_hbm: Annotated[
        float | None,
        Info(
            help="the same in 4 bits where products gather tokens, activate and sum them themselves",
            above=0,
            high=1,
            none="kernels of their own",
            percent=True,
            step="linear",
            by=0.01,
            label="fused experts tokens HBM share",
        ),
    ] = None
    blocks_hbm: Annotated[
        float,
        share(
            "the same where 8-bit inputs are scaled by blocks, with quantising them",
            "block-scaled experts tokens HBM share",
        ),
    ] = 0.35
    untuned: Annotated[
        float,
        share("of these shares, where an engine has no tiles tuned for the shape", "untuned tiles"),
    ] = 0.85
    untuned_wide: Annotated[
        float,
        share("the same with more tokens than experts on a rank", "untuned wide tiles"),
    ] = 0.6
    spread: Annotated[
        float,
        share(
            "of even routing: how many tokens' worth of different experts are met", "routing spread"
        ),
    ] = 0.7
    imbalance: Annotated[
        float,
        Info(
            help="load of the fullest rank over the mean, many tokens",
            low=1,
            label="expert imbalance",
        ),
    ] = 1.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Kernels:
    """All efficiencies, floors and draws that the deployment engine uses."""

    gemm: Gemm = field(default_factory=Gemm)
    attention: AttentionKernels = field(default_factory=AttentionKernels)
    experts: ExpertKernels = field(default_factory=ExpertKernels)
    messages: Messages = field(default_factory=Messages)
    steps: Steps = field(default_factory=Steps)
    draw: Draw = field(default_factory=Draw)
