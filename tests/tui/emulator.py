"""The real program in a real pty, read through a terminal emulator."""

from __future__ import annotations

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
from dataclasses import dataclass
from subprocess import Popen
from time import monotonic
from typing import TYPE_CHECKING, Self

import pyte

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from types import TracebackType

KEYS = {
    "enter": "\r", "esc": "\x1b", "tab": "\t", "backspace": "\x7f", "up": "\x1b[A", "down": "\x1b[B",
    "right": "\x1b[C", "left": "\x1b[D", "pgdn": "\x1b[6~", "pgup": "\x1b[5~", "ctrl+c": "\x03",
    "ctrl+l": "\x0c", "ctrl+u": "\x15", "space": " ",
}  # fmt: skip
# What pyte prints instead of passing over: private CSI, OSC and DCS strings.
_UNKNOWN = re.compile(
    r"\x1b\[[<=>][0-9;]*[ -/]*[@-~]|\x1b\[\?[0-9;]*\$p|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[PX^_].*?\x1b\\",
    re.DOTALL,
)
QUIET_S, LONG_QUIET_S = 0.25, 0.5
PATIENCE_S = 30.0


Style = tuple[str, str, str]
"""Colour of a character, of its ground, and letters for bold, underlined and reversed."""


@dataclass(frozen=True, slots=True)
class Size:
    """Columns and rows."""

    columns: int
    rows: int


def _style(cell: pyte.screens.Char) -> Style:
    flags = zip("bur", (cell.bold, cell.underscore, cell.reverse), strict=True)
    return cell.fg, cell.bg, "".join(letter for letter, on in flags if on)


def picture_of(text: str, lines: list[list[tuple[str, Style]]]) -> str:
    """Lines of characters with their styles as text, then as letters, then what the letters mean."""
    names: dict[Style, str] = {}
    rows = []
    for line in lines:
        row, before = "", None
        for character, own in line:
            before = seen_style(character, own, before)
            row += names.setdefault(before, chr(ord("a") + len(names)))
        rows.append(row)
    legend = [
        f"{letter} = {fg} on {bg} {flags}".rstrip() for (fg, bg, flags), letter in names.items()
    ]
    return "\n".join([text, "-" * len(lines[0]), *rows, *legend, ""])


def seen_style(character: str, own: Style, before: Style | None) -> Style:
    """What is seen of a cell's style: a blank has a ground alone, and what it was drawn in last is chance."""
    _, ground, flags = own
    if character != " " or "u" in flags or "r" in flags:
        return own
    joins = before is not None and before[1] == ground and not set("ur") & set(before[2])
    return before if before is not None and joins else (ground, ground, "")


class Emulator:
    """Runs `python -m infecon_tui`; a context manager that leaves no process behind."""

    COMMAND: tuple[str, ...] = (sys.executable, "-m", "infecon_tui")

    def __init__(
        self, home: Path, *arguments: str, size: tuple[int, int] = (120, 36), **environ: str
    ) -> None:
        self.size = Size(*size)
        self.screen = pyte.Screen(*size)
        self.stream = pyte.Stream(self.screen)
        self.sent = 0
        self._pending = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.master, slave = pty.openpty()
        self.resize(*size)
        self.process = Popen(
            [*self.COMMAND, *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=home,
            env=environment(home, environ),
            start_new_session=True,
        )
        os.close(slave)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)

    # Out of the program

    def feed(self, seconds: float) -> bool:
        """Reads what comes within so long; False when nothing came."""
        ready, _, _ = select.select([self.master], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self.master, 1 << 16)
        except OSError:  # The other side is closed.
            data = b""
        if not data:
            return False
        self.sent += len(data)
        text = self._pending + self._decoder.decode(data)
        # A sequence may be cut in two.
        cut = text.rfind("\x1b")
        whole = len(text) if cut < 0 or len(text) - cut > 64 else cut
        self.stream.feed(_UNKNOWN.sub("", text[:whole]))
        self._pending = text[whole:]
        return True

    def settle(self, quiet_s: float = QUIET_S) -> None:
        """Until nothing has come for a while."""
        end = monotonic() + PATIENCE_S
        while self.feed(quiet_s) and monotonic() < end:
            pass
        self.stream.feed(_UNKNOWN.sub("", self._pending))
        self._pending = ""

    def until(self, what: str | Callable[[str], bool]) -> str:
        """Until the screen shows some text, or is as wanted; the screen."""
        end = monotonic() + PATIENCE_S
        wanted = what if callable(what) else (lambda text: what in text)
        while not wanted(self.text()):
            self.feed(QUIET_S)
            if monotonic() > end or self.process.poll() is not None:
                raise AssertionError(f"never came: {what}\n{self.text()}")
        self.settle()
        return self.text()

    def ended(self) -> int:
        """Waits for the end; the exit status."""
        end = monotonic() + PATIENCE_S
        while self.process.poll() is None and monotonic() < end:
            self.feed(0.05)
        return self.process.wait(timeout=1)

    def text(self) -> str:
        """The screen, without trailing blanks."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def picture(self) -> str:
        """The screen, and under it a letter for each cell's style with what the letters mean."""
        self.settle(LONG_QUIET_S)
        lines = [self.screen.buffer[y] for y in range(self.size.rows)]
        columns = range(self.size.columns)
        return picture_of(
            self.text(),
            [[(line[x].data, _style(line[x])) for x in columns] for line in lines],
        )

    @property
    def modes(self) -> list[object]:
        """How the terminal takes keys: with or without echo, lines and signals."""
        return termios.tcgetattr(self.master)[:4]

    # Into the program

    def write(self, text: str) -> None:
        """Bytes as a terminal sends them."""
        os.write(self.master, text.encode())

    def keys(self, *names: str) -> None:
        """Keys by name or as they are, all at once: the program takes them in order."""
        for name in names:
            self.write(KEYS.get(name, name))
            if name == "esc":  # With a key right after it, it would be that key with Alt.
                self.settle()
        if names[-1] != "esc":
            self.settle()

    def resize(self, columns: int, rows: int) -> None:
        """Another size, as a dragged corner tells it."""
        self.size = Size(columns, rows)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)
        if hasattr(self, "process"):
            os.killpg(self.process.pid, signal.SIGWINCH)


def environment(home: Path, more: Mapping[str, str]) -> dict[str, str]:
    """What the program gets to see: nothing of the machine's terminal, session or user specs."""
    kept = {
        key: os.environ[key] for key in ("PATH", "PYTHONPATH", "VIRTUAL_ENV") if key in os.environ
    }
    return {
        **kept,
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "INFECON_STATE": str(home / "state"),
        "INFECON_SPECS": str(home / "specs"),
        **more,
    }
