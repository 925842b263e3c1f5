import pytest

from infecon_tui.knobs import leaves
from infecon_tui.spec.scenario_file import base_of, default_scenario, edited, opening_scenario
from infecon_tui.view.editor.forms import editor

SCENARIO = default_scenario("paper/Llama_3_70B_8_bit", "paper/H100")


def rows(scenario, choices=None):
    groups = editor(scenario, base_of(scenario), choices)
    return {row.path: row for group in groups for row in group.rows}


def test_every_number_of_the_scenario_is_reachable():
    with_draft = edited(SCENARIO, "speculation.draft", "paper/Llama_3_8B")
    deployed = edited(with_draft, "fidelity", "deployment")
    owned = edited(deployed, "cost.basis", "owned")
    spread = edited(deployed, "model", "deepseek-v3")
    shown = {path for one in (with_draft, deployed, owned, spread) for path in rows(one)}
    for knob in leaves(with_draft):
        if not knob.path.startswith("speculation.draft."):
            assert knob.path in shown, knob.path


def test_what_means_nothing_at_a_fidelity_is_not_shown():
    published = set(rows(SCENARIO))
    deployed = set(rows(edited(SCENARIO, "fidelity", "deployment")))
    assert {"layout.tp", "layout.ep", "engine", "workload.isl"} <= deployed - published
    assert {"layout.tensor", "layout.scaledown", "hardware.hbm.efficiency"} <= published - deployed


def test_what_says_nothing_of_such_a_model_or_goal_is_not_shown():
    dense, spread = rows(SCENARIO), rows(edited(SCENARIO, "model", "deepseek-v3"))
    assert {"model.precision.experts", "model.=active"} <= set(spread) - set(dense)
    assert set(dense) - set(rows(edited(SCENARIO, "goal.tpot", "50 ms"))) == {"goal.exponent"}


def test_what_is_changed_often_stands_first_and_what_specs_say_last():
    groups = editor(SCENARIO, base_of(SCENARIO))
    held = {group.key: {row.path for row in group.rows} for group in groups}
    assert {"model", "model.precision.weights", "model.=parameters"} <= held["model"]
    assert {"model.d_model", "model.layers.count"} <= held["architecture"]
    assert {"hardware.hbm.bandwidth", "hardware.arithmetic.bf16"} <= held["hardware"]
    assert {"hardware.arithmetic.tf32", "hardware.tdp"} <= held["peaks"]


def test_a_rent_and_what_is_owned_each_show_their_own_numbers():
    rented = rows(SCENARIO)
    owned = rows(edited(SCENARIO, "cost.basis", "owned"))
    assert "hardware.price" in rented
    assert "hardware.price" not in owned
    assert {"cost.capital", "cost.electricity", "cost.pue"} <= set(owned) - set(rented)
    assert "cost.pue" in rows(edited(SCENARIO, "fidelity", "deployment"))
    assert (owned["cost.electricity"].text, owned["cost.electricity"].unit) == ("0.08", "USD/kWh")
    assert (owned["cost.life"].text, owned["cost.life"].unit) == ("4", "years")


def test_lengths_take_the_place_of_the_context():
    lengths = edited(edited(SCENARIO, "workload.isl", "2k"), "workload.osl", "256")
    shown = rows(lengths)
    assert shown["workload.context"].text == "2128"
    assert {"workload.isl", "workload.osl"} <= set(shown)
    alone = rows(edited(lengths, "workload.context", "4k"))
    assert alone["workload.context"].text == "4000"
    assert "workload.isl" not in alone


def test_a_changed_value_is_marked_with_what_it_was():
    row = rows(edited(SCENARIO, "hardware.hbm.bandwidth", "3.6 TB/s"))["hardware.hbm.bandwidth"]
    assert (row.text, row.unit, row.changed, row.default) == ("3.6", "TB/s", True, "3.3 TB/s")
    assert not rows(SCENARIO)["hardware.hbm.bandwidth"].changed


def test_a_number_of_the_hardware_names_its_source():
    assert "2506.04645" in rows(SCENARIO)["hardware.hbm.bandwidth"].source


def test_specs_are_picked_from_the_catalogue():
    row = rows(SCENARIO, {"model": ("a", "b")})["model"]
    assert row.choices == ("a", "b")
    assert row.searchable


def test_what_follows_is_shown_and_not_edited():
    row = rows(SCENARIO)["model.=KV cache per token"]
    assert not row.editable
    assert row.text == "328 kB"


def test_layers_that_keep_a_state_add_nothing_to_a_tokens_cache():
    found = rows(edited(opening_scenario(), "model", "nemotron-h-56b"))
    assert found["model.=KV cache per token"].text == "41 kB"  # 10 layers x 8 heads x 128, twice.
    assert found["model.=state"].text == "919 MB"
    assert "model.=state" not in rows(SCENARIO)


@pytest.mark.parametrize(
    "model", ["paper/DeepSeek_V3", "deepseek-v3", "gemma-3-27b", "gpt-oss-120b"]
)
def test_every_architecture_has_a_form(model):
    scenario = edited(SCENARIO, "model", model)
    groups = editor(scenario, base_of(scenario))
    assert [group.key for group in groups] == [
        "model",
        "hardware",
        "layout",
        "workload",
        "goal",
        "cost",
        "speculation",
        "architecture",
        "peaks",
        "scenario",
    ]
    words = ("name", "notes")
    assert all(row.label and (row.text or row.path in words) for g in groups for row in g.rows)
