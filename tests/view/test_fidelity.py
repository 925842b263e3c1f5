"""The table of fidelities."""

import pytest

from infecon_tui.sensitivity.apart import PARTS, taken_apart
from infecon_tui.solve import ON_SCREEN
from infecon_tui.spec.library import load
from infecon_tui.spec.scenario_file import default_scenario
from infecon_tui.view.fidelity import LARGE, MODELS, fidelity_table, reason, without_reasons
from infecon_tui.workload.transformer import Transformer

SCENARIO = default_scenario()


def table(*names):
    return fidelity_table(SCENARIO, [load(Transformer, name) for name in names])


def test_a_line_a_figure_of_merit_and_every_large_difference_has_its_reason():
    made = table("llama-3.1-8b", "qwen3-235b-a22b")
    assert len(made.rows) == 8
    keys = [column.key for column in made.columns]
    assert keys[:5] == ["model", "figure", "deployment", "published", "ratio"]
    for values, row in zip(made.values, made.rows, strict=True):
        parts = values[5 : 5 + len(PARTS)]
        assert bool(row[-1]) == (abs(sum(parts)) > LARGE)
        assert values[4] == pytest.approx(values[2] / values[3])


def test_the_reason_is_the_largest_part_in_the_direction_of_the_difference():
    for name in MODELS:
        scenario = default_scenario(name)
        for one in taken_apart(scenario, ON_SCREEN):
            said = reason(one, scenario)
            if not said:
                continue
            whole = sum(one.parts.values())
            most = max(one.parts.values()) if whole > 0 else min(one.parts.values())
            assert f"({100 * most:+.0f} %" in said
            assert f"{100 * whole:+.0f} % in all" in said


def test_a_model_that_published_has_no_place_for_is_a_line_that_says_so():
    made = table("gemma-3-27b")
    assert len(made.rows) == 1
    assert "no place for" in made.rows[0][-1]
    assert made.values[0][2] is None


def test_the_narrow_table_leaves_out_what_is_empty_and_keeps_the_reasons_as_lines():
    narrow, lines = without_reasons(table("llama-3.1-8b", "gemma-3-27b"))
    titles = [column.title for column in narrow.columns]
    assert "prompts" not in titles
    assert "launches" in titles
    assert "gemma-3-27b: " in lines
    assert all(len(row) == len(titles) for row in narrow.rows)


def test_models_of_several_kinds_stand_there_unasked():
    kinds = [load(Transformer, name) for name in MODELS]
    assert len(kinds) == 5
    attention = {group.attention.kind for model in kinds for group in model.layers}
    assert {"gqa", "mla"} <= attention
