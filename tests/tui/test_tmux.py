"""In a real tmux: explore, pin, compare, export, import, resize, kill and resume."""

import shutil
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import pytest
from emulator import environment

from infecon_tui.spec.scenario_file import load_scenario

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
PATIENCE_S = 30.0


class Pane:
    """The explorer in a tmux server of its own."""

    def __init__(self, home, size=(120, 36), **environ):
        self.home, self.servers = home, 0
        self.environ = {**environment(home, environ), "PATH": "/usr/local/bin:/usr/bin:/bin"}
        self.size = size
        self.begin()

    def begin(self):
        width, height = self.size
        self.servers += 1
        self.tmux("-f", "/dev/null", "new-session", "-d", "-s", "it", "-x", width, "-y", height)
        self.run()

    @property
    def socket(self):
        return self.home / f"tmux{self.servers}"

    def tmux(self, *words):
        command = ["tmux", "-S", self.socket, *map(str, words)]
        made = subprocess.run(
            command, env=self.environ, cwd=self.home, capture_output=True, text=True, check=False
        )
        assert made.returncode == 0, made.stderr
        return made.stdout

    def run(self):
        self.keys(f"clear; {sys.executable} -m infecon_tui; echo ended $?", "Enter")

    def end(self):
        """As when the machine goes down: nobody is asked."""
        subprocess.run(["tmux", "-S", self.socket, "kill-server"], capture_output=True, check=False)

    def keys(self, *names):
        for name in names:
            self.tmux("send-keys", "-t", "it", name)
            sleep(0.05)

    def text(self):
        return self.tmux("capture-pane", "-p", "-t", "it")

    def until(self, *wanted):
        end = monotonic() + PATIENCE_S
        while not all(one in self.text() for one in wanted):
            assert monotonic() < end, f"never came: {wanted}\n{self.text()}"
            sleep(0.1)
        return self.still()

    def still(self):
        """The screen once it no longer changes."""
        before, after = "", self.text()
        while before != after:
            sleep(0.4)
            before, after = after, self.text()
        return after


@pytest.fixture
def pane(tmp_path, request):
    made = Pane(tmp_path, **getattr(request, "param", {}))
    yield made
    made.end()


def test_a_whole_session(pane, tmp_path):
    pane.until("USD/Mtok", "TPOT")
    pane.keys("A", "a")
    pane.until("A is llama")
    pane.keys("g", "h200-sxm")
    pane.until("h200-sxm  cost")
    pane.keys("Enter")
    pane.until("× h200-sxm", "▲")
    pane.keys("x")
    pane.until("Compare")
    pane.keys("w", "C-u", "kept.yaml", "Enter")
    pane.until("saved kept.yaml")
    kept = load_scenario(tmp_path / "kept.yaml")
    assert kept.hardware.id == "h200-sxm"
    pane.keys("f", "i", "g", "b200-sxm")
    pane.until("b200-sxm  cost")
    pane.keys("Enter")
    pane.until("× b200-sxm")
    pane.keys("o", "C-u", "kept.yaml", "Enter")
    pane.until("× h200-sxm")
    for width, height in ((80, 24), (200, 60), (61, 17), (120, 36)):
        pane.tmux("resize-window", "-t", "it", "-x", width, "-y", height)
        pane.until("× h200-sxm")
        assert len(pane.text().splitlines()) == height
    before = pane.until("× h200-sxm", "A▸", "USD/Mtok", "layout TP 4")
    sleep(1.5)  # The session is saved a moment after a change.
    pane.end()
    pane.begin()
    after = pane.until("× h200-sxm", "A▸", "USD/Mtok", "layout TP 4")
    assert after.splitlines()[1] == before.splitlines()[1]
    pane.keys("q")
    shell = pane.until("ended 0")
    assert "Traceback" not in shell
    assert "Warning" not in shell


@pytest.mark.parametrize(
    "pane",
    [{"TERM": "xterm-256color"}, {"TERM": "screen"}, {"TERM": "screen-256color"}],
    indirect=True,
    ids=lambda made: made["TERM"],
)
def test_other_names_of_terminals(pane):
    text = pane.until("USD/Mtok", "TPOT")
    assert "llama-3.1-70b" in text
    pane.keys("B")
    pane.until("larger batch")
    pane.keys("q")
    pane.until("ended 0")


@pytest.mark.parametrize("over", [(), ("?",), ("/",)], ids=["panes", "page", "typing"])
def test_the_shell_and_back(pane, over):
    """The terminal shows the shell's lines meanwhile: all has to be drawn again."""
    pane.until("USD/Mtok", "TPOT", "What moves it")
    pane.keys(*over)
    before = pane.still()
    pane.keys("C-z")
    pane.until("Stopped")
    pane.keys("fg", "Enter")
    pane.until(before.splitlines()[0], before.splitlines()[-1])
    assert pane.still() == before
    pane.keys("C-c")
    pane.until("fg", "Stopped")


def test_the_whole_screen_is_drawn_again(pane):
    pane.until("USD/Mtok", "TPOT", "What moves it")
    before = pane.still()
    tty = pane.tmux("display", "-p", "-t", "it", "#{pane_tty}").strip()
    # As a message to all (wall) is written over it.
    Path(tty).write_text("\x1b[3;3HThe machine goes down in five minutes.")
    assert "five minutes" in pane.text()
    pane.keys("C-l")
    assert pane.until("TTFT") == before
