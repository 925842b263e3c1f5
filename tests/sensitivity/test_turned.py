"""What moves cost and speed: laws of elasticities, and many changes at once against each alone."""

import math
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from turned_cases import LEVELS, MODELS, chat, scenario

from infecon_tui.errors import InfeconError
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.knobs import at, leaves, replaced
from infecon_tui.scenario import EngineName
from infecon_tui.sensitivity.freed import freed_at
from infecon_tui.sensitivity.held import held_at
from infecon_tui.sensitivity.outcome import put
from infecon_tui.sensitivity.turned import sensitivity, turnable
from infecon_tui.solve import solve
from infecon_tui.spec.library import ids, load
from infecon_tui.spec.scenario_file import default_scenario, edited
from infecon_tui.units import BYTES_PER_S, FLOPS, SECONDS
from infecon_tui.view.sensitivity import turned
from infecon_tui.view.swings import swings
from infecon_tui.workload.transformer import Transformer


def turned_at(made):
    return sensitivity(held_at(solve(made)))


def effect(found, path):
    return next(one for one in found.effects if one.knob.path == path)


def slopes(found, unit):
    return {e.knob.path: e.tpot for e in found.effects if e.knob.slot.unit is unit}


@pytest.mark.parametrize("fidelity", LEVELS)
def test_the_elasticity_of_cost_to_the_price_is_one(fidelity):
    found = effect(turned_at(scenario(fidelity=fidelity)), "hardware.price")
    assert found.cost == pytest.approx(1, abs=1e-9)
    assert found.tpot == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("fidelity", LEVELS)
@pytest.mark.parametrize("model", ["llama-3.1-70b", "deepseek-v3"])
def test_rates_never_slow_and_times_never_speed_a_token(fidelity, model):
    found = turned_at(scenario(model, fidelity))
    for unit in (BYTES_PER_S, FLOPS):
        assert all(slope <= 1e-9 for slope in slopes(found, unit).values())
    assert all(slope >= -1e-9 for slope in slopes(found, SECONDS).values())


@given(data=st.data())
@settings(max_examples=12, deadline=None)
def test_twice_the_rates_and_half_the_times_are_twice_the_speed(data):
    """All rates times s and all times over s: TPOT over s, so that the elasticities add up to one."""
    answer = solve(
        chat(data.draw(st.sampled_from(["llama-3.1-70b", "llama-3.1-8b", "deepseek-v3"])))
    )
    held = held_at(answer, data.draw(st.integers(0, len(answer.points) - 1)))
    found = sensitivity(held, small=1e-4)
    rates = {**slopes(found, BYTES_PER_S), **slopes(found, FLOPS)}
    times = slopes(found, SECONDS)
    assert sum(times.values()) - sum(rates.values()) == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("fidelity", ["toy", "paper", "published"])
def test_rates_and_launches_add_up_to_what_the_papers_own_latencies_leave(fidelity):
    """The latencies of messages are constants of the paper and no numbers of the scenario."""
    answer = solve(scenario(fidelity=fidelity))
    found, at_point = sensitivity(held_at(answer), small=1e-4), answer.chosen
    rates = {**slopes(found, BYTES_PER_S), **slopes(found, FLOPS)}
    total = sum(slopes(found, SECONDS).values()) - sum(rates.values())
    waiting = answer.points.network_latency_s[at_point] / answer.points.tpot_s[at_point]
    assert total == pytest.approx(1 - waiting, abs=0.02)


def test_slopes_by_hand():
    """Toy, bound by memory: TPOT is the weights over the bandwidth, and hops that know no bandwidth."""
    answer = solve(scenario(fidelity="toy", layout__batch="4"))
    points, index = answer.points, answer.chosen
    found = sensitivity(held_at(answer))
    share = points.hbm_s[index] / points.tpot_s[index]
    assert 0.1 < share < 1
    bandwidth = effect(found, "hardware.hbm.bandwidth")
    assert bandwidth.tpot == pytest.approx(-share, abs=1e-4)
    assert bandwidth.cost == pytest.approx(-share, abs=1e-4)
    assert bandwidth.high[1].tpot_s == pytest.approx(
        points.tpot_s[index] - points.hbm_s[index] * (1 - 1 / 1.1)
    )
    assert effect(found, "layout.batch").cost == pytest.approx(-1, abs=1e-9)
    assert "hardware.arithmetic.bf16" in {knob.path for knob in found.still}


@pytest.mark.parametrize(
    ("model", "fidelity"),
    [(model, "deployment") for model in MODELS]
    + [(model, "published") for model in ("llama-3.1-70b", "deepseek-v3", "kimi-k2.5")],
)
def test_many_changes_at_once_are_what_each_is_alone(model, fidelity):
    made = chat(model) if fidelity == "deployment" else scenario(model)
    _same_alone(edited(made, "hardware", "h200-sxm"))


def test_many_changes_of_a_scaled_model_are_what_each_is_alone():
    _same_alone(edited(scenario("llama-3.1-70b"), "scale_to", "30B"))


def _same_alone(made):
    answer = solve(made)
    held = held_at(answer)
    knobs, _ = turnable(held)
    changes = [
        (k.path, k.value * by) for k in knobs for by in (0.9, 1.01) if k.path != "layout.batch"
    ]
    for (path, value), found in zip(changes, held.outcomes(changes), strict=True):
        points = held.points(put(made, path, value))
        assert found.tpot_s == pytest.approx(points.tpot_s[0], rel=1e-9), path
        assert found.usd_per_mtok == pytest.approx(points.usd_per_mtok[0], rel=1e-9), path


@pytest.mark.parametrize("hardware", ids(Accelerator))
@pytest.mark.parametrize("fidelity", ["deployment", "published"])
def test_every_accelerator_can_be_turned(hardware, fidelity):
    eight = {"model__precision__weights": "fp8"}
    made = scenario("llama-3.2-1b", fidelity, hardware=hardware, engine="other", **eight)
    answer = solve(made)
    held = held_at(answer)
    changes = [("hardware.hbm.bandwidth", 0.9 * made.hardware.hbm.bandwidth_Bps)]
    changes += [("hardware.scale_up.link", 1.1 * made.hardware.scale_up.link_Bps)]
    for (path, value), found in zip(changes, held.outcomes(changes), strict=True):
        points = held.points(put(made, path, value))
        assert found.tpot_s == pytest.approx(points.tpot_s[0], rel=1e-9)
    assert sensitivity(held).effects


@pytest.mark.parametrize("engine", get_args(EngineName))
def test_every_engine_can_be_turned(engine):
    paths = {one.knob.path for one in turned_at(chat("deepseek-v3", engine=engine)).effects}
    host = {path for path in paths if path.startswith("hardware.kernels.steps.")}
    waiting = {"vllm-waiting": "waiting", "vllm-first": "first"}.get(engine, "ahead")
    assert f"hardware.kernels.steps.{waiting}" in host


@pytest.mark.parametrize("fidelity", LEVELS)
def test_what_is_held_is_the_point_itself(fidelity):
    answer = solve(scenario(fidelity=fidelity))
    for index in range(0, len(answer.points), 1 + len(answer.points) // 20):
        held = held_at(answer, index)
        now = held.outcomes(
            [("hardware.hbm.bandwidth", answer.scenario.hardware.hbm.bandwidth_Bps)]
        )[0]
        assert now.tpot_s == pytest.approx(answer.points.tpot_s[index], rel=1e-9)
        assert now.usd_per_mtok == pytest.approx(answer.points.usd_per_mtok[index], rel=1e-9)


@pytest.mark.parametrize("model", ids(Transformer))
def test_counts_are_not_turned_and_everything_else_is_sorted(model):
    answer = solve(replace(chat(hardware="b200-sxm"), model=load(Transformer, model)))
    found = sensitivity(held_at(answer))
    assert not {knob.slot.key for knob in found.counts} & {"d_model", "d_ff", "count", "bandwidth"}
    assert {"tile_rows", "domain"} & {knob.slot.key for knob in found.counts}
    costs = [0.0 if math.isnan(one.cost) else abs(one.cost) for one in found.effects]
    assert costs == sorted(costs, reverse=True)
    numbers = {knob.path for knob in (*found.counts, *found.still)}
    assert not numbers & {one.knob.path for one in found.effects}


def test_a_number_whose_loss_leaves_no_room_is_told_of():
    """All memory taken: less of it does not fit, more of it changes nothing at the same layout."""
    answer = solve(chat(layout__gpus="2", layout__tp="2"))
    last = int(np.argmax(answer.points.batch))
    found = effect(sensitivity(held_at(answer, last)), "hardware.hbm.capacity")
    assert not found.low[1].fits
    assert found.high[1].fits
    assert found.tpot == pytest.approx(0, abs=1e-9)


def test_a_bound_stops_a_swing():
    made = scenario(hardware__hbm__efficiency="95 %")
    found = effect(turned_at(made), "hardware.hbm.efficiency")
    assert found.high[0] == 1.0
    assert found.low[0] == pytest.approx(0.95 * 0.9)


def test_a_step_within_the_small_change_is_not_taken_for_a_slope():
    """Rows of products come in tiles of 64: a few tokens more may add one."""
    made = chat(workload__isl="512", layout__gpus="8", layout__tp="8", layout__batch="64")
    found = effect(turned_at(made), "workload.isl")
    assert found.stepped
    far = math.log(found.high[1].tpot_s / found.low[1].tpot_s) / math.log(1.1 / 0.9)
    assert found.tpot == pytest.approx(far)


def test_choices_beside_the_numbers():
    found = turned_at(chat())
    tried = {one.knob.path: one for one in found.alternatives}
    assert tried["model.precision.weights"].value == "fp8"
    assert tried["model.precision.kv_cache"].value == "fp8"
    batch = tried["layout.batch"]
    assert batch.value == 2 * batch.knob.value
    assert batch.outcome.tpot_s > found.now.tpot_s
    assert tried["model.precision.weights"].outcome.tpot_s < found.now.tpot_s


def test_a_layout_chosen_anew_is_never_worse_than_the_one_held():
    answer = solve(chat())
    held = {e.knob.path: e for e in sensitivity(held_at(answer)).effects}
    free = sensitivity(freed_at(answer), small=0.1)
    faster = [
        (one.high[1], held[one.knob.path].high[1])
        for one in free.effects
        if one.knob.path in held
        and one.high[0] == held[one.knob.path].high[0]
        and held[one.knob.path].high[1].tpot_s < free.now.tpot_s
    ]
    assert len(faster) > 5
    for one, other in faster:
        assert one.tpot_s <= other.tpot_s * 1.001
        assert one.usd_per_mtok <= other.usd_per_mtok * 1.001


def test_the_sentence_says_what_binds_and_what_helps():
    answer = solve(
        chat(
            hardware__scale_up__link="20 GB/s", layout__gpus="8", layout__tp="8", layout__batch="64"
        )
    )
    said = turned(answer).sentence
    assert said.startswith("Bound by messages between GPUs (")
    assert "10 % more link in node gives" in said


@pytest.mark.parametrize("fidelity", ["published", "deployment"])
def test_a_price_of_nothing(fidelity):
    answer = solve(scenario(fidelity=fidelity, hardware__price="0"))
    seen = turned(answer)
    assert "gives" in seen.sentence
    assert all(math.isnan(one.cost) for one in seen.found.effects)
    assert {bar.cost for bar in swings(seen.found)} <= {(0.0, 0.0), (math.nan, 0.0)}
    with pytest.raises(InfeconError, match="price is 0"):
        turned(answer, free=True)


@given(value=st.floats(1e-3, 1e3))
def test_numbers_put_in_one_layer_of_the_published_model_are_in_all(value):
    made = put(scenario("deepseek-v3"), "model.layers.1.attention.d_head", value)
    assert {group.attention.d_head for group in made.model.layers} == {value}
    alone = put(scenario("deepseek-v3", "deployment"), "model.layers.1.attention.d_head", value)
    assert alone.model.layers[0].attention.d_head == 128
    assert at(replaced(scenario(), "hardware.price", value), "hardware.price").value == value
    assert len(leaves(made)) == len(leaves(scenario("deepseek-v3")))


def test_two_pools_hold_both_layouts_and_follow_the_prompts():
    """Of one point: its own cost and first token, and a dearer prefill with less arithmetic."""
    answer = solve(chat(layout__pools="two"))
    points, at = answer.points, answer.chosen
    held = held_at(answer)
    found = sensitivity(held)
    assert found.now.usd_per_mtok == pytest.approx(points.usd_per_mtok[at])
    assert found.now.tpot_s == pytest.approx(points.tpot_s[at])
    assert found.now.ttft_s == pytest.approx(points.ttft_s[at])
    by_prompts = next(e for e in found.effects if e.knob.path == "hardware.arithmetic.bf16")
    assert by_prompts.cost < by_prompts.tpot - 0.2
    cached = held.outcomes([("workload.cached", 0.0), ("workload.cached", 0.5)])
    assert cached[1].usd_per_mtok < cached[0].usd_per_mtok
    assert cached[1].tpot_s == cached[0].tpot_s


def test_a_rotary_key_is_turned_where_the_published_model_only_tells_of_it():
    scenario = default_scenario("mistral-small-4-119b", "b200-sxm")
    found = turned(solve(edited(scenario, "fidelity", "published"))).found
    assert any(knob.path.endswith(".d_rope") for knob in found.still)
