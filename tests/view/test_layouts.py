"""The table of layouts under targets."""

from infecon_tui.solve import solve
from infecon_tui.spec.scenario_file import default_scenario, edited
from infecon_tui.view.describe import layout
from infecon_tui.view.layouts import layouts_table

REMARK, COST = 5, 2
"""Places of two columns."""


def asked(**values):
    scenario = default_scenario("qwen3-235b-a22b", "h200-sxm")
    for path, text in {"fidelity": "deployment", **values}.items():
        scenario = edited(scenario, path.replace("__", "."), text)
    return scenario


def test_the_best_layout_is_the_answer_and_the_others_say_why_they_lose():
    scenario = asked(goal__tpot="30 ms", goal__gpus_at_hand="8")
    table, answer = layouts_table(scenario), solve(scenario)
    assert table.rows[0][0] == layout(answer.points, answer.chosen)
    assert [row[REMARK] for row in table.rows].count("best") == 1
    assert all(row[REMARK] for row in table.rows)
    costs = [row[COST] for row in table.values if "dearer" in row[REMARK] or row[REMARK] == "best"]
    assert costs == sorted(costs)
    assert any("do not fit" in row[REMARK] for row in table.rows)
    assert "TPOT ≤ 30 ms" in table.note


def test_a_target_out_of_reach_is_named_on_every_line():
    table = layouts_table(asked(goal__tpot="1 ms", goal__gpus_at_hand="8"))
    assert not [row for row in table.rows if row[REMARK] == "best"]
    assert "TPOT 1 ms is out of reach" in table.rows[0][REMARK]


def test_the_published_model_has_no_layouts_of_its_own():
    table = layouts_table(asked(fidelity="published"))
    assert not table.rows
    assert "deployment" in table.note
