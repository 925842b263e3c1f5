"""Tables and figures as JSON, for programs. What is infinite or unknown is null."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from infecon_tui.view.records import Axis, Figure, Series, Table


def table_json(table: Table) -> str:
    """A list with an object for every row, under the keys of the columns."""
    keys = [column.key for column in table.columns]
    return _json([dict(zip(keys, row, strict=True)) for row in table.values])


def figure_json(figure: Figure) -> str:
    """The axes with their units, the lines as two lists each, the marked points."""
    return _json(
        {
            "key": figure.key,
            "title": figure.title,
            "note": figure.note,
            "x": _axis(figure.x),
            "y": _axis(figure.y),
            "series": [_line(series) for series in figure.series],
            "marks": [{"label": mark.label, "x": mark.x, "y": mark.y} for mark in figure.marks],
        }
    )


def _line(series: Series) -> dict[str, Any]:
    named = {"names": list(series.names)} if series.names else {}
    return {"label": series.label, "x": list(series.x), "y": list(series.y), **named}


def _axis(axis: Axis) -> dict[str, Any]:
    return {"label": axis.label, "unit": axis.unit, "log": axis.log}


def _json(tree: Any) -> str:
    return json.dumps(_finite(tree), indent=1, ensure_ascii=False) + "\n"


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, list) else value
