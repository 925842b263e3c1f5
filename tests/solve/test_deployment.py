"""A scenario at the deployment fidelity, end to end: file, answer, views."""

from typing import get_args

import pytest

from infecon_tui.cost.case import Engine
from infecon_tui.errors import InfeconError
from infecon_tui.scenario import EngineName
from infecon_tui.solve import solve
from infecon_tui.spec.scenario_file import (
    default_scenario,
    edited,
    scenario_from_yaml,
    scenario_yaml,
)
from infecon_tui.view.describe import shares
from infecon_tui.view.explain import causes, memory
from infecon_tui.view.headline import headline
from infecon_tui.view.plots.figures import FIGURES
from infecon_tui.view.plots.speculation import NOTHING
from infecon_tui.view.plots.sweeps import SWEEPS, sweep_table
from infecon_tui.view.tables import all_points, frontier_table

EXAMPLE = """\
schema: infecon/scenario/1
model: llama-3.1-70b
hardware: h100-sxm
fidelity: deployment
precision: {weights: fp8, kv_cache: fp8}
workload: {isl: 2048, osl: 256, demand: 100k tok/s}
layout: {gpus: 8, tp: auto, batch: auto}
set: {hardware.hbm.bandwidth: 3.6 TB/s}
"""


def deployed(**changes):
    scenario = edited(default_scenario(), "fidelity", "deployment")
    for path, text in changes.items():
        scenario = edited(scenario, path.replace("__", "."), text)
    return scenario


def test_a_file_of_a_deployment_is_read_and_answered():
    scenario = scenario_from_yaml(EXAMPLE, "x.yaml")
    assert scenario.workload.mean_context_tok == 2176
    assert scenario_from_yaml(scenario_yaml(scenario), "x.yaml") == scenario
    answer = solve(scenario)
    assert answer.chosen is not None
    assert set(answer.points.gpus) == {8}


def test_a_narrow_cache_holds_more_and_says_so_where_it_is_not_counted():
    wide, narrow = deployed(), deployed(precision__kv_cache="fp8")
    assert solve(narrow).points.batch.max() > solve(wide).points.batch.max()
    published = edited(narrow, "fidelity", "published")
    assert any("KV cache counted in bf16" in note for note in solve(published).notes)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("precision.kv_cache", "fp8"),
        ("layout.tp", "4"),
        ("layout.ep", "8"),
        ("layout.dp", "8"),
        ("layout.pp", "2"),
        ("workload.isl", "2k"),
        ("workload.osl", "300"),
        ("engine", "sglang"),
    ],
)
def test_every_new_value_goes_into_a_file_and_comes_back(path, text):
    scenario = edited(deployed(), path, text)
    assert scenario != deployed()
    assert scenario_from_yaml(scenario_yaml(scenario), "x.yaml") == scenario


def test_engines_of_a_scenario_are_engines_of_the_model():
    assert set(get_args(EngineName)) <= set(get_args(Engine))


def test_the_context_asked_for_last_is_meant():
    lengths = deployed(workload__isl="2k", workload__osl="200")
    assert lengths.workload.mean_context_tok == 2100
    assert edited(lengths, "workload.context", "9k").workload.mean_context_tok == 9000


def test_lengths_hold_at_the_published_levels_too():
    published = edited(default_scenario(), "workload.context", "2100")
    lengths = edited(edited(default_scenario(), "workload.isl", "2k"), "workload.osl", "200")
    assert solve(lengths).points.tpot_s.tolist() == solve(published).points.tpot_s.tolist()


def test_prompts_make_output_dearer():
    alone = solve(deployed(workload__context="2100"))
    with_prompts = solve(deployed(workload__isl="2k", workload__osl="200"))
    assert with_prompts.points.usd_per_mtok[0] > alone.points.usd_per_mtok[0]
    assert any("prompts left out" in note for note in alone.notes)
    assert not with_prompts.notes


@pytest.mark.parametrize("model", ["llama-3.1-70b", "deepseek-v3"])
def test_every_view_shows_a_deployment(model):
    answer = solve(deployed(model=model, hardware="h200-sxm"))
    points, at = answer.points, answer.chosen
    assert at is not None
    assert sum(share for _, _, share in shares(points, at)) == pytest.approx(1)
    assert sum(share for _, share, _ in causes(answer)) == pytest.approx(1)
    assert sum(share for _, share, _ in memory(answer)) == pytest.approx(1)
    shown = {metric.key: metric.value for metric in headline(answer)}
    assert shown["layout"].startswith("TP ")
    assert "2D" not in shown["layout"]
    keys = [column.key for column in all_points(points).columns]
    assert {"tp", "ep", "dp", "ttft_s", "watts"} <= set(keys)
    assert len(frontier_table(answer, 20).rows) <= 21
    for name, kind in FIGURES.items():
        figure = kind.build(answer)
        assert figure.series or figure.note == NOTHING, name
    for name in SWEEPS:
        assert sweep_table(answer, name).rows, name


def test_a_part_without_a_price_or_a_power_limit_still_answers():
    answer = solve(deployed(hardware__price="unknown", hardware__tdp="unknown"))
    assert answer.chosen is not None
    assert any("price unknown" in note for note in answer.notes)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"layout__tp": "3"}, "does not divide"),
        ({"layout__ep": "8"}, "needs experts"),
        ({"model": "deepseek-v3", "layout__gpus": "4"}, "would do"),
    ],
)
def test_what_cannot_be_run_is_a_verdict(changes, word):
    answer = solve(deployed(**changes))
    assert answer.chosen is None
    assert word in answer.verdict
    assert headline(answer)[0].key == "verdict"
    for kind in FIGURES.values():
        assert kind.build(answer).note


@pytest.mark.parametrize(("path", "text"), [("layout.gpus", "2.5"), ("layout.batch", "1.5")])
def test_fractions_are_refused(path, text):
    with pytest.raises(InfeconError, match="whole number"):
        solve(edited(deployed(), path, text))
