"""What an hour costs, rented or owned."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infecon_tui.cost.frontier.search import Search, frontier
from infecon_tui.cost.price import capital_usd, usd_per_hour, wall_watts
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.hardware.cost import USUAL_CAPITAL_USD, Cost
from infecon_tui.solve import search_of, solve
from infecon_tui.spec.library import load
from infecon_tui.spec.scenario_file import (
    default_scenario,
    edited,
    scenario_from_yaml,
    scenario_yaml,
)
from infecon_tui.workload.transformer import Transformer

H100 = load(Accelerator, "h100-sxm")
LLAMA = load(Transformer, "llama-3.1-8b")
ROUND = Cost(
    basis="owned",
    capital_usd=8766.0,
    surround=2.0,
    life_years=1.0,
    interest=0.0,
    electricity_usd_per_kwh=0.1,
    pue=1.5,
    server_power=2.0,
    hosting_usd_per_kw_month=73.05,
    utilization=0.5,
)
"""Numbers that can be followed by hand: a year has 8766 hours, a month 730.5."""


def test_by_hand():
    # Capital: 2 x 8766 USD over 8766 h are 2 USD an hour. Hosting: 0.7 kW x 2 x 73.05 / 730.5 = 0.14.
    # Electricity: 0.5 kW x 2 x 1.5 x 0.1 = 0.15. Half of the hours are sold.
    assert usd_per_hour(ROUND, H100, 500.0) == pytest.approx(2 * (2.0 + 0.14 + 0.15))


def test_interest_by_hand():
    # 10 % over two years: 100 are paid off by 57.619 a year (57.619/1.1 + 57.619/1.21 = 100).
    cost = replace(ROUND, life_years=2.0, interest=0.1, utilization=1.0)
    free = replace(cost, electricity_usd_per_kwh=0.0, hosting_usd_per_kw_month=0.0)
    assert usd_per_hour(free, H100) == pytest.approx(2 * 0.57619, rel=1e-4)


@given(st.floats(1e-9, 1.0), st.floats(1, 30))
def test_interest_adds_at_most_its_part_of_every_year(interest, years):
    some = replace(ROUND, interest=interest, life_years=years)
    none = replace(some, interest=0.0)
    assert usd_per_hour(some, H100) >= usd_per_hour(none, H100) * (1 - 1e-9)
    assert usd_per_hour(some, H100) <= usd_per_hour(none, H100) * (1 + interest * years + 1e-9)


def test_a_rent_is_the_price_whatever_the_rest_says():
    assert usd_per_hour(replace(ROUND, basis="rented"), H100, 500.0) == H100.price_usd_per_hour
    assert usd_per_hour(Cost(), replace(H100, price_usd_per_hour=None)) == 1.0


def test_capital_is_as_asked_else_the_list_price_else_a_usual_one():
    assert capital_usd(replace(ROUND, capital_usd=1.0), H100) == 1.0
    assert capital_usd(Cost(), H100) == H100.list_price_usd
    assert capital_usd(Cost(), replace(H100, list_price_usd=None)) == USUAL_CAPITAL_USD


def test_a_part_without_a_power_limit_is_counted_without_watts():
    unknown = replace(H100, tdp_W=None)
    assert usd_per_hour(ROUND, unknown) == pytest.approx(2 * 2.0)


def test_the_wall_gives_what_server_and_building_take():
    assert wall_watts(ROUND, 500.0) == 1500.0


def test_an_array_is_its_elements():
    watts = np.array([100.0, 400.0, 700.0])
    together = usd_per_hour(ROUND, H100, watts)
    assert together.tolist() == [usd_per_hour(ROUND, H100, one) for one in watts]


def owned(**changes):
    return Search(model=LLAMA, hardware=H100, cost=replace(Cost(basis="owned"), **changes))


@settings(max_examples=15, deadline=None)
@given(st.floats(0.0, 5.0), st.floats(0.01, 5.0))
def test_dearer_electricity_never_lowers_the_cost_of_a_speed(price, more):
    cheap, dear = (frontier(owned(electricity_usd_per_kwh=usd)) for usd in (price, price + more))
    least = np.interp(dear.speed_tok_s, cheap.speed_tok_s, cheap.usd_per_mtok)
    # Between points of the cheap frontier its line is only near: half a percent for the refinement.
    assert (dear.usd_per_mtok >= least * 0.995).all()
    assert dear.usd_per_mtok[0] > cheap.usd_per_mtok[0]


def test_half_of_the_hours_sold_is_twice_the_cost_and_moves_no_layout():
    all_hours, half = (frontier(owned(utilization=share)) for share in (1.0, 0.5))
    np.testing.assert_allclose(half.usd_per_mtok, 2 * all_hours.usd_per_mtok, rtol=1e-12)
    np.testing.assert_array_equal(half.speed_tok_s, all_hours.speed_tok_s)
    np.testing.assert_array_equal(half.gpus, all_hours.gpus)


def test_an_owner_pays_for_the_watts_of_each_point():
    points = frontier(owned())
    search = owned()
    price = points.usd_per_mtok * points.batch / (points.tpot_s * points.gpus * 1e6) * 3600
    np.testing.assert_allclose(price, usd_per_hour(search.cost, H100, points.watts))
    assert price.max() > price.min()


@pytest.mark.parametrize("fidelity", ["toy", "paper", "published", "deployment"])
def test_an_owner_asks_what_he_pays_at_every_fidelity(fidelity):
    scenario = edited(default_scenario(), "fidelity", fidelity)
    mine = edited(scenario, "cost.basis", "owned")
    rent, own = solve(scenario), solve(mine)
    assert own.points.usd_per_mtok[0] != rent.points.usd_per_mtok[0]
    half = solve(edited(mine, "cost.utilization", "30 %"))
    assert half.points.usd_per_mtok[0] == pytest.approx(2 * own.points.usd_per_mtok[0], rel=1e-9)


@pytest.mark.parametrize("fidelity", ["toy", "paper", "published", "deployment"])
def test_a_rented_answer_does_not_look_at_an_owners_numbers(fidelity):
    scenario = edited(default_scenario(), "fidelity", fidelity)
    other = replace(scenario, cost=replace(ROUND, basis="rented"))
    np.testing.assert_array_equal(
        solve(scenario).points.usd_per_mtok, solve(other).points.usd_per_mtok
    )


def test_what_an_owner_does_not_know_is_said():
    scenario = edited(default_scenario(), "cost.basis", "owned")
    bare = replace(scenario, hardware=replace(H100, list_price_usd=None, tdp_W=None))
    said = " ".join(solve(bare).notes)
    assert "list price unknown: 30k USD taken" in said
    assert "power limit unknown" in said
    given = edited(bare, "cost.capital", "20k USD")
    assert "list price" not in " ".join(solve(given).notes)


def test_files_hold_it_in_units():
    scenario = edited(default_scenario(), "cost.basis", "owned")
    scenario = edited(edited(scenario, "cost.capital", "25k USD"), "cost.life", "5 years")
    text = scenario_yaml(edited(scenario, "cost.electricity", "0.11 USD/kWh"))
    for line in ("capital: 25k USD", "life: 5 years", "electricity: 0.11 USD/kWh"):
        assert line in text
    assert scenario_from_yaml(text, "f").cost.electricity_usd_per_kwh == 0.11
    assert search_of(scenario_from_yaml(text, "f"))[0].cost.capital_usd == 25_000


def test_every_number_of_an_owner_moves_the_price():
    for path, value in (
        ("capital_usd", 9999.0),
        ("surround", 3.0),
        ("life_years", 2.0),
        ("interest", 0.2),
        ("electricity_usd_per_kwh", 0.3),
        ("pue", 2.0),
        ("server_power", 3.0),
        ("hosting_usd_per_kw_month", 200.0),
        ("utilization", 0.25),
    ):
        other = replace(ROUND, **{path: value})
        assert usd_per_hour(other, H100, 500.0) != usd_per_hour(ROUND, H100, 500.0), path
