"""Tables and figures as CSV, for spreadsheets and programs."""

from __future__ import annotations

import csv
import io
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from infecon_tui.view.records import Axis, Figure, Table


def table_csv(table: Table) -> str:
    """The values of a table under the keys of its columns; what is unknown or infinite is left empty."""
    return _csv((column.key for column in table.columns), table.values)


def figure_csv(figure: Figure) -> str:
    """Every point of a figure on a line of its own: its series, what it is of, x, y and its name."""
    rows = [
        (series.label, "point" if series.dots else "line", x, y, series.name_of(point))
        for series in figure.series
        for point, (x, y) in enumerate(zip(series.x, series.y, strict=True))
    ]
    rows += [(mark.label, "mark", mark.x, mark.y, "") for mark in figure.marks]
    return _csv(("series", "kind", axis_title(figure.x), axis_title(figure.y), "name"), rows)


def axis_title(axis: Axis) -> str:
    """`speed [tok/s per request]`: what an axis shows, with its unit."""
    return f"{axis.label} [{axis.unit}]" if axis.unit else axis.label


def _csv(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return text.getvalue()


def _cell(value: Any) -> Any:
    unknown = value is None or (isinstance(value, float) and not math.isfinite(value))
    return "" if unknown else value
