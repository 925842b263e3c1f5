"""Textual's driver of a terminal, made to bear what terminals do: they stop, they stall, they go away."""

from __future__ import annotations

import select
import sys
import termios
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, Any, TextIO, cast

from textual.drivers.linux_driver import LinuxDriver

if TYPE_CHECKING:
    from collections.abc import Callable


class Lasting:
    """A terminal's stream that goes on taking text when the terminal is gone.

    The thread that writes would end otherwise, and all that wait for it would wait for ever.
    """

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> None:
        """Writes what can be written."""
        with suppress(OSError, ValueError):
            self.stream.write(text)

    def flush(self) -> None:
        """Sends it off, if there is anybody to take it."""
        with suppress(OSError, ValueError):
            self.stream.flush()

    def fileno(self) -> int:
        """That of the stream."""
        return self.stream.fileno()


class SteadyDriver(LinuxDriver):
    """Leaves the terminal as it was found, and tells when there is none any more."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._file = cast("Any", Lasting(sys.__stderr__ or sys.stderr))

    def _sigcont_application(self, *arguments: Any) -> None:
        """After a stop that nobody announced (SIGSTOP), gives the terminal back before taking it again.

        Taken twice it would be read by two threads, and be left as it was taken the first time.
        """
        if not self._must_signal_resume:
            self.suspend_application_mode()
        super()._sigcont_application(*arguments)

    def watch(self, gone: Callable[[], None]) -> None:
        """Calls `gone` when the terminal has hung up, which no signal tells a detached process."""

        def wait() -> None:
            poll = select.poll()
            poll.register(self.fileno, 0)
            poll.poll()
            gone()

        Thread(target=wait, name="hang-up", daemon=True).start()

    def give_back(self) -> None:
        """Restores what can be without the terminal taking anything: how keys are read."""
        if self.attrs_before is not None:
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
