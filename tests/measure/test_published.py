"""The engine against the measurements that are shipped: bounds of its errors, as the README tells them."""

import pytest

from infecon_tui.measure.evaluate import compare
from infecon_tui.measure.power import power_errors
from infecon_tui.measure.rows.table import read_rows
from infecon_tui.measure.statistics import alike, errors_of, grouped, overall
from infecon_tui.spec.library import measurements_file

BOUNDS = {"A": (0.12, 0.35), "B": (0.20, 0.35), "C": (0.15, 0.35)}
"""Median and 90th percentile of the absolute error of TPOT, by tier."""
FEW = 5
"""Rows under which a median says nothing."""
ABOVE = {
    "dgx-spark-gb10": "its memory is shared with the host, and no table of its kernels is published",
    "b200-sxm": "small models on one GPU were held up by the host in one source",
}


@pytest.fixture(scope="module")
def result():
    return compare(read_rows(measurements_file("published")))


def of(result, tier, part=""):
    return errors_of(
        [
            outcome.error
            for outcome in result.compared
            if outcome.row.texts["tier"] == tier and outcome.question.part_id.startswith(part)
        ]
    )


def test_nearly_every_row_is_predicted(result):
    known, skipped = result.in_catalogue
    assert len(result.outcomes) > 1300
    assert skipped < 0.01 * known


@pytest.mark.parametrize("tier", BOUNDS)
def test_errors_of_each_tier(result, tier):
    errors = of(result, tier)
    assert errors.rows > 100
    median, high = BOUNDS[tier]
    assert errors.median_ape <= median
    assert errors.p90_ape <= high


@pytest.mark.parametrize("part", ["a100", "h100"])
def test_decode_steps_are_not_one_sided(result, part):
    assert abs(of(result, "A", part).bias) <= 0.05


def test_decode_steps_of_every_accelerator(result):
    found = {part: of(result, "A", part) for part in grouped(result)["gpu"] if part not in ABOVE}
    judged = {part: errors for part, errors in found.items() if errors.rows >= FEW}
    assert len(judged) >= 5
    assert {part: e.median_ape for part, e in judged.items() if e.median_ape > 0.20} == {}


def test_joules_of_a_token(result):
    found = power_errors(result)
    assert found["all"][""].joules.median_ape <= 0.20


def test_the_rows_most_like_a_scenario(result):
    shared, errors = alike(result, "llama-3.3-70b", "h100-sxm")
    assert shared == "llama-3.3-70b on h100-sxm"
    assert 0 < errors.rows < overall(result).rows
    shared, errors = alike(result, "no-such-model", "h100-sxm")
    assert shared == "h100-sxm"
    assert alike(result, "llama-3.3-70b", "tpu-v7-ironwood")[0] == ""
