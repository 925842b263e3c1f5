"""Textual's driver of a terminal, made to bear what terminals do: they stop, they stall, they go away.

They also send what is no text and no key: bytes that are no UTF-8, sequences that nobody knows.
"""

from __future__ import annotations

import os
import selectors
import sys
import termios
from codecs import getincrementaldecoder
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TextIO, cast

from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MOST_BYTES = 1 << 14
_TICK_S = 0.1
"""How long a lone escape waits for the rest of a sequence, as in Textual."""


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


class Inlet:
    """Tells what is pasted from what is typed: between its two marks any byte is text.

    Textual's parser takes an escape in a paste for the end of it, and the rest for keys.
    """

    BEGIN, END = "\x1b[200~", "\x1b[201~"

    def __init__(self) -> None:
        self._pasting = False
        self._held = ""

    def split(self, text: str) -> Iterator[tuple[bool, str]]:
        """Pieces in order, each with whether it was pasted; what may go on in the next text waits."""
        self._held += text
        while (mark := self.END if self._pasting else self.BEGIN) in self._held:
            piece, self._held = self._held.split(mark, 1)
            yield self._pasting, piece
            self._pasting = not self._pasting
        if not self._pasting:
            # A mark may be cut in two; a lone escape is a key.
            cut = next((n for n in range(5, 2, -1) if self._held.endswith(self.BEGIN[:n])), 0)
            kept = len(self._held) - cut
            yield False, self._held[:kept]
            self._held = self._held[kept:]


class SteadyDriver(LinuxDriver):
    """Leaves the terminal as it was found, and calls `gone` when there is none any more."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._file = cast("Any", Lasting(sys.__stderr__ or sys.stderr))
        self.gone: Callable[[], None] = lambda: None

    def _sigcont_application(self, *arguments: Any) -> None:
        """After a stop that nobody announced (SIGSTOP), gives the terminal back before taking it again.

        Taken twice it would be read by two threads, and be left as it was taken the first time.
        """
        if not self._must_signal_resume:
            self.suspend_application_mode()
            self._must_signal_resume = True
        super()._sigcont_application(*arguments)

    def run_input_thread(self) -> None:
        """Hands on what comes, until the app or the terminal ends; a detached process gets no signal."""
        parser, inlet = XTermParser(), Inlet()
        decoder = getincrementaldecoder("utf-8")("replace")
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(_TICK_S):
                    data = self._read()
                    if not data:
                        self.gone()
                        return
                    for pasted, text in inlet.split(decoder.decode(data)):
                        parser = self._hand_on(parser, text, pasted=pasted)
                parser = self._hand_on(parser, "", pasted=False)

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, _MOST_BYTES)
        except OSError:
            return b""

    def _hand_on(self, parser: XTermParser, text: str, *, pasted: bool) -> XTermParser:
        """The parser to go on with: a new one after a sequence that Textual's stumbles over."""
        if pasted:
            self.process_message(events.Paste(text))
            return parser
        try:
            for message in parser.feed(text) if text else parser.tick():
                self.process_message(message)
        except (ValueError, OverflowError):
            return XTermParser()
        return parser

    def give_back(self) -> None:
        """Restores what can be without the terminal taking anything: how keys are read."""
        if self.attrs_before is not None:
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
