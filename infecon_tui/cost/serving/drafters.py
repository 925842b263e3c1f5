"""Who drafts: heads as models of one layer, how far a drafter can be cut, and what engines run."""

from __future__ import annotations

from dataclasses import replace
from math import gcd
from typing import TYPE_CHECKING

from infecon_tui.cost.memory import STATES
from infecon_tui.workload.feedforward import Dense, MixtureOfExperts
from infecon_tui.workload.transformer import Layers

if TYPE_CHECKING:
    from infecon_tui.workload.feedforward import FeedForward
    from infecon_tui.workload.transformer import Transformer

_UNKNOWN: dict[str, tuple[str, ...]] = {
    "vllm-waiting": ("draft models",),
}
"""What engines have no place for. vLLM's second engine refused draft models at first: "in vllm v0.10.0,
speculative decoding with a draft model is not supported" (docs.vllm.ai/en/v0.14.0/features/spec_decode).
The first one ran them, as 0.19, SGLang (`STANDALONE`) and TensorRT-LLM (draft/target) do by their pages on
speculative decoding; all of these run MTP and EAGLE heads."""
_STAGED = {"vllm": ("eagle",)}
"""Drafters known to work beside pipeline stages: on the last one, in vLLM since pull request 50514. Before,
"speculative decoding in vLLM is not compatible with pipeline parallelism" (the page of 0.14), and SGLang
allows both together only on prefill instances (its server_args.py)."""


def head_of(model: Transformer, kind: str) -> Transformer:
    """A head that drafts from the model's hidden states, as a model of one layer.

    `mtp`: the model's own layer for multi-token prediction, alike the last that keep a cache (section 2.2
    of arXiv 2412.19437). `eagle`: the same with a dense feed-forward, as vLLM's and SGLang's EAGLE heads
    have beside models with experts too. Both start with a product that joins hidden state and embedding.
    """
    mixers = [group for group in model.layers if group.attention is not None]
    keeping = [group for group in mixers if not isinstance(group.attention, STATES)] or mixers
    inner = [group.feed_forward for group in model.layers if group.feed_forward is not None]
    last = inner[-1] if inner else None
    layer = Layers(
        count=1,
        attention=keeping[-1].attention if keeping else None,
        feed_forward=_dense(last) if kind == "eagle" else last,
        parallel=bool(keeping) and keeping[-1].parallel,
    )
    joins = 2 * model.d_model**2
    return replace(
        model, id=f"{model.id}+{kind}", layers=(layer,), extra_params=joins, table_params=0
    )


def _dense(kind: FeedForward | None) -> FeedForward | None:
    """Experts as one perceptron, as wide as those that a token meets."""
    if not isinstance(kind, MixtureOfExperts):
        return kind
    shared = kind.shared_d_ff or kind.shared_experts * kind.d_ff
    return Dense(d_ff=kind.active_experts * kind.d_ff + shared, gated=kind.gated)


def common_heads(drafter: Transformer) -> int:
    """The largest number of accelerators that the attention of every layer can be cut over."""
    counts = [
        getattr(group.attention, name, 0)
        for group in drafter.layers
        for name in ("heads", "value_heads", "key_heads")
    ]
    return gcd(*(int(count) for count in counts)) or 1


def expert_counts(drafter: Transformer) -> int:
    """The largest number of ranks that the experts of every layer can be dealt to; 1 without any."""
    counts = [
        group.feed_forward.experts
        for group in drafter.layers
        if isinstance(group.feed_forward, MixtureOfExperts)
    ]
    return gcd(*counts) or 1


def refused(engine: str, kind: str) -> bool:
    """Whether an engine is known not to run a drafter: `model`, `mtp` or `eagle`."""
    return kind == "model" and "draft models" in _UNKNOWN.get(engine, ())


def staged(engine: str, kind: str) -> bool:
    """Whether an engine is known to run a drafter beside pipeline stages."""
    return kind in _STAGED.get(engine, ())
