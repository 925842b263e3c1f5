"""Bytes of one accelerator's memory: weights as they are sharded, cache, activations, reserve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.cost.machine import STORED_BYTES
from infecon_tui.formats import BYTES_OF, HIDDEN_BYTES, STATE_BYTES
from infecon_tui.workload.attention import GatedDelta, KimiDelta, Lightning, Mamba1, Mamba2
from infecon_tui.workload.attention.heads import KeyValueHeads
from infecon_tui.workload.feedforward import MixtureOfExperts

if TYPE_CHECKING:
    from infecon_tui.cost.ledger import Rowed
    from infecon_tui.cost.plan import Plan
    from infecon_tui.workload.attention import Attention
    from infecon_tui.workload.transformer import Transformer

RESERVE_BYTES = 2.5e9
"""What the runtime, the collectives' buffers and CUDA graphs keep for themselves."""
STEP_TOKENS = 8192
"""Tokens of prompts that engines take into one step unless told otherwise; activations are sized for them."""
USABLE = 0.97
"""Share of the memory that can be allocated at all."""
PLANNED = 0.9
"""Share of the memory that engines plan with unless told otherwise (vLLM's `gpu_memory_utilization`)."""

STATES = (GatedDelta, KimiDelta, Lightning, Mamba1, Mamba2)
"""Kinds of attention that keep a state of one size instead of a cache."""


def memory_bytes(model: Transformer, plan: Plan, sequences: Rowed, positions: Rowed) -> Rowed:
    """Of each accelerator, with `sequences` of `positions` tokens each in the instance."""
    cache = cache_bytes(model, plan, positions) * sequences / plan.data
    return weight_bytes(model, plan) + cache + activation_bytes(model, plan) + RESERVE_BYTES


def activation_bytes(model: Transformer, plan: Plan, step_tokens: float = STEP_TOKENS) -> Rowed:
    """Of one accelerator in a step of so many tokens: residual stream and widest layer."""
    widest: Rowed = 0
    for group in model.layers:
        if group.feed_forward is not None:
            widest = np.maximum(widest, group.feed_forward.d_ff)
    return step_tokens * HIDDEN_BYTES * (4 * model.d_model + 3 * widest / plan.tensor)


def most_sequences(
    model: Transformer,
    plan: Plan,
    planned_bytes: float,
    positions: Rowed,
    step_tokens: float = STEP_TOKENS,
    beside_bytes: Rowed = 0.0,
) -> Rowed:
    """Sequences of `positions` tokens that an instance holds beside its weights; at least one.

    `planned_bytes` is what of each accelerator's memory the engine plans with, `beside_bytes` what a drafter
    keeps of a sequence.
    """
    fixed = weight_bytes(model, plan) + activation_bytes(model, plan, step_tokens)
    each = (cache_bytes(model, plan, positions) + beside_bytes) / plan.data
    return np.maximum((planned_bytes - fixed) / np.maximum(each, 1.0), 1.0)


def weight_bytes(model: Transformer, plan: Plan) -> Rowed:
    """Weights of one accelerator: the layers of the fullest stage, embeddings over tensor ranks.

    A stage of several holds one end of the model at most: embedding or head, each a vocabulary wide.
    """
    stored = STORED_BYTES[model.precision.weights]
    expert_stored = STORED_BYTES[model.precision.experts or model.precision.weights]
    rest, experts = 0.0 * plan.tensor, 0.0 * plan.tensor
    for group in model.layers:
        common = group.attention.params(model.d_model) if group.attention else 0
        layer = group.feed_forward
        if layer is not None:
            routed = layer.expert_params(model.d_model)
            common = common + layer.params(model.d_model) - routed
            experts = experts + group.count * routed
        rest = rest + group.count * common
    one_end = np.minimum(model.embedding_params, model.vocab * model.d_model)
    ends = np.where(plan.pipeline > 1, one_end, model.embedding_params) * HIDDEN_BYTES / plan.tensor
    ends = ends + model.table_params * HIDDEN_BYTES / plan.tensor
    inner = rest * stored / plan.tensor + experts * expert_stored / plan.ranks
    return inner * fullest_share(model, plan) + ends + model.extra_params * stored


def fullest_share(model: Transformer, plan: Plan) -> Rowed:
    """Of the layers, those of the fullest stage: stages hold whole layers."""
    count = np.maximum(model.layer_count, 1)
    return np.where(plan.pipeline > 1, np.ceil(count / plan.pipeline) / count, 1.0)


def cache_bytes(model: Transformer, plan: Plan, positions: Rowed) -> Rowed:
    """Of one sequence on one accelerator, of the fullest stage.

    Keys and values are cut by heads, latent caches by nothing; both by decode context parallelism.
    """
    element = BYTES_OF[model.precision.cache]
    total = 0.0 * positions
    for group in model.layers:
        if group.attention is not None:
            total = total + group.count * _kept(group.attention, plan, positions, element)
    return total * fullest_share(model, plan)


def _kept(kind: Attention, plan: Plan, positions: Rowed, element: float) -> Rowed:
    if isinstance(kind, STATES):
        return kind.cache_elements(0.0) * STATE_BYTES / plan.tensor + 0.0 * positions
    elements = kind.cache_elements(positions) / plan.context
    if isinstance(kind, KeyValueHeads):
        return elements * element / np.minimum(plan.tensor, kind.kv_heads)
    return elements * element


def has_experts(model: Transformer) -> bool:
    """Whether any layer has routed experts."""
    return any(isinstance(group.feed_forward, MixtureOfExperts) for group in model.layers)
