"""Single kernels and messages against published measurements of them: NVIDIA aiconfigurator's tables, and
AMD's of its aiter library.

The catalogue's efficiencies are a few numbers for thousands of kernels; single ones lie within a third.
"""

from dataclasses import replace

import numpy as np
import pytest

from infecon_tui.cost.machine import Machine, gemm_bound, grouped_bound
from infecon_tui.cost.messages import Wires
from infecon_tui.cost.plan import Plan
from infecon_tui.cost.step.experts import expert_shape, passing_s
from infecon_tui.cost.step.rates import Habits, Rates
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.spec.library import load
from infecon_tui.workload.feedforward import MixtureOfExperts
from infecon_tui.workload.transformer import Precision, Transformer

WITHIN = 0.35


def machine(name):
    return Machine(load(Accelerator, name))


@pytest.mark.parametrize(
    ("part", "ranks", "microseconds"),
    [
        # 8 KB, 64 KB, 512 KB, 4 MB and 32 MB; the mean of three engines' own all-reduces.
        ("h100-sxm", 4, (3.6, 4.1, 9.2, 32, 180)),
        ("h100-sxm", 8, (4.1, 5.3, 13.4, 39, 191)),
        ("h200-sxm", 8, (4.1, 5.4, 14.6, 36, 186)),
        ("b200-sxm", 8, (6.2, 6.9, 16.2, 30, 143)),
        ("a100-sxm-80gb", 4, (5.8, 6.4, 14.5, 51, 289)),
        ("l40s", 4, (15.0, 36.6, 206, 1526, 12500)),
        ("rtx-pro-6000-blackwell", 8, (26.6, 31.4, 157, 346, 2556)),
    ],
)
def test_all_reduce(part, ranks, microseconds):
    sizes = 2.0 ** np.array([13, 16, 19, 22, 25])
    found = Wires(machine(part)).all_reduce_s(sizes, float(ranks)) * 1e6
    off = np.abs(np.log(found / np.array(microseconds)))
    assert np.median(off) < np.log1p(WITHIN)
    assert off.max() < np.log(2.3)


@pytest.mark.parametrize(
    ("part", "weights", "rows", "n", "k", "microseconds"),
    [
        ("h100-sxm", "bf16", 1, 8192, 8192, 49),
        ("h100-sxm", "bf16", 32, 16384, 65536, 750),
        ("h100-sxm", "bf16", 4096, 65536, 16384, 13009),
        ("h100-sxm", "fp8", 32, 16384, 8192, 54),
        ("h100-sxm", "fp8", 256, 16384, 65536, 555),
        ("h100-sxm", "fp8", 1024, 16384, 8192, 210),
    ],
)
def test_matrix_products(part, weights, rows, n, k, microseconds):
    rate = machine(part).gemm_rate(weights)
    found = (rate.floor_s + gemm_bound(rate, float(rows), n, k).seconds) * 1e6
    assert found == pytest.approx(microseconds, rel=WITHIN)


@pytest.mark.parametrize(
    ("part", "rows", "n", "k", "microseconds"),
    [
        # ROCm/aiter, tables of tuned products: the kernel alone, without quantising its input.
        ("mi300x", 16, 512, 7168, 18.4),
        ("mi300x", 16, 4608, 7168, 20.1),
        ("mi300x", 16, 7168, 2048, 8.4),
        ("mi355x", 1, 2112, 7168, 22.4),
        ("mi355x", 1, 36864, 7168, 51.6),
        ("mi355x", 1, 7168, 16384, 50.7),
    ],
)
def test_block_scaled_products(part, rows, n, k, microseconds):
    kernel_s = 3e-6
    rate = machine(part).block_rate("fp8", tuned=True)
    found = (kernel_s + gemm_bound(rate, float(rows), n, k).seconds) * 1e6
    assert found == pytest.approx(microseconds, rel=WITHIN)


@pytest.mark.parametrize(
    ("part", "heads", "batch", "context", "microseconds"),
    [
        ("h100-sxm", 8, 1, 128, 11.2),
        ("h100-sxm", 8, 8, 4096, 69),
        ("h100-sxm", 8, 32, 4096, 182),
        ("h100-sxm", 8, 128, 4096, 699),
        ("h100-sxm", 1, 128, 4096, 107),
        ("a100-sxm-80gb", 8, 32, 1024, 123),
        ("a100-sxm-80gb", 8, 128, 4096, 1347),
    ],
)
def test_decode_attention(part, heads, batch, context, microseconds):
    """Heads of keys and values of 128 elements in 16 bits."""
    one = machine(part)
    reached = one.kernels.attention
    read = 2 * 2 * 128 * heads * batch * context
    found = (reached.floor_s + read / (reached.hbm * one.hbm_Bps)) * 1e6
    assert found == pytest.approx(microseconds, rel=WITHIN)


@pytest.mark.parametrize(
    ("weights", "tokens", "experts", "met", "d_model", "d_ff", "active", "microseconds"),
    [
        # H100, even routing: experts on the rank, those that are met, width of a slice.
        ("bf16", 1, 4, 1, 4096, 7168, 2, 87),
        ("bf16", 8, 32, 16, 4096, 1536, 8, 229),
        ("bf16", 64, 1, 1, 4096, 14336, 2, 149),
        ("bf16", 128, 64, 64, 4096, 1536, 8, 810),
        ("fp8", 8, 32, 16, 4096, 1536, 8, 129),
        ("fp8", 64, 64, 64, 4096, 768, 8, 236),
    ],
)
def test_experts(weights, tokens, experts, met, d_model, d_ff, active, microseconds):
    one = machine("h100-sxm")
    share = experts / (128 if active == 8 else 8)
    found = experts_s(one, weights, met, tokens * active * share, d_model, d_ff)
    assert found * 1e6 == pytest.approx(microseconds, rel=WITHIN)


@pytest.mark.parametrize(
    ("part", "weights", "tokens", "experts", "d_model", "d_ff", "microseconds"),
    [
        # Even routing of prompts, 8 of the experts each: whole ones, and those cut in 8 and in 32.
        ("h100-sxm", "bf16", 4096, 128, 4096, 1536, 2541),
        ("h100-sxm", "bf16", 4096, 128, 4096, 192, 853),
        ("h100-sxm", "bf16", 4096, 128, 4096, 48, 606),
        ("h100-sxm", "fp8", 4096, 256, 7168, 2048, 6742),
        ("h100-sxm", "fp8", 4096, 256, 7168, 256, 2813),
        ("b200-sxm", "bf16", 4096, 128, 4096, 1536, 1183),
        ("b200-sxm", "bf16", 4096, 128, 4096, 48, 433),
        ("b200-sxm", "fp8", 1024, 256, 7168, 256, 511),
        ("b200-sxm", "fp8", 4096, 256, 7168, 2048, 2367),
        ("b200-sxm", "fp8", 4096, 256, 7168, 256, 801),
        # ROCm/aiter, table of tuned experts.
        ("mi355x", "fp8", 16384, 256, 3072, 384, 1167),
        ("mi355x", "fp8", 16384, 256, 3072, 1536, 4023),
    ],
)
def test_experts_of_prompts(part, weights, tokens, experts, d_model, d_ff, microseconds):
    """Narrow slices take longer than their arithmetic: kernels before and after pass whole tokens on."""
    found = experts_s(machine(part), weights, experts, 8 * tokens, d_model, d_ff)
    assert found * 1e6 == pytest.approx(microseconds, rel=WITHIN)


@pytest.mark.parametrize(
    ("d_ff", "experts", "rows", "met", "microseconds"),
    [
        # ROCm/aiter, table of tuned experts in MXFP4 of DeepSeek, 7168 wide: the products alone.
        (256, 257, 9 * 128, 254, 142),
        (256, 257, 9 * 1024, 257, 214),
        (256, 257, 9 * 16384, 257, 1481),
        (512, 257, 9 * 128, 254, 257),
        (512, 257, 9 * 16384, 257, 1825),
        (2048, 32, 8 * 64, 32, 129),
        (2048, 32, 8 * 16384, 32, 3584),
    ],
)
def test_experts_in_four_bits_that_gather_and_sum_tokens(d_ff, experts, rows, met, microseconds):
    one = machine("mi355x")
    kind = MixtureOfExperts(experts=experts, active_experts=8, d_ff=d_ff)
    rates = Rates(
        replace(load(Transformer, "deepseek-r1"), precision=Precision(experts="fp4")),
        one,
        Plan(tensor=1.0, pipeline=1.0, expert=1.0, data=1.0),
        Habits(),
    )
    moved = expert_shape(kind, 7168, rates, 1.0).moved
    bound = grouped_bound(rates.experts, float(met), float(rows), 3 * 7168 * d_ff)
    found = bound.seconds + passing_s(one, rows * moved, blocks=False, fused=rates.fused)
    assert found * 1e6 == pytest.approx(microseconds, rel=WITHIN)


@pytest.mark.parametrize(
    ("part", "batch", "tokens", "heads", "milliseconds"),
    [
        # Prompts under vLLM 0.20.0 with FlashInfer, heads of 128; of the A100 with FlashAttention.
        ("b200-sxm", 32, 4096, 32, 3.10),
        ("b200-sxm", 4, 16384, 8, 1.68),
        ("b300-sxm", 32, 4096, 32, 2.77),
        ("b300-sxm", 4, 12288, 40, 3.47),
        ("gb200-nvl72", 32, 4096, 32, 2.87),
        ("gb300-nvl72", 4, 12288, 40, 3.32),
        ("a100-sxm-80gb", 16, 4096, 48, 17.6),
        ("a100-sxm-80gb", 4, 10240, 40, 21.9),
    ],
)
def test_attention_over_prompts(part, batch, tokens, heads, milliseconds):
    """Every token sees half of the others on average: two products with heads of 128."""
    one = machine(part)
    flop = batch * tokens * 4 * 128 * heads * (tokens / 2)
    found = flop / (one.kernels.attention.prompt_peak * one.wide_flops)
    assert found * 1e3 == pytest.approx(milliseconds, rel=0.2)


def experts_s(one, weights, met, rows, d_model, d_ff):
    """Seconds of gated experts, `met` of them, in one kernel."""
    rate = one.expert_rate(weights)
    bound = grouped_bound(rate, float(met), float(rows), 3 * d_model * d_ff)
    return (
        rate.floor_s
        + bound.seconds
        + passing_s(one, rows * 5 * (d_model + d_ff), blocks=weights == "fp8")
    )
