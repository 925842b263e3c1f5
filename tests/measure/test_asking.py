"""All rows and values in one pass must be what the engine says of each row alone."""

from dataclasses import replace

import numpy as np
import pytest

from infecon_tui.cost.predict import predict
from infecon_tui.cost.varied import Varied
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.knobs import at, replaced
from infecon_tui.measure.calibration.asking import in_columns, one_by_one
from infecon_tui.measure.rows.cases import Cases
from infecon_tui.measure.rows.table import read_rows
from infecon_tui.spec.library import load

PART = load(Accelerator, "h100-sxm")
PATHS = ("kernels.gemm.hbm_8bit", "kernels.attention.hbm", "kernels.messages.start", "launch")
KINDS = (
    {},
    {"batch_or_concurrency": "64"},
    {"batch_or_concurrency": "64"},
    {"n_gpus": "4", "tp": "2", "pp": "2", "batch_or_concurrency": "32"},
    {"model": "qwen3-30b-a3b", "weight_bits": "8", "n_gpus": "2", "tp": "2"},
    {"tpot_ms": "", "e2e_s": "4", "purity": "e2e_batch", "batch_or_concurrency": "16"},
    {"purity": "serving", "kind": "concurrency", "batch_or_concurrency": "40"},
    {"purity": "serving_offline", "batch_or_concurrency": "100", "tok_s_total": "900"},
)


@pytest.fixture
def questions(file_of):
    cases = Cases()
    return [cases.question(row) for row in read_rows(file_of(*KINDS))]


@pytest.fixture
def numbers():
    factors = np.array([1.0, 0.7, 1.3])
    return {path: at(PART, path).value * factors for path in PATHS}


def test_in_columns_is_one_by_one(questions, numbers):
    together = in_columns(questions, PART)(numbers)
    alone = one_by_one(predict)(questions, PART)(numbers)
    assert together.shape == (3, len(KINDS))
    assert together == pytest.approx(alone, rel=1e-12)
    # Values that change something, each in its rows.
    assert len(set(together[:, 4])) == 3


def test_without_numbers_it_is_the_part_as_it_is(questions):
    (plain,) = in_columns(questions, PART)({})
    assert plain == pytest.approx(one_by_one(predict)(questions, PART)({})[0], rel=1e-12)


def test_many_values_go_in_pieces(questions, numbers, monkeypatch):
    whole = in_columns(questions, PART)(numbers)
    monkeypatch.setattr("infecon_tui.cost.varied._MOST_ELEMENTS", 2)
    assert np.array_equal(in_columns(questions, PART)(numbers), whole)


def test_what_the_engine_refuses_is_not_a_number(questions):
    case = questions[0].case
    wrong = replace(case, layout=replace(case.layout, gpus=3))
    times = Varied([wrong, case]).times({"launch": np.array([4e-6])})
    assert np.isnan(times.tpot_s[0, 0])
    assert times.tpot_s[0, 1] == predict([case])[0].tpot_s


def test_cases_that_differ_in_settings_are_not_one(questions):
    """Chunks of prompts and the share of memory are the engine's, and differ between cases of one call."""
    case = replace(questions[6].case, batch=400.0, hardware=replaced(PART, "launch", 4e-6))
    others = [
        replace(case, memory_utilization=0.3),
        replace(case, step_tokens=512.0),
    ]
    together = [one.tpot_s for one in predict([case, *others])]
    assert together == [predict([one])[0].tpot_s for one in (case, *others)]
    assert len(set(together)) == 3
