"""Time by operator: what the steps of the engine enter, and nothing else."""

import pytest

from infecon_tui.solve import solve
from infecon_tui.spec.scenario_file import edited, opening_scenario
from infecon_tui.view.explain import operators
from infecon_tui.view.lines import point_table
from infecon_tui.view.plots.deployed import operator_seconds
from infecon_tui.view.plots.figures import FIGURES
from infecon_tui.view.plots.roofline import ROOFS

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


@pytest.mark.parametrize(("model", "changes"), CASES)
def test_the_roofline_has_the_operators_of_both_kinds_of_step(model, changes):
    scenario = edited(opening_scenario(), "model", model)
    for path, value in changes.items():
        scenario = edited(scenario, path, value)
    figure = FIGURES["roofline"].build(solve(scenario))
    named = {series.label: series for series in figure.series if series.glyph}
    assert list(named) == ["prefill", "decode"]
    assert "attention" in named["decode"].names
    assert "prompt attention" in named["prefill"].names
    for series in named.values():
        assert len(series.names) == len(series.x) == len(series.y)
        assert "attention products" in series.names
    own = next(series for series in figure.series if not series.dashed)
    slope = own.y[0] / own.x[0]
    highest = max(max(s.y) for s in figure.series if s.label in ROOFS)
    for series in named.values():
        for x, y in zip(series.x, series.y, strict=True):
            assert y <= min(slope * x, highest) * (1 + 1e-9)


def test_roofs_of_other_formats_meet_on_one_slope():
    figure = FIGURES["roofline"].build(solve(edited(opening_scenario(), "hardware", "b200-sxm")))
    roofs = {series.label: series for series in figure.series if series.label in ROOFS}
    assert list(roofs) == ["bf16", "fp8", "fp4"]
    ridges = {name: series.x[-2] for name, series in roofs.items()}
    assert ridges["fp8"] == pytest.approx(2 * ridges["bf16"])
    assert ridges["fp4"] == pytest.approx(4 * ridges["bf16"])


def test_the_published_model_has_roofs_but_no_operators():
    figure = FIGURES["roofline"].build(solve(edited(opening_scenario(), "fidelity", "published")))
    assert not any(series.glyph for series in figure.series)
    assert "steps" in {series.label for series in figure.series}
