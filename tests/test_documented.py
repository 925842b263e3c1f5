"""What exists is documented, and what is documented exists."""

import argparse
import re
from pathlib import Path

import pytest

from infecon_tui.cli.options import parser
from infecon_tui.knobs import leaves
from infecon_tui.spec.library import ids, load
from infecon_tui.spec.nodes import parse_yaml
from infecon_tui.spec.scenario_file import default_scenario, edited, scenario_from_yaml
from infecon_tui.view.plots.figures import FIGURES
from infecon_tui.workload.transformer import Transformer

README = (Path(__file__).parents[1] / "README.md").read_text()


def commands():
    actions = parser()._actions
    return next(a.choices for a in actions if isinstance(a, argparse._SubParsersAction))


@pytest.mark.parametrize("name", commands())
def test_every_command_is_in_the_readme(name):
    assert f"infecon-tui {name}" in README


@pytest.mark.parametrize("name", sorted(set(re.findall(r"\$ infecon-tui (\w+)", README))))
def test_every_command_in_the_readme_exists(name):
    assert name in commands()


def test_every_example_of_a_command_is_understood():
    for line in re.findall(r"\$ infecon-tui (.*)", README):
        words = re.sub(r"\s+#.*", "", line).replace("'", "").replace("3.6 TB/s", "3.6TB/s").split()
        assert parser().parse_args(words)


def test_the_scenario_in_the_readme_is_read():
    text = README.split("```yaml\n")[1].split("```")[0]
    assert parse_yaml(text, "README.md")
    scenario = scenario_from_yaml(text, "README.md")
    assert scenario.layout.whole
    assert scenario.hardware.hbm.bandwidth_Bps == 3.6e12


@pytest.mark.parametrize("model", ids(Transformer))
def test_every_value_that_a_form_shows_has_a_sentence(model):
    scenario = edited(edited(default_scenario(), "model", model), "speculation.draft", model)
    for knob in leaves(scenario):
        assert knob.slot.info.help, knob.path


def test_every_plot_is_in_the_readme():
    for name, kind in FIGURES.items():
        assert f"`{kind.key}`" in README, name


def test_the_default_scenario_is_in_the_catalogue():
    assert load(Transformer, default_scenario().model.id) == default_scenario().model
