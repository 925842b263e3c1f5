"""What moves the cost most, and the layouts beside the best."""

import pytest

from infecon_tui.solve import ON_SCREEN, solve
from infecon_tui.spec.scenario_file import edited, opening_scenario
from infecon_tui.view.deciding import deciding
from infecon_tui.view.layouts import layouts_table

BASE = opening_scenario()


def found(**changes):
    scenario = BASE
    for name, text in changes.items():
        scenario = edited(scenario, name.replace("__", "."), text)
    return deciding(solve(scenario, ON_SCREEN))


def test_what_is_bought_is_turned_and_the_largest_stands_first():
    swings = found().swings
    widest = [max(map(abs, sides)) for _, sides, _, _ in swings]
    assert widest == sorted(widest, reverse=True)
    names = [name for name, *_ in swings]
    assert names[0] == "price"
    assert "HBM bandwidth" in names
    assert not {"layers", "ISL", "GEMM peak share"} & set(names)


def test_a_tenth_more_rent_is_a_tenth_more_cost_at_the_same_speed():
    name, sides, cost, speed = found().swings[0]
    assert sides == pytest.approx((-0.1, 0.1))
    assert (name, cost, speed) == ("price", "+10", "0")


def test_choices_tell_what_they_change():
    choices = {name: (cost, speed) for name, cost, speed in found().choices}
    cost, speed = choices["weights > fp8"]
    assert float(cost) < 0 < float(speed)


def test_layouts_are_those_of_the_page_the_best_first():
    made = found()
    table = layouts_table(BASE)
    assert [rival.layout for rival in made.rivals] == [row[0] for row in table.rows]
    assert made.rivals[0].remark == "best"
    assert made.asked == "TPOT ≤ 50 ms"


def test_where_nothing_fits_layouts_alone_are_told():
    made = found(layout__batch="100000")
    assert not made.swings
    assert made.rivals
    assert all("fit" in rival.remark for rival in made.rivals)


def test_the_published_model_has_no_layouts_to_compare():
    made = found(fidelity="published")
    assert made.rivals == ()
    assert made.swings
