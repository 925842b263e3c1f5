"""The question a user asks: which model, on what, for whom, and what is fixed. Frozen and hashable."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.hardware.cost import Cost
from infecon_tui.layout import Layout
from infecon_tui.slots import Info, share
from infecon_tui.workload.transformer import Transformer

Fidelity = Literal["toy", "paper", "published", "deployment"]
"""How much of reality is counted: sections 2.2, 3.6 and the notebook of arXiv 2506.04645; or a serving
engine as it runs, kernel by kernel."""

EngineName = Literal[
    "vllm", "sglang", "trtllm", "lmdeploy", "vllm-waiting", "vllm-first", "sglang-early", "other"
]
"""Serving engines; `vllm-waiting` is 0.6 to 0.13, `vllm-first` older, `sglang-early` before 0.5.10; `other` is
a vendor's own."""

Heads = Literal["none", "mtp", "eagle"]
"""What drafts beside the model, if no model of its own does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """What is asked of the model: a mean context, or lengths of prompts and outputs."""

    context_tok: Annotated[
        float,
        Info(
            help="positions a new token attends to; follows from ISL and OSL where they are given",
            low=0,
            high=1e9,
            label="context",
        ),
    ] = 2048.0
    isl_tok: Annotated[
        float | None,
        Info(
            help="mean tokens of a prompt; with the output's they give the context and take its place",
            low=0,
            high=1e9,
            none="none",
            label="ISL",
        ),
    ] = None
    osl_tok: Annotated[
        float | None,
        Info(
            help="mean tokens of an output; the context is the prompt and half of it",
            low=1,
            high=1e9,
            none="none",
            label="OSL",
        ),
    ] = None
    demand_tok_s: Annotated[
        float | None,
        Info(
            help="tokens per second that all users together want; caps batch / TPOT",
            above=0,
            none="unlimited",
        ),
    ] = None

    cached: Annotated[
        float,
        Info(
            help="of a prompt, what the prefix cache holds already: a share up to 1, or tokens above",
            low=0,
            high=1e9,
            percent=True,
            step="linear",
            by=0.1,
            label="cached prefix",
        ),
    ] = 0.0

    @property
    def cached_tok(self) -> float:
        """Tokens of a mean prompt found in the prefix cache; engines compute the last one in any case."""
        isl_tok = self.isl_tok or 0.0
        found = self.cached * isl_tok if self.cached <= 1 else self.cached
        return min(found, max(isl_tok - 1, 0.0))

    @property
    def mean_context_tok(self) -> float:
        """The context while decoding: as given, or of the lengths once one of them is given."""
        if self.isl_tok is None and self.osl_tok is None:
            return self.context_tok
        return (self.isl_tok or 0.0) + (self.osl_tok or 0.0) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Speculation:
    """Speculative decoding: a small model or a head beside the large one drafts, the large one verifies."""

    draft: Transformer | None = None
    heads: Annotated[
        Heads,
        Info(
            help="what drafts in place of a model: a layer like the last (mtp), or with a dense "
            "feed-forward (eagle)"
        ),
    ] = "none"
    acceptance: Annotated[
        float,
        share(
            "chance that one drafted token is accepted; the first one, where it decays",
            zero=True,
            by=0.05,
        ),
    ] = 0.8
    decay: Annotated[
        float,
        share("factor on the acceptance for every further token of a draft", zero=True, by=0.05),
    ] = 1.0
    draft_tokens: Annotated[
        tuple[int, int], Info(help="lengths of draft to try, the best is taken", low=1, high=64)
    ] = (2, 5)

    @property
    def drafter(self) -> str:
        """`model`, `mtp` or `eagle`; empty where nothing drafts."""
        if self.draft is not None:
            return "model"
        return "" if self.heads == "none" else self.heads

    @property
    def problem(self) -> str:
        """What contradicts itself, or nothing."""
        if self.draft is None or self.heads == "none":
            return ""
        return (
            f"a draft model ({self.draft.id}) and {self.heads} heads cannot draft together: "
            "set speculation.draft or speculation.heads to none"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What is wanted: targets to keep, or else how speed is weighed against cost.

    With a target for TPOT or TTFT the cheapest point that keeps all of them is chosen, with one for
    the cost alone the fastest.
    """

    tpot_s: Annotated[
        float | None,
        Info(help="longest time per output token", above=0, none="none", label="TPOT target"),
    ] = None
    ttft_s: Annotated[
        float | None,
        Info(
            help="longest time to the first token of a prompt (deployment)",
            above=0,
            none="none",
            label="TTFT target",
        ),
    ] = None
    cost_usd_per_mtok: Annotated[
        float | None,
        Info(
            help="highest cost of a million output tokens",
            above=0,
            none="none",
            label="cost target",
        ),
    ] = None
    gpus_at_hand: Annotated[
        int | None,
        Info(
            help="accelerators there are, for one instance or several",
            low=1,
            high=2**20,
            none="any",
            step="pow2",
            label="GPUs at hand",
        ),
    ] = None
    exponent: Annotated[
        float,
        Info(
            help="without targets the preferred point has the largest speed^exponent / cost "
            "(eq. 45; the paper's is 3)",
            low=0,
            high=100,
            step="linear",
            by=0.5,
        ),
    ] = 3.0

    @property
    def targeted(self) -> bool:
        """Whether a time or a cost is to be kept."""
        return any((self.tpot_s, self.ttft_s, self.cost_usd_per_mtok))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One question: every number in it has a path (`hardware.hbm.bandwidth`, `workload.context`)."""

    model: Transformer
    hardware: Accelerator
    fidelity: Annotated[Fidelity, Info(help="how much of reality is counted")] = "published"
    engine: Annotated[
        EngineName, Info(help="serving engine, which says what runs and how fast")
    ] = "vllm"
    scale_to: Annotated[
        float | None,
        Info(
            help="the model grown or shrunk to this many parameters, its proportions kept "
            "(published model only)",
            low=1e6,
            high=1e15,
            none="as it is",
            label="scaled to",
        ),
    ] = None
    workload: Workload = field(default_factory=Workload)
    speculation: Speculation = field(default_factory=Speculation)
    layout: Layout = field(default_factory=Layout)
    goal: Goal = field(default_factory=Goal)
    cost: Cost = field(default_factory=Cost)
    name: Annotated[str, Info(help="what the scenario is called, on screen and in its file")] = ""
    notes: Annotated[str, Info(help="a remark kept with the scenario")] = ""
