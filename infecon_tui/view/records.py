"""The shapes of what is shown. Every text in them is ready for a screen; nothing here computes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, TypeVar

if TYPE_CHECKING:
    from infecon_tui.scenario import Scenario

Tone = Literal["plain", "good", "warning", "bad", "muted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How far a figure is from that of a pinned scenario: `sign` is -1, 0 or 1, `text` such as `12 %`."""

    sign: int
    text: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One figure of the headline: `cost 0.37 USD/Mtok`, with its change against a pin if there is one.

    `limit` is the most that a target allows of it, in the same unit where it names none. A `decisive`
    figure is shown on every screen, the others where there is room.
    """

    key: str
    label: str
    value: str
    unit: str = ""
    tone: Tone = "plain"
    help: str = ""
    limit: str = ""
    decisive: bool = False
    change: Change | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of an editor: a value that can be changed, or one that follows from others.

    `text` is the value with its unit as shown, `edit` the text an edit starts from, `default` the
    value of the spec it came from (shown when they differ). `choices` turns the row into a list to
    pick from. `steps` are the neighbouring values that arrow keys move to (down, up, far down, far
    up), each a text that `Knob.value_of` reads, or None at an end.
    """

    path: str
    label: str
    text: str
    unit: str = ""
    edit: str = ""
    default: str = ""
    changed: bool = False
    editable: bool = True
    choices: tuple[str, ...] = ()
    steps: tuple[str | None, str | None, str | None, str | None] = (None, None, None, None)
    help: str = ""
    source: str = ""
    warning: str = ""
    searchable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Rows under a heading; `summary` is what stands beside the heading, folded or not."""

    key: str
    title: str
    summary: str = ""
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One axis of a figure. Ticks and scaling are the plot's; values are in base units.

    `ticks` narrows which values get one: whole numbers of a linear axis, powers of two of a logarithmic one.
    """

    label: str
    unit: str = ""
    log: bool = True
    ticks: Literal["any", "whole", "powers of 2"] = "any"
    low: float | None = None
    high: float | None = None


MOST_LABELLED = 24
"""Points of a series with a glyph whose names are written beside them; those of more are told on asking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One line of a figure, at most some 60 points; `pin` is the letter of the pin it belongs to.

    `dots` are not joined. `names` are of the points; with a `glyph` each is drawn as that, with its name.
    """

    label: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    dashed: bool = False
    dots: bool = False
    names: tuple[str, ...] = ()
    glyph: str = ""
    pin: str = ""

    def name_of(self, point: int) -> str:
        """What a point is called, if anything."""
        return self.names[point] if self.names else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One labelled point of a figure."""

    label: str
    x: float
    y: float
    glyph: str = "●"
    letter: str = "o"
    pin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A plot that answers the question in its title."""

    key: str
    title: str
    x: Axis
    y: Axis
    series: tuple[Series, ...] = ()
    marks: tuple[Mark, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table; `key` names it in CSV and JSON, with its unit."""

    key: str
    title: str
    unit: str = ""
    left: bool = False
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Cells as shown in `rows`, and the values behind them in `values`, for CSV and JSON."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    values: tuple[tuple[float | int | str | bool | None, ...], ...] = field(default=(), repr=False)
    note: str = ""


Noted = TypeVar("Noted", Figure, Table)


def captioned(record: Noted, scenario: Scenario) -> Noted:
    """A figure or table that says what it is of, for where nothing beside it does."""
    subject = f"{scenario.model.id} on {scenario.hardware.id}, {scenario.fidelity}"
    note = f"{subject}: {record.note}" if record.note else subject
    return replace(record, note=note)
