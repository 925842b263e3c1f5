"""The same scenario in other hands."""

from dataclasses import replace

import pytest

from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.solve import ON_SCREEN, solve
from infecon_tui.spec.library import load
from infecon_tui.spec.scenario_file import default_scenario, edited
from infecon_tui.view.compare import SORTS, compared
from infecon_tui.workload.transformer import Transformer

BASE = default_scenario()
PARTS = [load(Accelerator, name) for name in ("h100-sxm", "b200-sxm", "a100-sxm-80gb")]
PRICELESS = replace(PARTS[0], id="priceless", price_usd_per_hour=None)


def test_a_line_is_the_answer_of_its_own_scenario():
    table = compared(BASE, [*PARTS, PRICELESS])
    keys = [column.key for column in table.columns]
    by_id = {row[0]: dict(zip(keys, row, strict=True)) for row in table.values}
    answer = solve(BASE, ON_SCREEN)
    own = by_id[BASE.hardware.id]
    assert own["usd_per_mtok"] == answer.points.usd_per_mtok[answer.chosen]
    assert own["fastest_tok_s"] == answer.points.speed_tok_s[-1]
    assert by_id["priceless"]["usd_per_mtok"] is None
    assert by_id["priceless"]["remark"] == "price unknown"


@pytest.mark.parametrize("sort", SORTS)
def test_sorted_with_the_unknown_last(sort):
    table = compared(BASE, [*PARTS, PRICELESS], sort)
    ranks = [SORTS[sort](row) for row in table.values]
    assert ranks == sorted(ranks)


def test_models_that_cannot_be_are_lines_too():
    models = [load(Transformer, name) for name in ("llama-3.1-405b", "gemma-3-27b", "llama-3.1-8b")]
    pinned = replace(BASE, layout=replace(BASE.layout, gpus=2.0))
    table = compared(pinned, models)
    remarks = {row[0]: row[-1] for row in table.values}
    assert "Does not fit" in remarks["llama-3.1-405b"]
    assert "no place for" in remarks["gemma-3-27b"]
    assert remarks["llama-3.1-8b"] == ""
    assert table.columns[0].title == "model"


def test_told_of_each():
    told = []
    compared(BASE, PARTS, told=told.append)
    assert told == [part.id for part in PARTS]


@pytest.mark.parametrize("fidelity", ["deployment", "published"])
def test_a_target_that_is_out_of_reach_is_a_remark(fidelity):
    asked = edited(edited(BASE, "fidelity", fidelity), "goal.tpot", "6 ms")
    keys = [column.key for column in compared(asked, PARTS).columns]
    by_id = {row[0]: dict(zip(keys, row, strict=True)) for row in compared(asked, PARTS).values}
    for part in PARTS:
        answer = solve(edited(asked, "hardware", part.id), ON_SCREEN)
        assert (by_id[part.id]["remark"] == answer.missed) == bool(answer.missed)
        assert (by_id[part.id]["ttft_s"] is None) == (fidelity == "published")
    assert any("out of reach" in row["remark"] for row in by_id.values())
