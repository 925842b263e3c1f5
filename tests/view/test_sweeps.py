"""Sweeps hold all but one number of the chosen point."""

import numpy as np
import pytest

from infecon_tui.papers.erdil2025 import evaluate
from infecon_tui.solve import question_of, solve
from infecon_tui.spec.scenario_file import default_scenario, edited
from infecon_tui.tui.acts.moves import FIGURES as NAMES
from infecon_tui.view.plots.figures import FIGURES
from infecon_tui.view.plots.sweeps import SWEEPS, sweep_table

BASE = default_scenario()


@pytest.mark.parametrize("fidelity", ["toy", "paper", "published"])
@pytest.mark.parametrize("name", SWEEPS)
def test_a_sweep_goes_through_the_chosen_point(name, fidelity):
    answer = solve(edited(BASE, "fidelity", fidelity))
    figure = FIGURES[name].build(answer)
    tpot = next(line for line in figure.series if line.label == "TPOT")
    mark = figure.marks[0]
    assert mark.y == pytest.approx(1e3 * answer.points.tpot_s[answer.chosen])
    assert min(tpot.x) < mark.x < max(tpot.x)
    near = np.interp(np.log(mark.x), np.log(tpot.x), tpot.y)
    assert near == pytest.approx(mark.y, rel=0.1)
    for line in figure.series:
        assert max(line.y) <= max(tpot.y) * (1 + 1e-9)


def test_time_grows_with_batch_and_context():
    answer = solve(BASE)
    for name in ("batch", "context"):
        tpot = FIGURES[name].build(answer).series[0]
        assert all(later >= sooner for sooner, later in zip(tpot.y, tpot.y[1:], strict=False))


def test_the_table_holds_points_of_the_engine():
    answer = solve(BASE)
    table = sweep_table(answer, "batch")
    gpus = float(answer.points.gpus[answer.chosen])
    batches = [row[0] for row in table.values]
    question, _ = question_of(BASE)
    assert [row[1] for row in table.values] == pytest.approx(
        evaluate(question, [gpus] * len(batches), batches).tpot_s.tolist()
    )
    assert len(table.rows[0]) == len(table.columns)


def test_nothing_fits_is_said():
    answer = solve(edited(edited(BASE, "model", "llama-3.1-405b"), "layout.gpus", "1"))
    for name in SWEEPS:
        assert FIGURES[name].build(answer).note == answer.verdict
        assert sweep_table(answer, name).note == answer.verdict


def test_the_explorer_knows_every_figure():
    assert set(NAMES) == set(FIGURES)


@pytest.mark.parametrize("name", SWEEPS)
def test_with_a_draft_that_is_used_for_some_points_only(name):
    drafted = edited(BASE, "speculation.draft", "llama-3.1-8b")
    answer = solve(drafted)
    assert FIGURES[name].build(answer).series


def test_contexts_are_swept_with_a_draft_too():
    drafted = edited(BASE, "speculation.draft", "llama-3.1-8b")
    assert sweep_table(solve(drafted), "context").rows
