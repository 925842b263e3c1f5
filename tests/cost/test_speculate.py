"""Speculation in a deployment: cycles worked out by hand, and laws."""

from dataclasses import fields, replace

import numpy as np
import pytest
from deployment_cases import H100
from hypothesis import given, settings
from hypothesis import strategies as st

from infecon_tui.cost.case import Layout
from infecon_tui.cost.frontier.evaluate import evaluate
from infecon_tui.cost.frontier.layouts import Pinned
from infecon_tui.cost.frontier.points import CAUSE_FIELDS, Points, layout_of
from infecon_tui.cost.frontier.search import Search, frontier
from infecon_tui.cost.frontier.targets import best_batches
from infecon_tui.cost.frontier.times import most_batch
from infecon_tui.cost.memory import PLANNED
from infecon_tui.cost.plan import Plan
from infecon_tui.cost.serving.drafters import common_heads, expert_counts, head_of, refused, staged
from infecon_tui.cost.serving.speculate import Drafting
from infecon_tui.cost.step.mixing import mixing
from infecon_tui.hardware.kernels import Gemm, Kernels, Steps
from infecon_tui.spec.library import load
from infecon_tui.workload.attention import GroupedQuery
from infecon_tui.workload.feedforward import Dense
from infecon_tui.workload.transformer import Layers, Transformer

LLAMA, SMALL, DEEPSEEK = (
    load(Transformer, name) for name in ("llama-3.1-70b", "llama-3.1-8b", "deepseek-v3")
)
DRAFTERS = ("model", "eagle", "mtp")
EIGHT = Layout(gpus=8, tensor=8)


def drafting(model=LLAMA, kind="model", **changes):
    drafter = SMALL if kind == "model" else head_of(model, kind)
    return Drafting(drafter=drafter, head=kind != "model", **changes)


def asked(model=LLAMA, kind="model", hardware=H100, **changes):
    given = {name: changes.pop(name) for name in ("acceptance", "decay", "most") if name in changes}
    made = drafting(model, kind, **given)
    return Search(model=model, hardware=hardware, drafting=made, **changes)


def plain(search):
    return replace(search, drafting=None)


# By hand


def test_expected_tokens_by_hand():
    """0.8, then 0.8 x 0.5: 1, 1 + 0.8, 1 + 0.8 + 0.8 x 0.4, and 0.8 x 0.4 x 0.2 more."""
    made = drafting(acceptance=0.8, decay=0.5).expected(np.array([0.0, 1.0, 2.0, 3.0]))
    assert made.tolist() == pytest.approx([1.0, 1.8, 2.12, 2.184])


def test_without_decay_expected_tokens_are_a_geometric_sum():
    made = drafting(acceptance=0.7).expected(np.arange(9.0))
    assert made.tolist() == pytest.approx([(1 - 0.7 ** (k + 1)) / 0.3 for k in range(9)])


def toy(layers):
    kind = Dense(d_ff=1000, gated=False)
    return Transformer(
        id="toy", d_model=1000, vocab=0, layers=(Layers(count=layers, feed_forward=kind),)
    )


ROUND = replace(
    H100,
    hbm=replace(H100.hbm, bandwidth_Bps=1e12),
    arithmetic=replace(H100.arithmetic, bf16_flops=1e15),
    kernels=Kernels(
        gemm=Gemm(floor_s=1e-6, hbm=0.5, peak=0.5),
        steps=Steps(vector_s=0.0, vector_hbm=0.8, ahead_s=100e-6, ahead_sequence_s=0.0),
    ),
)


def test_a_cycle_by_hand():
    """Twenty layers of two products, 1000 x 1000 weights each, verify; one alike drafts two tokens.

    A layer of n rows: twice 1 us and (2 MB + 4 kB n) at 0.5 TB/s, and 12 kB n at 0.8 TB/s: 10.031 us for
    one, 10.093 us for three. The host takes 100 us between cycles, nothing between drafts. A cycle makes
    2.12 tokens.
    """
    made = Drafting(drafter=toy(1), acceptance=0.8, decay=0.5, most=2)
    search = Search(model=toy(20), hardware=ROUND, drafting=made)
    without, with_draft = (evaluate(search, [Layout(gpus=1)], 1.0, drafted=k) for k in (0, 2))
    assert without.tpot_s[0] == pytest.approx(20 * 10.031e-6 + 100e-6)
    assert with_draft.tpot_s[0] == pytest.approx((20 * 10.093e-6 + 100e-6 + 2 * 10.031e-6) / 2.12)
    assert with_draft.draft_s[0] == pytest.approx(2 * 10.031e-6 / 2.12)
    assert with_draft.host_s[0] == pytest.approx(100e-6 / 2.12)
    assert with_draft.cycle_tok[0] == pytest.approx(2.12)


def test_tokens_of_a_sequence_share_its_cache_and_fill_tiles_together():
    """Eight queries a group: two tokens fill the tile of 16 that one takes, three need another."""
    work = mixing(GroupedQuery(heads=64, kv_heads=8, d_head=128), 8192, 1.0, 1000.0, 0.0)
    assert work.read_bytes(3.0, 2.0) == work.read_bytes(1.0, 2.0)
    assert [work.flop(n) / work.flop(1.0) for n in (1.0, 2.0, 3.0, 4.0, 5.0)] == [1, 1, 2, 2, 3]


def test_heads_by_hand():
    """Llama 70B: a layer of 8192 (2 x 64 + 2 x 8) x 128 and 3 x 8192 x 28672, and 2 x 8192^2 before it."""
    head = head_of(LLAMA, "eagle")
    layer = 8192 * 144 * 128 + 3 * 8192 * 28672
    assert head.params - head.embedding_params == layer + 2 * 8192**2
    assert drafting(kind="eagle").weight_bytes(Plan.of([Layout(gpus=1)]))[0] == pytest.approx(
        2 * (layer + 2 * 8192**2)
    )


def test_an_mtp_head_of_deepseek_is_the_size_that_its_makers_say():
    """14B parameters beside the 671B of the model, of which embedding and head (1.9B) are shared."""
    head = head_of(DEEPSEEK, "mtp")
    assert head.params == pytest.approx(14e9, rel=0.05)
    assert head_of(DEEPSEEK, "eagle").params < head.params / 4


def test_a_drafter_is_cut_as_far_as_its_heads_can_be():
    assert (common_heads(SMALL), expert_counts(SMALL)) == (32, 1)
    plan = drafting().plan(Plan.of([Layout(gpus=64, tensor=64), EIGHT]))
    assert plan.tensor.tolist() == [32, 8]
    assert expert_counts(head_of(DEEPSEEK, "mtp")) == 256


# Laws


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from([LLAMA, DEEPSEEK]),
    st.sampled_from(DRAFTERS),
    st.sampled_from([None, 256.0]),
    st.integers(1, 200),
    st.sampled_from(["vllm", "sglang", "vllm-first"]),
)
def test_no_draft_is_exactly_no_speculation(model, kind, osl, batch, engine):
    isl = None if osl is None else 2048.0
    search = asked(model, kind, isl=isl, osl=osl, engine=engine)
    way = Layout(gpus=16, tensor=16)
    one, other = (
        evaluate(search, [way], batch, drafted=0),
        evaluate(plain(search), [way], batch),
    )
    for field in fields(Points):
        np.testing.assert_array_equal(getattr(one, field.name), getattr(other, field.name))


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from([(LLAMA, "h"), (DEEPSEEK, "d")]),
    st.sampled_from(DRAFTERS),
    st.floats(0, 1),
    st.floats(0, 1),
    st.sampled_from([None, 300.0]),
    st.integers(1, 7),
)
def test_points_of_a_frontier_with_drafts(named, kind, acceptance, decay, osl, most):
    model, isl = named[0], None if osl is None else 2000.0
    rates = {"acceptance": acceptance, "decay": decay, "most": most}
    search = asked(model, kind, isl=isl, osl=osl, pinned=Pinned(gpus=16), **rates)
    points = frontier(search)
    assert (np.diff(points.speed_tok_s) > 0).all()
    assert (np.diff(points.usd_per_mtok) > 0).all()
    causes = sum(getattr(points, name) for name in CAUSE_FIELDS)
    np.testing.assert_allclose(causes, points.tpot_s, rtol=1e-9)
    assert ((points.draft_s > 0) == (points.draft_tokens > 0)).all()
    assert ((points.mfu < 1) & (points.mbu < 1)).all()
    each = points.memory_bytes / points.gpus
    assert (each <= PLANNED * H100.hbm.capacity_bytes * (1 + 1e-9)).all()
    ways = [layout_of(points, index) for index in range(len(points))]
    without = evaluate(plain(search), ways, points.batch)
    assert (points.tpot_s <= without.tpot_s).all()
    for length in range(1, most + 1):
        given_length = evaluate(search, ways, points.batch, drafted=length)
        assert (points.tpot_s <= given_length.tpot_s * (1 + 1e-12)).all()


@pytest.mark.parametrize("kind", DRAFTERS)
@pytest.mark.parametrize("model", [LLAMA, DEEPSEEK], ids=["dense", "experts"])
def test_drafts_that_are_never_accepted_never_pay(model, kind):
    points = frontier(asked(model, kind, acceptance=0.0, isl=2000.0, osl=300.0))
    without = frontier(plain(asked(model, kind, isl=2000.0, osl=300.0)))
    assert not points.draft_tokens.any()
    assert not points.draft_s.any()
    assert points.speed_tok_s[-1] == without.speed_tok_s[-1]


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from([LLAMA, DEEPSEEK]),
    st.sampled_from(DRAFTERS),
    st.integers(1, 128),
    st.tuples(st.floats(0, 1), st.floats(0, 1)),
    st.tuples(st.floats(0.2, 1), st.floats(0.2, 1)),
)
def test_more_acceptance_is_never_slower(model, kind, batch, acceptances, decays):
    way = Layout(gpus=16, tensor=16)
    tpot = [
        evaluate(asked(model, kind, acceptance=a, decay=d), [way], batch).tpot_s[0]
        for a, d in zip(sorted(acceptances), sorted(decays), strict=True)
    ]
    assert tpot[1] <= tpot[0] * (1 + 1e-12)


@pytest.mark.parametrize("kind", ["model", "eagle"])
def test_the_gain_of_a_dense_model_falls_with_the_batch(kind):
    search = asked(kind=kind, context_tok=500.0)
    batches = 2.0 ** np.arange(0, 11, 2)
    ways = [EIGHT] * len(batches)
    gain = evaluate(plain(search), ways, batches).tpot_s / evaluate(search, ways, batches).tpot_s
    assert gain[0] > 1.4
    assert (gain[1:] <= gain[:-1] * 1.02).all()
    assert gain[-1] < gain[0] - 0.3


def test_long_drafts_stop_paying_before_short_ones():
    search = asked(kind="eagle", context_tok=500.0, most=7)
    ways = [EIGHT] * 6
    lengths = evaluate(search, ways, 4.0 ** np.arange(6)).draft_tokens
    assert (np.diff(lengths) <= 0).all()
    assert lengths[0] > lengths[-1]


@pytest.mark.parametrize("kind", DRAFTERS)
def test_a_drafter_takes_memory(kind):
    search = asked(kind=kind)
    plan = Plan.of([EIGHT])
    assert most_batch(search, plan, None, search.drafting)[0] < most_batch(search, plan)[0]
    without, with_draft = (evaluate(search, [EIGHT], 8.0, drafted=k) for k in (0, 3))
    weights = with_draft.weight_bytes[0] - without.weight_bytes[0]
    assert weights == pytest.approx(8 * search.drafting.weight_bytes(plan)[0])
    assert with_draft.cache_bytes[0] > without.cache_bytes[0]


def test_batches_that_leave_a_drafter_no_room_run_without_one():
    search = asked(kind="model", acceptance=1.0)
    most = most_batch(search, Plan.of([EIGHT]))[0]
    full, forced = evaluate(search, [EIGHT], most), evaluate(search, [EIGHT], most, drafted=2)
    assert full.draft_tokens[0] == 0
    assert full.tpot_s[0] == evaluate(plain(search), [EIGHT], most).tpot_s[0]
    assert forced.tpot_s[0] == np.inf


def test_a_prompt_goes_through_the_drafter_too():
    search = asked(isl=2000.0, osl=200.0)
    without, with_draft = (evaluate(search, [EIGHT], 1.0, drafted=k) for k in (0, 2))
    assert with_draft.ttft_s[0] > without.ttft_s[0]


def test_a_limit_on_the_first_token_may_forbid_drafts():
    search = asked(isl=20_000.0, osl=200.0, context_tok=20_100.0)
    without, with_draft = (evaluate(search, [EIGHT], 4.0, drafted=k) for k in (0, 3))
    between = (without.ttft_s[0] + with_draft.ttft_s[0]) / 2
    strict = evaluate(replace(search, most_ttft_s=between), [EIGHT], 4.0)
    assert evaluate(search, [EIGHT], 4.0).draft_tokens[0] > 0
    assert strict.ttft_s[0] <= between


def test_a_demand_is_not_exceeded_by_drafting():
    search = asked(kind="eagle")
    slow, fast = (evaluate(search, [EIGHT], 32.0, drafted=k).tpot_s[0] for k in (0, 3))
    capped = replace(search, demand_tok_s=32 / ((slow + fast) / 2))
    assert evaluate(capped, [EIGHT], 32.0).tpot_s[0] >= (slow + fast) / 2


def test_targets_take_the_best_length_too():
    search = asked(kind="eagle", isl=2000.0, osl=300.0)
    best = best_batches(search, [EIGHT], lambda some: some.tpot_s <= 0.01)
    without = best_batches(plain(search), [EIGHT], lambda some: some.tpot_s <= 0.01)
    assert best.draft_tokens[0] > 0
    assert best.usd_per_mtok[0] < without.usd_per_mtok[0]


def test_pipelines_draft_only_where_the_engine_is_known_to():
    way = Layout(gpus=8, tensor=4, pipeline=2)
    search = asked(kind="eagle")
    assert evaluate(search, [way], 4.0).draft_tokens[0] == 0
    beside = replace(search, drafting=replace(search.drafting, staged=True))
    points = evaluate(beside, [way], 4.0)
    assert points.draft_tokens[0] > 0
    causes = sum(getattr(points, name) for name in CAUSE_FIELDS)
    assert causes[0] == pytest.approx(points.tpot_s[0])


def test_what_engines_are_known_to_run():
    assert staged("vllm", "eagle")
    assert not staged("vllm", "model")
    assert not staged("sglang", "eagle")
    assert refused("vllm-waiting", "model")
    assert not refused("vllm-waiting", "mtp")


def test_the_search_finds_what_trying_everything_finds(monkeypatch):
    """Few lengths on the ladders lose at most a few hundredths of the cost."""
    from infecon_tui.cost.frontier import search as module

    search = asked(DEEPSEEK, "mtp", engine="vllm")
    found = frontier(search)
    monkeypatch.setattr(module, "_MANY_LAYOUTS", 10**6)
    monkeypatch.setattr(module, "_SOME", None)
    for speed, cost in zip(*(getattr(frontier(search), f) for f in ("speed_tok_s", "usd_per_mtok")),
                           strict=True):  # fmt: skip
        assert min(found.usd_per_mtok[found.speed_tok_s >= speed * (1 - 1e-9)]) <= cost * 1.05
