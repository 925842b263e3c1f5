"""What moves cost and speed: laws of elasticities, many changes at once against each alone, and backwards."""

import math
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infecon_tui.errors import InfeconError
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.knobs import at, leaves, replaced
from infecon_tui.scenario import EngineName
from infecon_tui.sensitivity.ask import ask
from infecon_tui.sensitivity.freed import freed_at
from infecon_tui.sensitivity.held import held_at
from infecon_tui.sensitivity.outcome import put
from infecon_tui.sensitivity.target import METRICS, targets_in, targets_of
from infecon_tui.sensitivity.turned import sensitivity, turnable
from infecon_tui.solve import solve
from infecon_tui.spec.library import ids, load
from infecon_tui.spec.scenario_file import default_scenario, edited
from infecon_tui.units import BYTES_PER_S, FLOPS, SECONDS
from infecon_tui.view.sensitivity import turned
from infecon_tui.view.swings import swings
from infecon_tui.workload.transformer import Transformer

LEVELS = ("toy", "paper", "published", "deployment")
MODELS = (
    "llama-3.1-70b",
    "deepseek-v3",
    "gpt-oss-120b",
    "glm-5.3",
    "kimi-k3",
    "nemotron-ultra-253b",
)


def scenario(model="llama-3.1-70b", fidelity="published", **changes):
    made = edited(edited(default_scenario(), "model", model), "fidelity", fidelity)
    for path, text in changes.items():
        made = edited(made, path.replace("__", "."), text)
    return made


def chat(model="llama-3.1-70b", **changes):
    lengths = {"workload__isl": "2k", "workload__osl": "256"}
    return scenario(model, "deployment", **(lengths | changes))


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
    made = scenario("llama-3.2-1b", fidelity, hardware=hardware, model__precision__weights="fp8")
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


# Backwards


def reached(asked, made, value, targets):
    points = solve(put(made, asked.knob.path, value)).points
    return any(
        all(
            (getattr(points, t.metric.field)[i] >= t.value) == t.metric.more
            or getattr(points, t.metric.field)[i] == t.value
            for t in targets
        )
        for i in range(len(points))
    )


@pytest.mark.parametrize(
    ("fidelity", "path", "text"),
    [
        ("published", "hardware.hbm.bandwidth", "tpot 5ms"),
        ("deployment", "hardware.hbm.bandwidth", "tpot 5ms"),
        ("published", "hardware.hbm.bandwidth", "tpot 30ms cost 2"),
        ("deployment", "hardware.hbm.bandwidth", "tpot 10ms cost 3"),
        ("published", "hardware.price", "cost 0.1"),
        ("deployment", "hardware.price", "cost 0.1"),
        ("published", "model.layers.count", "speed 250"),
        ("deployment", "model.layers.count", "speed 250"),
        ("published", "hardware.scale_up.link", "speed 100 cost 2.5"),
        ("deployment", "hardware.hbm.capacity", "cost 0.4"),
    ],
)
def test_the_value_found_meets_the_target_and_the_next_one_does_not(fidelity, path, text):
    made, targets = scenario(fidelity=fidelity), targets_in(text)
    asked = ask(made, path, targets)
    assert asked.found is not None
    assert asked.tries <= 25
    value, now = asked.found.value, asked.knob.value
    whole = isinstance(now, int)
    assert reached(asked, made, int(value) if whole else value, targets)
    side = -1 if (value > now) != asked.now.met else 1
    beyond = int(value) + side if whole else value * 1.01**side
    assert not reached(asked, made, beyond, targets)


def test_whole_numbers_stay_whole_and_bounds_are_kept():
    found = ask(scenario(), "model.layers.count", targets_in("speed 250")).found
    assert found.value == int(found.value)
    asked = ask(scenario(), "hardware.hbm.efficiency", targets_in("speed 5000"))
    assert asked.found is None
    assert asked.best.value <= 1


def test_what_nothing_reaches_is_said_with_the_nearest():
    asked = ask(scenario(), "hardware.hbm.bandwidth", targets_in("speed 100000"))
    assert asked.found is None
    assert not asked.now.met
    assert asked.best.value > asked.knob.value
    assert 0 < asked.best.excess < asked.now.excess


def test_what_does_not_matter_is_met_or_never_met():
    easy = ask(scenario(fidelity="toy"), "hardware.launch", targets_in("speed 10"))
    assert easy.now.met
    assert easy.found is None


def test_held_means_the_same_layout_and_batch():
    made = chat()
    answer = solve(made)
    now = float(answer.points.speed_tok_s[answer.chosen])
    asked = ask(made, "hardware.hbm.bandwidth", targets_of({"speed": str(1.2 * now)}), held=True)
    points, index = asked.found.points, asked.found.index
    for field in ("gpus", "batch", "tensor", "pipeline"):
        assert getattr(points, field)[index] == getattr(answer.points, field)[answer.chosen]
    assert points.speed_tok_s[index] == pytest.approx(1.2 * now, rel=0.01)
    free = ask(made, "hardware.hbm.bandwidth", targets_of({"speed": str(1.2 * now)}))
    assert free.found.value <= asked.found.value or free.now.met


def test_a_first_token_is_a_target_of_deployments_only():
    asked = ask(chat(), "workload.isl", targets_in("ttft 60ms"))
    assert asked.found.value < 2000
    with pytest.raises(InfeconError, match="only the deployment"):
        ask(scenario(), "hardware.hbm.bandwidth", targets_in("ttft 60ms"))


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("hardware.hbm.bandwith", "did you mean 'hardware.hbm.bandwidth'"),
        ("fidelity", "is not a number"),
        ("layout.gpus", "is auto"),
        ("layout.whole", "is not a number"),
    ],
)
def test_what_cannot_be_asked_for(path, says):
    with pytest.raises(InfeconError, match=says):
        ask(scenario(), path, targets_in("tpot 20ms"))


def test_words_of_targets():
    both = targets_in("tpot=20 ms, cost 0.5")
    assert [(t.metric.field, t.value) for t in both] == [("tpot_s", 0.02), ("usd_per_mtok", 0.5)]
    assert targets_in("TPOT 20")[0].value == pytest.approx(0.02)
    assert targets_in("speed 1k")[0].value == 1000
    for text in ("", "20ms", "tpot", "tpot 0", "cost -1", "sped 3", "tpot 3 cost"):
        with pytest.raises(InfeconError):
            targets_in(text)
    assert set(METRICS) == {"tpot", "speed", "cost", "ttft"}


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
