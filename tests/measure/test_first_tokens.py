"""First tokens beside those that were measured: how their prompts came, and what the start of a loop adds."""

import math

import benchmark_files as files
import pytest
import small_engine as engine

from infecon_tui.measure.evaluate import compare
from infecon_tui.measure.first_tokens import first_token_errors
from infecon_tui.measure.rows.table import read_rows

COLUMNS = (*files.COLUMNS, "ttft_ms")
LOOP = {"purity": "serving", "kind": "concurrency", "ttft_ms": "100"}


@pytest.fixture
def told(file_of):
    def make(*changes):
        file = file_of(*changes, columns=COLUMNS)
        return compare(read_rows(file), engine.predict).compared

    return make


def of(row, **changes):
    from dataclasses import replace

    return engine.one(replace(row.question.case, **changes)).ttft_s


def test_a_batch_at_once_is_through_together(told):
    static, steps = told(
        {"purity": "e2e_batch", "ttft_ms": "90"}, {"purity": "pure_decode", "ttft_ms": "90"}
    )
    for row in (static, steps):
        assert row.predicted_ttft_s == of(row, serving="static")
        assert row.predicted_ttft_s > 5 * of(row, serving="decode")


def test_a_loop_has_the_engines_answer(told):
    (loop,) = told(LOOP)
    assert loop.question.case.serving == "closed_loop"
    assert loop.predicted_ttft_s == of(loop)


def test_in_a_mean_over_few_requests_of_each_client_the_start_weighs(told):
    """Eight prompts of 1000 tokens fit one step, so that all of the first ones come with the last."""
    (row,) = told(LOOP | {"source": "InferenceX via X", "notes": "mean TPOT / mean TTFT"})
    usual, last = of(row), of(row, serving="static")
    assert row.predicted_ttft_s == pytest.approx(0.9 * usual + 0.1 * last)


def test_of_a_start_of_many_steps_the_mean_is_half(told):
    (row,) = told(
        LOOP | {"source": "InferenceX", "batch_or_concurrency": "256", "notes": "mean TTFT"}
    )
    usual, last = of(row), of(row, serving="static")
    steps = math.ceil(256 * 1000 / 8192)
    assert row.predicted_ttft_s == pytest.approx(
        0.9 * usual + 0.1 * last * (steps + 1) / (2 * steps)
    )


def test_in_a_median_it_does_not(told):
    (row,) = told(LOOP | {"source": "InferenceX", "notes": "mean TPOT; median TPOT/TTFT"})
    assert row.predicted_ttft_s == of(row)


@pytest.mark.parametrize(
    "changes",
    [
        {"ttft_ms": ""},
        {"ttft_ms": "0"},
        {"purity": "serving_kv_limited"},
        {"purity": "steady_decode"},
        {
            "purity": "serving_disagg",
            "notes": "decode 1 workers tp1 ep1 dpattn=false on 1 GPU",
        },
    ],
)
def test_what_tells_nothing_of_prompts_is_left_out(told, changes):
    (row,) = told(LOOP | changes)
    assert math.isnan(row.predicted_ttft_s)


def test_errors_by_hand(file_of):
    file = file_of({"ttft_ms": "100"}, {"ttft_ms": "50"}, {"ttft_ms": ""}, columns=COLUMNS)
    result = compare(read_rows(file), engine.predict)
    found = first_token_errors(result)
    off = [1e3 * result.compared[0].predicted_ttft_s / ms - 1 for ms in (100, 50)]
    assert found["all"][""].rows == 2
    assert found["all"][""].bias == pytest.approx(sum(off) / 2)
    assert found["gpu"]["h100-sxm"] == found["engine"]["vllm"] == found["all"][""]
    assert first_token_errors(compare(read_rows(file_of({})), engine.predict)) == {}
