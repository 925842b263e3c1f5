"""Where the time and the memory go, as bars; and what was changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len

from infecon_tui.tui.commands import WHY
from infecon_tui.tui.messages import Activated
from infecon_tui.tui.widgets.cells import Piece, fitted, strip_of, wrapped
from infecon_tui.tui.widgets.scroller import Scroller
from infecon_tui.tui.widgets.small_table import small_table

if TYPE_CHECKING:
    from textual import events
    from textual.strip import Strip

    from infecon_tui.view.explain import Bars
    from infecon_tui.view.records import Table

EIGHTHS = " ▏▎▍▌▋▊▉"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with bars, or with lines of two texts, or with a paragraph, or with a small table.

    `leads` sets off the largest bar, where that is the one that binds. `names` says in full what the
    heads of the table's columns stand for.
    """

    title: str
    note: str = ""
    bars: Bars = ()
    leads: bool = False
    pairs: tuple[tuple[str, str], ...] = ()
    text: str = ""
    table: Table | None = None
    names: tuple[tuple[str, str], ...] = ()


class BarsView(Scroller):
    """Sections one under the other; the arrows move in them where they are longer than the pane."""

    where = WHY

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's word
        super().__init__(id=id)
        self.sections: tuple[Section, ...] = ()

    def show(self, sections: tuple[Section, ...]) -> None:
        """Takes the sections; only lines that differ are drawn again."""
        if sections == self.sections:
            return
        self.sections = sections
        before = self._seen()
        self._lines = self._laid_out()
        self.top = self._within(self.top)
        for y, (old, new) in enumerate(zip(before, self._seen(), strict=True)):
            if old != new:
                self.refresh_rows(y)

    def _seen(self) -> list[list[Piece]]:
        """The lines on screen; the last of them says that there are more."""
        height = self.size.height
        seen = self._lines[self.top : self.top + height]
        if seen and len(self._lines) > self.top + height:
            sign = self.glyph("↓", "down")
            seen[-1] = [
                (f"  … {sign} {len(self._lines) - self.top - height + 1} more lines", "muted")
            ]
        return [*seen, *([] for _ in range(height - len(seen)))]

    def activate(self, *, active: bool) -> None:
        if active != self.active:
            self.active = active
            self.restyle()

    def _laid_out(self) -> list[list[Piece]]:
        lines: list[list[Piece]] = []
        for section in self.sections:
            role = "chip" if self.active and not lines else "strong"
            note = f" {section.note}" if section.note else ""
            head: list[Piece] = [(f" {section.title} ", role), (note, "muted")]
            rule = self._width - sum(cell_len(text) for text, _ in head) - 1
            lines.append([*head, (" " + self.glyph("─", "-") * rule, "rule")])
            lines += self._body(section)
            lines.append([])
        return lines[:-1]

    @property
    def _width(self) -> int:
        return self.size.width - self._divided

    @property
    def _divided(self) -> bool:
        """Whether a neighbour at the left has to be set off."""
        return self.region.x > 0

    def _body(self, section: Section) -> list[list[Piece]]:
        width = self._width - 2
        lines: list[list[Piece]] = [
            [("  ", "text"), (line, "muted")]
            for line in (wrapped(section.text, width - 2) if section.text else [])
        ]
        lines += [
            [
                (f" {self.glyph('●', '*')} ", "changed"),
                (f"{label}  ", "text"),
                (fitted(value, max(4, width - cell_len(label) - 4), right=True), "value"),
            ]
            for label, value in section.pairs
        ]
        lines += small_table(section.table, section.names, width) if section.table else []
        most = max((share for _, share, _ in section.bars), default=0.0)
        return lines + [
            self._bar(bar, leads=section.leads and bar[1] == most) for bar in section.bars
        ]

    def _columns(self) -> tuple[int, int, int]:
        """Cells for labels, bars and amounts, the same in all sections."""
        bars = [bar for section in self.sections for bar in section.bars]
        label = max(cell_len(name) for name, _, _ in bars)
        amount = max(cell_len(text) for _, _, text in bars)
        return label, min(40, max(4, self._width - label - amount - 11)), amount

    def _bar(self, bar: tuple[str, float, str], *, leads: bool) -> list[Piece]:
        name, share, text = bar
        label, room, amount = self._columns()
        return [
            ("  ", "text"),
            (fitted(name, label), "text" if share >= 0.005 else "faint"),
            (" ", "text"),
            (self._filled(share, room), "accent" if leads else "muted"),
            (f" {100 * share:3.0f}%", "value" if leads else "muted"),
            (f"  {fitted(text, amount, right=True)}", "muted"),
        ]

    def _filled(self, share: float, room: int) -> str:
        share = max(0.0, min(1.0, share))
        if self.ascii:
            return fitted("#" * round(share * room), room)
        eighths = round(share * room * 8)
        full, part = divmod(eighths, 8)
        return fitted("█" * full + (EIGHTHS[part] if part else ""), room)

    def draw(self, y: int) -> Strip:
        seen = self._seen()
        pieces = seen[y] if y < len(seen) else []
        lead = [(self.glyph("│", "|"), "rule")] if self._divided else []
        return strip_of([*lead, *pieces], self.size.width, self.look)

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.tell(Activated(self.id or ""))
