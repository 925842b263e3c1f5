"""FLOP and bytes of one step of an instance, as MFU and MBU count them: what the model asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.cost.machine import STORED_BYTES
from infecon_tui.cost.step.experts import met_share
from infecon_tui.cost.step.mixing import mixing
from infecon_tui.cost.step.stripes import striped
from infecon_tui.formats import BYTES_OF, HIDDEN_BYTES
from infecon_tui.workload.feedforward import MixtureOfExperts

if TYPE_CHECKING:
    from infecon_tui.cost.ledger import Rowed
    from infecon_tui.cost.machine import Machine
    from infecon_tui.cost.plan import Rows
    from infecon_tui.workload.transformer import Transformer


def step_flop(model: Transformer, tokens: Rowed, keys: Rowed) -> Rowed:
    """Of `tokens` that each see `keys` positions: weights met and attention, without padding of tiles."""
    weights = model.active_params - model.embedding_params + model.vocab * model.d_model
    attention = 0.0 * np.asarray(keys)
    for group in model.layers:
        if group.attention is not None:
            one = mixing(group.attention, model.d_model, 1.0, keys, keys)
            attention = attention + group.count * np.minimum(one.flop(1.0), one.prompt_work)
    return tokens * (2.0 * weights + attention)


def step_bytes(model: Transformer, machine: Machine, rows: Rows, tokens: Rowed = 1.0) -> Rowed:
    """Weights and cache that all accelerators of an instance read for `tokens` of every sequence.

    Every stage reads its weights once for each micro-batch, every data-parallel rank its own copy of
    what is not an expert; caches that ranks hold twice are read twice.
    """
    plan, batch, context = rows.plan, rows.batch, rows.context
    formats = model.precision
    stored = STORED_BYTES[formats.weights]
    width = BYTES_OF[formats.cache]
    passes = np.minimum(plan.pipeline, batch)
    common: Rowed = model.vocab * model.d_model * HIDDEN_BYTES + model.extra_params * stored
    routed, cache = 0.0, 0.0
    for group in model.layers:
        if (kind := group.attention) is not None:
            common = common + group.count * kind.params(model.d_model) * stored
            one = striped(kind, model.d_model, plan.tensor, context, context, plan.context)
            cache = cache + group.count * one.read_bytes(tokens, width) * plan.tensor
        if (layer := group.feed_forward) is not None:
            experts = layer.expert_params(model.d_model)
            common = common + group.count * (layer.params(model.d_model) - experts) * stored
            if isinstance(layer, MixtureOfExperts):
                met = met_share(layer, batch * tokens / passes, machine.kernels.experts.spread)
                routed = routed + group.count * experts * met
    weights = common * plan.data + routed * STORED_BYTES[formats.experts or formats.weights]
    return weights * passes + cache * batch
