import math

import benchmark_files as files
import numpy as np
import pytest
import small_engine as engine
from hypothesis import given, settings
from hypothesis import strategies as st

from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.knobs import replaced
from infecon_tui.measure.evaluate import UNFIT, compare
from infecon_tui.measure.picture import scatter_svg
from infecon_tui.measure.rows.table import read_rows
from infecon_tui.measure.statistics import bucket, errors_of, grouped, overall, worst
from infecon_tui.spec.library import load


def result_of(file, **given):
    return compare(read_rows(file), engine.predict, **given)


def test_rows_keep_their_order_and_count(file_of):
    result = result_of(
        file_of({"id": "a"}, {"id": "b", "gpu": "abacus"}, {"id": "c", "pp": "2", "n_gpus": "2"})
    )
    assert [o.row.texts["id"] for o in result.outcomes] == ["a", "b", "c"]
    assert result.skipped == {"accelerator not in the catalogue": 1, "pipeline": 1}
    assert len(result.compared) == 1
    assert result.in_catalogue == (2, 1)


def test_the_engine_is_compared_with_what_was_measured(file_of):
    step, whole = {"tpot_ms": "10"}, {"tpot_ms": "", "e2e_s": "4", "purity": "e2e_batch"}
    first, second = result_of(file_of(step, whole)).compared
    prediction = engine.one(second.question.case)
    assert first.predicted_s == engine.one(first.question.case).tpot_s
    assert second.predicted_s == pytest.approx((prediction.ttft_s + 199 * prediction.tpot_s) / 200)
    assert second.error == pytest.approx(second.predicted_s / 0.02 - 1)
    assert first.cause.startswith("hbm")


def test_the_largest_load_takes_the_batch_that_fits(file_of):
    offline = {"purity": "serving_offline", "batch_or_concurrency": "", "tok_s_total": "9000"}
    (row,) = result_of(file_of(offline)).compared
    case = row.question.case
    assert engine.one(case).memory_bytes_per_gpu == pytest.approx(
        0.9 * case.hardware.hbm.capacity_bytes
    )
    assert row.predicted_s == pytest.approx(1 / engine.one(case).tok_s)
    assert "largest batch that fits" in row.question.assumed


def test_a_load_that_cannot_fit_is_a_reason(file_of):
    offline = {"purity": "serving_offline", "tok_s_total": "9", "model": "llama-3.1-405b"}
    assert result_of(file_of(offline)).skipped == {UNFIT: 1}


def test_an_accelerator_of_ones_own_takes_its_place(file_of):
    part = replaced(load(Accelerator, "h100-sxm"), "hbm.efficiency", 0.375)
    (plain,) = result_of(file_of({})).compared
    (slow,) = result_of(file_of({}), parts={"h100-sxm": part}).compared
    assert slow.predicted_s > plain.predicted_s


def test_an_engine_that_finds_no_time_is_a_reason(file_of):
    def endless(cases):
        from dataclasses import replace

        return [replace(answer, tpot_s=math.inf) for answer in engine.predict(cases)]

    assert compare(read_rows(file_of({})), endless).skipped == {UNFIT: 1}


ODD = st.one_of(
    st.sampled_from(
        ["", "0", "-1", "1", "3", "7.5", "64", "1e8", "1e300", "nan", "none", "batch", "MTP"]
    ),
    st.sampled_from(["serving_offline", "serving_disagg", "e2e_batch", "H200", "deepseek-r1"]),
    st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n"), max_size=6),
)


@settings(max_examples=60, deadline=None)
@given(
    changes=st.lists(st.dictionaries(st.sampled_from(files.COLUMNS), ODD, max_size=6), max_size=6)
)
def test_no_cell_makes_it_fall(changes, tmp_path_factory):
    file = tmp_path_factory.mktemp("fuzz") / "m.csv"
    files.write(file, [files.PLAIN, *(files.PLAIN | change for change in changes)])
    result = result_of(file)
    assert len(result.compared) + sum(result.skipped.values()) == len(result.outcomes)
    assert all(math.isfinite(outcome.error) for outcome in result.compared)
    grouped(result)
    scatter_svg(result, "")


def test_errors():
    ratios = [0.1, -0.2, 0.3, -0.4, 0.0]
    errors = errors_of(ratios)
    assert errors.rows == 5
    assert errors.median_ape == pytest.approx(0.2)
    assert errors.p90_ape == pytest.approx(np.quantile(np.abs(ratios), 0.9))
    assert errors.bias == pytest.approx(0.0)
    assert errors_of([]).median_ape is None


def test_groups_hold_every_row(file_of):
    result = result_of(
        file_of(
            {},
            {"gpu": "A100"},
            {"engine": "trt"},
            {"batch_or_concurrency": "1000"},
            {"isl": "9000"},
        )
    )
    groups = grouped(result)
    assert set(groups) >= {"gpu", "model", "engine", "purity", "batch", "context"}
    for members in groups.values():
        assert sum(errors.rows for errors in members.values()) == 5
    assert set(groups["gpu"]) == {"h100-sxm", "a100-sxm-80gb"}
    assert next(iter(groups["engine"])) == "vllm"
    assert overall(result).rows == 5


def test_buckets():
    bounds = (1, 8, 32)
    assert [bucket(v, bounds) for v in (1, 2, 8, 9, 33)] == ["1", "2-8", "2-8", "9-32", ">32"]


def test_the_worst_rows_come_first(file_of):
    result = result_of(
        file_of(
            {"id": "fair"}, {"id": "slow", "tpot_ms": "500"}, {"id": "fast", "tpot_ms": "0.001"}
        )
    )
    assert [o.row.texts["id"] for o in worst(result, 2)] == ["fast", "slow"]


def test_a_picture(file_of):
    result = result_of(file_of({}, {"gpu": "A100"}))
    svg = scatter_svg(result, "a < b")
    assert svg.startswith("<svg")
    assert "a &lt; b" in svg
    assert svg.count("h0") == 2
    assert "h100-sxm: 1" in svg


def test_a_picture_of_nothing(file_of):
    assert "</svg>" in scatter_svg(result_of(file_of({"gpu": "abacus"})), "none")
