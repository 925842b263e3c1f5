"""The session's file: what is wrong with it is said, nothing of it is lost, and explorers do not share one."""

import json

import pytest
from driver import explorer
from emulator import Emulator

from infecon_tui.errors import SpecError
from infecon_tui.spec.nodes import parse_yaml
from infecon_tui.tui.kept.session import (
    SCHEMA,
    Session,
    claimed,
    load,
    save,
    session_file,
    set_aside,
)

GOOD = {"schema": SCHEMA, "scenario": ""}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "line 1 is not JSON: expecting value"),
        (b'{"schema":\n [}', "line 2 is not JSON: expecting value"),
        (b"\xff", "it is not text in UTF-8, byte 0"),
        (b"[]", "expected schema infecon/session/1"),
        (b'{"schema": "infecon/session/2"}', "expected schema infecon/session/1, found 'infecon/session/2'"),
        (json.dumps(GOOD | {"colour": 1}).encode(), "no such key 'colour'"),
        (json.dumps(GOOD | {"past": 5}).encode(), "past and future must be lists"),
        (json.dumps(GOOD | {"past": [5]}).encode(), "scenarios must be texts"),
        (json.dumps(GOOD | {"scenario": 5}).encode(), "scenarios must be texts"),
        (json.dumps(GOOD | {"shade": "pink"}).encode(), "shade must be dark or light"),
        (json.dumps(GOOD | {"view": []}).encode(), "view must be a mapping"),
        (b"[" * 100_000, "recursion"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_it_is_said(tmp_path, content, said):
    file = session_file(tmp_path)
    file.write_bytes(content)
    session, fault = load(tmp_path)
    assert session == Session()
    assert said in fault
    assert file.with_suffix(".damaged.json").read_bytes() == content


def test_a_damaged_session_does_not_take_the_place_of_another(tmp_path):
    file = session_file(tmp_path)
    for content in ("one", "two", "three"):
        file.write_text(content)
        set_aside(file, "damaged")
    kept = sorted(tmp_path.glob("session.damaged*.json"))
    assert {path.read_text() for path in kept} == {"one", "two", "three"}


@pytest.mark.parametrize("key", ["scenario", "pins"])
async def test_half_a_character_in_it_is_no_crash(tmp_path, key):
    (tmp_path / "state").mkdir()
    text = "schema: infecon/scenario/1\nname: \ud800\n"
    value = text if key == "scenario" else [{"letter": "A", "name": "a", "scenario": text}]
    session_file(tmp_path / "state").write_text(json.dumps(GOOD | {key: value}))
    async with explorer(tmp_path) as it:
        assert it.scenario is not None


def test_half_a_character_has_its_line():
    with pytest.raises(SpecError, match=r"x\.yaml:2: is not text: half a character \('\\ud800'\)"):
        parse_yaml("a: b\nc: \ud800", "x.yaml")


def test_each_explorer_has_a_session_of_its_own(tmp_path):
    with claimed(tmp_path) as first, claimed(tmp_path) as second:
        assert (first, second) == (1, 2)
        save(tmp_path, Session(shade="light"), first)
        assert load(tmp_path, second)[0].shade == "light"
        save(tmp_path, Session(shade="dark"), second)
        assert load(tmp_path, first)[0].shade == "light"
    with claimed(tmp_path) as again:
        assert again == 1


def test_a_place_that_cannot_be_written_has_one_session(tmp_path):
    (tmp_path / "file").write_text("")
    with claimed(tmp_path / "file" / "state") as number:
        assert number == 1


def test_two_explorers_at_once_keep_what_each_has_done(tmp_path):
    with Emulator(tmp_path) as one:
        one.until("USD/Mtok")
        # The second to come is the one that is told.
        with Emulator(tmp_path) as two:
            two.until("session of its own")
            for it, model in ((one, "model qwen3-32b"), (two, "model mixtral-8x7b")):
                it.keys(":", *model, "enter")
                it.until(model.split()[1])
            for it in (two, one):
                it.keys("q")
                assert it.ended() == 0
    assert "qwen3-32b" in load(tmp_path / "state")[0].scenario
    assert "mixtral-8x7b" in load(tmp_path / "state", 2)[0].scenario
