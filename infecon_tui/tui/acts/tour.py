"""A tour of three minutes: what to press, one line at a time; each is over once it is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from infecon_tui.tui.arrange import PLOTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from infecon_tui.tui.screens.main import MainScreen
    from infecon_tui.tui.widgets.cells import Piece


@dataclass(frozen=True, slots=True)
class Step:
    """What to do, in a line of 70 characters, and whether it is done, from `before` it was asked."""

    text: str
    done: Callable[[MainScreen, Moment], bool]


@dataclass(frozen=True, slots=True)
class Moment:
    """What the screen was when a step was first shown."""

    cursor: str
    past: int
    model: str
    figure: str


def moment_of(screen: MainScreen) -> Moment:
    """What the steps look at."""
    explorer, wish = screen.explorer, screen.wish
    history, scenario = explorer.history, explorer.scenario
    return Moment(
        cursor=screen.grid.cursor,
        past=len(history.past) if history else 0,
        model=scenario.model.id if scenario else "",
        figure=wish.figures[PLOTS.index(wish.active)] if wish.active in PLOTS else wish.active,
    )


STEPS = (
    Step(
        "every number is a row at the left: ↓ moves",
        lambda s, was: moment_of(s).cursor != was.cursor,
    ),
    Step(
        "/ finds a row: type / hbm bandw and Enter",
        lambda s, _: moment_of(s).cursor == "hardware.hbm.bandwidth",
    ),
    Step("→ steps it up, and everything follows", lambda s, was: moment_of(s).past > was.past),
    Step("Enter edits it with units: 4 TB/s", lambda s, was: moment_of(s).past > was.past),
    Step("u takes the last change back", lambda s, was: moment_of(s).past < was.past),
    Step(
        "m picks another model: type some letters", lambda s, was: moment_of(s).model != was.model
    ),
    Step(
        "f reads the frontier: ← → move a crosshair", lambda s, _: moment_of(s).figure == "frontier"
    ),
    Step("x shows where the time and the memory go", lambda s, _: moment_of(s).figure == "why"),
    Step("b is the table: Enter on a point shows it", lambda s, _: moment_of(s).figure == "table"),
    Step("T compares layouts under your targets; Esc comes back", lambda _s, _w: False),
    Step("? explains the row or view you are on, and all keys", lambda _s, _w: False),
    Step("w saves it as YAML, q quits: your session is kept", lambda _s, _w: False),
)


class Tour:
    """Where a user is in the tour; `at` is None outside it."""

    def __init__(self, screen: MainScreen) -> None:
        self._screen = screen
        self.at: int | None = None
        self._was: Moment | None = None

    def next(self) -> None:
        """The next step: the first at the start, none after the last."""
        following = 0 if self.at is None else self.at + 1
        self.at = following if following < len(STEPS) else None
        self._was = moment_of(self._screen)

    def follow(self) -> None:
        """Goes on when the step has been done."""
        if self.at is None or self._was is None:
            return
        if STEPS[self.at].done(self._screen, self._was):
            self.next()

    def pieces(self) -> list[Piece]:
        """The line of the step, empty outside the tour."""
        if self.at is None:
            return []
        return [
            (f" tour {self.at + 1}/{len(STEPS)} ", "chip"),
            (f"  {STEPS[self.at].text}", "strong"),
            ("   F2 next", "muted"),
        ]
