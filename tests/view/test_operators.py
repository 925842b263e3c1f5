"""Time by operator: what the steps of the engine enter, and nothing else."""

import pytest

from infecon_tui.solve import solve
from infecon_tui.spec.scenario_file import edited, opening_scenario
from infecon_tui.view.deployed import operator_seconds
from infecon_tui.view.explain import operators
from infecon_tui.view.lines import point_table

CASES = [
    ("llama-3.1-70b", {}),
    ("deepseek-v3", {"speculation.heads": "mtp"}),
    ("qwen3-235b-a22b", {"layout.pools": "two"}),
    ("llama-3.1-70b", {"layout.pp": "2", "layout.chunk": "512"}),
]


@pytest.mark.parametrize(("model", "changes"), CASES)
def test_operators_sum_to_the_time_of_a_token(model, changes):
    scenario = edited(opening_scenario(), "model", model)
    for path, value in changes.items():
        scenario = edited(scenario, path, value)
    answer = solve(scenario)
    tpot_s = answer.points.tpot_s[answer.chosen]
    assert sum(operator_seconds(answer).values()) == pytest.approx(tpot_s, rel=1e-9)
    assert sum(share for _, share, _ in operators(answer)) == pytest.approx(1)
    shares = [share for _, share, _ in operators(answer)]
    assert shares == sorted(shares, reverse=True)


def test_the_published_model_has_none_and_a_point_tells_them():
    published = solve(edited(opening_scenario(), "fidelity", "published"))
    assert operators(published) == ()
    rows = [row[0] for row in point_table(solve(opening_scenario())).rows]
    assert any(name.startswith("operator: ") for name in rows)
