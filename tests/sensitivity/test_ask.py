"""Asked backwards: the value of a number that reaches a target."""

import pytest
from turned_cases import chat, scenario

from infecon_tui.errors import InfeconError
from infecon_tui.sensitivity.ask import ask
from infecon_tui.sensitivity.outcome import put
from infecon_tui.sensitivity.target import METRICS, targets_in, targets_of
from infecon_tui.solve import solve


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
