"""Weights of every kind of feed-forward layer against counts made by hand."""

import pytest

from infecon_tui.workload.feedforward import Dense, MixtureOfExperts

MOE = {"experts": 8, "active_experts": 2, "d_ff": 64}
EXPERT, ROUTER = 3 * 100 * 64, 100 * 8

CASES = [
    (Dense(d_ff=64), EXPERT, EXPERT, 0),
    (Dense(d_ff=64, gated=False), 2 * 6400, 2 * 6400, 0),
    (MixtureOfExperts(**MOE), 8 * EXPERT + ROUTER, 2 * EXPERT + ROUTER, 8 * EXPERT),
    (MixtureOfExperts(**MOE, router=False), 8 * EXPERT, 2 * EXPERT, 8 * EXPERT),
    (
        MixtureOfExperts(**MOE, shared_experts=2),
        10 * EXPERT + ROUTER,
        4 * EXPERT + ROUTER,
        8 * EXPERT,
    ),
    (
        MixtureOfExperts(**MOE, shared_experts=1, shared_d_ff=32),
        8 * EXPERT + EXPERT // 2 + ROUTER,
        2 * EXPERT + EXPERT // 2 + ROUTER,
        8 * EXPERT,
    ),
    # Experts on a quarter of the width; projections down and up; router and shared expert as ever.
    (
        MixtureOfExperts(**MOE, gated=False, shared_experts=1, d_latent=25),
        8 * 2 * 25 * 64 + 2 * 6400 + 2 * 100 * 25 + ROUTER,
        2 * 2 * 25 * 64 + 2 * 6400 + 2 * 100 * 25 + ROUTER,
        8 * 2 * 25 * 64,
    ),
]


@pytest.mark.parametrize(("kind", "total", "active", "routed"), CASES, ids=str)
def test_params(kind, total, active, routed):
    assert kind.params(100) == total
    assert kind.active_params(100) == active
    assert kind.expert_params(100) == routed
    assert kind.problems() == ()


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (
            MixtureOfExperts(experts=8, active_experts=9, d_ff=64),
            "active_experts (9) is more than experts (8)",
        ),
        (MixtureOfExperts(**MOE, shared_d_ff=64), "shared_d_ff is given but shared_experts is 0"),
    ],
    ids=str,
)
def test_numbers_that_contradict_each_other(kind, said):
    assert kind.problems() == (said,)
