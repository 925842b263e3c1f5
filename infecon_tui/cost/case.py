"""What the deployment engine is asked: one model on one instance, under one load."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from infecon_tui.cost.memory import PLANNED, STEP_TOKENS

if TYPE_CHECKING:
    from infecon_tui.cost.serving.speculate import Drafting
    from infecon_tui.hardware.accelerator import Accelerator
    from infecon_tui.workload.transformer import Transformer

Engine = Literal[
    "vllm", "vllm-waiting", "vllm-first", "sglang", "sglang-early", "trtllm", "lmdeploy", "other"
]
"""Families of serving engines whose host and handling of prompts differ.

`vllm` is 0.14 and later, which schedules a step while another runs; `vllm-waiting` 0.6 to 0.13, whose
8-bit experts also pad their rows; `vllm-first` what came before, whose server, scheduler and handling of
outputs share a process and all stand in a step's way. `sglang-early` is SGLang before 0.5.10, without
tiles for block-scaled weights on AMD's CDNA 3. `infecon_tui.cost.engines.family_of` tells them by release.
"""

Sampling = Literal["greedy", "sorted"]
"""How tokens are drawn: the most likely one, or top-p and top-k by sorting the whole vocabulary."""

Serving = Literal["decode", "steady", "static", "closed_loop"]
"""Decode steps at a known batch, alone or (`steady`) with the prompts of those who follow; a whole batch at
once, without a server; a loop of clients of which some wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How one instance of the model is spread over its accelerators.

    `expert` is the expert-parallel degree; 1 means that experts are cut by tensor parallelism.
    `attention_data` is the number of ranks inside the instance that each keep whole attention layers
    and their own sequences. `context` tensor ranks that would hold copies of a sequence's cache hold a
    stripe of it each while decoding (decode context parallelism); it takes no more accelerators.
    """

    gpus: int
    tensor: int = 1
    pipeline: int = 1
    expert: int = 1
    attention_data: int = 1
    context: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question to the engine. `batch` is sequences of the instance; a loop's is its concurrency.

    `isl` and `osl` are mean tokens of prompt and output. `context_tok` is the mean context while
    decoding; None takes the prompt and half of the output. `cached_tok` of the prompt are in the prefix
    cache: what follows them is computed, and attends to them. With `drafting`, `drafted` tokens are drafted
    for every step.
    """

    model: Transformer
    hardware: Accelerator
    engine: str
    layout: Layout
    batch: float
    isl: float
    osl: float
    serving: Serving
    cuda_graphs: bool = True
    context_tok: float | None = None
    sampling: Sampling = "greedy"
    memory_utilization: float = PLANNED
    step_tokens: float = STEP_TOKENS
    cached_tok: float = 0.0
    drafting: Drafting | None = None
    drafted: float = 0.0

    @property
    def mean_context_tok(self) -> float:
        """The mean context while decoding: as given, or the prompt and half of the output."""
        return self.isl + self.osl / 2 if self.context_tok is None else self.context_tok

    @property
    def planned_bytes(self) -> float:
        """Of one accelerator's memory, what the engine plans with."""
        return self.memory_utilization * self.hardware.hbm.capacity_bytes


class Refusal(str):
    """Why a case cannot be predicted: what the engine has no place for, by name."""

    __slots__ = ()
