"""Sections 2 and 3: the toy, and the terms of the model."""

from __future__ import annotations

from dataclasses import replace

from infecon_tui.papers.erdil2025 import toy
from infecon_tui.papers.erdil2025.claims.claim import Inputs, claim
from infecon_tui.papers.erdil2025.records import Model


def _halved(inputs: Inputs, model: str) -> Model:
    whole = inputs.model(model)
    return replace(whole, weight_bytes=whole.weight_bytes / 2)


@claim(
    key="toy: speed per halving of weight precision",
    where="section 4.2, eq. 18",
    published=1.26,
    unit="x",
    tolerance=0.005,
    how="eq. 18 at 16 and at 8 bits: the cube root of 2",
)
def _precision_in_the_toy(inputs: Inputs) -> float:
    whole, half, part = (
        inputs.model("Llama_3_70B"),
        _halved(inputs, "Llama_3_70B"),
        inputs.part("H100", "bf16"),
    )
    return toy.large_model_latency_s(whole, part) / toy.large_model_latency_s(half, part)


@claim(
    key="toy: cost of the least latency over cost of arithmetic",
    where="section 2.2.3, eq. 17",
    published=3.0,
    unit="x",
    tolerance=0.01,
    how="eq. 15 over eq. 17 without its 3, for a model so large that N* is",
)
def _cost_of_least_latency(inputs: Inputs) -> float:
    whole, part = inputs.model("Llama_3_405B"), inputs.part("H100", "bf16")
    large = replace(whole, d_ff=whole.d_ff * 1e6)
    return toy.cost_at_least_latency_gpu_s(large, part) / toy.arithmetic_gpu_s(large, part)


@claim(
    key="toy: the same for Llama 3 70B",
    where="section 2.2.3, eq. 15",
    published=3.0,
    unit="x",
    tolerance=0.1,
    how="eq. 15, with the term that eq. 16 drops; the text says around three",
    reason="eq. 15 gives 3 - 2 / sqrt(N*), and N* is only 26 here: the three is its limit",
)
def _cost_of_least_latency_70b(inputs: Inputs) -> float:
    model, part = inputs.model("Llama_3_70B"), inputs.part("H100", "bf16")
    return toy.cost_at_least_latency_gpu_s(model, part) / toy.arithmetic_gpu_s(model, part)


@claim(
    key="toy: the same for Llama 3.1 405B",
    where="section 2.2.3, eq. 15",
    published=3.0,
    unit="x",
    tolerance=0.1,
    how="eq. 15, with the term that eq. 16 drops; the text says around three",
)
def _cost_of_least_latency_405b(inputs: Inputs) -> float:
    model, part = inputs.model("Llama_3_405B"), inputs.part("H100", "bf16")
    return toy.cost_at_least_latency_gpu_s(model, part) / toy.arithmetic_gpu_s(model, part)


@claim(
    key="toy: latency of half the HBM bandwidth eight times over",
    where="section 2.2.3, eq. 18",
    published=2.0,
    unit="x",
    tolerance=1e-6,
    how="eq. 18: eight times the bandwidth halves the latency, a cube root",
)
def _cube_root_of_bandwidth(inputs: Inputs) -> float:
    model, part = inputs.model("Llama_3_70B"), inputs.part("H100", "bf16")
    faster = replace(part, hbm_Bps=8 * part.hbm_Bps)
    return toy.large_model_latency_s(model, part) / toy.large_model_latency_s(model, faster)


@claim(
    key="toy: latency saved by twice the HBM bandwidth",
    where="section 5.1, takeaway 3",
    published=0.2,
    unit="",
    tolerance=0.05,
    how="eq. 18; the text says around 20 % or less",
)
def _doubled_bandwidth(inputs: Inputs) -> float:
    model, part = inputs.model("Llama_3_70B"), inputs.part("H100", "bf16")
    faster = replace(part, hbm_Bps=2 * part.hbm_Bps)
    return 1 - toy.large_model_latency_s(model, faster) / toy.large_model_latency_s(model, part)


@claim(
    key="square-root law: Llama 3 70B from 8B at 400 tok/s",
    where="section 2.2.3, eq. 19",
    published=135.0,
    unit="tok/s",
    tolerance=0.005,
    how="400 tok/s * sqrt(8/70)",
)
def _square_root_70b(_: Inputs) -> float:
    return toy.speed_by_size(400, 8e9, 70e9)


@claim(
    key="square-root law: Llama 3.1 405B from 8B at 400 tok/s",
    where="section 2.2.3, eq. 19",
    published=56.0,
    unit="tok/s",
    tolerance=0.005,
    how="400 tok/s * sqrt(8/405)",
)
def _square_root_405b(_: Inputs) -> float:
    return toy.speed_by_size(400, 8e9, 405e9)


@claim(
    key="network: time added to an all-reduce",
    where="section 3.4, eq. 24",
    published=16e-6,
    unit="s",
    tolerance=0.03,
    how="2 bytes * 10,000 * 100 * (8 - 1) over 8 * 112 GB/s, LL's half of an H100's all-reduce rate",
)
def _added_to_an_all_reduce(inputs: Inputs) -> float:
    part = inputs.part("H100", "bf16")
    # LL reaches half of the all-reduce rate, which is half of the link.
    return 2 * 10_000 * 100 * 7 / (8 * part.intranode_allreduce_Bps / 2)


@claim(
    key="HBM: time to read 80 GB",
    where="section 3.5",
    published=24e-3,
    unit="s",
    tolerance=0.02,
    how="the memory of an H100 at its peak bandwidth",
)
def _reading_all_memory(inputs: Inputs) -> float:
    part = inputs.part("H100", "bf16")
    return part.hbm_bytes / part.hbm_Bps


@claim(
    key="attention: arithmetic of MLA over that of plain attention",
    where="section 3.1",
    published=4.0,
    unit="x",
    tolerance=1e-9,
    how="DeepSeek-V3's latent of 512 over heads of 128",
)
def _latent_arithmetic(inputs: Inputs) -> float:
    model = inputs.model("DeepSeek_V3")
    return (model.latent_kv or 0.0) / model.d_head
