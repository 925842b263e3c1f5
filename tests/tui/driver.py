"""Drives the explorer through Textual's pilot: keys, clicks and sizes, without a terminal."""

import os
from contextlib import asynccontextmanager
from pathlib import Path

from textual.keys import _character_to_key

from infecon_tui.tui.app import InfeconApp
from infecon_tui.tui.options import Options
from infecon_tui.tui.terminal.detect import Terminal
from infecon_tui.tui.widgets.cells import joined


class Driver:
    """A running explorer."""

    def __init__(self, app, pilot):
        self.app, self.pilot = app, pilot
        self.main = app.main

    async def settled(self):
        for _ in range(1500):
            await self.pilot.pause(0.02)
            if self.main.settled:
                return
        raise AssertionError(f"never settled: {self.unsettled()}")

    def unsettled(self):
        """What is still under way."""
        main = self.main
        waiting = [
            f"{name} {plot.size}: {'redraw due' if plot._timer else 'not drawn'}"
            for plot, name in main.figures()
            if not plot.settled
        ]
        return f"started {main._started}, answer due {main.explorer.newest.busy}, {waiting}"

    async def until(self, reached):
        for _ in range(1500):
            await self.pilot.pause(0.02)
            if reached():
                return
        raise AssertionError("never reached")

    async def keys(self, *names):
        """Keys as fast as they can come."""
        self.burst(*names)
        await self.settled()

    def burst(self, *names):
        for name in names:
            if len(name) == 1:
                self.app.top.press(_character_to_key(name), name)
            else:
                self.app.top.press(name, " " if name == "space" else None)

    def text(self, text):
        self.burst(*text)

    @property
    def scenario(self):
        return self.main.explorer.scenario

    @property
    def status(self):
        return joined(self.main.status._pieces())

    @property
    def key_bar(self):
        return " ".join(f"{key} {label}" for key, label, _ in self.main.keys._entries())


PUBLISHED = """\
schema: infecon/scenario/1
model: llama-3.1-70b
hardware: h100-sxm
fidelity: published
"""


def open_on_the_published_model():
    """Puts an opening scenario among the user's specs of this test."""
    path = Path(os.environ["INFECON_SPECS"]) / "scenarios" / "opening.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(PUBLISHED)


@asynccontextmanager
async def explorer(directory, size=(120, 36), *, published=False, **options):
    if published:
        open_on_the_published_model()
    app = InfeconApp(Options(**options), Terminal(), directory / "state")
    async with app.run_test(size=size) as pilot:
        driver = Driver(app, pilot)
        await driver.settled()
        yield driver
