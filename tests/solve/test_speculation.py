"""Speculation in scenarios: rows, files, options, and every answer that is made of one."""

import json

import numpy as np
import pytest

from infecon_tui.__main__ import main
from infecon_tui.errors import InfeconError, SpecError
from infecon_tui.sensitivity.held import held_at
from infecon_tui.sensitivity.turned import sensitivity
from infecon_tui.solve import solve
from infecon_tui.spec.scenario_file import (
    base_of,
    default_scenario,
    edited,
    scenario_from_yaml,
    scenario_yaml,
)
from infecon_tui.view.compare import compared
from infecon_tui.view.describe import cycle_tokens, layout
from infecon_tui.view.editor.forms import editor
from infecon_tui.view.explain import causes
from infecon_tui.view.headline import headline
from infecon_tui.view.layouts import layouts_table
from infecon_tui.view.plots.figures import FIGURES
from infecon_tui.view.plots.speculation import NOTHING, empty, speculation_table
from infecon_tui.view.plots.sweeps import SWEEPS, sweep_table


def deployed(**changes):
    made = edited(default_scenario(), "fidelity", "deployment")
    for path, text in changes.items():
        made = edited(made, path.replace("__", "."), text)
    return made


def eagle(**changes):
    return deployed(speculation__heads="eagle", speculation__draft_tokens="1-4", **changes)


def test_heads_and_decay_go_through_a_file():
    made = eagle(speculation__decay="0.85")
    text = scenario_yaml(made)
    assert "heads: eagle" in text
    assert "decay: 0.85" in text
    assert scenario_from_yaml(text, "x.yaml") == made
    drafted = deployed(speculation__draft="llama-3.1-8b", speculation__decay="0.9")
    assert scenario_from_yaml(scenario_yaml(drafted), "x.yaml") == drafted
    assert "heads" not in scenario_yaml(drafted)


def test_a_file_with_a_draft_model_and_heads_is_refused_by_its_line():
    text = (
        "schema: infecon/scenario/1\nmodel: llama-3.1-70b\nhardware: h100-sxm\n"
        "fidelity: deployment\nspeculation: {draft: llama-3.1-8b, heads: mtp}\n"
    )
    with pytest.raises(SpecError, match=r"x.yaml:5: speculation: a draft model .* mtp heads"):
        scenario_from_yaml(text, "x.yaml")


@pytest.mark.parametrize("fidelity", ["deployment", "published"])
def test_a_draft_model_and_heads_have_no_answer_together(fidelity):
    both = eagle(speculation__draft="llama-3.1-8b", fidelity=fidelity)
    with pytest.raises(InfeconError, match="cannot draft together: set"):
        solve(both)


def test_rows_of_heads_stand_where_they_mean_something():
    def rows(scenario):
        groups = editor(scenario, base_of(scenario))
        return {row.path: row for group in groups for row in group.rows}

    shown = rows(eagle())
    assert shown["speculation.heads"].text == "eagle"
    assert set(shown["speculation.heads"].choices) == {"none", "mtp", "eagle"}
    assert shown["speculation.decay"].text == "100"
    assert "speculation.heads" not in rows(default_scenario())
    summaries = {group.key: group.summary for group in editor(eagle(), base_of(eagle()))}
    assert summaries["speculation"] == "eagle · 80 %"


def test_the_published_model_says_that_it_leaves_heads_out():
    answer = solve(edited(edited(default_scenario(), "speculation.heads", "mtp"), "fidelity", "published"))  # fmt: skip
    assert any("heads left out" in note for note in answer.notes)
    plain = solve(default_scenario())
    np.testing.assert_array_equal(answer.points.tpot_s, plain.points.tpot_s)


def test_no_note_says_that_a_deployment_leaves_speculation_out():
    assert not any("specul" in note for note in solve(eagle()).notes)
    waiting = deployed(speculation__draft="llama-3.1-8b", engine="vllm-waiting")
    assert any("runs no draft models" in note for note in solve(waiting).notes)
    assert not solve(waiting).points.draft_tokens.any()


def test_drafting_is_seen_in_the_point():
    answer = solve(eagle(layout__pp="1"))
    points, at = answer.points, answer.chosen
    drafted = points.draft_tokens[at]
    assert drafted > 0
    assert f"draft {drafted:.0f}" in layout(points, at)
    metric = next(m for m in headline(answer) if m.key == "drafted")
    made = sum(0.8**k for k in range(int(drafted) + 1))
    assert cycle_tokens(answer, at) == pytest.approx(made)
    assert (metric.value, metric.unit) == (f"{drafted:.0f}", f"for {made:.3g} tok/cycle")
    assert sum(share for _, share, _ in causes(answer)) == pytest.approx(1)
    assert {name: share for name, share, _ in causes(answer)}["drafting"] > 0
    assert "drafting" not in [name for name, _, _ in causes(solve(deployed()))]


def test_tokens_of_a_pass_of_the_paper_are_told_too():
    answer = solve(edited(default_scenario(), "speculation.draft", "llama-3.1-8b"))
    drafted = answer.points.draft_tokens[-1]
    assert drafted > 0
    made = (1 - 0.8**drafted) / 0.2
    assert cycle_tokens(answer, len(answer.points) - 1) == pytest.approx(made)


@pytest.mark.parametrize("model", ["llama-3.1-70b", "deepseek-v3"])
@pytest.mark.parametrize("heads", ["eagle", "mtp"])
def test_the_figures_of_speculation(model, heads):
    answer = solve(deployed(model=model, speculation__heads=heads, layout__pp="1"))
    over_batch, over_length = (FIGURES[key].build(answer) for key in ("speculation", "draft"))
    best = next(line for line in over_batch.series if line.label == "best length")
    for line in over_batch.series:
        shared = dict(zip(best.x, best.y, strict=True))
        assert all(y <= shared[x] * (1 + 1e-9) for x, y in zip(line.x, line.y, strict=True))
    assert min(best.y) >= 1
    chosen = over_batch.marks[0]
    assert chosen.x == answer.points.batch[answer.chosen]
    tpot = next(line for line in over_length.series if line.label == "TPOT")
    assert tpot.x[0] == 0
    drafted = answer.points.draft_tokens[answer.chosen]
    mark = next(mark for mark in over_length.marks if mark.letter == "P")
    assert mark.x == drafted
    assert mark.y == pytest.approx(1e3 * answer.points.tpot_s[answer.chosen])
    assert min(tpot.y) == pytest.approx(mark.y)


def test_where_it_stops_paying_is_marked():
    answer = solve(
        deployed(
            speculation__draft="llama-3.1-8b", speculation__acceptance="0.5", layout__gpus="8",
            layout__tp="8",
        )
    )  # fmt: skip
    figure = FIGURES["speculation"].build(answer)
    best = next(line for line in figure.series if line.label == "best length")
    end = next(mark for mark in figure.marks if mark.letter == "e")
    assert all(y <= 1.001 for x, y in zip(best.x, best.y, strict=True) if x > end.x)
    assert end.label == f"pays up to batch {end.x:.0f}"


@pytest.mark.parametrize(
    ("scenario", "word"),
    [
        (deployed(), NOTHING),
        (default_scenario(), "deployment fidelity"),
        (deployed(speculation__draft="llama-3.1-8b", engine="vllm-waiting"), "no such drafter"),
        (eagle(engine="sglang", layout__pp="2"), "pipeline stages"),
        (eagle(model="llama-3.1-405b", layout__gpus="1"), "Does not fit"),
    ],
)
def test_an_empty_figure_says_what_to_set(scenario, word):
    answer = solve(scenario)
    assert word in empty(answer)
    for key in ("speculation", "draft"):
        figure = FIGURES[key].build(answer)
        assert (figure.series, figure.note) == ((), empty(answer))
    assert speculation_table(answer).note == empty(answer)


def test_the_table_of_lengths_holds_the_chosen_point():
    answer = solve(eagle(layout__pp="1"))
    table = speculation_table(answer)
    assert [row[0] for row in table.values] == [0, 1, 2, 3, 4]
    at = answer.chosen
    row = table.values[int(answer.points.draft_tokens[at])]
    assert row[2] == pytest.approx(answer.points.tpot_s[at])
    assert row[3] + row[4] == pytest.approx(row[2])
    assert row[5] == pytest.approx(answer.points.usd_per_mtok[at])
    assert max(line[6] for line in table.values) == row[6]


@pytest.mark.parametrize("kind", ["eagle", "mtp"])
def test_numbers_are_turned_with_the_head_they_make(kind):
    answer = solve(deployed(speculation__heads=kind, layout__pp="1"))
    held = held_at(answer)
    points, at = answer.points, answer.chosen
    turned = held.outcomes([("model.d_model", 8192.0), ("hardware.hbm.bandwidth", 3.35e12)])
    assert turned[0].tpot_s == pytest.approx(points.tpot_s[at])
    assert turned[1].tpot_s == pytest.approx(points.tpot_s[at])
    found = {effect.knob.path: effect for effect in sensitivity(held).effects}
    assert found["speculation.acceptance"].tpot < 0
    assert found["speculation.decay"].tpot < 0
    alone = held.outcomes([("speculation.acceptance", 0.9)])[0]
    other = held.points(edited(answer.scenario, "speculation.acceptance", "0.9"))
    assert alone.tpot_s == pytest.approx(other.tpot_s[0])


def test_targets_layouts_sweeps_and_comparisons_take_drafts():
    target = eagle(goal__tpot="8 ms", workload__isl="2k", workload__osl="256")
    plain = edited(target, "speculation.heads", "none")
    with_draft, without = solve(target), solve(plain)
    assert not with_draft.missed
    cost = [answer.points.usd_per_mtok[answer.chosen] for answer in (with_draft, without)]
    assert cost[0] < cost[1] or without.missed
    assert any("draft" in str(row[0]) for row in layouts_table(target).rows)
    for name in SWEEPS:
        assert sweep_table(with_draft, name).rows
    table = compared(target, [target.hardware], "cost", lambda name: None)
    assert table.rows


def test_speculation_from_the_command_line(capsys):
    base = ("--fidelity", "deployment", "--pp", "1", "--gpus", "8", "--batch", "4")
    drafts = ("--heads", "eagle", "--acceptance", "70%", "--decay", "0.9", "--draft-tokens", "1-3")
    assert main(["point", *base, *drafts, "--format", "json"]) == 0
    tree = json.loads(capsys.readouterr().out)
    assert tree["scenario"]["speculation"]["heads"] == "eagle"
    drafted = int(tree["point"]["draft_tokens"])
    made = [1.0, 1.7, 1.7 + 0.7 * 0.63, 1.7 + 0.7 * 0.63 * (1 + 0.7 * 0.81)]
    assert tree["point"]["cycle_tok"] == pytest.approx(made[drafted])
    assert sum(tree["causes_s"].values()) == pytest.approx(tree["point"]["tpot_s"])
    assert main(["sweep", "speculation", *base, *drafts, "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["cycle_tok"] for row in rows] == pytest.approx(made)
    assert rows[drafted]["tpot_s"] == pytest.approx(tree["point"]["tpot_s"])


def test_the_command_line_refuses_two_drafters(capsys):
    status = main(
        ["point", "--fidelity", "deployment", "--draft", "llama-3.1-8b", "--heads", "mtp"]
    )
    assert status == 2
    assert "cannot draft together" in capsys.readouterr().err
    status = main(["point", "--fidelity", "deployment", "--heads", "medusa"])
    assert status == 2
    assert "medusa" in capsys.readouterr().err
