"""The tables: cells for screens, values for CSV and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui.view.plots.thinning import logarithms, thinned
from infecon_tui.view.quantities import ON_SCREEN, quantities_of
from infecon_tui.view.records import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infecon_tui.solve import Answer, Points
    from infecon_tui.view.quantities import Quantity, Value


def frontier_table(answer: Answer, most: int = 40) -> Table:
    """The frontier, thinned evenly along the curve, always with its first, chosen and last point."""
    points = answer.points
    if answer.chosen is None:
        return Table(
            key="frontier",
            title="Frontier",
            columns=tuple(q.column for q in ON_SCREEN),
            rows=(),
            note=answer.verdict,
        )
    return points_table(points, rows_shown(answer, most))


def rows_shown(answer: Answer, most: int = 40) -> tuple[int, ...]:
    """The indices of the points that `frontier_table` shows, in its order."""
    points = answer.points
    if answer.chosen is None:
        return ()
    keep = thinned(points.speed_tok_s, logarithms(points.usd_per_mtok), most - 1).tolist()
    return tuple(sorted({0, answer.chosen, *keep}))


def points_table(
    points: Points, indices: Sequence[int], quantities: tuple[Quantity, ...] = ON_SCREEN
) -> Table:
    """A table of given points."""
    return Table(
        key="frontier",
        title="Frontier",
        columns=tuple(quantity.column for quantity in quantities),
        rows=tuple(
            tuple(quantity.text(points, index) for quantity in quantities) for index in indices
        ),
        values=tuple(
            tuple(quantity.value(points, index) for quantity in quantities) for index in indices
        ),
    )


def all_points(points: Points) -> Table:
    """Every point with everything known of it."""
    return points_table(points, range(len(points.tpot_s)), quantities_of(points))


def point_values(points: Points, index: int) -> dict[str, Value]:
    """Every quantity of one point under its key, for JSON."""
    return {
        quantity.column.key: quantity.value(points, index) for quantity in quantities_of(points)
    }
