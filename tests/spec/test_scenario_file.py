import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infecon_tui.errors import InfeconError, SpecError
from infecon_tui.knobs import leaves, with_text
from infecon_tui.spec.library import shipped_root
from infecon_tui.spec.scenario_file import (
    base_of,
    default_scenario,
    edited,
    load_scenario,
    scenario_from_yaml,
    scenario_yaml,
)
from infecon_tui.spec.write import write_atomically
from infecon_tui.values import exact_text
from infecon_tui.view.editor.steps import choices_of, steps_of

PAPER = default_scenario("paper/Llama_3_70B_8_bit", "paper/H100")
EXAMPLE = """\
schema: infecon/scenario/1
model: paper/Llama_3_70B
hardware: paper/H100
fidelity: published
precision: {weights: fp8}
workload: {context: 100k, demand: 100k tok/s}
speculation: {draft: paper/Llama_3_8B, acceptance: 80 %, draft_tokens: 2-4}
layout: {gpus: 8, batch: auto}
set: {hardware.hbm.bandwidth: 3.6 TB/s, speculation.draft.layers.count: 30}
notes: a trial
"""


def test_a_file_holds_only_what_differs():
    assert scenario_yaml(PAPER) == (
        "schema: infecon/scenario/1\n"
        "model: paper/Llama_3_70B_8_bit\n"
        "hardware: paper/H100\n"
        "fidelity: published\n"
    )


def test_every_part_of_a_file_is_read():
    scenario = scenario_from_yaml(EXAMPLE, "x.yaml")
    assert scenario.model.precision.weights == "fp8"
    assert scenario.workload.context_tok == 100_000
    assert scenario.workload.demand_tok_s == 100_000
    assert scenario.speculation.draft is not None
    assert scenario.speculation.draft.layers[0].count == 30
    assert scenario.speculation.acceptance == 0.8
    assert scenario.speculation.draft_tokens == (2, 4)
    assert scenario.layout.gpus == 8
    assert scenario.hardware.hbm.bandwidth_Bps == 3.6e12
    assert scenario.notes == "a trial"
    assert scenario_from_yaml(scenario_yaml(scenario), "y.yaml") == scenario


def test_written_and_loaded(tmp_path):
    scenario = scenario_from_yaml(EXAMPLE, "x.yaml")
    write_atomically(tmp_path / "s.yaml", scenario_yaml(scenario))
    assert load_scenario(tmp_path / "s.yaml") == scenario


EDITABLE = [knob for knob in leaves(PAPER) if any(steps_of(knob)) or choices_of(knob)]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(EDITABLE), st.integers(0, 3)), max_size=6))
def test_any_edits_survive_export_and_import(moves):
    scenario = PAPER
    for knob, way in moves:
        now = next(k for k in leaves(scenario) if k.path == knob.path)
        text = steps_of(now)[way]
        if text is not None:
            try:
                scenario = edited(scenario, knob.path, text)
            except InfeconError:
                continue  # heads that no longer divide: refused, the scenario stays
    assert scenario_from_yaml(scenario_yaml(scenario), "x.yaml") == scenario


@given(st.sampled_from([k for k in EDITABLE if k.slot.kind is float]), st.floats(1e-3, 1e15))
def test_any_number_survives_export_and_import(knob, number):
    try:
        text = exact_text(knob.slot, number)
        scenario = with_text(PAPER, knob.path, text)
    except InfeconError:
        return  # out of the knob's bounds
    assert scenario_from_yaml(scenario_yaml(scenario), "x.yaml") == scenario


def test_a_spec_the_library_lacks_is_held_whole(tmp_path):
    text = scenario_yaml(PAPER)
    own = tmp_path / "mine.yaml"
    own.write_text(
        "schema: infecon/model/1\nd_model: 64\nvocab: 100\nlayers:\n- count: 2\n"
        "  attention: {kind: gqa, heads: 4, kv_heads: 2, d_head: 16}\n"
        "  feed_forward: {kind: dense, d_ff: 256}\n"
    )
    file = tmp_path / "s.yaml"
    file.write_text(text.replace("paper/Llama_3_70B_8_bit", "mine.yaml"))
    scenario = load_scenario(file)
    assert scenario.model.d_model == 64
    own.unlink()
    assert scenario_from_yaml(scenario_yaml(scenario), "x.yaml") == scenario


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("model: paper/Llama_3_70B", "model: paper/Llama_3_7B", "x.yaml:2: no model"),
        ("model: paper/Llama_3_70B\n", "", "x.yaml:1: model: is missing"),
        ("fidelity: published", "fidelity: publishd", "did you mean 'published'?"),
        ("weights: fp8", "weights: fp9", "x.yaml:5: precision: model.precision.weights: expected"),
        ("demand: 100k tok/s", "demand: -1", "x.yaml:6: workload.demand: must be above 0"),
        ("demand:", "demnd:", "x.yaml:6: workload.demnd: no such key; did you mean 'demand'?"),
        ("80 %", "180 %", "x.yaml:7: speculation.acceptance: must be between 0 and 1"),
        ("2-4", "4-2", "x.yaml:7: speculation.draft_tokens: expected a range"),
        ("gpus: 8", "gpus: 0", "x.yaml:8: layout.gpus: must be above 0"),
        ("hbm.bandwidth", "hbm.bandwith", "did you mean 'hardware.hbm.bandwidth'?"),
        ("3.6 TB/s", "3.6", "a unit is missing"),
        ("notes:", "note:", "x.yaml:10: note: no such key; did you mean 'notes'?"),
        ("infecon/scenario/1", "infecon/model/1", "is a model spec; name it under `model:`"),
    ],
)
def test_a_wrong_file_says_where_and_what(old, new, message):
    assert old in EXAMPLE
    with pytest.raises(SpecError) as caught:
        scenario_from_yaml(EXAMPLE.replace(old, new), "x.yaml")
    assert message in str(caught.value)


def test_all_problems_of_an_overlay_at_once():
    text = EXAMPLE.replace("3.6 TB/s", "3.6").replace("count: 30", "count: -1")
    with pytest.raises(SpecError) as caught:
        scenario_from_yaml(text, "x.yaml")
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(
    ("path", "text", "message"),
    [
        ("model", "llama", "no model 'llama'"),
        ("hardware.hbm.bandwith", "3 TB/s", "did you mean 'hardware.hbm.bandwidth'?"),
        ("bandwidth", "3 TB/s", "did you mean 'hardware.hbm.bandwidth'?"),
        ("model.layers.attention.kv_heads", "7", "is not divisible by kv_heads (7)"),
        ("workload.context", "1e99", "must be between"),
        ("layout.gpus", "nan", "expected a number"),
    ],
)
def test_a_wrong_edit_says_what_is_allowed(path, text, message):
    with pytest.raises(InfeconError) as caught:
        edited(PAPER, path, text)
    assert message in str(caught.value)


def test_the_base_has_the_specs_and_no_changes():
    changed = edited(edited(PAPER, "hardware.price", "9 USD/h"), "workload.context", "1k")
    assert base_of(changed).hardware == PAPER.hardware
    assert base_of(changed).workload.context_tok == 2048


def test_speculation_is_switched_on_and_off():
    on = edited(PAPER, "speculation.draft", "paper/Llama_3_8B")
    assert on.speculation.draft is not None
    assert edited(on, "speculation.draft", "none") == PAPER


def test_fields_of_serving_round_trip():
    text = """schema: infecon/scenario/1
model: llama-3.1-70b
hardware: h100-sxm
fidelity: deployment
workload: {isl: 2048, osl: 256, cached: 40%}
layout: {pools: two, memory_utilization: 92%}
"""
    scenario = scenario_from_yaml(text, "a.yaml")
    assert scenario.workload.cached_tok == 0.4 * 2048
    assert (scenario.layout.pools, scenario.layout.memory_utilization) == ("two", 0.92)
    assert scenario_from_yaml(scenario_yaml(scenario), "b.yaml") == scenario
    assert edited(scenario, "workload.cached", "3k").workload.cached_tok == 2047


@pytest.mark.parametrize(
    ("old", "new"),
    [("kind: switched", "kind: mesh"), ("notes:", "name: mine\nnotes:")],
    ids=["another kind with the same values", "another text"],
)
def test_a_spec_of_a_known_id_that_differs_by_more_than_values_is_held_whole(tmp_path, old, new):
    text = (shipped_root() / "hardware" / "h100-sxm.yaml").read_text()
    text = re.sub(r"^name: .*\n", "", text, flags=re.MULTILINE)
    assert old in text
    own = tmp_path / "h100-sxm.yaml"
    own.write_text(text.replace(old, new, 1))
    scenario = edited(default_scenario(), "hardware", str(own))
    assert scenario.hardware.id == "h100-sxm"
    assert scenario_from_yaml(scenario_yaml(scenario), "s.yaml") == scenario


def test_a_path_that_a_spec_is_called_by_is_no_id(tmp_path, monkeypatch):
    (tmp_path / "own.yaml").write_text(
        (shipped_root() / "hardware" / "h100-sxm.yaml").read_text() + "id: own.yaml\n"
    )
    monkeypatch.chdir(tmp_path)
    scenario = edited(default_scenario(), "hardware", "own.yaml")
    text = scenario_yaml(scenario)
    monkeypatch.chdir("/")
    assert scenario_from_yaml(text, "s.yaml") == scenario
