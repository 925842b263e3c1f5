"""Numbers worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest
from deployment_cases import H100, ask, case

from infecon_tui.cost.ledger import Ledger
from infecon_tui.cost.machine import Bound, Machine, gemm_bound, grouped_bound
from infecon_tui.cost.memory import cache_bytes, memory_bytes, weight_bytes
from infecon_tui.cost.messages import Wires
from infecon_tui.cost.plan import Plan
from infecon_tui.cost.step.experts import expert_shape, passing_s
from infecon_tui.cost.step.mixing import mixing
from infecon_tui.cost.step.rates import Habits, Rates
from infecon_tui.hardware.fabric import HostBus, Network, Switched
from infecon_tui.hardware.kernels import (
    AttentionKernels,
    CacheReads,
    ExpertKernels,
    Gemm,
    Kernels,
    Messages,
)
from infecon_tui.hardware.messages import AllReduce
from infecon_tui.spec.library import load
from infecon_tui.workload.attention import Chunked, GroupedQuery, Latent, SlidingWindow
from infecon_tui.workload.feedforward import MixtureOfExperts
from infecon_tui.workload.transformer import Precision, Transformer

ROUND = Kernels(
    gemm=Gemm(floor_s=1e-6, hbm=0.5, peak=0.5),
    messages=Messages(
        start_s=1e-6,
        rank_s=1e-6,
        one_shot=1.0,
        second_s=10e-6,
        two_shot=0.8,
        library_s=20e-6,
        library_rank_s=0.0,
    ),
)
PART = replace(
    H100,
    hbm=replace(H100.hbm, bandwidth_Bps=1e12),
    arithmetic=replace(H100.arithmetic, bf16_flops=1e15),
    scale_up=Switched(link_Bps=100e9, domain=8),
    scale_out=Network(link_Bps=10e9),
    kernels=ROUND,
)


def plan(tensor=1, pipeline=1, expert=1, data=1):
    sizes = {"tensor": tensor, "pipeline": pipeline, "expert": expert, "data": data}
    return Plan(**{name: np.array([float(size)]) for name, size in sizes.items()})


def test_a_product_of_one_token_reads_its_weights():
    """1000 x 1000 weights of 2 B, a row in and out: 2.004 MB at half of 1 TB/s; 16 rows a tile."""
    bound = gemm_bound(Machine(PART).gemm_rate("bf16"), 1.0, 1000.0, 1000.0)
    assert bound.memory_s == pytest.approx(2.004e6 / 0.5e12)
    assert bound.arithmetic_s == pytest.approx(2 * 16 * 1e6 / 0.5e15)


def test_a_product_of_many_tokens_computes():
    bound = gemm_bound(Machine(PART).gemm_rate("bf16"), 8192.0, 8192.0, 8192.0)
    assert bound.arithmetic_s == pytest.approx(2 * 8192**3 / 0.5e15)
    assert bound.seconds == pytest.approx(bound.arithmetic_s, rel=0.01)


def test_both_sides_of_the_roofline_cost_a_fifth_where_they_meet():
    assert Bound(1.0, 1.0).seconds == pytest.approx(2**0.25)
    assert Bound(0.0, 3.0).seconds == pytest.approx(3.0)


def test_a_block_scaled_product_takes_its_inputs_in_turn():
    """4000 inputs at 2 us a thousand, however few the outputs; heads and wide weights are spared."""
    part = replace(PART, kernels=replace(ROUND, gemm=replace(ROUND.gemm, untuned_depth_s=2e-6)))
    rate = Machine(part).block_rate("fp8", tuned=False)
    assert gemm_bound(rate, 1.0, 16.0, 4000.0).arithmetic_s == pytest.approx(8e-6)
    assert gemm_bound(rate, 1.0, 16.0, 4000.0, 2.0).arithmetic_s < 1e-6
    assert gemm_bound(rate, 8192.0, 8192.0, 4000.0).arithmetic_s > 100e-6
    assert Machine(part).block_rate("fp8", tuned=True).depth_s == 0
    assert Machine(part).block_rate("bf16", tuned=False).depth_s == 0


def test_what_binds_is_entered_by_its_name():
    ledger = Ledger()
    Bound(np.array([2.0, 0.0]), np.array([0.0, 3.0])).enter(ledger, "x", "weights", 10)
    assert ledger.by_cause()["weights"].tolist() == [20.0, 0.0]
    assert ledger.by_cause()["arithmetic"].tolist() == [0.0, 30.0]


def test_weights_without_arithmetic_of_their_format_are_only_stored_in_it():
    bare = replace(PART, arithmetic=replace(PART.arithmetic, fp8_flops=None))
    assert Machine(bare).gemm_rate("fp8").input_bytes == 2.0
    assert Machine(bare).gemm_rate("fp8").weight_bytes == 1.0
    assert Machine(PART).gemm_rate("fp8").input_bytes == 1.0
    assert Machine(PART).gemm_rate("int4").floor_s == ROUND.gemm.floor_s


def test_experts_are_padded_to_tiles():
    """Two experts with 17 tokens each work on 32 rows each."""
    rate = Machine(PART).expert_rate("bf16")
    bound = grouped_bound(rate, 2.0, 34.0, 1000.0)
    assert bound.arithmetic_s == pytest.approx(2 * 2 * 32 * 1000 / rate.flops)


def test_kernels_between_products_pass_tokens_on():
    """A million elements of 2 B, at half of 1 TB/s, or at a quarter where they are scaled by blocks."""
    experts = ExpertKernels(tokens_hbm=0.5, blocks_hbm=0.25)
    machine = Machine(replace(PART, kernels=replace(ROUND, experts=experts)))
    assert passing_s(machine, 1e6, blocks=False) == pytest.approx(4e-6)
    assert passing_s(machine, 1e6, blocks=True) == pytest.approx(8e-6)


def test_products_that_gather_and_sum_tokens_move_less():
    """Four bits: a token of 1000 is read in 0.5625 B an element, 100 between the products written and read
    so, and 1000 written and summed in 2 B.
    """
    part = replace(
        PART,
        arithmetic=replace(PART.arithmetic, fp4_flops=4e15),
        kernels=replace(ROUND, experts=ExpertKernels(tokens_hbm=0.5, fused_hbm=1.0)),
    )
    kind = MixtureOfExperts(experts=8, active_experts=2, d_ff=100)
    for weights, moved in (("fp4", (2 * 0.5625 + 4) * 1000 - 562.5 + 112.5), ("bf16", 2 * 5500)):
        made = replace(load(Transformer, "mixtral-8x7b"), precision=Precision(experts=weights))
        rates = Rates(made, Machine(part), plan(), Habits())
        shape = expert_shape(kind, 1000, rates, 16.0)
        assert shape.moved * 2 == pytest.approx(moved)
        assert rates.fused == (weights == "fp4")
    assert passing_s(Machine(part), 1e6, blocks=False, fused=True) == pytest.approx(2e-6)


def test_experts_widened_on_the_way_reach_less_of_the_peak():
    experts = ExpertKernels(peak=0.8, peak_widened=0.2)
    machine = Machine(replace(PART, kernels=replace(ROUND, experts=experts)))
    assert machine.expert_rate("int4").flops == pytest.approx(0.2e15)
    assert machine.expert_rate("bf16").flops == pytest.approx(0.8e15)
    # Dense products have a share of their own.
    assert machine.gemm_rate("int4").flops == pytest.approx(0.5e15)
    alike = Machine(replace(PART, kernels=replace(ROUND, experts=ExpertKernels(peak=0.8))))
    assert alike.expert_rate("int4").flops == pytest.approx(0.8e15)


def test_attention_reads_the_cache_with_its_engines_kernels():
    own = CacheReads(floor_s=1e-6, floor_8bit_s=2e-6, hbm_8bit=0.3)
    kernels = AttentionKernels(floor_s=5e-6, hbm=0.9, hbm_8bit=0.7, sglang=own)
    assert kernels.reads("sglang-early", 2.0) == (1e-6, 0.9)
    assert kernels.reads("sglang", 1.0) == (2e-6, 0.3)
    assert kernels.reads("vllm", 2.0) == (5e-6, 0.9)
    assert kernels.reads("other", 1.0) == (5e-6, 0.7)


@pytest.mark.parametrize(
    ("size", "ranks", "seconds"),
    [
        (1000.0, 1, 0.0),
        # One shot: start 1 + 4 us, 3 x 1 kB at 100 GB/s.
        (1000.0, 4, 5e-6 + 3e-8),
        # Two shots: start 5 us, second 10 us, 2 x 3/4 x 8 MB at 0.8 of 100 GB/s.
        (8e6, 4, 15e-6 + 12e6 / 80e9),
    ],
)
def test_all_reduce_inside_the_domain(size, ranks, seconds):
    assert Wires(Machine(PART)).all_reduce_s(size, float(ranks)) == pytest.approx(seconds)


def test_a_library_sums_where_engines_have_nothing_of_their_own():
    wires = Wires(Machine(PART), custom=False)
    assert wires.all_reduce_s(1000.0, 4.0) == pytest.approx(20e-6 + 1500 / 80e9)


def test_a_library_sums_the_largest():
    """Its link share is 1, and it starts in 20 us: 2 x 3/4 x 8 MB at 100 GB/s, instead of 80 after 15 us."""
    messages = replace(ROUND.messages, library_link=1.0)
    wires = Wires(Machine(replace(PART, kernels=replace(ROUND, messages=messages))))
    assert wires.all_reduce_s(8e6, 4.0) == pytest.approx(20e-6 + 12e6 / 100e9)
    assert wires.all_reduce_s(1000.0, 4.0) == pytest.approx(5e-6 + 3e-8)


@pytest.mark.parametrize(
    ("engine", "start_s"),
    [("trtllm", 7e-6), ("vllm", 7e-6), ("sglang", 7e-6), ("vllm-waiting", 5e-6), ("", 5e-6)],
)
def test_engines_that_sum_in_kernels_of_another(engine, start_s):
    fused = AllReduce(start_s=3e-6, rank_s=1e-6, one_shot=1.0, second_s=0.0, two_shot=1e-3)
    messages = replace(ROUND.messages, fused=fused)
    machine = Machine(replace(PART, kernels=replace(ROUND, messages=messages)))
    found = Wires(machine, engine=engine).all_reduce_s(1000.0, 4.0)
    assert found == pytest.approx(start_s + 3e-8)


def test_kernels_that_write_over_links_do_not_run_over_a_bus():
    fused = AllReduce(start_s=9.0, rank_s=0.0, one_shot=1.0, second_s=0.0, two_shot=1.0)
    messages = replace(ROUND.messages, fused=fused)
    bus = HostBus(link_Bps=100e9)
    part = replace(PART, scale_up=bus, kernels=replace(ROUND, messages=messages))
    assert Wires(Machine(part), engine="trtllm").all_reduce_s(1000.0, 2.0) < 1.0


def test_all_reduce_across_domains_adds_the_network():
    inside = Wires(Machine(PART)).all_reduce_s(1e6, 8.0)
    across = Wires(Machine(PART)).all_reduce_s(1e6, 16.0)
    messages = ROUND.messages
    ring = 2 * 1e6 / 8 * (1 / 2) / (messages.network * 10e9)
    assert across - inside == pytest.approx(2 * messages.network_start_s + ring)


def test_heads_of_keys_are_copied_when_ranks_outnumber_them():
    kind = GroupedQuery(heads=64, kv_heads=8, d_head=128)
    reads = [mixing(kind, 8192, tensor, 1000.0, 0.0).read for tensor in (1, 8, 16)]
    assert reads == [8 * 256 * 1000, 256 * 1000, 256 * 1000]


@pytest.mark.parametrize(
    ("kind", "keys", "read"),
    [
        (SlidingWindow(heads=8, kv_heads=1, d_head=64, window=128), 1000.0, 128),
        (SlidingWindow(heads=8, kv_heads=1, d_head=64, window=128), 100.0, 100),
        (Chunked(heads=8, kv_heads=1, d_head=64, chunk=512), 1000.0, 256),
        (Chunked(heads=8, kv_heads=1, d_head=64, chunk=512), 300.0, 300),
    ],
)
def test_windows_and_chunks_bound_what_is_read(kind, keys, read):
    assert mixing(kind, 512, 1, np.array([keys]), 0.0).read == pytest.approx(128 * read)


@pytest.mark.parametrize(("ranks", "sums"), [(1, 0.0), (4, 5e-6 + 3 * 32 * 8 / 100e9)])
def test_a_norm_over_all_heads_is_added_up_over_ranks(ranks, sums):
    """Two fp32 numbers a sequence in one shot, and two more vector kernels of 2 us, in every layer."""
    one = case(hardware=PART, layout={"tensor": ranks})
    (group,) = one.model.layers
    joint = replace(group, attention=replace(group.attention, joint_norm=True))
    plain, normed = (
        ask(replace(one, model=replace(one.model, layers=(layer,)))).operators
        for layer in (group, joint)
    )
    assert normed["norms"] - plain["norms"] == pytest.approx(80 * 2 * 2e-6)
    assert normed["all-reduce"] - plain["all-reduce"] == pytest.approx(80 * sums)


def test_a_latent_cache_is_read_whole_on_every_rank():
    kind = Latent(heads=128, d_head=128, d_rope=64, latent_kv=512, latent_query=1536)
    one, eight = (mixing(kind, 7168, tensor, 1000.0, 0.0) for tensor in (1, 8))
    assert one.read == eight.read == 576 * 1000
    # Absorbed: 1088 multiply-adds a head and key; 16 heads of a rank still fill a tile of 64.
    assert one.work == 2 * 128 * 1088 * 1000
    assert eight.work == 2 * 64 * 1088 * 1000


@pytest.mark.parametrize("name", ["llama-3.1-70b", "deepseek-v3", "qwen3-235b-a22b"])
def test_products_of_attention_are_its_weights(name):
    """Keys and values of latent attention appear as two products, one for each direction."""
    model = load(Transformer, name)
    kind = model.layers[-1].attention
    work = mixing(kind, model.d_model, 1.0, 1.0, 1.0)
    weights = sum(product.n * product.k * product.copies for product in work.products)
    assert weights == pytest.approx(kind.params(model.d_model))


def test_weights_of_a_rank_add_up_to_the_model():
    model = load(Transformer, "llama-3.1-70b")
    assert 8 * weight_bytes(model, plan(tensor=8)) == pytest.approx(2 * model.params)
    halves = weight_bytes(model, plan(tensor=8, pipeline=2))
    assert 2 * halves == pytest.approx(weight_bytes(model, plan(tensor=8)))


def test_experts_are_spread_over_all_ranks_and_attention_over_some():
    model = load(Transformer, "deepseek-v3")
    data, tensor = weight_bytes(model, plan(data=8, expert=8)), weight_bytes(model, plan(tensor=8))
    assert data > tensor
    experts = sum(g.count * g.feed_forward.expert_params(model.d_model) for g in model.layers)
    assert (
        data == pytest.approx(experts / 8 + model.params - experts, rel=0.01) or data > experts / 8
    )


def test_the_cache_of_70b_is_320_kib_a_token():
    """80 layers x 8 heads x 128 x 2 x 2 B."""
    model = load(Transformer, "llama-3.1-70b")
    assert cache_bytes(model, plan(), np.array([1.0]))[0] == 327680
    assert cache_bytes(model, plan(tensor=8), np.array([1.0]))[0] == 40960
    assert cache_bytes(model, plan(tensor=16), np.array([1.0]))[0] == 40960


def test_bytes_of_a_prompt_are_those_decoding_starts_with():
    """Conservation: memory for prompts alone is what decoding holds before its first token."""
    model = load(Transformer, "llama-3.1-70b")
    prompt = memory_bytes(model, plan(tensor=8), np.array([4.0]), np.array([1024.0]))
    empty = memory_bytes(model, plan(tensor=8), np.array([4.0]), np.array([0.0]))
    assert prompt - empty == pytest.approx(4 * 1024 * 40960)


def test_70b_in_16_bits_needs_more_than_one_h100():
    assert not ask(case(layout={"tensor": 1})).fits
    assert ask(case(layout={"tensor": 4})).fits


def test_one_step_of_8b_is_its_weights_floors_and_cache():
    """Llama 8B, one sequence: 15 GB of weights at 0.85 of 3.35 TB/s is 5.3 ms; floors make 1.1 ms."""
    answer = ask(case("llama-3.1-8b", layout={"tensor": 1}, batch=1.0, isl=128.0, osl=128.0))
    weights = (8.03e9 - 128256 * 4096) * 2 / (0.85 * 3.35e12)
    assert answer.causes["weights"] == pytest.approx(weights, rel=0.02)
    assert answer.tpot_s == pytest.approx(6.8e-3, rel=0.05)
