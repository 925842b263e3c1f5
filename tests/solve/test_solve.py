"""From a scenario to its answer."""

from infecon_tui.papers.erdil2025.inputs import model_of
from infecon_tui.papers.erdil2025.scaling import scaled_to
from infecon_tui.solve import question_of, solve
from infecon_tui.spec.scenario_file import (
    default_scenario,
    edited,
    scenario_from_yaml,
    scenario_yaml,
)


def test_a_scaled_model_is_the_notebooks():
    scenario = edited(default_scenario(), "scale_to", "400B")
    question, notes = question_of(scenario)
    assert question.model == scaled_to(model_of(scenario.model).model, 400e9)
    assert "model scaled to 390B parameters" in notes


def test_a_smaller_model_is_faster():
    large, small = (
        solve(edited(default_scenario(), "scale_to", size)).points.speed_tok_s[-1]
        for size in ("400B", "10B")
    )
    assert small > large


def test_a_scaled_scenario_comes_back_from_yaml():
    scenario = edited(default_scenario(), "scale_to", "400B")
    text = scenario_yaml(scenario)
    assert "scale_to: 400B" in text
    assert scenario_from_yaml(text, "again.yaml") == scenario


def test_where_scaling_has_no_place_a_note_says_so():
    scenario = edited(edited(default_scenario(), "scale_to", "400B"), "fidelity", "deployment")
    assert any("scaling belongs" in note for note in solve(scenario).notes)
