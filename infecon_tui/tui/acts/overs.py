"""Tables and plots over the explorer: what takes a while is worked out away from the screen."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from infecon_tui.errors import InfeconError
from infecon_tui.tui.acts import comparison
from infecon_tui.tui.screens.figure import FigureScreen
from infecon_tui.tui.screens.table import TableScreen
from infecon_tui.tui.work import start

if TYPE_CHECKING:
    from collections.abc import Callable

    from infecon_tui.tui.screens.base import KeyScreen
    from infecon_tui.tui.screens.main import MainScreen
    from infecon_tui.view.records import Figure, Table

_OTHER = {"hardware": "model", "model": "hardware"}
BIT_S = 0.35
"""Seconds between two looks at a comparison under way."""
_PAPER = "arXiv 2506.04645 and its notebook; Enter draws a curve"
Made = TypeVar("Made")


class Overs:
    """The commands that open them."""

    def __init__(self, screen: MainScreen) -> None:
        self.screen = screen

    def do_compare_hardware(self) -> None:
        """The scenario of now on every accelerator."""
        self._compare("hardware")

    def do_compare_model(self) -> None:
        """Every model in the place of the scenario's own."""
        self._compare("model")

    def _compare(self, path: str) -> None:
        scenario = self.screen.explorer.scenario
        if scenario is None:
            return
        own, subject = getattr(scenario, path).id, getattr(scenario, _OTHER[path]).id
        made = comparison.Comparing(scenario, path)
        copied = self.screen.files.copied(f"{path}.txt")

        def opened(table: Table, note: str, chosen: int | None) -> TableScreen:
            sheet = TableScreen(
                table,
                note=note,
                chosen=chosen,
                picked=lambda row: self._take({path: sheet.all.rows[row][0]}),
                copied=copied,
            )
            sheet.complete = not made.left
            self.screen.status.hush()
            self.screen.app.push_screen(sheet)
            return sheet

        async def work() -> None:
            sheet: TableScreen | None = None
            while sheet is None or (made.left and not sheet.closed):
                table = self._beside_pin(await asyncio.to_thread(made.go_on, BIT_S))
                names = [row[0] for row in table.rows]
                chosen = names.index(own) if own in names else None
                note = f"{subject}, {scenario.fidelity}{made.said}"
                sheet = sheet or opened(table, note, chosen)
                if not sheet.closed:
                    sheet.take(table, note, chosen, complete=not made.left)

        self.screen.status.say("comparing the catalogue", "plain")
        start(self.screen, work, group="over")

    def do_fidelities(self) -> None:
        """Deployment and published model of the scenario's model and some others; Enter takes a model."""
        scenario = self.screen.explorer.scenario
        if scenario is None:
            return

        def shown(table: Table) -> TableScreen:
            return TableScreen(
                table,
                note=f"{scenario.hardware.id}: {table.note}",
                picked=lambda row: self._take({"model": table.rows[row][0]}),
                copied=self.screen.files.copied("fidelities.txt"),
            )

        self.open(lambda: comparison.fidelities_of(scenario), shown, "comparing fidelities")

    def do_layouts(self) -> None:
        """Every layout under the targets of now."""
        scenario = self.screen.explorer.scenario
        if scenario is None:
            return

        def shown(table: Table) -> TableScreen:
            return TableScreen(
                self._beside_pin(table),
                picked=lambda row: self._take(comparison.layout_of_row(table.values[row])),
                copied=self.screen.files.copied("layouts.txt"),
            )

        self.open(lambda: comparison.layouts_of(scenario), shown, "trying every layout")

    def _beside_pin(self, table: Table) -> Table:
        """With how much dearer its points are than the one of the pin that is compared with."""
        from infecon_tui.view.beside import costs_beside, pin_at

        explorer = self.screen.explorer
        pins = explorer.shown.pins if explorer.shown else ()
        return costs_beside(table, pin_at(pins, explorer.board.against))

    def do_paper(self) -> None:
        """The paper's numbers beside those computed here; Enter on a curve's draws it."""

        def shown(table: Table) -> TableScreen:
            def draw(row: int) -> None:
                name = table.rows[row][0]
                self.open(lambda: comparison.curve_of(name), self._drawn, f"drawing {name}")

            return TableScreen(
                table, note=_PAPER, picked=draw, copied=self.screen.files.copied("paper.txt")
            )

        self.open(comparison.reproduced, shown, "computing the paper's numbers")

    def _drawn(self, made: tuple[Figure, str]) -> FigureScreen:
        figure, said = made
        return FigureScreen(figure, said, lettered=self.screen.infecon.terminal.depth == "none")

    def _take(self, values: dict[str, str]) -> None:
        self.screen.explorer.edit_all(values)

    def open(self, made: Callable[[], Made], shown: Callable[[Made], KeyScreen], busy: str) -> None:
        """Shows a screen of what is made away from it; says why where that cannot be."""

        async def work() -> None:
            try:
                found = await asyncio.to_thread(made)
            except InfeconError as error:
                self.screen.status.say(str(error), "bad")
                return
            self.screen.status.hush()
            self.screen.app.push_screen(shown(found))

        self.screen.status.say(busy, "plain")
        start(self.screen, work, group="over")
