"""The plot of memory: what it says fits is what the engine lets in."""

import pytest

from infecon_tui.cost.frontier.points import layout_of
from infecon_tui.cost.frontier.times import most_batch
from infecon_tui.cost.plan import Plan
from infecon_tui.solve import search_of, solve
from infecon_tui.spec.scenario_file import default_scenario, edited, opening_scenario
from infecon_tui.view.plots.memory import memory_figure, parts_of


@pytest.mark.parametrize(
    "model", ["llama-3.1-70b", "deepseek-v3", "qwen3-235b-a22b", "gpt-oss-120b"]
)
@pytest.mark.parametrize("heads", ["none", "mtp"])
def test_the_largest_batch_is_the_one_that_the_engine_takes(model, heads):
    scenario = edited(edited(opening_scenario(), "model", model), "speculation.heads", heads)
    answer = solve(scenario)
    search = search_of(scenario)[0]
    drafting = search.drafting if answer.points.draft_tokens[answer.chosen] else None
    plan = Plan.of([layout_of(answer.points, answer.chosen)])
    most = float(most_batch(search, plan, None, drafting)[0])
    assert parts_of(answer).most == pytest.approx(most, abs=1.01)
    figure = memory_figure(answer)
    assert figure.marks[1].x == pytest.approx(most, abs=1.01)


def test_by_hand():
    answer = solve(edited(default_scenario(), "fidelity", "published"))
    parts = parts_of(answer)
    gpus = float(answer.points.gpus[answer.chosen])
    assert parts.weights * gpus == pytest.approx(2 * 70.55e9, rel=1e-3)
    assert parts.room == answer.scenario.hardware.hbm.capacity_bytes
    assert (parts.room - parts.weights) / parts.sequence == pytest.approx(parts.most)


def test_lines_stand_above_each_other_and_end_at_the_room():
    figure = memory_figure(solve(opening_scenario()))
    cache, activations, weights, planned, full = figure.series
    assert min(cache.y) > activations.y[0] > weights.y[0]
    assert planned.y[0] == pytest.approx(0.9 * full.y[0]) == pytest.approx(72.0)
    assert figure.marks[1].y == pytest.approx(planned.y[0])


def test_less_of_the_memory_planned_with_is_a_smaller_batch():
    scenario = opening_scenario()
    less = edited(scenario, "layout.memory_utilization", "80 %")
    assert parts_of(solve(less)).most < parts_of(solve(scenario)).most
