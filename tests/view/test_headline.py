"""The figures of merit: what decides first, with its targets; what binds a step."""

import pytest

from infecon_tui.solve import ON_SCREEN, solve
from infecon_tui.spec.scenario_file import edited, opening_scenario
from infecon_tui.view.describe import binds, bound_sentence, bound_words, kinds, shares
from infecon_tui.view.headline import headline

BASE = opening_scenario()


def answer(**changes):
    scenario = BASE
    for name, text in changes.items():
        scenario = edited(scenario, name.replace("__", "."), text)
    return solve(scenario, ON_SCREEN)


def told(**changes):
    return {metric.key: metric for metric in headline(answer(**changes))}


def test_what_decides_comes_first():
    keys = [metric.key for metric in headline(answer())]
    decisive = [metric.key for metric in headline(answer()) if metric.decisive]
    assert keys[: len(decisive)] == decisive
    assert decisive[:4] == ["cost", "ttft", "tpot", "speed"]
    assert decisive[-1] == "binds"
    assert {"throughput", "mfu", "energy"} <= set(keys) - set(decisive)


@pytest.mark.parametrize(
    ("changes", "key", "limit"),
    [
        ({}, "tpot", "50"),
        ({"goal__tpot": "2 s"}, "tpot", "2 s"),
        ({"goal__ttft": "500 ms"}, "ttft", "500"),
        ({"goal__cost": "3"}, "cost", "3"),
        ({"goal__gpus_at_hand": "8"}, "gpus", "8"),
    ],
)
def test_a_target_stands_behind_its_value(changes, key, limit):
    metrics = told(**changes)
    assert metrics[key].limit == limit
    assert metrics[key].tone == "good"
    assert not metrics["speed"].limit


def test_a_missed_target_is_marked():
    assert told(goal__tpot="5 ms")["tpot"].tone == "bad"


@pytest.mark.parametrize("fidelity", ["deployment", "published"])
def test_reads_of_weights_and_cache_bind_together(fidelity):
    made = answer(fidelity=fidelity, goal__tpot="none", layout__batch="8")
    points, at = made.points, made.chosen
    kind, whole, (cause, share) = kinds(points, at)[0]
    assert kind == "memory"
    reads = {"weights", "KV cache", "other HBM", "HBM"}
    assert whole == pytest.approx(sum(s for name, _, s in shares(points, at) if name in reads))
    assert binds(points, at) == cause
    assert bound_words(points, at) == ("memory", f"({cause} {100 * share:.0f} %)")
    assert bound_sentence(points, at).startswith("Bound by reading memory (")


def test_a_cause_of_its_own_is_told_alone():
    made = answer()
    kind, percent = bound_words(made.points, made.chosen)
    assert kind == binds(made.points, made.chosen) == "arithmetic"
    assert percent.endswith(" %")
    assert sum(share for _, share, _ in kinds(made.points, made.chosen)) == pytest.approx(1)
