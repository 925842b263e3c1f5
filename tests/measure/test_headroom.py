"""Measured deployments beside the frontier of their own workload."""

import math
from dataclasses import replace

import benchmark_files as files
import pytest

from infecon_tui.measure.evaluate import compare
from infecon_tui.measure.headroom import NO_SPEED, headroom
from infecon_tui.measure.headroom_views import (
    headroom_figure,
    headroom_line,
    headroom_table,
    headroom_tree,
    headroom_words,
)
from infecon_tui.measure.rows.table import read_rows
from infecon_tui.solve import solve
from infecon_tui.spec.scenario_file import edited, opening_scenario

SERVED = files.PLAIN | {"purity": "serving", "kind": "concurrency", "isl": "1024", "osl": "256"}
SLOW = SERVED | {"id": "slow", "batch_or_concurrency": "4", "tpot_ms": "20"}
FAST = SERVED | {"id": "fast", "batch_or_concurrency": "64", "tpot_ms": "0.01"}


def found(tmp_path, *rows, base=None):
    result = compare(read_rows(files.write(tmp_path / "own.csv", rows)))
    return headroom(result, base or opening_scenario())


def test_a_row_is_compared_with_the_cheapest_point_as_fast(tmp_path):
    """One H100 at its hourly price, 4 sequences at 20 ms each: 200 tokens a second."""
    (group,) = found(tmp_path, SLOW).groups
    (one,) = group.standings
    price = group.answer.scenario.hardware.price_usd_per_hour
    assert one.speed_tok_s == pytest.approx(50)
    assert one.usd_per_mtok == pytest.approx(price / 3600 / 200 * 1e6)
    points = group.answer.points
    assert points.speed_tok_s[one.at] >= 50
    assert one.least_usd_per_mtok == points.usd_per_mtok[points.speed_tok_s >= 50].min()
    assert one.times == pytest.approx(one.usd_per_mtok / one.least_usd_per_mtok)
    assert one.times > 1


def test_the_frontier_is_of_the_rows_own_workload_and_any_layout(tmp_path):
    base = edited(edited(opening_scenario(), "layout.tp", "8"), "workload.isl", "9000")
    (group,) = found(tmp_path, SLOW, base=base).groups
    asked = group.answer.scenario
    assert asked.model.id == "llama-3.1-8b"
    assert (asked.workload.isl_tok, asked.workload.osl_tok) == (1024, 256)
    assert asked.layout.tp is None
    assert group.answer.points.usd_per_mtok.min() == solve(asked).points.usd_per_mtok.min()


def test_steps_measured_alone_are_compared_with_steps_alone(tmp_path):
    (group,) = found(tmp_path, SLOW | {"purity": "pure_decode"}).groups
    assert group.answer.scenario.workload.isl_tok is None
    assert group.answer.scenario.workload.context_tok == pytest.approx(1024 + 128)


def test_the_scenarios_prices_and_hardware_count(tmp_path):
    dear = edited(edited(opening_scenario(), "hardware", "h100-sxm"), "hardware.price", "10 USD/h")
    usual, more = (found(tmp_path, SLOW, base=base) for base in (None, dear))
    one, two = (some.groups[0].standings[0] for some in (usual, more))
    ratio = 10 / opening_scenario().hardware.price_usd_per_hour
    assert two.usd_per_mtok == pytest.approx(ratio * one.usd_per_mtok)
    assert two.times == pytest.approx(one.times, rel=1e-6)


def test_a_row_that_is_predicted_exactly_stands_on_its_layouts_line(tmp_path):
    (one,) = found(tmp_path, SLOW).groups[0].standings
    exact = SLOW | {"tpot_ms": str(20 / one.slower)}
    (same,) = found(tmp_path, exact).groups[0].standings
    assert same.slower == pytest.approx(1)


def test_groups_are_by_workload_and_the_largest_comes_first(tmp_path):
    rows = (SLOW | {"isl": "4096"}, SLOW, SLOW | {"batch_or_concurrency": "8"})
    made = found(tmp_path, *rows)
    assert [len(group.standings) for group in made.groups] == [2, 1]
    figure = headroom_figure(made, "own")
    assert len(figure.series) == 4
    dots = [series for series in figure.series if series.dots]
    assert dots[0].names == ("TP 1, batch 4", "TP 1, batch 8")
    assert "ISL 4096" in dots[1].label


def test_rows_without_a_place_are_told(tmp_path):
    offline = SERVED | {"purity": "serving_offline", "tok_s_total": "1000", "tpot_ms": ""}
    nowhere = SERVED | {"gpu": "abacus"}
    made = found(tmp_path, FAST, offline, nowhere)
    (group,) = made.groups
    (one,) = group.standings
    assert one.at is None
    assert math.isnan(one.times)
    assert made.skipped == {"accelerator not in the catalogue": 1, NO_SPEED: 1}
    assert "faster than any layout predicted" in headroom_line(made)
    assert "2 left out" in headroom_line(made)
    (row,) = headroom_table(made).rows
    assert "nan" not in row


def test_nothing_to_compare_is_said(tmp_path):
    made = found(tmp_path, SERVED | {"gpu": "abacus"})
    assert made.groups == ()
    assert headroom_line(made) == "accelerator not in the catalogue"
    assert headroom_figure(made, "own").note
    assert headroom_table(made).note


def test_words_and_tree_say_the_same(tmp_path):
    made = found(tmp_path, SLOW, SLOW | {"batch_or_concurrency": "8"}, SERVED | {"gpu": "abacus"})
    words, tree = headroom_words(made), headroom_tree(made)
    assert words[0].startswith("llama-3.1-8b on h100-sxm, vllm, ISL 1024, OSL 256: 2 rows at ")
    assert words[-1] == "1 left out: accelerator not in the catalogue"
    (group,) = tree["groups"]
    assert group["rows"] == 2
    assert group["times"]["least"] <= group["times"]["median"] <= group["times"]["most"]
    assert f"{group['times']['most']:.2g} times" in words[0]
    assert [row["line"] for row in tree["rows"]] == [2, 3]


def test_watts_that_were_measured_are_paid_for(tmp_path):
    owned = edited(opening_scenario(), "cost.basis", "owned")
    owned = replace(owned, cost=replace(owned.cost, electricity_usd_per_kwh=1.0))
    rows = [SLOW | {"power_w_per_gpu": watts} for watts in ("200", "700")]
    columns = (*files.COLUMNS, "power_w_per_gpu")
    paid = []
    for row in rows:
        path = files.write(tmp_path / "own.csv", [row], columns)
        (group,) = headroom(compare(read_rows(path)), owned).groups
        paid.append(group.standings[0].usd_per_mtok)
    assert paid[0] < paid[1]
