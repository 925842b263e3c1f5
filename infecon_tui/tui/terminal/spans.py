"""Sends changed cells alone: Textual 8.2 sends each line of a widget from its left end up to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.control import Control
from textual._compositor import ChopsUpdate, Compositor

if TYPE_CHECKING:
    from rich.console import Console


class SpansUpdate(ChopsUpdate):
    """The same update of the same spans, cut at their left ends too."""

    def render_segments(self, console: Console) -> str:
        return "".join(
            part for y, start, end in self.spans for part in self._span(y, start, end, console)
        )

    def _span(self, y: int, start: int, end: int, console: Console) -> list[str]:
        parts: list[str] = []
        for right, (left, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
            first, last = max(left, start), min(right, end)
            if strip is not None and first < last:
                parts.append(Control.move_to(first, y).segment.text)
                parts.append(strip.crop(first - left, last - left).render(console))
        return parts


class SpansCompositor(Compositor):
    """Places widgets as ever."""

    def render_partial_update(self) -> ChopsUpdate | None:
        made = super().render_partial_update()
        return made and SpansUpdate(made.chops, made.spans, made.chop_ends)
