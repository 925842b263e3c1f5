"""Where errors come from: rows are measured by the engine with one thing changed, which has to be found."""

from dataclasses import replace

import numpy as np
import pytest

from infecon_tui.measure.evaluate import Result, compare
from infecon_tui.measure.rows.table import read_rows
from infecon_tui.measure.why.explained import explained
from infecon_tui.measure.why.gathered import gathered
from infecon_tui.measure.why.missed import TARGETS, target_of, why_missed
from infecon_tui.measure.why.views import (
    NOTHING,
    explanation_text,
    missed_table,
    missed_tree,
)
from infecon_tui.measure.why.waited import waited

MODELS = ("llama-3.1-8b", "llama-3.1-70b", "qwen3-32b", "qwen3-30b-a3b")


@pytest.fixture
def outcomes(file_of):
    """Decode steps of four models on eight GPUs, some of them fast, some slow."""
    rows = [
        {"model": model, "batch_or_concurrency": str(batch), "isl": isl, "n_gpus": "8", "tp": "8"}
        for model in MODELS
        for batch in (1, 8, 32, 128)
        for isl in ("500", "8000")
    ]
    return compare(read_rows(file_of(*rows))).compared


def measured(outcomes, seconds, noise=0.01):
    """The outcomes with measured times that `seconds` makes of them, and some noise."""
    random = np.random.default_rng(1)
    return [
        replace(
            outcome,
            question=replace(
                outcome.question,
                measured_s=seconds(outcome) * float(np.exp(noise * random.standard_normal())),
            ),
        )
        for outcome in outcomes
    ]


def longer(cause, times):
    return lambda o: o.predicted_s + (times - 1) * o.answer.causes.get(cause, 0.0)


@pytest.mark.parametrize(
    ("cause", "times"), [("messages", 2.0), ("weights", 1.6), ("cache", 4.0), ("launch", 2.5)]
)
def test_a_cause_that_takes_longer_is_found(outcomes, cause, times):
    found = explained(measured(outcomes, longer(cause, times)))
    best = found.explanations[0]
    assert (best.suspect, best.way) == (cause, "times")
    assert best.amount == pytest.approx(times, rel=0.1)
    assert best.low <= best.amount <= best.high
    assert best.held_median_ape < 0.03 < found.errors.median_ape
    assert (found.left_out, best.folds) == ("model", 4)
    assert best.first == 4


def test_an_operator_that_takes_longer_is_found(outcomes):
    found = explained(
        measured(outcomes, lambda o: o.predicted_s + 2 * o.answer.operators["attention"])
    )
    assert found.explanations[0].suspect == "attention"


def test_a_host_that_adds_to_every_step_is_found(outcomes):
    found = explained(measured(outcomes, lambda o: o.predicted_s + 9.1e-3))
    best = found.explanations[0]
    assert (best.suspect, best.way, best.each) == ("host", "more", "step")
    assert best.amount == pytest.approx(9.1e-3, rel=0.05)
    assert explanation_text(best).startswith("host: +9")
    assert "timeline of the host" in best.settled_by


def test_a_host_that_is_always_slower_is_found(outcomes):
    found = explained(measured(outcomes, lambda o: max(o.predicted_s, 0.02)))
    best = found.explanations[0]
    assert (best.suspect, best.way) == ("host", "least")
    assert best.amount == pytest.approx(0.02, rel=0.05)


def test_nothing_stands_out_of_noise(outcomes):
    noisy = measured(outcomes, lambda o: o.predicted_s, noise=0.3)
    found = explained(noisy)
    assert found.errors.median_ape > 0.12
    assert found.explanations == ()
    (first, *_) = missed_table(why_missed(Result(outcomes=tuple(noisy)))).rows
    assert NOTHING in first


def test_it_is_in_rows_of_one_kind(outcomes):
    slow = measured(outcomes, lambda o: o.predicted_s * (2 if "qwen3-32b" in said(o) else 1))
    found = gathered(slow)
    assert found.what == "model qwen3-32b"
    assert len(found.inside) == 8
    assert {said(o) for o in found.outside} == {name for name in MODELS if name != "qwen3-32b"}
    assert gathered(measured(outcomes, lambda o: 2 * o.predicted_s)) is None


def said(outcome):
    return outcome.question.model_id


def drawing(outcomes, watts):
    """Rows that take three times as long as predicted, and draw what `watts` says."""
    slow = measured(outcomes, lambda o: 3 * o.predicted_s, noise=0.0)
    return [
        replace(o, row=replace(o.row, numbers=o.row.numbers | {"power_w_per_gpu": watts(o)}))
        for o in slow
    ]


def test_watts_tell_whether_it_worked_or_waited(outcomes):
    draw = outcomes[0].question.case.hardware.draw
    idle_W = 700 * (draw.idle + draw.waiting)
    resting = waited(drawing(outcomes, lambda o: o.predicted_W / 3 + idle_W * 2 / 3))
    assert (resting.said, resting.rows) == ("waited", 32)
    assert resting.measured_W == pytest.approx(resting.waiting_W)
    assert resting.waiting_W < resting.predicted_W
    assert waited(drawing(outcomes, lambda o: o.predicted_W)).said == "worked"
    assert waited(outcomes) is None


def test_watts_of_rows_on_time_correct_those_of_the_others(outcomes):
    """All of them draw a tenth less than predicted: that is the model's error, and no waiting."""
    slow = drawing(outcomes, lambda o: 0.9 * o.predicted_W)
    on_time = [
        replace(o, question=replace(o.question, measured_s=o.predicted_s)) for o in slow[::4]
    ]
    found = waited([*slow, *on_time])
    assert found.said == "worked"
    assert found.predicted_W == pytest.approx(found.measured_W)


def test_groups_that_miss_their_target_are_told(outcomes):
    slow = measured(outcomes, longer("messages", 3.0))
    whys = why_missed(Result(outcomes=tuple(slow)))
    assert {why.by for why in whys} >= {"gpu", "model"}
    assert all(why.missed for why in whys)
    # They are also all rows of one engine and purity, which is told once.
    assert [why.all.errors.rows for why in whys].count(len(slow)) == 1
    (tree, *_) = missed_tree(whys)
    assert tree["explanations"][0]["said"].startswith("messages × ")
    assert (tree["by"], tree["group"], tree["rows"]) == ("gpu", "h100-sxm", 32)
    good = measured(outcomes, lambda o: o.predicted_s)
    assert why_missed(Result(outcomes=tuple(good))) == []
    (asked,) = why_missed(Result(outcomes=tuple(good)), ["QWEN3-32B"])
    assert (asked.group, asked.missed) == ("qwen3-32b", False)


def test_targets_follow_the_tier(outcomes):
    assert target_of(outcomes) == TARGETS["A"]
    loops = [
        replace(
            o, question=replace(o.question, case=replace(o.question.case, serving="closed_loop"))
        )
        for o in outcomes
    ]
    assert target_of(loops) == TARGETS["C"]
    told = [replace(o, row=replace(o.row, texts=o.row.texts | {"tier": "B"})) for o in loops]
    assert target_of(told) == TARGETS["B"]
