"""The figure of a token's energy, and where its numbers stand besides."""

from dataclasses import replace

import numpy as np
import pytest

from infecon_tui.cost.power import joules_by_part
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.solve import solve
from infecon_tui.spec.library import load
from infecon_tui.spec.scenario_file import default_scenario, edited
from infecon_tui.view.compare import compared
from infecon_tui.view.headline import headline
from infecon_tui.view.layouts import layouts_table
from infecon_tui.view.plots.energy import NO_WATTS, energy_figure
from infecon_tui.view.tables import all_points

SCENARIO = edited(default_scenario("llama-3.1-8b"), "fidelity", "deployment")
UNKNOWN = replace(SCENARIO, hardware=replace(SCENARIO.hardware, tdp_W=None))


def test_the_parts_add_up_to_the_whole():
    points = solve(SCENARIO).points
    parts = joules_by_part(points, SCENARIO.hardware)
    assert list(parts) == ["idle", "arithmetic", "HBM", "network", "other"]
    np.testing.assert_allclose(sum(parts.values()), points.joules_per_tok, rtol=1e-9)


def test_a_token_by_hand():
    points = solve(SCENARIO).points
    joules = points.watts * points.gpus / (points.batch / points.tpot_s)
    np.testing.assert_allclose(points.joules_per_tok, joules, rtol=1e-12)
    cost = SCENARIO.cost
    np.testing.assert_allclose(points.wall_watts, points.watts * cost.pue * cost.server_power)


def test_the_least_is_marked():
    answer = solve(SCENARIO)
    figure = energy_figure(answer)
    marks = {mark.glyph: mark for mark in figure.marks}
    assert marks["◆"].y == answer.points.joules_per_tok.min()
    assert marks["●"].x == answer.points.speed_tok_s[answer.chosen]
    whole = figure.series[0]
    assert not whole.dashed
    assert min(whole.y) >= marks["◆"].y
    assert {line.label for line in figure.series} <= {
        *("energy", "idle", "arithmetic", "HBM", "network", "other")
    }


@pytest.mark.parametrize(
    ("scenario", "said"),
    [
        (default_scenario(), NO_WATTS),
        (UNKNOWN, "h100-sxm has no power limit: set hardware.tdp"),
        (edited(SCENARIO, "workload.context", "1e9"), "shorten the context"),
    ],
)
def test_without_watts_or_points_the_reason_stands_there(scenario, said):
    figure = energy_figure(solve(scenario))
    assert not figure.series
    assert said in figure.note


def test_energy_stands_in_headline_and_tables():
    metric = next(m for m in headline(solve(SCENARIO)) if m.key == "energy")
    answer = solve(SCENARIO)
    joules = answer.points.joules_per_tok[answer.chosen]
    assert metric.unit.endswith("J/tok")
    assert float(metric.value) * (1e-3 if metric.unit[0] == "m" else 1) == pytest.approx(
        joules, rel=1e-2
    )
    keys = [column.key for column in all_points(answer.points).columns]
    assert {"watts", "wall_watts", "joules_per_tok"} <= set(keys)
    assert "joules_per_tok" in [column.key for column in layouts_table(SCENARIO).columns]


def test_what_is_not_known_is_empty_and_no_number():
    answer = solve(UNKNOWN)
    assert not [m for m in headline(answer) if m.key == "energy"]
    table = all_points(answer.points)
    at = [column.key for column in table.columns].index("joules_per_tok")
    assert {row[at] for row in table.values} == {None}
    assert {row[at] for row in table.rows} == {""}


def test_accelerators_are_sorted_by_energy_with_the_unknown_last():
    parts = [load(Accelerator, name) for name in ("a100-sxm-80gb", "h100-sxm", "b200-sxm")]
    table = compared(SCENARIO, [replace(parts[0], tdp_W=None), *parts[1:]], "energy")
    at = [column.key for column in table.columns].index("joules_per_tok")
    joules = [row[at] for row in table.values]
    assert joules[-1] is None
    assert joules[:-1] == sorted(joules[:-1])
