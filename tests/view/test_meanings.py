"""What is said of values, metrics and views."""

import pytest

from infecon_tui.errors import InfeconError
from infecon_tui.knobs import leaves
from infecon_tui.solve import solve
from infecon_tui.spec.scenario_file import default_scenario, edited, opening_scenario
from infecon_tui.view.explanation import explanation
from infecon_tui.view.headline import headline
from infecon_tui.view.meanings import MEANINGS, meaning_of
from infecon_tui.view.plots.figures import FIGURES

MODELS = ("llama-3.1-70b", "qwen3-235b-a22b", "deepseek-v3")


def test_every_entry_is_of_something_that_exists():
    paths = {knob.path for model in MODELS for knob in leaves(default_scenario(model))}
    drafted = edited(opening_scenario(), "speculation.draft", "llama-3.1-8b")
    metrics = {m.key for m in headline(solve(drafted))}
    for meaning in MEANINGS:
        kind, _, word = meaning.name.rpartition(" ")
        if kind == "view":
            assert word in (*FIGURES, "why")
        elif kind == "metric":
            assert word in metrics
        else:
            assert any(f".{path}".endswith(f".{word}") for path in paths), word


def test_every_plot_is_explained():
    for name in FIGURES:
        assert meaning_of(f"view {name}"), name


def test_names_are_unique():
    names = [meaning.name for meaning in MEANINGS]
    assert len(names) == len(set(names))


def test_a_value_is_told_with_bounds_source_and_formula():
    facts = dict(explanation(default_scenario(), "hardware.hbm.bandwidth"))
    assert facts["now"] == "3.35 TB/s"
    assert facts["allowed"] == "above 0 B/s, such as 3.35 TB/s"
    assert "eq. 31" in facts["at published"]
    assert facts["source"]


def test_the_formula_is_that_of_the_fidelity():
    scenario = edited(default_scenario(), "fidelity", "deployment")
    assert "floors" in dict(explanation(scenario, "hardware.launch"))["at deployment"]


def test_an_engine_is_told_with_the_documents_of_what_it_runs():
    facts = dict(explanation(edited(opening_scenario(), "engine", "trtllm"), "engine"))
    assert "refused where its documents list none" in facts["at deployment"]
    assert "supported-models.md" in facts["source"]
    assert "quantization.md" in facts["source"]
    other = dict(explanation(edited(opening_scenario(), "engine", "other"), "engine"))
    assert "source" not in other


def test_a_layer_group_of_several_is_known_by_the_end_of_its_path():
    scenario = default_scenario("deepseek-v3")
    assert "latent" in dict(explanation(scenario, "model.layers.0.attention.latent_kv"))["what"]


def test_an_unknown_name_gets_the_nearest():
    with pytest.raises(InfeconError, match=r"did you mean 'hardware\.hbm\.bandwidth'"):
        explanation(default_scenario(), "hbm.bandwith")
