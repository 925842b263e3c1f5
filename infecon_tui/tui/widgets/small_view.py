"""What stands on a screen too small for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui.tui.terminal.detect import MIN_COLUMNS, MIN_ROWS
from infecon_tui.tui.widgets.cells import strip_of, wrapped
from infecon_tui.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from textual.strip import Strip


class SmallView(Pane):
    """One sentence, wrapped to what there is."""

    def draw(self, y: int) -> Strip:
        width, height = self.size
        sentence = f"terminal too small: needs {MIN_COLUMNS}x{MIN_ROWS}, has {width}x{height}"
        lines = wrapped(sentence, width)
        text = lines[y] if y < len(lines) else ""
        return strip_of([(text, "text")], width, self.look)
