"""Engines, loops of clients, memory that runs out, power."""

from dataclasses import replace

import numpy as np
import pytest
from deployment_cases import H100, ask, case, with_knob
from hypothesis import given
from hypothesis import strategies as st

from infecon_tui.cost.engines import family_of
from infecon_tui.cost.step.experts import fullest, met_share
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.spec.library import load
from infecon_tui.workload.feedforward import MixtureOfExperts


@pytest.mark.parametrize(
    ("day", "family"),
    [
        ("2023", "vllm-first"),
        ("2024-09", "vllm-first"),
        ("2025-03", "vllm-waiting"),
        ("2025-10-01", "vllm-waiting"),
        ("2026-05", "vllm"),
    ],
)
def test_engines_without_a_release_are_told_by_their_date(day, family):
    assert family_of("vllm", "", day) == family
    assert family_of("vllm", "nightly-5b8c30d6", day) == family
    assert family_of("sglang", "", day) == ("sglang" if day > "2026-04" else "sglang-early")
    assert family_of("trtllm", "", day) == "trtllm"


@pytest.mark.parametrize(
    ("name", "release", "family"),
    [
        ("vllm", "", "vllm"),
        ("vllm", "0.5.4", "vllm-first"),
        ("vllm", "0.6.6", "vllm-waiting"),
        ("vllm", "0.11.1", "vllm-waiting"),
        ("vllm", "v0.14.0rc1", "vllm"),
        ("vllm", "1.2", "vllm"),
        ("vllm", "nightly", "vllm"),
        ("trtllm", "0.6.1", "trtllm"),
        ("sglang", "", "sglang"),
        ("sglang", "0.5.9.post1", "sglang-early"),
        ("sglang", "v0.5.10rc0", "sglang"),
        ("sglang", "nightly", "sglang"),
        ("llama.cpp", "", "other"),
    ],
)
def test_engines_are_told_by_release(name, release, family):
    assert family_of(name, release) == family


def test_older_engines_leave_more_to_the_host():
    hosts = [
        ask(case(engine=name, layout={"tensor": 1})).causes["host"]
        for name in ("vllm", "vllm-waiting", "vllm-first")
    ]
    assert hosts == sorted(hosts)
    assert hosts[0] == pytest.approx(0.2e-3 + 32 * 0.5e-6)
    assert hosts[2] == pytest.approx(2 * (4e-3 + 32 * 0.125e-3))


def test_a_whole_batch_at_once_has_no_server():
    one = case(engine="vllm-first", layout={"tensor": 1})
    served, offline = (ask(replace(one, serving=way)) for way in ("decode", "static"))
    assert served.causes["host"] == pytest.approx(2 * offline.causes["host"])


def test_the_first_engines_send_every_step_to_their_ranks():
    """With a server or without one: 2.4 ms, and 60 us for a sequence and a doubling of the ranks."""
    alone, four = (
        ask(case(engine="vllm-first", serving="static", layout={"tensor": ranks})).causes["host"]
        for ranks in (1, 4)
    )
    assert four - alone == pytest.approx(2.4e-3 + 32 * 2 * 60e-6)


def test_without_graphs_the_host_binds_small_batches():
    one = with_knob(case(batch=1.0), "kernels.steps.eager", 45e-6)
    slow, fast = ask(replace(one, cuda_graphs=False)), ask(one)
    assert slow.tpot_s > 2 * fast.tpot_s
    assert slow.causes["host"] > 0.5 * slow.tpot_s


def test_sorting_grows_with_batch_and_vocabulary():
    """128,256 entries at 140 ns a thousand: 18 us for each sequence, and 180 us."""
    sorted_, greedy = (ask(case(sampling=way, batch=100.0)) for way in ("sorted", "greedy"))
    assert sorted_.tpot_s - greedy.tpot_s == pytest.approx(180e-6 + 100 * 128.256 * 140e-9)


def test_a_steady_batch_is_read_no_longer_than_memory_allows():
    """Four H100 hold 70B with room for some 50 sequences of 8K tokens, not for 256."""
    one = case("llama-3.3-70b", serving="steady", layout={"tensor": 4}, isl=8192.0, osl=1024.0)
    some, many, more = (ask(replace(one, batch=b)) for b in (16.0, 256.0, 512.0))
    assert some.causes["cache"] < many.causes["cache"]
    assert many.causes["cache"] == pytest.approx(more.causes["cache"], rel=0.02)


def test_tiles_that_are_not_tuned_slow_wide_experts():
    one = case("qwen3-235b-a22b", layout={"tensor": 8, "expert": 8}, engine="vllm-waiting")
    wide = replace(one.model, precision=replace(one.model.precision, weights="bf16", experts=None))
    new, old = (ask(replace(one, model=wide, engine=e)) for e in ("vllm", "vllm-waiting"))
    assert old.operators["experts"] > 1.3 * new.operators["experts"]
    cut = {"layout": {"tensor": 8}}
    new, old = (
        ask(replace(case("qwen3-235b-a22b", **cut), model=wide, engine=e))
        for e in ("vllm", "vllm-waiting")
    )
    assert old.operators["experts"] == pytest.approx(new.operators["experts"])


def test_early_sglang_has_no_tiles_for_blocks_on_cdna_3():
    """Of 7168 inputs a product takes 115 us for 15; where tiles are tuned for both, nothing changes."""
    part = load(Accelerator, "mi300x")
    one = case("deepseek-r1", layout={"tensor": 8}, hardware=part, batch=4.0)
    old, new = (ask(replace(one, engine=e)) for e in ("sglang-early", "sglang"))
    grown = old.operators["attention products"] - new.operators["attention products"]
    assert 61 * 100e-6 < grown < 61 * 200e-6
    assert old.operators["experts"] == new.operators["experts"]
    wide = replace(one.model, precision=replace(one.model.precision, weights="bf16"))
    whole = [ask(replace(one, model=wide, engine=e)).tpot_s for e in ("sglang-early", "sglang")]
    assert whole[0] == whole[1]
    here = case("deepseek-r1", layout={"tensor": 8})
    assert (
        ask(replace(here, engine="sglang-early")).tpot_s
        == ask(replace(here, engine="sglang")).tpot_s
    )


def test_engines_that_stop_for_prompts_pay_more_for_them():
    mixed, separate = (ask(case(serving="closed_loop", engine=name)) for name in ("vllm", "sglang"))
    assert separate.tpot_s > mixed.tpot_s


def test_requests_without_room_wait():
    """Two H100 hold 70B in 8 bits with room for some 30 sequences of 8K tokens, not for 256."""
    one = case("llama-3.3-70b", serving="closed_loop", layout={"tensor": 2}, isl=8192.0, osl=1024.0)
    few, many = (ask(replace(one, batch=batch)) for batch in (16.0, 256.0))
    assert many.ttft_s > 10 * few.ttft_s
    assert many.memory_bytes_per_gpu < H100.hbm.capacity_bytes
    assert many.tok_s == pytest.approx(ask(replace(one, batch=512.0)).tok_s, rel=0.02)


def test_long_prompts_are_cut_into_steps():
    """A prompt of 16K tokens takes twice as long as one of 8K, and its attention four times."""
    short, long = (ask(case(isl=isl)).ttft_s for isl in (8192.0, 16384.0))
    assert 2.0 < long / short < 3.0


def test_stages_share_the_batch():
    """Two stages each hold half of the sequences, and pass them on."""
    one, two = (
        ask(case(layout={"tensor": 8, "pipeline": stages}, batch=512.0)) for stages in (1, 2)
    )
    assert two.tpot_s < one.tpot_s
    assert two.memory_bytes_per_gpu < 0.7 * one.memory_bytes_per_gpu


EXPERTS = MixtureOfExperts(experts=128, active_experts=8, d_ff=768)


def test_a_token_meets_its_own_experts_and_many_meet_all():
    assert met_share(EXPERTS, np.array([1.0]), 0.7)[0] == pytest.approx(8 / 128)
    assert met_share(EXPERTS, np.array([1e4]), 0.7)[0] == pytest.approx(1.0)
    assert met_share(EXPERTS, np.array([32.0]), 1.0)[0] == pytest.approx(1 - (1 - 8 / 128) ** 32)


def test_the_fullest_rank_lies_between_the_mean_and_all():
    found = fullest(np.array([16.0]), np.array([0.3]), np.array([8.0]))[0]
    assert 0.3 * 16 < found < 16
    # 1.424 standard deviations of a binomial of 16 at 0.3 above its mean.
    assert found == pytest.approx(4.8 + 1.424 * (16 * 0.3 * 0.7) ** 0.5)
    assert fullest(np.array([16.0]), np.array([0.3]), np.array([1.0]))[0] == pytest.approx(4.8)


def test_experts_in_a_padded_layout_take_longer():
    one = case("qwen3-235b-a22b", layout={"tensor": 8, "expert": 8})
    eight = replace(one.model, precision=replace(one.model.precision, weights="fp8", experts="fp8"))
    padded, plain = (
        ask(replace(one, model=eight, engine=name)) for name in ("vllm-waiting", "vllm")
    )
    assert padded.operators["experts"] > 1.2 * plain.operators["experts"]


def test_watts_lie_between_idle_and_the_limit():
    for batch in (1.0, 64.0, 1024.0):
        assert 0.15 * 700 < ask(case(batch=batch)).watts <= 700
    assert ask(with_knob(case(), "tdp", None)).watts is None


@given(
    st.sampled_from(["llama-3.1-70b", "deepseek-v3", "gpt-oss-120b"]),
    st.sampled_from(["vllm", "sglang"]),
    st.sampled_from(["steady", "closed_loop"]),
    st.integers(1, 128),
    st.floats(16, 8192),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_more_of_a_prompt_in_the_cache_is_never_slower(model, engine, way, batch, isl, one, other):
    few, many = sorted((one * (isl - 1), other * (isl - 1)))
    asked = case(
        model,
        layout={"tensor": 8, "expert": 8 if model == "deepseek-v3" else 1},
        engine=engine,
        serving=way,
        batch=float(batch),
        isl=isl,
    )
    less, more = (ask(replace(asked, cached_tok=cached)) for cached in (few, many))
    # In a loop of clients sooner prompts let more of them decode at a time: the rate is what grows.
    assert more.tok_s >= less.tok_s * (1 - 1e-6)
    if way == "steady":
        assert more.tpot_s <= less.tpot_s * (1 + 1e-9)
        assert more.ttft_s <= less.ttft_s * (1 + 1e-9)


def test_a_cached_prefix_is_attended_to_but_not_computed():
    """Of 4096 tokens 3072 are cached: a quarter of the products, and 1024 x (3072 + 512) keys of them."""
    asked = case(isl=4096.0)
    whole, rest = (ask(replace(asked, cached_tok=cached)) for cached in (0.0, 3072.0))
    alone = ask(replace(asked, isl=1024.0))
    assert alone.ttft_s < rest.ttft_s < whole.ttft_s
    reached = 0.42 * 989.4e12
    keys = (4096 + 3072 + 1) / 2 - (1024 + 1) / 2
    assert rest.ttft_s - alone.ttft_s == pytest.approx(
        80 * 1024 * 2 * 8 * 256 * keys / reached, rel=0.02
    )
