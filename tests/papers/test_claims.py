"""The numbers of the paper's text, by hand where they are short, and what becomes of a wrong one."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from infecon_tui.errors import InfeconError
from infecon_tui.measure.reproduce import paper_inputs, results_of
from infecon_tui.papers.erdil2025.claims import CLAIMS
from infecon_tui.papers.erdil2025.curves import published_curves

INPUTS = paper_inputs()
BY_KEY = {claim.key: claim for claim in CLAIMS}


@pytest.mark.parametrize("key", BY_KEY)
def test_every_number_follows_or_says_why_not(key):
    claim = BY_KEY[key]
    near = abs(claim.compute(INPUTS) / claim.published - 1) <= claim.tolerance
    assert near != bool(claim.reason)
    assert claim.where
    assert claim.how


@pytest.mark.parametrize(
    ("word", "by_hand"),
    [
        ("time added to an all-reduce", 2 * 10_000 * 100 * 7 / (8 * 112.5e9)),
        ("time to read 80 GB", 80 / 3300),
        ("cost of reading 100,000", 2 * 88 * 8 * 128 * 2 * 1e5 / 3.3e12 * 2 / 3600 * 1e6),
        ("token: DeepSeek-V3", 512 * 58 * 2),
        ("405B from 8B", 400 * (8 / 405) ** 0.5),
    ],
)
def test_by_hand(word, by_hand):
    (claim,) = (claim for key, claim in BY_KEY.items() if word in key)
    assert claim.compute(INPUTS) == pytest.approx(by_hand, rel=1e-9)


def test_cost_at_the_least_latency_by_hand():
    # Eq. 14 and 15 at N* = (reading / hops)^(2/3): the ratio is 3 - 2 / sqrt(N*).
    hops_s, read_s = 80 * 4 * 1e-6, 2 * 70_552_387_584 / 3.3e12
    by_hand = 3 - 2 * (hops_s / read_s) ** (1 / 3)
    assert BY_KEY["toy: the same for Llama 3 70B"].compute(INPUTS) == pytest.approx(
        by_hand, rel=1e-9
    )


def test_names_are_told_apart():
    assert len(BY_KEY) == len(CLAIMS) >= 20


def test_a_wrong_number_is_off():
    wrong = replace(BY_KEY["HBM: time to read 80 GB"], published=0.03)
    (result,) = results_of("80 GB", [wrong], list)
    assert result.verdict == "off"
    assert result.difference == pytest.approx(80 / 3300 / 0.03 - 1)


def test_a_wrong_number_with_a_reason_is_explained():
    wrong = replace(BY_KEY["HBM: time to read 80 GB"], published=0.03, reason="a misprint")
    (result,) = results_of("80 GB", [wrong], list)
    assert result.verdict == "explained"
    assert "a misprint" in result.note


@pytest.mark.parametrize(
    ("changed", "verdicts"),
    [
        ({}, ["ok", "ok", "ok"]),
        ({"fastest_tok_s": 160.0}, ["off", "ok", "ok"]),
        ({"points": ((50.0, 0.05), (100.0, 0.2))}, ["ok", "off", "ok"]),
        ({"points": ((50.0, 0.1), (200.0, 9.0))}, ["ok", "off", "ok"]),
        ({"points": ((152.3, 99.0),)}, ["ok", "ok", "ok"]),
        ({"preferred": (110.0, 0.371)}, ["ok", "ok", "off"]),
    ],
)
def test_a_curve_that_is_missed_is_off(changed, verdicts):
    curve = replace(next(c for c in published_curves() if c.name == "H100"), **changed)
    assert [result.verdict for result in results_of("H100", [], lambda: [curve])] == verdicts


def test_the_shipped_curves_are_the_notebooks():
    printed = json.loads(
        (Path(__file__).parents[1] / "reference/erdil2025/frontiers.json").read_text()
    )
    shipped = {(curve.figure, curve.name): curve for curve in published_curves()}
    assert set(shipped) == {(figure, name) for figure, curves in printed.items() for name in curves}
    for (figure, name), curve in shipped.items():
        rows = sorted(row[:2] for row in printed[figure][name]["frontier"])
        assert np.array(curve.points) == pytest.approx(np.array(rows), rel=1e-6)
        wanted = printed[figure][name]["preferred_at_exponent_3"]
        assert curve.preferred == pytest.approx((wanted["tok_s"], wanted["usd"]), rel=1e-6)


def test_no_number_of_a_name():
    with pytest.raises(InfeconError, match="did you mean"):
        list(results_of("square-rot law: Llama 3 70B from 8B at 400 tok/s"))
