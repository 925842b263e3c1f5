"""What terminals send that is neither text nor a key."""

import os

import pytest
from emulator import Emulator
from textual import events
from textual._xterm_parser import XTermParser

from infecon_tui.tui.field import Field
from infecon_tui.tui.kept.session import load
from infecon_tui.tui.terminal.driver import Inlet, SteadyDriver

BEGIN, END = Inlet.BEGIN, Inlet.END


def pieces(*texts):
    inlet = Inlet()
    found = [piece for text in texts for piece in inlet.split(text)]
    return [piece for piece in found if piece[1] or piece[0]]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("abc",), [(False, "abc")]),
        ((f"a{BEGIN}b\r\x1b[31mq\x03{END}c",), [(False, "a"), (True, "b\r\x1b[31mq\x03"), (False, "c")]),
        ((f"{BEGIN}one", "two", f"three{END}q"), [(True, "onetwothree"), (False, "q")]),
        (("a\x1b[20", f"0~b{END}"), [(False, "a"), (True, "b")]),
        (("a\x1b[2", "~"), [(False, "a"), (False, "\x1b[2~")]),
        (("\x1b",), [(False, "\x1b")]),
        ((f"{BEGIN}a\x1b[20", f"1~{BEGIN}b{END}"), [(True, "a"), (True, "b")]),
        ((f"{BEGIN}q\x03",), []),
    ],
)  # fmt: skip
def test_what_is_pasted_is_told_from_what_is_typed(texts, expected):
    assert pieces(*texts) == expected


def test_lines_of_a_paste_are_joined_whatever_ends_them():
    field = Field()
    field.insert("a\r\nb\rc\nd\x00\x1b[31m\n")
    assert field.text == "a b c d[31m"


@pytest.mark.parametrize("odd", ["\x1b[48;:;~", "\x1b[48;:200~", "\x1b[99999999999999999999u"])
def test_a_sequence_that_textual_stumbles_over_is_passed_over(odd):
    driver = SteadyDriver.__new__(SteadyDriver)
    keys = []
    driver.process_message = keys.append
    parser = driver._hand_on(XTermParser(), odd, pasted=False)
    driver._hand_on(parser, "q", pasted=False)
    assert [event.key for event in keys if isinstance(event, events.Key)] == ["q"]


def test_bytes_that_are_no_text_do_not_end_it(tmp_path):
    with Emulator(tmp_path) as it:
        it.until("USD/Mtok")
        for odd in (b"\xff", b"/caf\xe9\r\x1b", b"\xf0\x9f", bytes(range(128, 256))):
            os.write(it.master, odd)
            it.settle()
        it.keys("esc", "esc", "q")
        assert it.ended() == 0


def test_what_stands_in_a_paste_is_never_a_command(tmp_path):
    with Emulator(tmp_path) as it:
        it.until("USD/Mtok")
        it.write(f":{BEGIN}set notes a\x1b[31m\x07b\r\nquit\rq{END}")
        it.until("notes")
        assert it.process.poll() is None
        it.keys("enter")
        it.keys("q")
        assert it.ended() == 0
    assert "notes: a[31mb quit q" in load(tmp_path / "state")[0].scenario
