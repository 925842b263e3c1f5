from dataclasses import replace

import numpy as np
import pytest
import small_engine as engine

from infecon_tui.errors import InfeconError
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.knobs import replaced
from infecon_tui.measure.calibration.calibrate import calibrate, candidates
from infecon_tui.measure.calibration.squares import Problem, minimise
from infecon_tui.measure.calibration.views import moved_table
from infecon_tui.measure.rows.cases import Cases, Question
from infecon_tui.measure.rows.table import read_rows
from infecon_tui.spec.library import load

PART = load(Accelerator, "h100-sxm")
TRUE = replaced(replaced(PART, "hbm.efficiency", 0.62), "launch", 7e-6)


def questions(file, noise=0.0, seed=1):
    """Rows measured on a machine that differs from the spec in two values."""
    cases = Cases()
    found = [cases.question(row) for row in read_rows(file)]
    assert all(isinstance(item, Question) for item in found)
    random = np.random.default_rng(seed)
    made = []
    for item in found:
        on = replace(item.case, hardware=TRUE)
        seconds = engine.one(on).tpot_s * float(np.exp(noise * random.standard_normal()))
        made.append(replace(item, measured_s=seconds))
    return made


@pytest.fixture
def deployment(file_of):
    rows = [
        {"batch_or_concurrency": str(batch), "isl": str(isl)}
        for batch in (1, 4, 16, 64, 200)
        for isl in (200, 2000, 6000, 15000)
    ]
    return file_of(*rows)


def test_it_finds_the_values_that_the_rows_were_made_with(deployment):
    found = calibrate(questions(deployment), PART, predict=engine.predict)
    moved = {m.path: m for m in found.moved}
    assert moved["hbm.efficiency"].after == pytest.approx(0.62, rel=0.02)
    assert moved["launch"].after == pytest.approx(7e-6, rel=0.05)
    assert found.held_out_rows == 5
    assert found.after.median_ape < 0.01 < found.before.median_ape


def test_twenty_noisy_rows_do_for_the_others(deployment):
    rows = questions(deployment, noise=0.04)
    found = calibrate(rows, PART, predict=engine.predict)
    others = questions(deployment, noise=0.0)
    off = [
        abs(engine.one(replace(q.case, hardware=found.hardware)).tpot_s / q.measured_s - 1)
        for q in others
    ]
    assert np.median(off) < 0.06
    for moved in found.moved:
        assert 1 < moved.uncertainty < 1.3


def test_outliers_do_not_drag_it(deployment):
    rows = questions(deployment)
    rows[3] = replace(rows[3], measured_s=10 * rows[3].measured_s)
    found = calibrate(rows, PART, holdout=0, predict=engine.predict)
    after = {m.path: m.after for m in found.moved}
    assert after["hbm.efficiency"] == pytest.approx(0.62, rel=0.05)


def test_rows_that_measured_the_same_tell_how_near_a_fit_can_come(deployment):
    rows = questions(deployment)
    assert calibrate(rows, PART, predict=engine.predict).repeats.rows == 0
    again = [replace(q, measured_s=1.2 * q.measured_s) for q in rows]
    found = calibrate([*rows, *again], PART, predict=engine.predict)
    # Two rows that are 20 % apart are each 1/11 from their middle.
    assert found.repeats.rows == 40
    assert found.repeats.median_ape == pytest.approx(1 / 11)
    assert "40 rows repeat others and are 9.1 % from the middle" in moved_table(found).note


def test_values_that_the_rows_do_not_tell_apart_are_named(file_of):
    """Rows of one batch and length: a slower memory or slower launches explain them alike."""
    rows = questions(file_of(*({"id": f"r{at}"} for at in range(8))), noise=0.02)
    paths = ["hbm.efficiency", "launch"]
    found = calibrate(rows, PART, paths=paths, predict=engine.predict)
    assert [one.tied for one in found.moved] == ["launch", "hbm.efficiency"]
    note = moved_table(found).note
    assert "hardly told by these rows: launch\n" in note
    assert note.count("told together only") == 1


def test_values_that_the_rows_tell_are_not_doubted(deployment):
    found = calibrate(questions(deployment), PART, predict=engine.predict)
    assert all(one.tied == "" for one in found.moved if one.path != "hbm.efficiency")
    assert "hardly told" not in moved_table(found).note


def test_rows_far_apart_in_equal_conditions_are_called_unlike(deployment):
    rows = questions(deployment)
    other = [replace(q, measured_s=2 * q.measured_s) for q in rows]
    assert (
        "unlike stacks"
        in moved_table(calibrate([*rows, *other], PART, predict=engine.predict)).note
    )
    near = [replace(q, measured_s=1.02 * q.measured_s) for q in rows]
    assert "unlike" not in moved_table(calibrate([*rows, *near], PART, predict=engine.predict)).note


def test_values_stay_within_what_the_spec_allows(deployment):
    fast = [replace(q, measured_s=q.measured_s / 20) for q in questions(deployment)]
    found = calibrate(fast, PART, paths=["hbm.efficiency"], predict=engine.predict)
    (moved,) = found.moved
    assert moved.after == pytest.approx(1.0)
    assert moved.at_bound


def test_the_source_of_a_fitted_value_is_said(deployment):
    found = calibrate(questions(deployment), PART, predict=engine.predict)
    assert dict(found.hardware.sources)["hbm.efficiency"].startswith(
        "calibrated on 20 measured rows"
    )
    assert found.hardware.id == PART.id


def test_what_datasheets_state_is_never_moved():
    paths = {knob.path for knob in candidates(PART)}
    assert {"hbm.efficiency", "arithmetic.efficiency", "launch"} <= paths
    assert not paths & {"hbm.bandwidth", "hbm.capacity", "arithmetic.bf16", "price", "tdp"}


def test_too_little_to_fit(file_of):
    with pytest.raises(InfeconError, match="at least 4"):
        calibrate(questions(file_of({}, {})), PART, predict=engine.predict)


def test_a_value_that_is_not_there(deployment):
    with pytest.raises(InfeconError, match=r"did you mean 'hbm\.efficiency'"):
        calibrate(questions(deployment), PART, paths=["hbm.eficiency"], predict=engine.predict)


def test_a_value_that_is_no_number(deployment):
    with pytest.raises(InfeconError, match="only a number above zero"):
        calibrate(questions(deployment), PART, paths=["scale_up.domain"], predict=engine.predict)


def test_least_squares_of_a_line():
    x = np.linspace(0, 1, 20)
    problem = Problem(
        residuals=lambda p: p[:, :1] + p[:, 1:] * x - (0.5 - 0.25 * x),
        start=np.zeros(2),
        low=np.full(2, -5.0),
        high=np.full(2, 5.0),
        spread=np.full(2, 10.0),
        noise=0.1,
    )
    found = minimise(problem)
    assert found.at == pytest.approx([0.5, -0.25], abs=1e-3)
    design = np.stack([np.ones(20), x], axis=1)
    expected = np.linalg.inv(design.T @ design / 0.01 + np.eye(2) / 100)
    assert found.covariance == pytest.approx(expected, rel=1e-3)
