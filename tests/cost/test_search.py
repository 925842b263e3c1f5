"""The frontier of a deployment: its laws, and that it says what single predictions say."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infecon_tui.cost.case import Case
from infecon_tui.cost.frontier import search as module
from infecon_tui.cost.frontier.evaluate import evaluate
from infecon_tui.cost.frontier.layouts import Pinned
from infecon_tui.cost.frontier.points import CAUSE_FIELDS, layout_of
from infecon_tui.cost.frontier.search import Search, frontier
from infecon_tui.cost.frontier.times import most_batch
from infecon_tui.cost.frontier.verdict import why_nothing
from infecon_tui.cost.memory import PLANNED
from infecon_tui.cost.plan import Plan
from infecon_tui.cost.predict import predict
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.spec.library import load
from infecon_tui.workload.transformer import Transformer

MODELS = ("llama-3.1-70b", "llama-3.1-8b", "deepseek-v3", "qwen3-235b-a22b", "gpt-oss-120b")
PARTS = ("h100-sxm", "h200-sxm", "b200-sxm", "gb200-nvl72", "mi300x")


def asked(model="llama-3.1-70b", part="h100-sxm", **changes):
    return Search(model=load(Transformer, model), hardware=load(Accelerator, part), **changes)


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(MODELS),
    st.sampled_from(PARTS),
    st.sampled_from(["vllm", "sglang", "trtllm"]),
    st.floats(16, 32_000),
    st.sampled_from([None, 256.0, 2048.0]),
)
def test_no_point_of_a_frontier_is_dominated(model, part, engine, context, osl):
    isl = None if osl is None else context
    points = frontier(asked(model, part, engine=engine, context_tok=context, isl=isl, osl=osl))
    assert (np.diff(points.speed_tok_s) > 0).all()
    assert (np.diff(points.usd_per_mtok) > 0).all()
    causes = sum(getattr(points, name) for name in CAUSE_FIELDS)
    np.testing.assert_allclose(causes, points.tpot_s, rtol=1e-9)
    each = points.memory_bytes / points.gpus
    assert (each <= PLANNED * load(Accelerator, part).hbm.capacity_bytes * (1 + 1e-9)).all()
    assert ((points.mfu > 0) & (points.mfu < 1) & (points.mbu > 0) & (points.mbu < 1)).all()
    assert (points.batch == np.floor(points.batch)).all()


@pytest.mark.parametrize("model", ["llama-3.1-70b", "deepseek-v3"])
@pytest.mark.parametrize("lengths", [(None, None), (2000.0, 300.0)])
def test_points_are_what_single_predictions_say(model, lengths):
    isl, osl = lengths
    search = asked(model, "h200-sxm", context_tok=2150.0, isl=isl, osl=osl)
    points = frontier(search)
    for index in np.linspace(0, len(points) - 1, 6).astype(int):
        case = Case(
            model=search.model,
            hardware=search.hardware,
            engine=search.engine,
            layout=layout_of(points, index),
            batch=float(points.batch[index]),
            isl=2150.0 if isl is None else isl,
            osl=1.0 if osl is None else osl,
            serving=search.serving,
            context_tok=2150.0,
        )
        (said,) = predict([case])
        assert said.tpot_s == pytest.approx(points.tpot_s[index], rel=1e-9)
        assert said.ttft_s == pytest.approx(points.ttft_s[index], rel=1e-9)
        assert said.watts == pytest.approx(points.watts[index], rel=1e-9)


def test_a_broadcast_is_its_elements():
    search = asked("deepseek-v3", "h200-sxm")
    points = frontier(search)
    for index in (0, len(points) // 2, len(points) - 1):
        alone = evaluate(search, [layout_of(points, index)], points.batch[index])
        assert alone.tpot_s[0] == pytest.approx(points.tpot_s[index], rel=1e-12)
        assert alone.mbu[0] == pytest.approx(points.mbu[index], rel=1e-12)


@pytest.mark.parametrize("model", ["llama-3.1-8b", "qwen3-235b-a22b"])
def test_every_batch_one_by_one_finds_hardly_more(model):
    search = asked(model, "h200-sxm", pinned=Pinned(gpus=8))
    points = frontier(search)
    batch = np.unique(np.round(np.geomspace(1, points.batch.max(), 300)))
    for way in search.layouts():
        tried = evaluate(search, [way] * len(batch), batch)
        for speed, cost in zip(tried.speed_tok_s, tried.usd_per_mtok, strict=True):
            if speed > points.speed_tok_s[0] and np.isfinite(cost):
                assert points.speed_tok_s[-1] >= speed * (1 - 1e-9)
                here = np.interp(speed, points.speed_tok_s, points.usd_per_mtok)
                assert cost >= here * 0.97


def test_the_coarse_look_at_many_layouts_loses_nothing(monkeypatch):
    search = asked("deepseek-v3", "h200-sxm", isl=4000.0, osl=500.0, context_tok=4250.0)
    quick = frontier(search)
    monkeypatch.setattr(module, "_MANY_LAYOUTS", 10**9)
    full = frontier(search)
    line = np.interp(full.speed_tok_s, quick.speed_tok_s, quick.usd_per_mtok)
    assert (line <= full.usd_per_mtok * 1.005).all()


def test_demand_caps_what_an_instance_makes():
    points = frontier(asked(demand_tok_s=2000.0))
    assert (points.batch * points.speed_tok_s <= 2000 * (1 + 1e-9)).all()
    assert (points.batch * points.speed_tok_s).max() > 1900


def test_fixed_numbers_stay():
    points = frontier(asked(batch=32, pinned=Pinned(gpus=8, tensor=4)))
    assert set(points.batch) == {32}
    assert set(points.gpus) == {8}
    assert set(points.tensor) == {4}


def test_cheaper_hours_are_cheaper_tokens_at_the_same_speed():
    search = asked()
    half = replace(search.hardware, price_usd_per_hour=search.hardware.price_usd_per_hour / 2)
    dear, cheap = frontier(search), frontier(replace(search, hardware=half))
    np.testing.assert_allclose(cheap.usd_per_mtok * 2, dear.usd_per_mtok)
    np.testing.assert_array_equal(cheap.speed_tok_s, dear.speed_tok_s)


@pytest.mark.parametrize(
    ("search", "words"),
    [
        (asked("deepseek-v3", pinned=Pinned(gpus=8)), ("Does not fit", "16 GPUs")),
        (asked(pinned=Pinned(tensor=3)), ("64 heads", "TP 1, 2, 4")),
        (asked(pinned=Pinned(expert=8)), ("EP 8 needs experts", "EP 1 would do")),
        (asked(pinned=Pinned(gpus=8), batch=100_000), ("A batch of 100000", "at most")),
        (asked(demand_tok_s=1.0), ("raise the demand",)),
        (asked(context_tok=1e9), ("shorten the context",)),
    ],
)
def test_a_frontier_without_points_says_why_and_what_would_help(search, words):
    assert len(frontier(search)) == 0
    said = why_nothing(search)
    for word in words:
        assert word in said


@given(st.floats(0.5, 0.99), st.floats(0.0, 0.4))
def test_more_planned_memory_never_fits_less(share, more):
    search = asked()
    plan = Plan.of(search.layouts())
    low, high = (
        most_batch(replace(search, memory_utilization=min(part, 1.0)), plan)
        for part in (share, share + more)
    )
    assert (high >= low).all()


def test_planned_memory_by_hand():
    """TP 8: of 0.95 x 85.9 GB, 17.6 GB of weights and 889 MB of activations; 41 kB a position."""
    search = replace(asked(), memory_utilization=0.95)
    capacity = search.hardware.hbm.capacity_bytes
    ways = [way for way in search.layouts() if (way.tensor, way.gpus) == (8, 8)]
    activations = 8192 * 2 * (4 * 8192 + 3 * 28672 / 8)
    room = 0.95 * capacity - 2 * search.model.params / 8 - activations
    each = 80 * 2 * 128 * 2 * search.context_tok
    assert most_batch(search, Plan.of(ways))[0] == room // each
