"""Sections 2 and 3 of the paper by hand: 70B weights of 2 bytes on an uncapped H100 SXM."""

import math
from dataclasses import replace

import numpy as np
import pytest

from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.papers.erdil2025 import Part, collectives, scaling, toy
from infecon_tui.papers.erdil2025.inputs import UnsupportedError, model_of, part_notes, part_of
from infecon_tui.papers.erdil2025.speculate import speculated_tpot_s, tokens_per_iteration
from infecon_tui.spec.library import load
from infecon_tui.workload.transformer import Transformer

MODEL = model_of(load(Transformer, "paper/Llama_3_70B")).model
PART = part_of(load(Accelerator, "paper/H100"), "bf16")


def test_one_device():
    weights = 2 * MODEL.total_params
    assert toy.token_latency_s(MODEL, PART, 1) == pytest.approx(weights / PART.reachable_hbm_Bps)
    many = 2 * MODEL.total_params * 10_000 / PART.reachable_flops
    assert toy.token_latency_s(MODEL, PART, 10_000) == pytest.approx(many)
    critical = toy.critical_batch(MODEL, PART)
    assert critical == pytest.approx(PART.reachable_flops / PART.reachable_hbm_Bps)
    before, at = toy.gpu_s_per_token(MODEL, PART, np.array([critical / 2, critical]))
    assert before == pytest.approx(2 * at)


def test_least_latency_is_least():
    gpus = toy.least_latency_gpus(MODEL, PART)

    def latency_s(n):
        # Section 2.2.3: reading, and a ring of sqrt(N) passed twice for each of four reductions.
        reading = MODEL.bytes_of_weights / (n * PART.hbm_Bps)
        return MODEL.layers * 4 * 2e-6 * (math.sqrt(n) - 1) + reading

    assert toy.least_latency_s(MODEL, PART) == pytest.approx(latency_s(gpus), rel=1e-9)
    assert latency_s(gpus) < min(latency_s(gpus * 1.01), latency_s(gpus / 1.01))


def test_a_small_model_stays_on_one_device():
    small = replace(MODEL, weight_bytes=1e-6)
    assert toy.least_latency_gpus(small, PART) == 1
    assert toy.least_latency_s(small, PART) == small.bytes_of_weights / PART.hbm_Bps


def test_rules_of_thumb():
    assert toy.speed_by_size(400, 8e9, 70e9) == pytest.approx(135, abs=0.5)
    assert toy.speed_by_size(400, 8e9, 405e9) == pytest.approx(56, abs=0.5)
    half = replace(MODEL, weight_bytes=MODEL.weight_bytes / 2)
    faster = toy.large_model_latency_s(MODEL, PART) / toy.large_model_latency_s(half, PART)
    assert faster == pytest.approx(2 ** (1 / 3))
    assert toy.cost_at_least_latency_gpu_s(MODEL, PART) / toy.arithmetic_gpu_s(MODEL, PART) < 3


def nvidia(**changed) -> Part:
    return replace(PART, intranode_allreduce_Bps=100e9, internode_allreduce_Bps=10e9, **changed)


def test_all_reduce_of_one_node_by_hand():
    cost = collectives.all_reduce(nvidia(), 8.0, 1.0)
    for nbytes in (1e3, 1e6, 1e9):
        moving = 7 / 8 * nbytes / 100e9
        by_hand = min(2 * 7 * 0.6e-6 + 6.8e-6 + moving / 0.5, 2 * 7 * 1.25e-6 + 14e-6 + moving / 0.95,
                      2 * 7 * 28e-6 + moving)  # fmt: skip
        assert collectives.seconds(cost, nbytes) == pytest.approx(by_hand, rel=1e-12)
        latency = collectives.latency_of(cost, nbytes)
        assert 0 < latency < by_hand


def test_all_to_all_is_half_and_alone_is_free():
    part = nvidia()
    once, twice = collectives.all_to_all(part, 8.0, 2.0), collectives.all_reduce(part, 8.0, 2.0)
    assert once.s_per_unit == pytest.approx(twice.s_per_unit / 2)
    assert collectives.seconds(collectives.all_reduce(part, 1.0, 1.0), 1e9) == 0


def test_torus_by_hand():
    part = nvidia(torus=True)
    cost = collectives.all_reduce(part, 4.0, 4.0)
    assert collectives.seconds(cost, 1e6) == pytest.approx(2 * 3 * 1e-6 + 3 * 1e6 / (4 * 10e9))


def test_speculation_by_hand():
    assert tokens_per_iteration(0.8, 3) == pytest.approx(1 + 0.8 + 0.64)
    assert tokens_per_iteration(1.0, 4) == 4
    assert speculated_tpot_s(np.asarray(0.01), np.asarray(0.001), 0.8, 3) == pytest.approx(
        0.013 / 2.44
    )


def test_scaled_model_keeps_its_proportions():
    twice = scaling.scaled(MODEL, 8.0)
    assert twice.layers == int(MODEL.layers * 2)
    assert twice.d_model == pytest.approx(MODEL.d_model * 2)
    assert twice.d_ff / twice.d_model == pytest.approx(MODEL.d_ff / MODEL.d_model)
    assert twice.group_size == MODEL.group_size
    assert scaling.scaled_to(MODEL, 405e9).total_params == pytest.approx(405e9, rel=0.05)
    assert scaling.scaled(MODEL, 1.0) == MODEL


def test_what_the_paper_has_no_place_for_is_named():
    with pytest.raises(UnsupportedError, match="no place for"):
        model_of(load(Transformer, "qwen3.5-397b-a17b"))
    with pytest.raises(UnsupportedError, match=r"no peak for .*; set one in hardware\.arithmetic"):
        part_of(load(Accelerator, "paper/H100"), "fp32")
    assert any("rotary key" in note for note in model_of(load(Transformer, "deepseek-v3")).notes)
    assert part_notes(load(Accelerator, "paper/H100")) == ()
