"""The whole program, typed at and looked at as a person does."""

import os
import re
import signal
import subprocess
import sys
from time import sleep

import pytest
from emulator import PATIENCE_S, Emulator, environment

from infecon_tui.__main__ import main
from infecon_tui.spec.scenario_file import load_scenario


def ready(text: str) -> bool:
    return "USD/Mtok" in text and "reading" not in text


def cost(text: str) -> float:
    found = re.search(r"cost (\S+) USD/Mtok", text)
    assert found
    return float(found[1])


def test_edit_export_quit_and_read_back(tmp_path):
    with Emulator(tmp_path) as it:
        before = cost(it.until(ready))
        it.keys("/", *"HBM bandw", "enter", "enter", "backspace", *"\x155 TB/s", "enter")
        it.until("1 changed")
        it.until(lambda text: cost(text) < before)
        it.keys("w", "enter")
        it.until("saved")
        it.keys("q")
        assert it.ended() == 0
    (file,) = tmp_path.glob("*.yaml")
    assert "hardware.hbm.bandwidth: 5 TB/s" in file.read_text()
    assert load_scenario(file).hardware.hbm.bandwidth_Bps == 5e12


def test_an_existing_file_is_asked_about(tmp_path):
    target = tmp_path / "mine.yaml"
    target.write_text("mine\n")
    with Emulator(tmp_path) as it:
        it.until(ready)
        it.keys("w", "\x15", *"mine.yaml", "enter")
        it.until("exists. Overwrite it?")
        it.keys("n", "esc")
        assert target.read_text() == "mine\n"
        it.keys("w", "\x15", *"mine.yaml", "enter", "y")
        it.until("saved")
    assert target.read_text().startswith("schema: infecon/scenario/1")


def test_a_place_that_cannot_be_written(tmp_path):
    with Emulator(tmp_path) as it:
        it.until(ready)
        it.keys("w", "\x15", *"no/such/folder.yaml", "enter")
        it.until(lambda text: "folder" in text and "✗" in text)
        it.keys("q")
        assert it.ended() == 0


def test_undo_and_redo_to_the_same_screen(tmp_path):
    with Emulator(tmp_path) as it:
        first = it.until(ready)
        it.keys("down", "down", "right")
        changed = it.until("1 changed")
        it.keys("u")
        assert cost(it.until(lambda text: "1 changed" not in text)) == cost(first)
        it.keys("U")
        assert cost(it.until("1 changed")) == cost(changed)


def test_a_burst_of_keys_arrives_in_order(tmp_path):
    """Printable and bound keys typed faster than screens are painted (Textual issue 6605)."""
    with Emulator(tmp_path) as it:
        it.until(ready)
        it.write("/HBM bandw\r\r\x154.5 TB/s\r\x1b[B\x1b[A")
        it.until("1 changed")
        assert re.search(r"4\.5.? *TB/s", it.text())


def test_a_dragged_corner(tmp_path):
    with Emulator(tmp_path) as it:
        it.until(ready)
        for columns in (200, 61, 140, 40, 97, 300, 80, 120):
            it.resize(columns, max(columns // 4, 10))
            it.feed(0.01)
        it.resize(120, 36)
        it.until(lambda text: text.startswith(" infecon") and "What does speed cost" in text)


def test_a_click_on_a_row_and_a_tab(tmp_path):
    with Emulator(tmp_path, size=(80, 24)) as it:
        it.until(ready)
        row = next(y for y, line in enumerate(it.text().splitlines()) if "HBM bandwidth" in line)
        it.write(f"\x1b[<0;10;{row + 1}M\x1b[<0;10;{row + 1}m")
        it.settle()
        assert "‹3.35›" in it.text().splitlines()[row]
        tabs = it.text().splitlines()[3]
        column = tabs.index("Roofline") + 2
        it.write(f"\x1b[<0;{column};4M\x1b[<0;{column};4m")
        it.until("FLOP/byte")


ENDINGS = [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT]


@pytest.mark.parametrize("number", ENDINGS)
def test_the_session_survives(tmp_path, number):
    with Emulator(tmp_path) as it:
        it.until(ready)
        it.keys("down", "down", "right")
        it.until("1 changed")
        it.process.send_signal(number)
        assert it.ended() == 128 + number
    with Emulator(tmp_path) as it:
        it.until(lambda text: ready(text) and "1 changed" in text)
        it.keys("u")
        it.until(lambda text: "1 changed" not in text)
    with Emulator(tmp_path, "--fresh") as it:
        assert "1 changed" not in it.until(ready)


def test_pins_survive_a_dropped_connection(tmp_path):
    with Emulator(tmp_path) as it:
        it.until(ready)
        it.keys("A", "a", "/", *"HBM bandw", "enter", "right", "A", "b")
        it.until(lambda text: "▼" in text and " B " in text)
        it.process.send_signal(signal.SIGHUP)
        assert it.ended() == 128 + signal.SIGHUP
    with Emulator(tmp_path, "--ascii") as it:
        it.until(lambda text: "A>HBM bandwidth 3.35" in text and "USD/Mtok -" in text)


def test_a_step_with_four_pins_sends_few_bytes(tmp_path):
    with Emulator(tmp_path, size=(120, 40)) as it:
        it.until(ready)
        for part in ("h200-s", "b200-s", "mi300", "h100-s"):
            it.keys("A", "enter", "g", *part, "enter")
        it.keys("/", *"HBM bandw", "enter")
        before = it.sent
        it.keys("right")
        assert 0 < it.sent - before < 12_000


def test_a_session_that_is_not_one_is_said_and_kept(tmp_path):
    with Emulator(tmp_path) as it:
        it.until(ready)
        it.keys("q")
        it.ended()
    (tmp_path / "state" / "session.json").write_text("{")
    with Emulator(tmp_path) as it:
        it.until(ready)
        assert "session" in it.text()
        it.keys("q")
        assert it.ended() == 0


def test_stopped_and_brought_back(tmp_path):
    with Emulator(tmp_path) as it:
        it.until(ready)
        os.killpg(it.process.pid, signal.SIGSTOP)
        os.killpg(it.process.pid, signal.SIGCONT)
        # Keys of before the terminal is taken again are dropped with what it sent meanwhile.
        it.settle(1.0)
        it.resize(121, 36)
        it.resize(120, 36)
        it.keys("down", "down", "right")
        it.until("1 changed")


def test_a_stop_that_nobody_announced_leaves_the_terminal_as_it_was(tmp_path):
    """Taken twice, it would be left as it was taken the first time: without echo and lines."""
    with Emulator(tmp_path) as it:
        before = it.modes
        it.until(ready)
        assert it.modes != before
        os.killpg(it.process.pid, signal.SIGSTOP)
        os.killpg(it.process.pid, signal.SIGCONT)
        it.settle()
        it.write("/HBM bandw\r\r\x154.5 TB/s\r")
        it.until("1 changed")
        assert re.search(r"4\.5.? *TB/s", it.text())
        it.keys("esc", "q")
        assert it.ended() == 0
        assert it.modes == before


def test_without_a_shell_it_is_not_stopped(tmp_path):
    """As `ssh -t host infecon-tui` runs it: nobody could ever bring it back."""
    with Emulator(tmp_path) as it:
        it.until(ready)
        it.write("\x1a")
        it.until("no shell to go back to")


def test_a_terminal_that_goes_away_without_a_signal_ends_it(tmp_path):
    it = Emulator(tmp_path)
    it.until(ready)
    it.keys("down", "down", "right")
    it.until("1 changed")
    os.close(it.master)
    try:
        it.process.wait(timeout=PATIENCE_S)
    finally:
        it.process.kill()
    with Emulator(tmp_path) as it:
        it.until("1 changed")


def test_a_terminal_that_takes_nothing_does_not_keep_it_from_ending(tmp_path):
    with Emulator(tmp_path) as it:
        it.until(ready)
        for _ in range(40):  # More than a terminal and the way to it hold.
            it.write("f\tbr\tB\tP\tC\t" * 4)
            sleep(0.05)
        it.process.send_signal(signal.SIGTERM)
        assert it.process.wait(timeout=PATIENCE_S) == 128 + signal.SIGTERM


def test_an_idle_screen_sends_nothing(tmp_path):
    with Emulator(tmp_path) as it:
        it.until("Layouts")
        it.feed(1.0)
        before = it.sent
        assert not it.feed(2.0)
        assert it.sent == before


@pytest.mark.parametrize(
    ("keys", "most"), [("down", 1000), ("right", 7000)], ids=["cursor", "step and redraw"]
)
def test_a_key_sends_few_bytes(tmp_path, keys, most):
    with Emulator(tmp_path, size=(120, 40)) as it:
        it.until(ready)
        it.keys("down", "down")
        before = it.sent
        it.keys(keys)
        it.settle()
        assert 0 < it.sent - before < most


def run(tmp_path, *arguments, **environ) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "infecon_tui", *arguments],
        cwd=tmp_path,
        env=environment(tmp_path, environ),
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def test_without_a_terminal_there_is_the_report(tmp_path):
    done = run(tmp_path)
    assert done.returncode == 2
    assert "USD/Mtok" in done.stdout
    assert "needs a terminal: input or output is not a terminal" in done.stderr


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("words", ["", "frontier", "export -o kept.yaml", "frontier gone.yaml"])
def test_closed_streams_are_no_traceback(tmp_path, closed, words):
    (tmp_path / "kept.yaml").write_text("mine")
    command = f"{sys.executable} -m infecon_tui {words} {closed}"
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=tmp_path,
        env=environment(tmp_path, {}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == (0 if words == "frontier" else 2)
    assert "Traceback" not in done.stderr + done.stdout
    assert (tmp_path / "kept.yaml").read_text() == "mine"


def test_a_dumb_terminal_gets_the_report(tmp_path):
    with Emulator(tmp_path, TERM="dumb") as it:
        assert it.ended() == 2
        it.settle()
        assert "TERM=dumb" in it.text()


def test_a_mistake_in_the_options_is_one_line(tmp_path):
    done = run(tmp_path, "--color", "265")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "did you mean '256'" in done.stderr


def test_an_interrupted_start_is_no_traceback(monkeypatch, capsys):
    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr("infecon_tui.tui.options.options_of", interrupted)
    assert main([]) == 130
    assert capsys.readouterr() == ("", "")


def test_a_scenario_that_is_not_there(tmp_path):
    with Emulator(tmp_path, "gone.yaml") as it:
        it.until("gone.yaml")
        it.keys("q")
        assert it.ended() == 0


def test_compare_every_accelerator(tmp_path):
    with Emulator(tmp_path, size=(80, 24)) as it:
        it.until(ready)
        it.keys("a")
        text = it.until("Which accelerator is best")
        assert "USD/Mtok" in text
        it.keys("y")
        it.until("cop")
        it.keys("esc")
        it.until(ready)
