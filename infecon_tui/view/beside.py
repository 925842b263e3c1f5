"""The scenario on screen and the pinned ones side by side: their numbers, and what was put in otherwise."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from infecon_tui.units import three
from infecon_tui.view.describe import layout, number, shares
from infecon_tui.view.difference import ABSENT, differing
from infecon_tui.view.pins import MERITS, change, merit_pair, priced
from infecon_tui.view.records import Change, Column, Table
from infecon_tui.view.tables import frontier_table, rows_shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infecon_tui.scenario import Scenario
    from infecon_tui.solve import Answer, Points
    from infecon_tui.view.pins import Pinned

Item = TypeVar("Item")
_SPECS, _WORDS = ("model", "hardware"), ("name", "notes")
_ROWS: tuple[tuple[str, str, float], ...] = (
    ("USD/Mtok", "cost", 1.0),
    ("TPOT ms", "tpot", 1e3),
    ("TTFT ms", "ttft", 1e3),
    ("tok/s", "speed", 1.0),
    ("tok/s/GPU", "throughput", 1.0),
    ("GPUs", "gpus", 1.0),
    ("batch", "batch", 1.0),
    ("GB/GPU", "memory", 1e-9),
)
"""Label, merit and factor of each line of the comparison."""
_COUNTS = ("gpus", "batch")
_ALWAYS = ("memory",)
"""Merits that have a line even where nobody has an answer."""


class Beside(NamedTuple):
    """A line for each number of the scenario on screen and of the pins; how far it is from one of them."""

    table: Table
    changes: tuple[Change | None, ...]


def merits_beside(now: Answer, pins: Sequence[Pinned], letter: str) -> Beside:
    """The metrics of the scenario on screen and of every pin; changes against the pin of a letter."""
    answers, against = [now, *(pin.answer for pin in pins)], pin_at(pins, letter)
    rows: list[tuple[str, ...]] = []
    changes: list[Change | None] = []
    for label, key, factor in _told(now, pins):
        rows.append((label, *(_short(_merit(answer, key, factor), key) for answer in answers)))
        pair = merit_pair(key, against.answer, now) if against and against.answer else None
        changes.append(change(*pair, MERITS[key].better) if pair else None)
    rows.append(
        ("fits", *("yes" if a is not None and a.chosen is not None else "no" for a in answers))
    )
    return Beside(_table(rows, pins, "Compare"), (*changes, None) if against else ())


def times_beside(now: Answer, pins: Sequence[Pinned], letter: str) -> Beside | None:
    """Where the time goes in each of them, in milliseconds a token; None where the answer has no point."""
    if now.chosen is None:
        return None
    answers, letters = [now, *(pin.answer for pin in pins)], ["", *(pin.letter for pin in pins)]
    times = [_times(answer) for answer in answers]
    rows: list[tuple[str, ...]] = []
    changes: list[Change | None] = []
    at = letters.index(letter) if letter in letters else 0
    for name in dict.fromkeys(name for one in times for name, s in one.items() if s > 0):
        ms = [1e3 * one.get(name, math.nan) for one in times]
        rows.append((name, *(_short(value, name) if value else "0" for value in ms)))
        known = at and not math.isnan(ms[at])
        changes.append(change(ms[at], 0.0 if math.isnan(ms[0]) else ms[0], -1) if known else None)
    return Beside(_table(rows, pins, "Times"), tuple(changes) if at else ())


def frontier_beside(now: Answer, pin: Pinned | None) -> Table:
    """The table of the frontier, with how much dearer each point is than the pin's cheapest as fast."""
    table = frontier_table(now)
    if pin is None or not pin.fits or pin.answer is None or not table.rows:
        return table
    if not (priced(pin.answer.scenario) and priced(now.scenario)):
        return table
    theirs = pin.answer.points
    at = list(rows_shown(now))
    over = [
        _over(float(now.points.usd_per_mtok[i]), float(now.points.speed_tok_s[i]), theirs)
        for i in at
    ]
    told = f"cost over that of {pin.letter}'s cheapest point as fast; none where it has no point so fast"
    return _with_over(table, pin.letter, over, told)


def costs_beside(table: Table, pin: Pinned | None) -> Table:
    """A table of points by any name, with how much dearer each is than the pin's chosen one."""
    if pin is None or pin.answer is None or pin.answer.chosen is None or not table.rows:
        return table
    if not priced(pin.answer.scenario):
        return table
    theirs, at = float(pin.answer.points.usd_per_mtok[pin.answer.chosen]), _cost_at(table)
    costs = [row[at] for row in table.values]
    over = [_beyond(one, theirs) if isinstance(one, float) else math.nan for one in costs]
    return _with_over(table, pin.letter, over, f"cost over that of {pin.letter}'s chosen point")


def _cost_at(table: Table) -> int:
    return next(n for n, one in enumerate(table.columns) if one.key == "usd_per_mtok")


def _with_over(table: Table, letter: str, over: Sequence[float], told: str) -> Table:
    """With a column of relative costs behind the costs."""
    column = Column(key="over_pin", title=f"vs {letter}", unit="%", help=told)
    place, known = _cost_at(table) + 1, [math.isfinite(one) for one in over]
    shown = [f"{100 * one:+.1f}" if yes else ABSENT for one, yes in zip(over, known, strict=True)]
    values = [one if yes else None for one, yes in zip(over, known, strict=True)]
    return replace(
        table,
        columns=_with(table.columns, place, column),
        rows=tuple(_with(row, place, one) for row, one in zip(table.rows, shown, strict=True)),
        values=tuple(_with(row, place, one) for row, one in zip(table.values, values, strict=True)),
    )


def _with(items: tuple[Item, ...], place: int, item: Item) -> tuple[Item, ...]:
    return (*items[:place], item, *items[place:])


def _over(cost: float, speed: float, theirs: Points) -> float:
    """Relative to the least cost of points at least as fast; NaN where there is none."""
    fast = theirs.usd_per_mtok[theirs.speed_tok_s >= speed * (1 - 1e-9)]
    return _beyond(cost, float(fast.min())) if len(fast) else math.nan


def _beyond(cost: float, theirs: float) -> float:
    """Relative to a cost; NaN where that is nothing, of which everything is infinitely more."""
    return cost / theirs - 1 if theirs else math.nan


def _times(answer: Answer | None) -> dict[str, float]:
    if answer is None or answer.chosen is None:
        return {}
    return {name: seconds for name, seconds, _ in shares(answer.points, answer.chosen)}


def _table(rows: Sequence[tuple[str, ...]], pins: Sequence[Pinned], title: str) -> Table:
    columns = tuple(Column(key=head, title=head) for head in ("now", *(p.letter for p in pins)))
    first = Column(key="metric", title="", left=True)
    return Table(key="pins", title=title, columns=(first, *columns), rows=tuple(rows))


def _told(now: Answer, pins: Sequence[Pinned]) -> list[tuple[str, str, float]]:
    """The lines that somebody knows the number of."""
    answers = [now, *(pin.answer for pin in pins)]
    return [
        line
        for line in _ROWS
        if line[1] in _ALWAYS or any(math.isfinite(_merit(a, *line[1:])) for a in answers)
    ]


def pin_at(pins: Sequence[Pinned], letter: str) -> Pinned | None:
    """The pin of a letter, if there is one."""
    return next((pin for pin in pins if pin.letter == letter), None)


def words_of(pin: Pinned) -> str:
    """The layout of a pin and what was put in there otherwise than on screen."""
    if pin.answer is None or pin.answer.chosen is None:
        return pin.name
    return f"{layout(pin.answer.points, pin.answer.chosen)}; {pin.apart or 'as now'}"


def apart(theirs: Scenario, ours: Scenario) -> str:
    """What was put in there otherwise than here, as it was put in there: `engine vllm, HBM 80 GiB`. Of another
    model or accelerator the id, for all of its numbers differ.
    """
    found = [one for one in differing(theirs, ours) if one.path not in _WORDS]
    whole = tuple(f"{one.path}." for one in found if one.path in _SPECS)
    return ", ".join(
        one.before if one.path in _SPECS else f"{one.label} {one.before}"
        for one in found
        if not one.path.startswith(whole)
    )


def _merit(answer: Answer | None, key: str, factor: float) -> float:
    if answer is None or answer.chosen is None:
        return math.nan
    return factor * MERITS[key].value(answer.points, answer.chosen)


def _short(value: float, key: str) -> str:
    """A number in at most five cells."""
    if not math.isfinite(value):
        return ABSENT
    if value >= 1e4:
        return f"{value / 1e6:.3g}M" if value >= 1e6 else f"{value / 1e3:.3g}k"
    if key in _COUNTS:
        return number(value)
    return three(value) if value >= 1e-2 else f"{value:.0e}"
