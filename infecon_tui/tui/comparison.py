"""The page that compares: the scenario of now on every accelerator, worked out away from the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infecon_tui.scenario import Scenario
    from infecon_tui.tui.widgets.cells import Piece
    from infecon_tui.view.records import Table

_GAP = 2
_LEAVE_OUT = {
    "hardware": (0, ("layout", "TPOT", "batch", "fastest", "bound by")),
    "layouts": (24, ("replicas", "rate", "TTFT", "batch")),
}
"""Of a table: room for the sentence in its last column, and the columns that make way, the first first."""


def compared_hardware(scenario: Scenario) -> Table:
    """The preferred point on every accelerator of the catalogue that can be read."""
    from infecon_tui.errors import InfeconError
    from infecon_tui.hardware.accelerator import Accelerator
    from infecon_tui.spec.library import ids, load
    from infecon_tui.view.compare import compared

    others = []
    for name in ids(Accelerator):
        if name.startswith("paper/"):
            continue
        try:
            others.append(load(Accelerator, name))
        except InfeconError:
            continue  # A broken file of the user's is told of when it is picked.
    return compared(scenario, others)


def layouts_of(scenario: Scenario) -> Table:
    """Every layout of the scenario at its best. Raises InfeconError."""
    from infecon_tui.view.layouts import layouts_table

    return layouts_table(scenario)


def lines_of(table: Table, width: int, own: str) -> list[list[Piece]]:
    """A table as lines of a page; the line whose id is `own` stands out."""
    columns = list(range(len(table.columns)))
    titles = [column.title for column in table.columns]
    units = [column.unit for column in table.columns]
    cells = [list(row) for row in (titles, units, *table.rows)]
    widths = [max(len(row[at]) for row in cells) for at in range(len(columns))]
    # What stands in the last column is a sentence, and may be cut.
    room, titles_out = _LEAVE_OUT.get(table.key, (0, ()))
    for title in titles_out:
        if sum(widths[at] + _GAP for at in columns[:-1]) <= width - room:
            break
        columns.remove(titles.index(title))
    made = []
    for number, row in enumerate(cells):
        text = (" " * _GAP).join(
            row[at].ljust(widths[at]) if table.columns[at].left else row[at].rjust(widths[at])
            for at in columns
        )
        tone = "strong" if number == 0 or row[0] == own else "faint" if number == 1 else "text"
        made.append([(text[: width - 1].rstrip(), tone)])
    return made
