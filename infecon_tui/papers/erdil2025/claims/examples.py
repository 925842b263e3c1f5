"""Section 4: the examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.papers.erdil2025.claims.claim import Inputs, claim
from infecon_tui.papers.erdil2025.frontier import preferred

if TYPE_CHECKING:
    from infecon_tui.papers.erdil2025.points import Points

EXPONENT = 3.0
"""Eq. 45. The preference that the paper finds to fit what providers do."""
TEXT_USD_PER_HOUR = 2.0
"""Section 4. The price of an H100 in the text."""


def _speed_at(points: Points, usd_per_mtok: float) -> float:
    """Speed of a frontier at a cost."""
    logs = np.log(points.usd_per_mtok)
    return float(np.interp(np.log(usd_per_mtok), logs, points.speed_tok_s))


def _speculation_gain(inputs: Inputs, model: str) -> float:
    """Speed with a draft over speed without, at the cost of the point preferred without."""
    alone, drafted = inputs.frontier(model), inputs.frontier(model, draft="Llama_3_8B")
    cost = float(alone.usd_per_mtok[preferred(alone, EXPONENT)])
    return _speed_at(drafted, cost) / _speed_at(alone, cost)


@claim(
    key="Llama 3 70B: cost at full utilisation",
    where="section 4.3",
    published=0.11,
    unit="USD/Mtok",
    tolerance=0.03,
    how="arithmetic alone on an H100 at 70 % of its peak and 2 USD an hour",
)
def _cost_at_full_utilisation(inputs: Inputs) -> float:
    part = inputs.part("H100", "bf16")
    seconds = 2 * inputs.model("Llama_3_70B").active_params / part.reachable_flops
    return seconds * TEXT_USD_PER_HOUR / 3600 * 1e6


@claim(
    key="Llama 3 70B: utilisation at the preferred point",
    where="section 4.3, table 6",
    published=0.17,
    unit="",
    tolerance=0.05,
    how="MFU at exponent 3 and 16 bits over the 70 % that the text takes for full (MFU itself is 12 %)",
)
def _utilisation(inputs: Inputs) -> float:
    points, part = inputs.frontier("Llama_3_70B"), inputs.part("H100", "bf16")
    return float(points.mfu[preferred(points, EXPONENT)]) / part.arithmetic_cap


@claim(
    key="quantisation: fastest speed at 8 bits over 16",
    where="section 4.2, figure 8",
    published=152.137845 / 124.909339,
    unit="x",
    tolerance=0.003,
    how="the full model, Llama 3 70B; the notebook's fastest points (the text: the 26 % work well)",
)
def _fastest_8_over_16(inputs: Inputs) -> float:
    whole, half = (
        inputs.frontier("Llama_3_70B"),
        inputs.frontier("Llama_3_70B_8_bit", weights="fp8"),
    )
    return float(half.speed_tok_s[-1] / whole.speed_tok_s[-1])


@claim(
    key="quantisation: fastest speed at 4 bits over 8",
    where="section 4.2, figure 8",
    published=185.621496 / 152.137845,
    unit="x",
    tolerance=0.003,
    how="the full model, Llama 3 70B; the notebook's fastest points",
)
def _fastest_4_over_8(inputs: Inputs) -> float:
    half = inputs.frontier("Llama_3_70B_8_bit", weights="fp8")
    quarter = inputs.frontier("Llama_3_70B_4_bit", weights="fp4")
    return float(quarter.speed_tok_s[-1] / half.speed_tok_s[-1])


@claim(
    key="speculative decoding: Llama 3 70B",
    where="section 4.1, figure 7",
    published=1.66,
    unit="x",
    tolerance=0.05,
    how="speed at the cost of the point preferred without; acceptance 0.8, Llama 3 8B drafts",
    reason=(
        "the notebook's own two curves are at most 1.40 apart at equal cost, and 1.37 there; 1.66 would "
        "take an acceptance of 0.88"
    ),
)
def _speculation_70b(inputs: Inputs) -> float:
    return _speculation_gain(inputs, "Llama_3_70B")


@claim(
    key="speculative decoding: Llama 3.1 405B",
    where="section 4.1, figure 7",
    published=2.0,
    unit="x",
    tolerance=0.05,
    how="speed at the cost of the point preferred without; acceptance 0.8, Llama 3 8B drafts",
)
def _speculation_405b(inputs: Inputs) -> float:
    return _speculation_gain(inputs, "Llama_3_405B")


_GENERATIONS = (("V100", "fp16"), ("A100", "int8"), ("H100", "fp8"))
_COSTS = (0.5, 0.7, 1.0, 2.0, 4.0)


@claim(
    key="GPU generations: speed at equal cost",
    where="section 4, figure 6",
    published=1.25,
    unit="x",
    tolerance=0.05,
    how="Llama 3 70B at 8 bits, V100 to H100 over two steps, mean over 0.5 to 4 USD/Mtok",
)
def _speed_per_generation(inputs: Inputs) -> float:
    old, _, new = (
        inputs.frontier("Llama_3_70B_8_bit", part, weights) for part, weights in _GENERATIONS
    )
    gains = [_speed_at(new, cost) / _speed_at(old, cost) for cost in _COSTS]
    return float(np.exp(np.mean(np.log(gains)) / 2))


@claim(
    key="GPU generations: fewer GPUs in the instance",
    where="section 4, table 4",
    published=2.0,
    unit="x",
    tolerance=0.05,
    how="GPUs of the fastest instance, V100 to H100 over two steps",
)
def _gpus_per_generation(inputs: Inputs) -> float:
    old, _, new = (
        inputs.frontier("Llama_3_70B_8_bit", part, weights) for part, weights in _GENERATIONS
    )
    return float(np.sqrt(old.gpus[-1] / new.gpus[-1]))


@claim(
    key="KV cache of a token: Mistral Large 2",
    where="section 4.3",
    published=360e3,
    unit="bytes",
    tolerance=0.005,
    how="eq. 34",
)
def _cache_of_mistral(inputs: Inputs) -> float:
    return inputs.model("Mistral_Large_2").kv_bytes_per_position


@claim(
    key="KV cache of a token: DeepSeek-V3",
    where="section 4.3",
    published=60e3,
    unit="bytes",
    tolerance=0.02,
    how="eq. 34 with the latent; the text says about 60 KB",
)
def _cache_of_deepseek(inputs: Inputs) -> float:
    return inputs.model("DeepSeek_V3").kv_bytes_per_position


@claim(
    key="KV cache: batch from which it outweighs Mistral Large 2",
    where="section 4.3",
    published=7.0,
    unit="",
    tolerance=0.05,
    how="weights over the cache of 100,000 tokens; the text says larger than 7",
)
def _batch_of_equal_reads(inputs: Inputs) -> float:
    model = inputs.model("Mistral_Large_2")
    return model.bytes_of_weights / (model.kv_bytes_per_position * 1e5)


@claim(
    key="KV cache: cost of reading 100,000 tokens of it",
    where="section 4.3",
    published=6.06,
    unit="USD/Mtok",
    tolerance=0.005,
    how="Mistral Large 2's cache at an H100's peak bandwidth, 2 USD an hour",
)
def _cost_of_reading_the_cache(inputs: Inputs) -> float:
    seconds = (
        inputs.model("Mistral_Large_2").kv_bytes_per_position
        * 1e5
        / inputs.part("H100", "bf16").hbm_Bps
    )
    return seconds * TEXT_USD_PER_HOUR / 3600 * 1e6


@claim(
    key="KV cache: DeepSeek-V3 cheaper than Mistral Large 2",
    where="section 4.3",
    published=6.0,
    unit="x",
    tolerance=0.05,
    how="the ratio of the two caches; the text says around 6",
)
def _cheaper_cache(inputs: Inputs) -> float:
    return _cache_of_mistral(inputs) / _cache_of_deepseek(inputs)
