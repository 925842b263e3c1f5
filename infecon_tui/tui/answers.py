"""Everything that is shown of an answer, computed away from the screen; and who computes it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from infecon_tui.errors import InfeconError
from infecon_tui.tui.work import start

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.dom import DOMNode

    from infecon_tui.scenario import Scenario
    from infecon_tui.solve import Answer
    from infecon_tui.tui.kept.pins import Pin
    from infecon_tui.view.beside import Beside
    from infecon_tui.view.explain import Bars
    from infecon_tui.view.pins import Pinned
    from infecon_tui.view.records import Figure, Metric, Table
    from infecon_tui.view.warnings import Warned


@dataclass(frozen=True, slots=True)
class Ask:
    """What to compute: a scenario, the point of its frontier to look at (None: the preferred one),
    the figures that are on screen, the pinned scenarios and the letter of the one to compare with.
    """

    scenario: Scenario
    picked: int | None
    figures: tuple[str, ...]
    pins: tuple[Pin, ...] = ()
    against: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer as records; `trouble` is set instead when the scenario has none.

    `chosen` is the row of the table that the metrics and bars tell of; `verdict` says why there is none.
    """

    ask: Ask
    answer: Answer | None = None
    trouble: str = ""
    verdict: str = ""
    missed: str = ""
    notes: tuple[str, ...] = ()
    warnings: tuple[Warned, ...] = ()
    chosen: int | None = None
    metrics: tuple[Metric, ...] = ()
    table: Table | None = None
    rows: tuple[int, ...] = ()
    causes: Bars = ()
    operators: Bars = ()
    memory: Bars = ()
    room: str = ""
    pins: tuple[Pinned, ...] = ()
    compared: Beside | None = None
    times: Beside | None = None
    figures: dict[str, Figure] = field(default_factory=dict)

    def figure(self, key: str) -> Figure | None:
        """A figure, built when it is first looked at."""
        if self.answer is not None and key not in self.figures:
            self.figures[key] = _figure(key, self.answer, self.pins, picked=self._picked)
        return self.figures.get(key)

    @property
    def _picked(self) -> bool:
        return self.ask.picked is not None


def shown(ask: Ask) -> Shown:
    """The records of a scenario's answer. Imports numpy when first called."""
    from infecon_tui.solve import ON_SCREEN, solve
    from infecon_tui.view import beside
    from infecon_tui.view.explain import causes, memory, operators
    from infecon_tui.view.headline import headline
    from infecon_tui.view.pins import with_changes
    from infecon_tui.view.plots.memory import room_words
    from infecon_tui.view.tables import rows_shown
    from infecon_tui.view.warnings import fault_warnings, warnings

    try:
        answer = _looked_at(solve(ask.scenario, ON_SCREEN), ask.picked)
    except InfeconError as error:
        return Shown(ask, trouble=str(error), warnings=fault_warnings(ask.scenario, str(error)))
    rows = rows_shown(answer)
    pins = tuple(_pinned(pin, ask.scenario) for pin in ask.pins)
    made = Shown(
        ask,
        answer,
        verdict=answer.verdict,
        missed=answer.missed,
        notes=answer.notes,
        warnings=warnings(answer),
        chosen=rows.index(answer.chosen) if answer.chosen in rows else None,
        metrics=with_changes(headline(answer), answer, beside.pin_at(pins, ask.against)),
        table=beside.frontier_beside(answer, beside.pin_at(pins, ask.against)),
        rows=rows,
        causes=causes(answer),
        operators=operators(answer),
        memory=memory(answer),
        room=room_words(answer),
        pins=pins,
        compared=beside.merits_beside(answer, pins, ask.against) if pins else None,
        times=beside.times_beside(answer, pins, ask.against) if pins else None,
    )
    for key in ask.figures:
        made.figure(key)
    return made


def _looked_at(answer: Answer, picked: int | None) -> Answer:
    """With the point that was picked in place of the preferred one."""
    if picked is None or picked >= len(answer.points):
        return answer
    return replace(answer, chosen=picked)


def _pinned(pin: Pin, now: Scenario) -> Pinned:
    """A pin with its answer, which `solve` remembers, and how it differs from the scenario of now."""
    from infecon_tui.solve import ON_SCREEN, solve
    from infecon_tui.view.beside import apart
    from infecon_tui.view.pins import Pinned

    differs = apart(pin.scenario, now)
    try:
        return Pinned(pin.letter, pin.name, solve(pin.scenario, ON_SCREEN), apart=differs)
    except InfeconError as error:
        return Pinned(pin.letter, pin.name, None, str(error), differs)


def _figure(key: str, answer: Answer, pins: tuple[Pinned, ...], *, picked: bool) -> Figure:
    from infecon_tui.view.pins import overlaid
    from infecon_tui.view.plots.figures import FIGURES

    figure = FIGURES[key].build(answer)
    return overlaid(_chosen(figure) if picked else figure, pins)


def _chosen(figure: Figure) -> Figure:
    """With the answer's point named by who chose it, not by how it was found."""
    from infecon_tui.view.describe import MERITS

    marks = []
    for mark in figure.marks:
        word = next((word for word in MERITS if mark.label.startswith(word)), None)
        label = f"chosen{mark.label.removeprefix(word)}" if word else mark.label
        marks.append(replace(mark, label=label))
    return replace(figure, marks=tuple(marks))


class Newest:
    """Computes answers in a thread, one at a time; of those waiting only the newest is computed."""

    def __init__(self, node: DOMNode, done: Callable[[Shown], None]) -> None:
        self._node = node
        self._done = done
        self._wanted: Ask | None = None
        self.busy = False

    def ask(self, ask: Ask) -> None:
        """Wants an answer, in place of one still wanted."""
        self._wanted = ask
        if not self.busy:
            self.busy = True
            start(self._node, self._work, group="answers", exclusive=False)

    async def _work(self) -> None:
        while self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            found = await asyncio.to_thread(shown, wanted)
            # Set before the result is shown, so that nobody waits on a worker that has no more to do.
            self.busy = self._wanted is not None
            # One that comes while the explorer ends has no screen to be shown on.
            if self._wanted is None and self._node.is_attached:
                self._done(found)
        self.busy = False
