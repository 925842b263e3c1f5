"""Pins as they are kept: letters, names, the session's file, the list of recent files."""

import json
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infecon_tui.spec.scenario_file import edited, opening_scenario
from infecon_tui.tui.kept.pins import LETTERS, Board, kept, restored, short_name
from infecon_tui.tui.kept.recent import MOST, Recent
from infecon_tui.tui.kept.session import Session, load, save, session_of
from infecon_tui.tui.kept.state import History

BASE = opening_scenario()
WIDE = edited(BASE, "hardware.hbm.bandwidth", "5 TB/s")


@given(st.lists(st.tuples(st.sampled_from(["pin", "drop"]), st.sampled_from(LETTERS)), max_size=20))
def test_letters_are_in_order_and_deltas_always_have_a_pin(moves):
    board, held = Board(), {}
    for what, letter in moves:
        before = board
        if what == "pin":
            board, held[letter] = board.pinned(letter, BASE), BASE
        else:
            board = board.dropped(letter)
            held.pop(letter, None)
        assert [pin.letter for pin in board.pins] == sorted(held)
        assert (board.against in held) if held else board.against == ""
        assert board.back() == before
        assert board.back().back() == board
        assert board.free not in held or len(held) == 4


def test_a_new_pin_does_not_change_what_deltas_are_told_against():
    board = Board().pinned("B", BASE).pinned("A", WIDE)
    assert board.against == "B"
    assert board.told_against("A").against == "A"
    assert board.dropped("B").against == "A"


@pytest.mark.parametrize(
    ("edits", "name"),
    [
        ([], "llama-3.1-70b × h100-sxm"),
        ([("layout.gpus", "8")], "llama-3.1-70b × h100-sxm, GPUs 8"),
        ([("layout.gpus", "8"), ("layout.batch", "4")], "llama-3.1-70b × h100-sxm, 2 changed"),
        ([("layout.gpus", "8"), ("name", "small")], "small"),
    ],
)
def test_a_short_name(edits, name):
    scenario = BASE
    for path, text in edits:
        scenario = edited(scenario, path, text)
    assert short_name(scenario) == name


def test_pins_are_kept_in_the_session(tmp_path):
    board = Board().pinned("A", BASE).pinned("C", WIDE).told_against("C")
    save(tmp_path, session_of(History(present=BASE), board, "dark", {}))
    session, fault = load(tmp_path)
    assert not fault
    assert restored(session.pins, session.against, "x") == (board, [])


def test_a_session_from_before_there_were_pins_is_read(tmp_path):
    tree = asdict(session_of(History(present=BASE), Board(), "dark", {}))
    del tree["pins"], tree["against"]
    (tmp_path / "session.json").write_text(json.dumps({"schema": "infecon/session/1", **tree}))
    session, fault = load(tmp_path)
    assert not fault
    assert restored(session.pins, session.against, "x") == (Board(), [])


@pytest.mark.parametrize(
    "bad",
    [
        {"letter": "B", "name": "b", "scenario": "schema: nothing"},
        {"letter": "B", "name": "b", "scenario": "model: ["},
        {"letter": "E", "name": "b", "scenario": ""},
        {"letter": "", "name": "b", "scenario": ""},
        {"letter": "AB", "name": "b", "scenario": ""},
        {"letter": 3, "name": "b", "scenario": "x"},
        {"letter": "B"},
        "B",
        None,
    ],
)
def test_a_pin_that_cannot_be_read_is_left_out(bad):
    board = Board().pinned("A", BASE).pinned("C", WIDE)
    entries = kept(board)
    found, faults = restored([entries[0], bad, entries[1]], "B", "x")
    assert found == replace(board, against="A")
    assert len(faults) == 1


@pytest.mark.parametrize("entries", [None, "ABC", 7, {"A": 1}, ()])
def test_pins_that_are_no_list_are_none(entries):
    assert restored(entries, None, "x") == (Board(), [])


def test_a_session_without_scenarios_has_no_pins():
    assert restored(Session().pins, Session().against, "x")[0] == Board()


def test_the_newest_file_is_first_and_only_once(tmp_path):
    recent = Recent(tmp_path / "state")
    names = [tmp_path / f"{number}.yaml" for number in range(MOST + 3)]
    for name in [*names, names[5]]:
        recent.add(name)
    files = recent.files
    assert files[:2] == (names[5], names[-1])
    assert len(files) == MOST == len(set(files))
    assert recent.newest is None
    names[-2].write_text("")
    assert recent.newest == names[-2]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"schema": "infecon/recent/1", "files": 3}', "\0"]
)
def test_a_list_that_cannot_be_read_is_empty_and_begun_again(tmp_path, text):
    (tmp_path / "recent.json").write_text(text)
    recent = Recent(tmp_path)
    assert recent.files == ()
    recent.add(tmp_path / "a.yaml")
    assert recent.files == (tmp_path / "a.yaml",)
