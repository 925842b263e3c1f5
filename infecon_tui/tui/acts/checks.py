"""Against reality: files of measurements beside predictions and frontiers, and machines fitted to them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from infecon_tui.tui.screens.figure import FigureScreen
from infecon_tui.tui.screens.table import TableScreen
from infecon_tui.tui.widgets.questions import TextQuestion
from infecon_tui.tui.work import start

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from infecon_tui.measure.node import Local
    from infecon_tui.measure.rows.cases import Question as Measured
    from infecon_tui.scenario import Scenario
    from infecon_tui.tui.screens.main import MainScreen
    from infecon_tui.view.records import Figure, Table

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A plot of a file, its rows, the measurements behind these, and what all say in a line; of predictions
    also where their error comes from.
    """

    figure: Figure
    table: Table
    measured: Sequence[Measured]
    said: str
    why: Table | None = None


class Checks:
    """The commands that take a file of measurements; the last one is offered again."""

    def __init__(self, screen: MainScreen) -> None:
        self.screen = screen
        self._file = ""

    def do_validate(self) -> None:
        """Asks for a file and shows what is predicted of it; the shipped one is offered first."""
        from infecon_tui.spec.library import PUBLISHED

        self._ask(self.validate, PUBLISHED)

    def do_headroom(self) -> None:
        """Asks for a file and shows it beside the frontier."""
        self._ask(self.headroom)

    def do_calibrate(self) -> None:
        """Asks for a file and fits the scenario's accelerator to it."""
        self._ask(self.calibrate)

    def do_node(self) -> None:
        """Makes the accelerators of this machine those of the scenario."""

        async def work() -> None:
            found = await asyncio.to_thread(_found)
            status, explorer = self.screen.status, self.screen.explorer
            if not found:
                status.say("no accelerator found on this machine", "warning")
            elif not found[0].id:
                status.say(f"{found[0].name}: not in the catalogue{found[0].hint}", "warning")
            else:
                count = f"{found[0].count}"
                explorer.edit_all({"hardware": found[0].id, "goal.gpus_at_hand": count})
                status.say(f"{count} × {found[0].name} on this machine; u goes back")

        self.screen.status.say("looking for accelerators", "plain")
        start(self.screen, work, group="node")

    def _ask(self, done: Callable[[str], None], offered: str = "") -> None:
        self.screen.status.ask(
            TextQuestion("measurements (CSV)", self._file or offered, done, verb="read")
        )

    def validate(self, name: str) -> None:
        """Predicted against measured, for every row of a file."""
        self._open(name, lambda now: validated(name, now), self._drawn, f"predicting {name}")

    def headroom(self, name: str) -> None:
        """The rows of a file beside the frontiers of their own workloads."""
        self._open(
            name, lambda now: beside(name, now), self._drawn, f"finding frontiers for {name}"
        )

    def calibrate(self, name: str) -> None:
        """What a file says of the scenario's accelerator; Enter takes it."""

        def shown(made: tuple[Table, str, dict[str, str]]) -> TableScreen:
            table, said, values = made
            return TableScreen(
                table,
                note=f"⏎ takes all of them · {said}",
                picked=lambda _: self.screen.explorer.edit_all(values),
                copied=self.screen.files.copied("calibration.txt"),
            )

        self._open(name, lambda now: calibrated(name, now), shown, f"fitting to {name}")

    def _open(
        self,
        name: str,
        make: Callable[[Scenario], Made],
        shown: Callable[[Made], FigureScreen | TableScreen],
        busy: str,
    ) -> None:
        scenario = self.screen.explorer.scenario
        if name and scenario is not None:
            self._file = name
            self.screen.overs.open(lambda: make(scenario), shown, busy)

    def _drawn(self, made: Drawn) -> FigureScreen:
        def taken(row: int) -> None:
            # The plot, which lies under the table by now.
            self.screen.app.pop_screen()
            self._take(made.measured[row])

        def sheet(table: Table, picked: Callable[[int], None] | None = None) -> TableScreen:
            copied = self.screen.files.copied(f"{table.key}.txt")
            return TableScreen(table, note=table.note or made.said, picked=picked, copied=copied)

        sheets = {"rows": lambda: sheet(made.table, taken)}
        if (why := made.why) is not None:
            sheets["why"] = lambda: sheet(why)
        lettered = self.screen.infecon.terminal.depth == "none"
        return FigureScreen(made.figure, made.said, lettered=lettered, sheets=sheets)

    def _take(self, measured: Measured) -> None:
        """Makes the scenario what was measured: its specs where they are others, lengths, layout, batch."""
        scenario, case = self.screen.explorer.scenario, measured.case
        assert scenario is not None
        specs = {"model": measured.model_id, "hardware": measured.part_id}
        values = {path: name for path, name in specs.items() if getattr(scenario, path).id != name}
        way = case.layout
        degrees = {"tp": way.tensor, "pp": way.pipeline, "ep": way.expert, "dp": way.attention_data}
        values |= {"workload.isl": f"{case.isl:.0f}", "workload.osl": f"{max(case.osl, 1):.0f}"}
        values |= {f"layout.{name}": f"{degree}" for name, degree in degrees.items()}
        values |= {"layout.gpus": f"{way.gpus}", "layout.batch": f"{case.batch:.6g}"}
        self.screen.explorer.edit_all(values)


def _found() -> list[Local]:
    from infecon_tui.measure.node import local

    return local()


def validated(name: str, scenario: Scenario) -> Drawn:
    """Dots of a file of measurements, its rows, and in a line the errors of all and of those most like the
    scenario. Raises InfeconError.
    """
    from infecon_tui.measure.evaluate import compare
    from infecon_tui.measure.figures import scatter
    from infecon_tui.measure.rows.table import read_rows
    from infecon_tui.measure.statistics import alike, overall, worst
    from infecon_tui.measure.validation_views import rows_table
    from infecon_tui.measure.why.missed import why_missed
    from infecon_tui.measure.why.views import missed_table
    from infecon_tui.spec.library import measurements_file

    path = measurements_file(name)
    result = compare(read_rows(path))
    errors = overall(result)
    said = f"{len(result.compared)} of {len(result.outcomes)} rows"
    if errors.median_ape is not None and errors.bias is not None:
        said += f", median error {100 * errors.median_ape:.1f} %, bias {100 * errors.bias:+.1f} %"
    shared, near = alike(result, scenario.model.id, scenario.hardware.id)
    if near.rows < errors.rows and near.median_ape is not None and near.bias is not None:
        said += f"; {shared} ({near.rows}): {100 * near.median_ape:.1f} %, {100 * near.bias:+.1f} %"
    order = worst(result, len(result.compared))
    return Drawn(
        figure=scatter(result, path.name),
        table=rows_table(result),
        measured=[outcome.question for outcome in order if outcome.question is not None],
        said=said,
        why=missed_table(why_missed(result)),
    )


def beside(name: str, scenario: Scenario) -> Drawn:
    """Frontiers and rows of a file, and how far they are apart. Raises InfeconError."""
    from infecon_tui.measure.evaluate import compare
    from infecon_tui.measure.headroom import headroom
    from infecon_tui.measure.headroom_views import (
        headroom_figure,
        headroom_line,
        headroom_table,
    )
    from infecon_tui.measure.rows.table import read_rows
    from infecon_tui.spec.library import measurements_file

    path, part = measurements_file(name), scenario.hardware
    found = headroom(compare(read_rows(path), parts={part.id: part}), scenario)
    return Drawn(
        figure=headroom_figure(found, path.name),
        table=headroom_table(found),
        measured=[one.question for group in found.groups for one in group.standings],
        said=headroom_line(found),
    )


def calibrated(name: str, scenario: Scenario) -> tuple[Table, str, dict[str, str]]:
    """What moves when the scenario's accelerator is fitted to a file, what that gains, the values by path.

    Raises InfeconError.
    """
    from infecon_tui.knobs import at
    from infecon_tui.measure.calibration.calibrate import calibrate, questions_on
    from infecon_tui.measure.calibration.views import calibration_line, moved_table
    from infecon_tui.spec.library import measurements_file

    part = scenario.hardware
    found = calibrate(questions_on(measurements_file(name), part), part)
    values = {f"hardware.{m.path}": at(found.hardware, m.path).text for m in found.moved}
    return moved_table(found), calibration_line(found), values
