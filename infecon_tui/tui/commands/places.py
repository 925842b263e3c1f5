"""Places that commands belong to: the panes of the explorer, and what may lie over them."""

from __future__ import annotations

GRID, PLOT, TABLE, WHY = "inputs", "plot", "table", "why"
PAGE, SHEET, FIGURE, DRAWN, CHECKED = "page", "sheet", "figure", "drawn", "checked"
OVER = (PAGE, SHEET, FIGURE, DRAWN, CHECKED)
"""Places that cover the explorer, whose own commands do not work there."""
SECTIONS = (
    (GRID, "In the inputs"),
    (PLOT, "In a plot"),
    (TABLE, "In the table"),
    (WHY, "Where the time goes"),
    ("", "Everywhere"),
    (PAGE, "In a page such as this"),
    (SHEET, "In a table over the explorer, besides the table's keys"),
    (FIGURE, "In a plot over the explorer, besides the plot's keys"),
    (DRAWN, "In a plot of measurements, besides the plot's keys"),
    (CHECKED, "In a plot of predictions on measurements, besides the plot's keys"),
)
