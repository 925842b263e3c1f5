"""The Textual app: look, colours and signals. What is explored is the main screen's affair."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
from contextlib import suppress
from functools import partial
from threading import Timer
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import App
from textual.driver import Driver

from infecon_tui.tui.commands.registry import TERMINAL
from infecon_tui.tui.kept import session as sessions
from infecon_tui.tui.screens.base import KeyScreen
from infecon_tui.tui.screens.main import MainScreen
from infecon_tui.tui.terminal.palette import PaletteFilter
from infecon_tui.tui.terminal.theme import Look, Shade, themes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from textual.filter import LineFilter
    from textual.screen import Screen

    from infecon_tui.tui.options import Options
    from infecon_tui.tui.terminal.detect import Symbols, Terminal


ENDINGS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)
"""Signals that end the explorer, its session saved and the terminal as it was."""
PATIENCE_S = 8.0
"""How long an end may wait for a terminal that takes nothing."""


class InfeconApp(App[int]):
    """The explorer. Keys go to the screen in the order typed, see `Pane`."""

    ENABLE_COMMAND_PALETTE = False
    TITLE = "infecon-tui"
    DEFAULT_CSS = "Screen { background: $background; overflow: hidden; }"

    def __init__(
        self, options: Options, terminal: Terminal, directory: Path, number: int = 1
    ) -> None:
        self.options = options
        self.terminal = terminal
        self.directory, self.number = directory, number
        self.session, self.session_fault = sessions.load(directory, number)
        shade: Shade = "light" if (options.shade or self.session.shade) == "light" else "dark"
        self.look = Look(shade, few_colours=terminal.few_colours)
        self._palette = PaletteFilter()
        # Without colours Textual then drops them; it would turn them to grey otherwise.
        super().__init__(ansi_color=True if terminal.few_colours else None)
        for theme in themes():
            self.register_theme(theme)
        self.theme = self.look.theme

    @property
    def symbols(self) -> Symbols:
        return self.terminal.symbols

    @property
    def main(self) -> MainScreen:
        """The screen under all pages."""
        screen = self.screen_stack[0]
        assert isinstance(screen, MainScreen)
        return screen

    def get_default_screen(self) -> Screen[None]:
        return MainScreen(self.options)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's, and the exact reduction to 256 colours.

        Where more exist the picture is the same, for the themes hold no others, in a fifth fewer bytes.
        """
        found = super().get_line_filters()
        return found if self.terminal.few_colours else [*found, self._palette]

    async def on_event(self, event: events.Event) -> None:
        """Hands keys and pastes to the screen at once: Textual would let some overtake others."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            if event.key in TERMINAL:
                getattr(self, f"do_{TERMINAL[event.key]}")()
            else:
                self.top.press(event.key, event.character)
        elif isinstance(event, events.Paste) and not event.is_forwarded:
            self.top.paste(event.text)
        else:
            await super().on_event(event)

    def do_suspend(self) -> None:
        """Back to the shell, until that brings the explorer to the front again.

        Without one that runs jobs (`ssh -t host infecon-tui`) nobody could ever go on with it.
        """
        if os.getpgrp() == os.getsid(0):
            self.main.status.say("no shell to go back to; u takes a change back", "plain")
        else:
            self.action_suspend_process()

    @on(Driver.SignalResume)
    def do_redraw(self) -> None:
        """Sends the whole screen: after a stop the terminal shows the shell's lines, or nothing."""
        self.screen.refresh()

    @property
    def top(self) -> KeyScreen:
        """The screen that has the keys."""
        screen = self.screen
        assert isinstance(screen, KeyScreen)
        return screen

    def get_driver_class(self) -> type[Driver]:
        from infecon_tui.tui.terminal.driver import SteadyDriver

        return SteadyDriver

    def on_mount(self) -> None:
        from infecon_tui.tui.terminal.driver import SteadyDriver

        if not isinstance(self._driver, SteadyDriver):
            return  # A test, whose signals are its own.
        _wake_on_signals()
        for number in ENDINGS:
            signal.signal(number, lambda number, _: self._told(128 + number))
        self._driver.gone = partial(self._told, 128 + signal.SIGHUP)

    def _told(self, status: int) -> None:
        """Ends in good order; or without it, where the loop waits for a terminal that takes nothing."""
        last = Timer(PATIENCE_S, self._leave, [status])
        last.daemon = True
        last.start()
        if self._loop is not None:
            with suppress(RuntimeError):  # It has ended already.
                self._loop.call_soon_threadsafe(self._ended, status)

    def _ended(self, status: int) -> None:
        self.main.files.save_session()
        self.exit(status, return_code=status)

    def _leave(self, status: int) -> None:
        from infecon_tui.tui.terminal.driver import SteadyDriver

        try:
            self.main.files.save_session()
            if isinstance(self._driver, SteadyDriver):
                self._driver.give_back()
        finally:
            os._exit(status)

    def restyle(self, shade: Shade) -> None:
        """Draws everything in another theme."""
        self.look = Look(shade, few_colours=self.terminal.few_colours)
        self.theme = self.look.theme


def _wake_on_signals() -> None:
    """Wakes the loop for every signal: one that another thread takes runs no handler while the loop sleeps."""
    told, telling = os.pipe()
    for end in (told, telling):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(telling, warn_on_full_buffer=False)
    asyncio.get_running_loop().add_reader(told, os.read, told, 4096)


def run(options: Options, terminal: Terminal) -> int:
    """Runs the explorer until it is quit; returns the exit status."""
    directory = sessions.state_directory()
    with sessions.claimed(directory) as number:
        app = InfeconApp(options, terminal, directory, number)
        app.run(mouse=terminal.mouse)
    return app.return_code or 0


def collect_again() -> None:
    """Ends the pause in collecting that `__main__` began; what a start has made stays."""
    gc.freeze()
    gc.enable()
