"""Targets: what is chosen under them, and what is said when they cannot be kept."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infecon_tui.scenario import Goal
from infecon_tui.solve import solve
from infecon_tui.spec.scenario_file import default_scenario, edited
from infecon_tui.targets import kept, limits_of, pick


def points(*rows):
    """Points from (TPOT in s, cost, GPUs)."""
    tpot, cost, gpus = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    return SimpleNamespace(tpot_s=tpot, speed_tok_s=1 / tpot, usd_per_mtok=cost, gpus=gpus)


THREE = points((0.04, 1.0, 8), (0.02, 2.0, 8), (0.01, 5.0, 16))


@pytest.mark.parametrize(
    ("goal", "chosen", "said"),
    [
        ({"tpot_s": 0.03}, 1, ""),
        ({"tpot_s": 0.02}, 1, ""),
        ({"tpot_s": 0.04}, 0, ""),
        ({"cost_usd_per_mtok": 3.0}, 1, ""),
        ({"cost_usd_per_mtok": 3.0, "tpot_s": 0.05}, 0, ""),
        ({"gpus_at_hand": 8, "exponent": 9.0}, 1, ""),
        ({"tpot_s": 0.005}, 2, "TPOT 5 ms is out of reach: 10 ms at least"),
        ({"cost_usd_per_mtok": 0.5}, 0, "cost 0.5 USD/Mtok is out of reach: 1 USD/Mtok at least"),
        (
            {"cost_usd_per_mtok": 1.5, "tpot_s": 0.03},
            1,
            "in the time asked for a million tokens cost 2 USD at least",
        ),
    ],
)
def test_what_a_goal_chooses(goal, chosen, said):
    assert pick(THREE, Goal(**goal)) == (chosen, said)


@given(
    st.lists(
        st.tuples(st.floats(1e-3, 1), st.floats(0.01, 100), st.sampled_from([1, 8, 64])),
        min_size=1,
        max_size=20,
    ),
    st.one_of(st.none(), st.floats(1e-3, 1)),
    st.one_of(st.none(), st.floats(0.01, 100)),
    st.one_of(st.none(), st.integers(1, 64)),
)
def test_a_kept_choice_keeps_all_and_none_is_cheaper(rows, tpot, cost, gpus):
    some, goal = points(*rows), Goal(tpot_s=tpot, cost_usd_per_mtok=cost, gpus_at_hand=gpus)
    at, said = pick(some, goal)
    keep = kept(some, limits_of(goal))
    assert bool(said) != bool(keep.any())
    if not said:
        assert keep[at]
        if tpot:
            assert some.usd_per_mtok[at] == some.usd_per_mtok[keep].min()


def asked(**values):
    scenario = default_scenario("llama-3.1-70b", "h100-sxm")
    for path, text in values.items():
        scenario = edited(scenario, path.replace("__", "."), text)
    return scenario


def test_the_published_model_keeps_targets_too():
    answer = solve(asked(goal__tpot="15 ms", goal__gpus_at_hand="8"))
    at = answer.chosen
    assert answer.points.tpot_s[at] <= 0.015
    assert answer.points.gpus.max() <= 8 * (1 + 1e-9)
    assert not answer.missed


def test_a_target_is_met_to_the_last_sequence():
    answer = solve(asked(fidelity="deployment", goal__tpot="20 ms", goal__gpus_at_hand="8"))
    at, free = answer.chosen, asked(fidelity="deployment", goal__gpus_at_hand="8")
    batch, layout = answer.points.batch[at], answer.points
    assert answer.points.tpot_s[at] <= 0.02
    pinned = free
    for path, value in (
        ("layout.gpus", layout.gpus[at]),
        ("layout.tp", layout.tensor[at]),
        ("layout.pp", layout.pipeline[at]),
        ("layout.batch", batch + 1),
    ):
        pinned = edited(pinned, path, f"{value:.0f}")
    one_more = solve(pinned)
    assert one_more.points.tpot_s[0] > 0.02


def test_a_first_token_in_time_costs_no_less():
    lengths = {"fidelity": "deployment", "workload__isl": "4k", "workload__osl": "256"}
    free = solve(asked(**lengths, goal__cost="100"))
    tight = solve(asked(**lengths, goal__ttft="400 ms", goal__cost="100"))
    assert not tight.missed
    assert tight.points.ttft_s[tight.chosen] <= 0.4
    assert tight.points.usd_per_mtok.min() >= free.points.usd_per_mtok.min() * (1 - 1e-9)


def test_a_first_token_that_cannot_come_in_time_is_said():
    answer = solve(
        asked(fidelity="deployment", workload__isl="4k", workload__osl="256", goal__ttft="1 ms")
    )
    assert answer.chosen is not None
    assert "TTFT 1 ms is out of reach" in answer.missed
    assert not math.isnan(answer.points.ttft_s[answer.chosen])
