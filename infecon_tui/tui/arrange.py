"""Where each pane stands, from the size of the screen alone: a pure plan, and the layout that follows it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size
from textual.layout import Layout, WidgetPlacement

from infecon_tui.tui.terminal.detect import MIN_COLUMNS, MIN_ROWS

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.layout import ArrangeResult
    from textual.widget import Widget

PANES = ("inputs", "plot", "plot2", "table", "why")
PLOTS = ("plot", "plot2")
MID_COLUMNS, WIDE_COLUMNS = 96, 150
BOTH_PLOTS_ROWS = 44
TABLE_UNDER_PLOT_ROWS = 24
TWO_LINES_ROWS, TABS_ROWS = 20, 30


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked to see.

    `active` is the pane with the keys, `figures` what the two plots show (the first alone where there
    is room for one), `lower` what stands under the plot, `last` the pane left of the inputs' that
    was used last, which alone is shown where there is room for one.
    """

    active: str = "inputs"
    figures: tuple[str, str] = ("frontier", "roofline")
    lower: str = "why"
    last: str = "plot"

    def action_of(self, pane: str) -> str:
        """The command that goes to a pane and shows what it shows now."""
        return f"view_{self.figures[PLOTS.index(pane)]}" if pane in PLOTS else f"pane_{pane}"

    def to(self, pane: str) -> Wish:
        """The same with the keys given to another pane."""
        if pane == "inputs":
            return replace(self, active=pane)
        if pane in PLOTS:
            return replace(self, active=pane, last="plot")
        return replace(self, active=pane, lower=pane, last=pane)

    def to_figure(self, figure: str, shown: Plan) -> Wish:
        """The keys given to a plot of this figure: where it stands already, or else in the first."""
        first, second = self.figures
        if figure == second and "plot2" in shown:
            return self.to("plot2")
        if figure == second:
            first, second = second, first
        return replace(self.to("plot"), figures=(figure, second))


Plan = dict[str, Region]


def plan(width: int, height: int, wish: Wish) -> Plan:
    """The regions of the panes that are shown; others are hidden."""
    if width < MIN_COLUMNS or height < MIN_ROWS:
        return {"small": Region(0, 0, width, height)}
    head = head_rows(width, height)
    found = {
        "headline": Region(0, 0, width, head),
        "status": Region(0, height - 2, width, 1),
        "keys": Region(0, height - 1, width, 1),
    }
    body = Region(0, head, width, height - head - 2)
    if width < MID_COLUMNS:
        return found | {("plot" if wish.active in PLOTS else wish.active): body}
    if width < WIDE_COLUMNS:
        return found | _two(body, wish)
    return found | _cockpit(body)


def head_rows(width: int, height: int) -> int:
    """Title, metrics (on two lines where there is height) and the tabs."""
    return 2 + (height >= TWO_LINES_ROWS) + tabs_told(width, height)


def tabs_told(width: int, height: int) -> bool:
    """Whether there is a line of tabs: always where panes take turns, elsewhere where there is height."""
    return width < MID_COLUMNS or height >= TABS_ROWS


def _two(body: Region, wish: Wish) -> Plan:
    inputs = min(48, 34 + body.width // 12)
    left, right = body.split_vertical(inputs)
    return {"inputs": left} | _stack(right, wish)


def _stack(area: Region, wish: Wish) -> Plan:
    """The plot, and the table or the causes under it where there is room for both."""
    if area.height < TABLE_UNDER_PLOT_ROWS:
        return {wish.last: area}
    top, bottom = area.split_horizontal(area.height - max(9, area.height * 9 // 20 + 1))
    return {"plot": top, wish.lower: bottom}


def _cockpit(body: Region) -> Plan:
    inputs, why = min(54, 30 + body.width // 10), min(46, 24 + body.width // 10)
    left, rest = body.split_vertical(inputs)
    centre, right = rest.split_vertical(rest.width - why)
    found = {"inputs": left, "why": right}
    if body.height < BOTH_PLOTS_ROWS:
        above = max(10, body.height * 3 // 5)
        top, table = centre.split_horizontal(above)
        return found | {"plot": top, "table": table}
    first, rest = centre.split_horizontal(body.height * 2 // 5)
    second, table = rest.split_horizontal(body.height * 3 // 8)
    return found | {"plot": first, "plot2": second, "table": table}


class PlanLayout(Layout):
    """Places the children of a screen by id, as the plan for its size says."""

    name = "plan"

    def __init__(self, wish: Callable[[], Wish]) -> None:
        self._wish = wish

    def arrange(
        self,
        parent: Widget,  # noqa: ARG002 - the signature is Textual's
        children: list[Widget],
        size: Size,
        greedy: bool = True,  # noqa: ARG002
    ) -> ArrangeResult:
        """One placement for each child that the plan knows."""
        regions = plan(size.width, size.height, self._wish())
        return [
            WidgetPlacement(regions[child.id], NULL_OFFSET, NULL_SPACING, child)
            for child in children
            if child.id in regions
        ]
