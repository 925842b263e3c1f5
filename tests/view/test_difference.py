"""What differs between two scenarios."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infecon_tui.knobs import at
from infecon_tui.spec.scenario_file import default_scenario, edited
from infecon_tui.view.difference import (
    change_text,
    difference,
    difference_table,
    difference_tree,
    differing,
)
from infecon_tui.view.editor.groups import GROUPS
from infecon_tui.view.records import Change

BASE = default_scenario()
EDITS = [
    ("hardware.hbm.bandwidth", "3.6 TB/s"),
    ("workload.context", "32k"),
    ("layout.gpus", "8"),
    ("fidelity", "deployment"),
    ("model.precision.weights", "fp8"),
    ("goal.exponent", "2"),
    ("name", "one"),
    ("notes", "some"),
]


def turned(scenario, edits):
    for path, text in edits:
        scenario = edited(scenario, path, text)
    return scenario


@given(st.lists(st.sampled_from(EDITS), unique=True), st.lists(st.sampled_from(EDITS), unique=True))
def test_exactly_the_paths_that_differ_are_listed(first, second):
    before, after = turned(BASE, first), turned(BASE, second)
    found = differing(before, after)
    assert {one.path for one in found} == {path for path, _ in set(first) ^ set(second)}
    for one in found:
        assert one.before == at(before, one.path).text
        assert one.after == at(after, one.path).text
    back = {one.path: (one.after, one.before) for one in differing(after, before)}
    assert back == {one.path: (one.before, one.after) for one in found}


def test_values_stand_in_the_order_of_the_editor_with_their_units():
    after = turned(
        BASE, [("notes", "x"), ("workload.context", "32k"), ("hardware.hbm.bandwidth", "4 TB/s")]
    )
    found = differing(BASE, after)
    titles = [title for _, title, _ in GROUPS]
    assert [one.group for one in found] == ["Hardware", "Workload", "Scenario"]
    places = [titles.index(one.group) for one in found]
    assert places == sorted(places)
    assert (found[0].before, found[0].after) == ("3.35 TB/s", "4 TB/s")


def test_another_model_is_told_by_its_id_first():
    found = differing(BASE, edited(BASE, "model", "llama-3.1-8b"))
    assert (found[0].path, found[0].before, found[0].after) == (
        "model",
        "llama-3.1-70b",
        "llama-3.1-8b",
    )
    assert "model.layers.count" in {one.path for one in found}


def test_values_of_one_side_alone_are_told_as_absent():
    found = differing(BASE, edited(BASE, "model", "gemma-3-27b"))
    absent = [one for one in found if one.before == "–"]
    assert absent
    assert all(one.exact[0] is None and one.exact[1] is not None for one in absent)


def test_a_draft_is_one_line():
    found = differing(BASE, edited(BASE, "speculation.draft", "llama-3.1-8b"))
    assert [(one.path, one.before, one.after) for one in found] == [
        ("speculation.draft", "none", "llama-3.1-8b")
    ]


def test_what_comes_of_it():
    after = edited(BASE, "hardware.price", "5.18")
    found = difference(BASE, after)
    cost = next(effect for effect in found.effects if effect.key == "cost")
    # Twice the price is twice the cost of every point, so the preferred one is the same.
    assert cost.values[1] == pytest.approx(2 * cost.values[0])
    assert change_text(cost.change) == "+100 %"
    speed = next(effect for effect in found.effects if effect.key == "speed")
    assert change_text(speed.change) == ""
    assert not found.faults


def test_a_scenario_without_an_answer_still_has_differences():
    after = turned(BASE, [("model", "llama-3.1-405b"), ("layout.gpus", "1")])
    found = difference(BASE, after)
    assert found.faults[0].startswith("after: Does not fit")
    assert {"model", "layout.gpus"} <= {one.path for one in found.values}
    assert all(effect.after == "–" and effect.change is None for effect in found.effects)


def test_as_a_table_and_as_a_tree():
    found = difference(BASE, edited(BASE, "layout.gpus", "8"))
    table, tree = difference_table(found), difference_tree(found)
    assert table.rows[0][:5] == ("Parallelism", "layout.gpus", "GPUs", "auto", "8")
    assert tree["values"][0] == {
        "path": "layout.gpus",
        "group": "Parallelism",
        "before": "auto",
        "after": "8",
    }
    assert {"usd_per_mtok", "tpot_s"} <= {one["key"] for one in tree["metrics"]}
    assert difference_table(difference(BASE, BASE)).note == "nothing differs"


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (None, ""),
        (Change(sign=0, text="="), ""),
        (Change(sign=1, text="12 %"), "+12 %"),
        (Change(sign=-1, text="12 %"), "-12 %"),
    ],
)
def test_a_change_in_words(told, text):
    assert change_text(told) == text
