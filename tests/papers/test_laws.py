"""Laws of the published model, and its frontier in whole numbers, pinned and capped."""

import math
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.papers.erdil2025 import (
    CAUSES,
    Question,
    Speculation,
    evaluate,
    frontier,
    preferred,
    shortfall,
    tpot_s,
)
from infecon_tui.papers.erdil2025.inputs import model_of, part_of
from infecon_tui.papers.erdil2025.plans import plans
from infecon_tui.papers.erdil2025.search import search
from infecon_tui.spec.library import load
from infecon_tui.workload.transformer import Transformer

FIDELITIES = ("toy", "paper", "published")


def question(model="Llama_3_70B", part="H100", fidelity="published", **more) -> Question:
    spec, accelerator = load(Transformer, f"paper/{model}"), load(Accelerator, f"paper/{part}")
    return Question(
        model=model_of(spec).model,
        part=part_of(accelerator, spec.precision.weights),
        fidelity=fidelity,
        **more,
    )


def with_draft(asked: Question, draft="Llama_3_8B", acceptance=0.8) -> Question:
    spec = load(Transformer, f"paper/{draft}")
    return replace(asked, speculation=Speculation(
        draft=model_of(spec).model, draft_part=asked.part, acceptance=acceptance))  # fmt: skip


places = st.tuples(st.floats(4, 400), st.floats(1, 3000))


@settings(max_examples=25, deadline=None)
@given(places, st.sampled_from(FIDELITIES), st.floats(1.01, 4),
       st.sampled_from(["hbm_Bps", "peak_flops", "intranode_allreduce_Bps", "internode_allreduce_Bps"]))  # fmt: skip
def test_a_faster_part_never_slows_a_step(place, fidelity, factor, name):
    asked = question(fidelity=fidelity, context=1000)
    faster = replace(asked.part, **{name: getattr(asked.part, name) * factor})
    slow, fast = (tpot_s(replace(asked, part=part), *place) for part in (asked.part, faster))
    assert fast <= slow * (1 + 1e-12)


@settings(max_examples=25, deadline=None)
@given(places, st.sampled_from(FIDELITIES), st.floats(1.01, 4))
def test_rates_scale_times(place, fidelity, factor):
    """All rates and no latencies scaled: with launches and hops as much shorter, so is the step."""
    asked = question(fidelity=fidelity, pipeline=False)
    asked = replace(asked, part=replace(asked.part, launch_s=0.0, torus=True))
    part = asked.part
    rates = ("hbm_Bps", "peak_flops", "intranode_allreduce_Bps", "internode_allreduce_Bps")
    faster = replace(part, **{name: getattr(part, name) * factor for name in rates})
    slow, fast = (tpot_s(replace(asked, part=each), *place) for each in (part, faster))
    assert slow / factor * (1 - 1e-12) <= fast <= slow


@settings(max_examples=25, deadline=None)
@given(st.floats(4, 400), st.floats(1, 1000), st.floats(1.0, 8), st.sampled_from(FIDELITIES))
def test_more_sequences_never_run_faster_on_a_given_layout(gpus, batch, more, fidelity):
    asked = question(fidelity=fidelity, pipeline=False, context=500)
    small, large = tpot_s(asked, gpus, np.array([batch, batch * more]))
    assert small <= large


def test_broadcasting_equals_one_at_a_time():
    asked = with_draft(question(context=2000))
    gpus, batch = np.array([8.0, 3.7, 64.0, 0.5])[:, None], np.array([1.0, 17.0, 400.0])
    together = evaluate(asked, gpus, batch)
    for index, (n, b) in enumerate((n, b) for n in gpus[:, 0] for b in batch):
        alone = evaluate(asked, n, b)
        for field in fields(together):
            found = getattr(together, field.name)[index]
            assert getattr(alone, field.name)[0] == pytest.approx(found, rel=1e-12), field.name


@pytest.mark.parametrize("fidelity", FIDELITIES)
@pytest.mark.parametrize("drafted", [False, True])
def test_causes_sum_to_the_step_and_the_step_is_the_oracles(fidelity, drafted):
    asked = question(fidelity=fidelity, context=3000)
    points = evaluate(with_draft(asked) if drafted else asked, 16.0, np.geomspace(1, 900, 9))
    total = sum(getattr(points, name) for name in CAUSES)
    assert total == pytest.approx(points.tpot_s, rel=1e-12)
    if not drafted:
        oracle = tpot_s(asked, 16.0, np.geomspace(1, 900, 9))
        assert points.tpot_s == pytest.approx(oracle, rel=1e-12)
    assert (points.mfu > 0).all()
    assert (points.mfu < 1).all()
    assert (points.mbu < 1).all()


CURVES = [
    question(),
    question(fidelity="toy"),
    question(fidelity="paper", context=10_000),
    question("DeepSeek_V3", "H800", context=5000),
    question("Mixtral_8x7B", "TPU_v4"),
    question(demand_tok_s=5000.0),
    question(whole=True),
    question(whole=True, fidelity="paper"),
    question("Mixtral_8x22B", whole=True, demand_tok_s=20_000.0, context=1000),
    question(gpus=8.0),
    question(gpus=8.0, whole=True),
    question(batch=32.0),
    question(gpus=8.0, batch=32.0),
    question(tensor="1d", scaledown=False, pipeline=False),
    with_draft(question()),
    with_draft(question(whole=True)),
    with_draft(question(gpus=16.0, demand_tok_s=2000.0)),
    with_draft(question(pipeline=False)),
]


@pytest.mark.parametrize("asked", CURVES)
def test_frontier_is_monotone_allowed_and_real(asked):
    points = frontier(asked)
    assert len(points) >= 1
    assert (np.diff(points.speed_tok_s) > 0).all()
    assert (np.diff(points.usd_per_mtok) > 0).all()
    assert points.speed_tok_s[0] >= points.speed_tok_s[-1] / 100
    assert (points.batch * points.speed_tok_s <= asked.demand_tok_s * (1 + 1e-9)).all()
    assert (
        points.gpus * asked.part.hbm_bytes >= points.memory_bytes * (1 - 1e-9)
    ).all() or asked.speculation
    if asked.gpus:
        assert points.gpus == pytest.approx(asked.gpus)
    if asked.batch:
        assert points.batch == pytest.approx(asked.batch)
    if asked.whole:
        assert (points.gpus % 1 == 0).all()
        assert (points.batch % 1 == 0).all()
        assert (points.gpus % points.pipeline == 0).all()
    reached = points.take(np.linspace(0, len(points) - 1, 40).astype(int))
    there = evaluate(asked, reached.gpus, reached.batch)
    # The search allows any pipeline degree, the notebook's path eleven of them.
    if math.isinf(asked.demand_tok_s):
        assert (reached.tpot_s <= there.tpot_s * (1 + 1e-9)).all()
        assert there.tpot_s == pytest.approx(reached.tpot_s, rel=0.1)


@pytest.mark.parametrize("exponent", [0.5, 1, 3, 10])
def test_preferred_point(exponent):
    points = frontier(question())
    merit = points.speed_tok_s**exponent / points.usd_per_mtok
    assert preferred(points, exponent) == merit.argmax()


def test_whole_numbers_cost_more_than_fractions_but_not_much():
    free, whole = frontier(question()), frontier(question(whole=True))
    assert whole.speed_tok_s[-1] <= free.speed_tok_s[-1] * (1 + 1e-6)
    cost = np.interp(whole.speed_tok_s, free.speed_tok_s, free.usd_per_mtok)
    assert (whole.usd_per_mtok >= cost * (1 - 0.01)).all()
    assert np.median(whole.usd_per_mtok / cost) < 1.1


def test_whole_frontier_against_every_whole_instance():
    asked = question("Llama_3_8B", whole=True, pipeline=False, max_gpus=32.0)
    gpus, batch = np.meshgrid(np.arange(1.0, 33), np.arange(1.0, 513), indexing="ij")
    points, all_of_them = frontier(asked), evaluate(asked, gpus, batch)
    for speed, cost in zip(points.speed_tok_s[::7], points.usd_per_mtok[::7], strict=True):
        assert (
            cost
            <= all_of_them.usd_per_mtok[all_of_them.speed_tok_s >= speed].min(initial=np.inf) * 1.02
        )


@pytest.mark.parametrize("more", [{"gpus": 0.5}, {"max_gpus": 1.0}, {"demand_tok_s": 1e-6},
                                  {"gpus": 1.0, "batch": 10.0, "whole": True}])  # fmt: skip
@pytest.mark.parametrize("drafted", [False, True])
def test_nothing_fits_is_an_empty_frontier(more, drafted):
    asked = question("Llama_3_405B", **more)
    assert len(frontier(with_draft(asked) if drafted else asked)) == 0


def test_what_does_not_fit_is_infinite_and_in_its_place():
    points = evaluate(question("Llama_3_405B"), [1.0, 16.0, 2.0], 8.0)
    assert np.isinf(points.tpot_s).tolist() == [True, False, True]
    assert points.speed_tok_s[0] == 0
    assert shortfall(question("Llama_3_405B")) == pytest.approx(10.3, rel=0.05)


def test_a_longer_context_costs_more_at_every_speed():
    short, long = frontier(question()), frontier(question(context=20_000))
    cost = np.interp(long.speed_tok_s, short.speed_tok_s, short.usd_per_mtok)
    assert (long.usd_per_mtok > cost).all()


def test_a_draft_that_is_never_right_is_not_used():
    points = frontier(with_draft(question(), acceptance=0.0))
    assert (points.draft_tokens == 0).all()
    assert points.speed_tok_s[-1] == pytest.approx(frontier(question()).speed_tok_s[-1], rel=2e-3)


def test_found_points_are_as_fast_as_the_search_says():
    found = search(plans(question()))
    assert found is not None
    points = frontier(question())
    assert 1 / found.tpot_s.min() == pytest.approx(points.speed_tok_s[-1], rel=1e-3)
    assert math.isfinite(found.r.max())


def test_a_token_meets_no_more_experts_than_there_are():
    """Shared experts count as routed ones: with all routed ones met they would be more than there are."""
    model = load(Transformer, "deepseek-v2")
    group = model.layers[-1]
    few = replace(
        group.feed_forward, experts=6, active_experts=6, shared_experts=2, shared_d_ff=None
    )
    whole = replace(model, layers=(*model.layers[:-1], replace(group, feed_forward=few)))
    reduced = model_of(whole).model
    assert (reduced.experts, reduced.active_experts, reduced.sparsity) == (6, 6, 1)
