"""Sections 2.1 and 2.2: two rates and, then, a latency per all-reduce."""

from __future__ import annotations

import numpy as np

from infecon_tui.papers.erdil2025.records import Array, Model, Part, Question, Stage

HOP_S = 2e-6
"""Latency that each further rank of an all-reduce adds, figure 1."""
BASE_S = 6e-6
"""Latency of any all-reduce, figure 1."""
TABLE_HOP_S = 1e-6
"""t_hop of table 1."""


def bound_s(model: Model, part: Part, batch: Array) -> Array:
    """Eq. 1. TPOT of an ideal machine: reading the weights or multiplying with them."""
    return np.maximum(model.weights_bytes / part.Bps, 2 * model.total_params * batch / part.flops)


def critical_batch(model: Model, part: Part) -> float:
    """Eq. 2. The batch at which arithmetic takes as long as reading the weights."""
    return model.weight_bytes * part.flops / (2 * part.Bps)


def reductions(model: Model) -> int:
    """All-reduces of a layer: four, or two where attention and feed-forward run in parallel."""
    return 2 if model.parallel_attention else 4


def all_reduce_s(gpus: Array) -> Array:
    """Figure 1. Latency of a two-dimensional all-reduce over sqrt(N) ranks."""
    return HOP_S * np.maximum(np.sqrt(gpus) - 1, 0) + BASE_S


def stage(question: Question, gpus: Array, batch: Array) -> Stage:
    """Section 2.2. The network's latency beside the ideal machine; context costs memory only."""
    model, part = question.model, question.part
    like = np.zeros(np.broadcast_shapes(np.shape(gpus), np.shape(batch)))
    return Stage(
        arithmetic_s=2 * model.total_params * batch / (gpus * part.flops) + like,
        hbm_s=model.weights_bytes / (gpus * part.Bps) + like,
        network_latency_s=model.layers * reductions(model) * all_reduce_s(gpus) + like,
        network_bandwidth_s=like,
        launch_s=like,
        attention_fraction=like + 1,
        tensor_2d=like + 1,
        send_latency_s=like,
        send_bandwidth_s=like,
    )


def least_latency_gpus(
    model: Model, part: Part, hop_s: float = TABLE_HOP_S, n_reduce: int = 4
) -> float:
    """Eq. 13. N*: where reading weights and waiting for the network balance. Uncapped rates."""
    ratio = model.weights_bytes / (model.layers * n_reduce * hop_s * part.hbm_Bps)
    return float(max(ratio, 1.0) ** (2 / 3))


def least_latency_s(
    model: Model, part: Part, hop_s: float = TABLE_HOP_S, n_reduce: int = 4
) -> float:
    """Eq. 14. TPOT at N*: wP/(N*B) + 2*L*n_reduce*t_hop*(sqrt(N*) - 1)."""
    gpus = least_latency_gpus(model, part, hop_s, n_reduce)
    reading = model.weights_bytes / (gpus * part.hbm_Bps)
    return float(reading + 2 * model.layers * n_reduce * hop_s * (np.sqrt(gpus) - 1))


def cost_ratio_at_least_latency(
    model: Model, part: Part, hop_s: float = TABLE_HOP_S, n_reduce: int = 4
) -> float:
    """Eq. 15 to 17. Cost at N* over the cost of arithmetic alone, at the critical batch: near 3.

    At the critical batch arithmetic takes as long as reading the weights, so the ratio is TPOT over
    the time of reading.
    """
    gpus = least_latency_gpus(model, part, hop_s, n_reduce)
    reading = model.weights_bytes / (gpus * part.hbm_Bps)
    return least_latency_s(model, part, hop_s, n_reduce) / reading


def speed_by_size(known_tok_s: float, known_params: float, params: float) -> float:
    """Eq. 18 and 19. The rule of thumb: serial speed falls with the square root of the parameters."""
    return float(known_tok_s * np.sqrt(known_params / params))
