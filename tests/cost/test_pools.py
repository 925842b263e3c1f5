"""Two pools: what is sent, how many instances stand in each, and what both cost."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infecon_tui.cost.case import Layout
from infecon_tui.cost.frontier.points import CAUSE_FIELDS, layout_of
from infecon_tui.cost.frontier.search import Search, evaluate, frontier
from infecon_tui.cost.frontier.verdict import why_nothing
from infecon_tui.cost.memory import cache_bytes
from infecon_tui.cost.plan import Plan
from infecon_tui.cost.serving.pools import sent_bytes, transfer_s
from infecon_tui.cost.serving.prefill_pool import prefills
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.spec.library import load
from infecon_tui.workload.transformer import Transformer

EIGHT = Layout(gpus=8, tensor=8)


def asked(model="llama-3.1-70b", part="h100-sxm", **changes):
    lengths = {"context_tok": 2176.0, "isl": 2048.0, "osl": 256.0, "pools": "two"}
    made = {"model": load(Transformer, model), "hardware": load(Accelerator, part)}
    return Search(**(made | lengths | changes))


def plan(tensor=1.0, pipeline=1.0, data=1.0):
    sizes = {"tensor": tensor, "pipeline": pipeline, "expert": 1.0, "data": data}
    return Plan(**{name: np.array([float(size)]) for name, size in sizes.items()})


@pytest.mark.parametrize("tensor", [1, 2, 8])
@pytest.mark.parametrize("stages", [1, 2, 4, 8])
def test_what_is_sent_is_what_the_ranks_of_the_second_pool_hold(tensor, stages):
    """80 layers divide into all these stages, so that every rank holds as much as the fullest."""
    model, into = load(Transformer, "llama-3.1-70b"), plan(tensor, stages)
    held = cache_bytes(model, into, np.array([2048.0])) * tensor * stages
    assert sent_bytes(model, into, 2048.0) == pytest.approx(held)
    assert sent_bytes(model, into, 2048.0) == pytest.approx(2048 * 327_680)


def test_latent_caches_are_sent_to_every_rank():
    model = load(Transformer, "deepseek-v3")
    one, eight = (sent_bytes(model, plan(ranks), 1000.0) for ranks in (1, 8))
    assert eight == pytest.approx(8 * one)
    assert sent_bytes(model, plan(data=8), 1000.0) == pytest.approx(one)


def test_sending_by_hand():
    """671 MB over the links of 4 ranks, each 0.85 of 50 GB/s, and 17 us; 0.8 of 450 GB/s in one node."""
    search = asked()
    far = transfer_s(search, plan(8), plan(4))
    assert far == pytest.approx(17e-6 + 2048 * 327_680 / (4 * 0.85 * 50e9))
    near = transfer_s(search, plan(4), plan(4))
    assert near == pytest.approx(8.6e-6 + 2048 * 327_680 / (4 * 0.8 * 450e9))


@settings(max_examples=20, deadline=None)
@given(
    st.sampled_from(["llama-3.1-70b", "deepseek-v3", "gpt-oss-120b"]),
    st.sampled_from(["h200-sxm", "gb200-nvl72"]),
    st.sampled_from(["vllm", "sglang"]),
    st.floats(64, 8000),
    st.floats(16, 2000),
)
def test_decoding_meets_no_prompt_and_both_pools_are_paid(model, part, engine, isl, osl):
    search = asked(model, part, engine=engine, isl=isl, osl=osl, context_tok=isl + osl / 2)
    points = frontier(search)
    ways = [layout_of(points, index) for index in range(len(points))]
    each = points.batch / points.decode_instances
    alone = evaluate(replace(search, isl=None, osl=None, pools="one"), ways, each)
    np.testing.assert_allclose(points.tpot_s, alone.tpot_s)
    np.testing.assert_allclose(points.output_usd_per_mtok, alone.usd_per_mtok)
    causes = sum(getattr(points, name) for name in CAUSE_FIELDS)
    np.testing.assert_allclose(causes, points.tpot_s)
    whole = points.output_usd_per_mtok + isl / osl * points.input_usd_per_mtok
    np.testing.assert_allclose(whole, points.usd_per_mtok)
    # The first pool keeps up, and costs no less than its accelerators at their busiest.
    pool = prefills(search)
    least = (pool.each_s * pool.gpus).min() * search.usd_per_s(None) * 1e6 / isl
    assert (points.input_usd_per_mtok >= least * (1 - 1e-9)).all()
    assert (np.diff(points.usd_per_mtok) > 0).all()


def test_numbers_of_instances_are_whole_and_within_those_at_hand():
    points = frontier(asked(at_hand=24.0))
    assert (points.gpus <= 24).all()
    first = points.gpus - points.decode_instances * points.tensor * points.pipeline
    stage = points.prefill_tensor * points.prefill_data * points.prefill_pipeline
    np.testing.assert_array_equal(first, points.prefill_instances * stage)
    assert (points.prefill_instances == np.floor(points.prefill_instances)).all()
    assert (points.prefill_instances >= 1).all()


def test_the_first_pool_keeps_up():
    """Prompts enter as often as outputs end: b / (TPOT OSL) of them a second and instance."""
    search = asked()
    points = evaluate(search, [EIGHT], 200.0)
    pool = prefills(search)
    same = (pool.plan.tensor == points.prefill_tensor) & (
        pool.plan.pipeline == points.prefill_pipeline
    )
    capacity = points.prefill_instances / pool.each_s[same].min()
    assert capacity >= points.batch / points.tpot_s / search.osl


def test_a_target_for_the_first_token_is_kept_or_nothing_is_found():
    soon = frontier(asked(most_ttft_s=0.2))
    assert (soon.ttft_s <= 0.2).all()
    assert soon.usd_per_mtok.min() > frontier(asked()).usd_per_mtok.min()
    assert not len(frontier(asked(most_ttft_s=1e-3)))


def test_without_lengths_there_is_one_pool():
    points = frontier(asked(isl=None, osl=None))
    assert (points.prefill_instances == 0).all()
    assert (points.decode_instances == 1).all()


def test_a_cached_prefix_spares_the_first_pool():
    search = asked()
    less, more = (
        evaluate(replace(search, cached_tok=tokens), [EIGHT], 200.0) for tokens in (0.0, 1500.0)
    )
    assert more.input_usd_per_mtok < less.input_usd_per_mtok
    assert more.tpot_s == less.tpot_s


def test_too_few_accelerators_for_two_pools_are_told():
    search = asked(at_hand=3.0)
    assert not len(frontier(search))
    assert "No two pools on 3 GPUs" in why_nothing(search)
