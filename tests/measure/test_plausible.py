"""Times that cannot be, and what is said of a row that is far off."""

import benchmark_files as files
import pytest
import small_engine as engine

from infecon_tui.errors import InfeconError
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.measure.calibration.calibrate import questions_on
from infecon_tui.measure.evaluate import compare
from infecon_tui.measure.rows.plausible import beyond, queued, tells_speed, why
from infecon_tui.measure.rows.table import read_rows
from infecon_tui.spec.library import load


@pytest.fixture
def told(file_of):
    def make(*changes):
        return compare(read_rows(file_of(*changes)), engine.predict).compared

    return make


def test_how_far_beyond_by_hand(told):
    """8 GB of weights and a head, and 8 caches of 1100 positions of 128 KiB, at 3.35 TB/s."""
    (row,) = told({"tpot_ms": "2"})
    model = row.question.case.model
    read = 2 * (model.params - model.vocab * model.d_model) + 8 * 1100 * 128 * 1024
    assert beyond(row.question) == pytest.approx(read / 3.35e12 / 2e-3, rel=1e-3)


def test_of_the_largest_load_the_batch_counts(told):
    rate = {"purity": "serving_offline", "batch_or_concurrency": "", "tok_s_total": "9000"}
    (row,) = told(rate)
    case = row.question.case
    (step,) = told(
        {"batch_or_concurrency": str(case.batch), "tpot_ms": str(1e3 * case.batch / 9000)}
    )
    assert beyond(row.question) == pytest.approx(beyond(step.question))


def test_what_cannot_be_is_said_first(told):
    slow, fast = told({}, {"tpot_ms": "0.05"})
    assert why(slow) == f"mostly {slow.cause}"
    assert why(fast).startswith(f"measured {beyond(fast.question):.3g} times")
    assert why(fast).endswith("as fast as its memory is read")


def test_a_batch_that_memory_does_not_hold_at_once(told, file_of):
    """8 GB of weights in two bytes and 2.5 GB: some 50 GB are left for 4096 positions of 128 KiB each."""
    whole = {"purity": "e2e_batch", "tpot_ms": "", "e2e_s": "40", "isl": "2048", "osl": "2048"}
    few, many = whole | {"batch_or_concurrency": "85"}, whole | {"batch_or_concurrency": "130"}
    fits, waits = told(few, many)
    assert (queued(fits.question), queued(waits.question)) == (False, True)
    assert "more than memory holds" in why(waits)
    assert "more than memory holds" not in why(fits)
    part = load(Accelerator, "h100-sxm")
    assert [q.row.line for q in questions_on(file_of(few, many), part)] == [2]
    (step,) = told({"batch_or_concurrency": "130", "isl": "2048", "osl": "2048"})
    assert not queued(step.question)


def test_what_was_assumed_is_said(told):
    (row,) = told({"isl": "", "purity": "steady_decode"})
    assert "prompts of 256 tokens, not published" in why(row)


def test_a_calibration_leaves_out_what_cannot_be(file_of):
    part = load(Accelerator, "h100-sxm")
    file = file_of({}, {"tpot_ms": "0.05"}, {"purity": "serving_kv_limited"})
    assert [question.row.line for question in questions_on(file, part)] == [2]
    with pytest.raises(InfeconError, match="its rows on h100-sxm do not tell of speed"):
        questions_on(files.write(file, [files.PLAIN | {"tpot_ms": "0.05"}]), part)
    (row,) = compare(read_rows(file), engine.predict).compared
    assert not tells_speed(row.question)
