"""Laws of dimensions, price and monotonicity of whole frontiers, whatever is asked."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infecon_tui.cost.frontier.points import layout_of
from infecon_tui.cost.frontier.search import SLOWEST, Search, evaluate, frontier
from infecon_tui.cost.support import unsupported
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.hardware.cost import Cost
from infecon_tui.knobs import at, leaves, replaced
from infecon_tui.spec.library import load
from infecon_tui.workload.transformer import Transformer

MODELS = ("llama-3.1-8b", "llama-3.1-70b", "deepseek-v3", "qwen3-235b-a22b", "gpt-oss-120b")
PARTS = ("h100-sxm", "h200-sxm", "b200-sxm", "mi300x")
ENGINES = ("vllm", "sglang", "trtllm", "vllm-waiting")
LAYOUT = ("gpus", "batch", "tensor", "pipeline", "expert", "attention_data")


@st.composite
def searches(draw):
    osl = draw(st.sampled_from([None, 64.0, 1024.0]))
    context = draw(st.floats(64, 16_000))
    part = load(Accelerator, draw(st.sampled_from(PARTS)))
    model = load(Transformer, draw(st.sampled_from(MODELS)))
    engines = [name for name in ENGINES if not unsupported(name, part, model)]
    return Search(
        model=model,
        hardware=part,
        engine=draw(st.sampled_from(engines)),
        context_tok=context,
        isl=None if osl is None else context,
        osl=osl,
        cost=draw(st.sampled_from([Cost(), Cost(basis="owned")])),
    )


def faster(part, factor):
    """All rates times a factor, all times divided by it."""
    for knob in leaves(part):
        if knob.value is None:
            continue
        if knob.slot.name.endswith(("_Bps", "_flops")):
            part = replaced(part, knob.path, knob.value * factor)
        elif knob.slot.name.endswith("_s"):
            part = replaced(part, knob.path, knob.value / factor)
    return part


@settings(max_examples=20, deadline=None)
@given(searches(), st.sampled_from([0.25, 0.5, 2.0, 8.0]))
def test_rates_and_latencies_scaled_together_scale_time_and_nothing_else(search, factor):
    own = frontier(search)
    scaled = frontier(replace(search, hardware=faster(search.hardware, factor)))
    np.testing.assert_allclose(scaled.tpot_s, own.tpot_s / factor, rtol=1e-9)
    np.testing.assert_allclose(scaled.ttft_s, own.ttft_s / factor, rtol=1e-9)
    np.testing.assert_allclose(scaled.usd_per_mtok, own.usd_per_mtok / factor, rtol=1e-9)
    np.testing.assert_allclose(scaled.joules_per_tok, own.joules_per_tok / factor, rtol=1e-9)
    np.testing.assert_allclose(scaled.watts, own.watts, rtol=1e-9)
    for name in (*LAYOUT, "mfu", "mbu", "memory_bytes"):
        np.testing.assert_allclose(getattr(scaled, name), getattr(own, name), rtol=1e-9)


@settings(max_examples=15, deadline=None)
@given(searches(), st.floats(0.01, 100))
def test_a_rent_scales_the_cost_and_moves_no_layout(search, factor):
    rented = replace(search, cost=Cost())
    part = rented.hardware
    dear = replace(part, price_usd_per_hour=(part.price_usd_per_hour or 1.0) * factor)
    own, other = frontier(rented), frontier(replace(rented, hardware=dear))
    np.testing.assert_allclose(other.usd_per_mtok, factor * own.usd_per_mtok, rtol=1e-9)
    np.testing.assert_array_equal(other.speed_tok_s, own.speed_tok_s)
    for name in LAYOUT:
        np.testing.assert_array_equal(getattr(other, name), getattr(own, name))


BETTER = (
    *("hbm.bandwidth", "arithmetic.bf16", "arithmetic.fp8", "scale_up.link", "scale_out.link"),
    *("kernels.gemm.floor", "kernels.messages.start", "kernels.messages.rank"),
    *("kernels.steps.ahead", "kernels.attention.floor"),
)


@settings(max_examples=25, deadline=None)
@given(searches(), st.sampled_from(BETTER), st.floats(1.01, 4.0))
def test_a_better_number_never_slows_nor_raises_a_cost(search, path, factor):
    # Rented: an owner pays for the watts of what is busier.
    search = replace(search, cost=Cost())
    knob = at(search.hardware, path)
    if knob.value is None:
        return
    better = knob.value / factor if knob.slot.name.endswith("_s") else knob.value * factor
    other = replace(search, hardware=replaced(search.hardware, path, better))
    own, helped = frontier(search), frontier(other)
    same = evaluate(other, [layout_of(own, i) for i in range(len(own))], own.batch)
    assert (same.tpot_s <= own.tpot_s * (1 + 1e-9)).all()
    assert (same.usd_per_mtok <= own.usd_per_mtok * (1 + 1e-9)).all()
    assert helped.speed_tok_s[-1] >= same.speed_tok_s[-1] * (1 - 1e-9)
    # The new frontier has what the old points have become, but for batches between the rungs of its
    # ladder that just fill their tiles, and beyond its slow end.
    reach = same.take(same.speed_tok_s * SLOWEST / 2 >= helped.speed_tok_s[-1])
    for speed, cost in zip(reach.speed_tok_s, reach.usd_per_mtok, strict=True):
        near = helped.speed_tok_s >= speed * 0.95
        assert helped.usd_per_mtok[near].min() <= cost * 1.08


@settings(max_examples=20, deadline=None)
@given(searches(), st.lists(st.integers(1, 64), min_size=2, max_size=6), st.data())
def test_rows_together_are_each_as_alone(search, batches, data):
    ways = search.layouts()
    chosen = [data.draw(st.sampled_from(ways)) for _ in batches]
    together = evaluate(search, chosen, np.array([float(batch) for batch in batches]))
    for index, (way, batch) in enumerate(zip(chosen, batches, strict=True)):
        alone = evaluate(search, [way], float(batch))
        for name in ("tpot_s", "ttft_s", "usd_per_mtok", "watts", "joules_per_tok", "mbu"):
            both = (getattr(together, name)[index], getattr(alone, name)[0])
            np.testing.assert_allclose(*both, rtol=1e-12, err_msg=name)


@settings(max_examples=20, deadline=None)
@given(searches())
def test_no_layout_at_a_points_batch_is_faster_and_much_cheaper(search):
    # Not at all, but for layouts that only this batch, between two rungs of the ladder, makes better.
    points = frontier(search)
    for index in (0, len(points) // 2, len(points) - 1):
        ways = search.layouts()
        tried = evaluate(search, ways, points.batch[index])
        better = (tried.speed_tok_s > points.speed_tok_s[index] * (1 + 1e-9)) & (
            tried.usd_per_mtok < points.usd_per_mtok[index] * 0.92
        )
        assert not better.any()


@settings(max_examples=20, deadline=None)
@given(searches())
def test_watts_are_between_idle_and_the_limit(search):
    points, limit = frontier(search), search.hardware.tdp_W
    assert (points.watts >= search.hardware.draw.idle * limit).all()
    assert (points.watts <= limit * (1 + 1e-9)).all()
    assert (points.wall_watts > points.watts).all()


@pytest.mark.parametrize("model", MODELS)
def test_twice_the_memory_never_costs_more(model):
    search = Search(model=load(Transformer, model), hardware=load(Accelerator, "h100-sxm"))
    more = replaced(search.hardware, "hbm.capacity", 2 * search.hardware.hbm.capacity_bytes)
    small, large = frontier(search), frontier(replace(search, hardware=more))
    assert large.usd_per_mtok[0] <= small.usd_per_mtok[0] * (1 + 1e-9)
    assert large.speed_tok_s[-1] >= small.speed_tok_s[-1] * (1 - 1e-9)
