"""The first token over the length of the prompt."""

import numpy as np
import pytest

from infecon_tui.solve import solve
from infecon_tui.spec.scenario_file import default_scenario, edited, opening_scenario
from infecon_tui.view.plots.figures import FIGURES
from infecon_tui.view.plots.prefill import prefill_table


def asked(**changes):
    scenario = opening_scenario()
    for path, text in changes.items():
        scenario = edited(scenario, path.replace("__", "."), text)
    return solve(scenario)


def lines(answer):
    return {line.label: line for line in FIGURES["prefill"].build(answer).series}


@pytest.mark.parametrize("pools", ["one", "two"])
@pytest.mark.parametrize("cached", ["0", "40 %", "700"])
def test_the_plot_goes_through_the_chosen_point(pools, cached):
    answer = asked(layout__pools=pools, workload__cached=cached)
    figure = FIGURES["prefill"].build(answer)
    ttft = 1e3 * answer.points.ttft_s[answer.chosen]
    assert figure.marks[0].y == pytest.approx(ttft)
    line = lines(answer)["TTFT"]
    assert line.y[line.x.index(2048.0)] == pytest.approx(ttft)


@pytest.mark.parametrize("pools", ["one", "two"])
def test_parts_add_up_and_time_grows_with_the_prompt(pools):
    table = prefill_table(asked(layout__pools=pools))
    _, ttft, compute, messages, queue, rate, half = np.array(table.values).T
    np.testing.assert_allclose(compute + messages + queue, ttft)
    # A little longer may be sooner: what no longer fits one step goes through the stages in two.
    assert (ttft[8:] > ttft[:-8]).all()
    assert (half < ttft)[1:].all()
    assert (rate > 0).all()


def test_what_is_cached_already_is_compared_with_nothing():
    drawn = lines(asked(workload__cached="40%"))
    assert "nothing cached" in drawn
    assert drawn["nothing cached"].y[-1] > drawn["TTFT"].y[-1]
    assert "50 % cached" in lines(asked())


def test_the_published_model_has_no_prompts_and_says_so():
    answer = solve(default_scenario())
    figure = FIGURES["prefill"].build(answer)
    assert not figure.series
    assert "deployment" in figure.note
    assert "deployment" in prefill_table(answer).note


def test_without_lengths_a_prompt_is_as_long_as_the_context():
    answer = asked(workload__context="4k")
    mark = FIGURES["prefill"].build(answer).marks[0]
    assert (mark.x, mark.y) == (4000.0, pytest.approx(1e3 * answer.points.ttft_s[answer.chosen]))


def test_nothing_fits_and_is_told():
    answer = asked(hardware__hbm__capacity="1 GB", layout__gpus="1")
    assert FIGURES["prefill"].build(answer).note == answer.verdict
    assert prefill_table(answer).note == answer.verdict
