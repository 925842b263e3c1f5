"""How a model is spread over accelerators: degrees of parallelism, pools, and what an engine plans with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from infecon_tui.slots import Info, share

Pools = Literal["one", "two"]
"""Whether instances take prompts between their decode steps, or leave them to a pool of their own."""

Tensor = Literal["auto", "1d", "2d"]


def _degree(text: str, label: str, none: str = "auto") -> Info:
    return Info(help=text, low=1, high=4096, none=none, step="pow2", label=label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What the search may choose, and what is fixed."""

    gpus: Annotated[
        float | None,
        Info(
            help="accelerators of one instance",
            above=0,
            high=2**20,
            none="auto",
            step="pow2",
            label="GPUs",
        ),
    ] = None
    batch: Annotated[
        float | None,
        Info(help="sequences decoded together", low=1, high=2**40, none="auto", step="pow2"),
    ] = None
    whole: Annotated[
        bool,
        Info(
            help="whole accelerators and sequences only; the paper allows fractions",
            label="whole GPUs",
        ),
    ] = False
    tensor: Annotated[
        Tensor, Info(help="tensor parallelism over rows (1d), rows and columns (2d), or the better")
    ] = "auto"
    pipeline: Annotated[bool, Info(help="allow pipeline stages")] = True
    scaledown: Annotated[
        bool,
        Info(help="allow attention on fewer GPUs than feed-forward", label="attention scale-down"),
    ] = True
    tp: Annotated[int | None, _degree("GPUs that share every layer (tensor parallel)", "TP")] = None
    pp: Annotated[int | None, _degree("pipeline stages", "PP")] = None
    ep: Annotated[
        int | None, _degree("GPUs that the experts are dealt to (expert parallelism)", "EP")
    ] = None
    dp: Annotated[
        int | None,
        _degree("ranks that each keep whole attention for their own sequences", "DP attention"),
    ] = None
    cp: Annotated[
        int, _degree("tensor ranks that stripe a cache in place of copies", "CP", none="")
    ] = 1
    pools: Annotated[
        Pools,
        Info(
            help="prompts between the decode steps of one pool of instances, or in a pool of their own"
        ),
    ] = "one"
    chunk_tok: Annotated[
        int,
        Info(
            help="most tokens of prompts in one step (vLLM's max_num_batched_tokens, SGLang's "
            "chunked-prefill-size)",
            low=16,
            high=2**20,
            step="pow2",
            label="prompt chunk",
        ),
    ] = 8192
    memory_utilization: Annotated[
        float,
        share(
            "share of a GPU's memory that the engine plans with (vLLM's gpu_memory_utilization)",
            "memory utilization",
        ),
    ] = 0.9
