"""Sections 2.1 and 2.2: two rates and, between GPUs, a latency. All rates as given, with their caps.

`tpot` is what figure 1 plots; the analysis of section 2.2.3 follows it and takes uncapped rates.
"""

from __future__ import annotations

import numpy as np

from infecon_tui.papers.erdil2025.records import Array, Model, Part, Question, Rowed
from infecon_tui.papers.erdil2025.stage import Stage

COMMUNICATION_S = 1e-6
"""Section 2.2.1. t_comm of NCCL's LL protocol between two GPUs; t_hop of table 1."""
BASE_S = 6e-6
"""Notebook. What figure 1 adds to every all-reduce; the text's expression has no such term."""


def token_latency_s(model: Model, part: Part, batch: Rowed) -> Array:
    """Eq. 1. TPOT on one device: reading the weights, or multiplying by them."""
    reading = model.bytes_of_weights / part.reachable_hbm_Bps
    return np.asarray(np.maximum(reading, 2 * model.total_params * batch / part.reachable_flops))


def gpu_s_per_token(model: Model, part: Part, batch: Rowed) -> Array:
    """Eq. 2. Cost of a token in seconds of one device."""
    return np.asarray(token_latency_s(model, part, batch) / batch)


def critical_batch(model: Model, part: Part) -> float:
    """Section 2.1. b*: where reading and arithmetic take equally long."""
    return model.weight_bytes * part.reachable_flops / (2 * part.reachable_hbm_Bps)


def reductions(model: Model) -> int:
    """Eq. 6 and 7. All-reduces of a layer, one after the other; parallel attention halves them."""
    return 2 if model.parallel_attention else 4


def reduce_s(gpus: Rowed) -> Array:
    """Eq. 5. An all-reduce over a ring of sqrt(N) GPUs, passed twice, and the notebook's base."""
    return np.asarray(2 * COMMUNICATION_S * np.maximum(np.sqrt(gpus) - 1, 0) + BASE_S)


def least_s(question: Question, gpus: Rowed, batch: Rowed, queries: Rowed = 1) -> Array:
    """Eq. 3. TPOT of N GPUs. `queries` changes nothing: the toy counts one token a sequence."""
    one = stage(question, gpus, batch, queries)
    return np.asarray(one.network_s + np.maximum(one.hbm_s, one.arithmetic_s))


def stage(question: Question, gpus: Rowed, batch: Rowed, queries: Rowed = 1) -> Stage:
    """Eq. 3, cause by cause; the context takes memory but no time."""
    model, part = question.model, question.part
    like = np.zeros(np.broadcast_shapes(np.shape(gpus), np.shape(batch), np.shape(queries)))
    arithmetic = 2 * model.total_params * batch / (gpus * part.reachable_flops)
    waiting = model.layers * reductions(model) * reduce_s(gpus)
    return Stage(
        arithmetic_s=arithmetic + like,
        hbm_s=model.bytes_of_weights / (gpus * part.reachable_hbm_Bps) + like,
        network_s=waiting + like,
        network_latency_s=waiting + like,
        launch_s=like,
        attention_fraction=like + 1,
        tensor_2d=like + 1,
    )


def hop_s_of_a_pass(model: Model, hop_s: float = COMMUNICATION_S, reduces: float = 4) -> float:
    """L * n_reduce * t_hop, the time scale of the network in section 2.2.3."""
    return model.layers * reduces * hop_s


def least_latency_gpus(
    model: Model, part: Part, hop_s: float = COMMUNICATION_S, reduces: float = 4
) -> float:
    """Eq. 13. N*: the instance of the least latency."""
    reading = model.bytes_of_weights / part.hbm_Bps
    return float(max(reading / hop_s_of_a_pass(model, hop_s, reduces), 1.0) ** (2 / 3))


def least_latency_s(
    model: Model, part: Part, hop_s: float = COMMUNICATION_S, reduces: float = 4
) -> float:
    """Eq. 14. The least TPOT, at N* GPUs."""
    reading, hops = model.bytes_of_weights / part.hbm_Bps, hop_s_of_a_pass(model, hop_s, reduces)
    if reading <= hops:
        return float(reading)
    return float(3 * hops ** (2 / 3) * reading ** (1 / 3) - 2 * hops)


def cost_at_least_latency_gpu_s(
    model: Model, part: Part, hop_s: float = COMMUNICATION_S, reduces: float = 4
) -> float:
    """Eq. 15. GPU seconds of a token at N* GPUs and the critical batch of uncapped rates."""
    batch = model.weight_bytes * part.peak_flops / (2 * part.hbm_Bps)
    latency = least_latency_s(model, part, hop_s, reduces)
    return least_latency_gpus(model, part, hop_s, reduces) / batch * latency


def arithmetic_gpu_s(model: Model, part: Part) -> float:
    """Eq. 17, without its 3: GPU seconds of a token's arithmetic alone, at the uncapped peak."""
    return 2 * model.total_params / part.peak_flops


def large_model_latency_s(
    model: Model, part: Part, hop_s: float = COMMUNICATION_S, reduces: float = 4
) -> float:
    """Eq. 18. Eq. 14 where N* is large."""
    reading, hops = model.bytes_of_weights / part.hbm_Bps, hop_s_of_a_pass(model, hop_s, reduces)
    return float(3 * hops ** (2 / 3) * reading ** (1 / 3))


def speed_by_size(known_tok_s: float, known_params: float, params: float) -> float:
    """Eq. 19. The rule of thumb: speed falls with the square root of the parameters."""
    return float(known_tok_s * np.sqrt(known_params / params))
