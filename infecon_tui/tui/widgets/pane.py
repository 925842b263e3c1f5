"""The base of all widgets here: draws lines itself, takes keys from the screen, tells the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

from textual.geometry import Region
from textual.widget import Widget

from infecon_tui.tui.commands.registry import keys_of
from infecon_tui.tui.widgets.cells import cells_of, changed_spans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.strip import Strip

    from infecon_tui.tui.messages import Said
    from infecon_tui.tui.terminal.detect import Symbols
    from infecon_tui.tui.terminal.theme import Look
    from infecon_tui.tui.widgets.cells import Piece


_PLAIN = str.maketrans(
    {"·": "|", "×": "x", "…": "~", "–": "-", "—": "-", "↑": "^", "±": "~", "≤": "<", "≥": ">"}
    | {"→": ">", "▸": ">", "▼": "v", "▲": "^", "●": "*", "÷": "/"}
    | {"←": "<", "↓": "v", "⇧": "S"}
)


def plain(strip: Strip) -> Strip:
    """The same line in ASCII: what widgets draw is already, what views say in words is not."""
    if all(segment.text.isascii() for segment in strip):
        return strip
    made = (
        segment._replace(text=segment.text.translate(_PLAIN).encode("ascii", "replace").decode())
        for segment in strip
    )
    return type(strip)(made, strip.cell_length)


class Host(Protocol):
    """What panes need of their app."""

    look: Look
    symbols: Symbols


class Listener(Protocol):
    """What panes need of their screen."""

    def hear(self, said: Said) -> None:
        """Acts on what a pane says, before the next key."""


class Pane(Widget):
    """A widget of lines. `where` names its commands; `active` says that keys go to it; `owner` hears
    what it says, which is its screen where none is named.

    Textual's focus is not used: changing it costs a restyle of the screen, and keys that bubble
    arrive in another order than they were typed (Textual issue 6605). The screen hands keys out.
    """

    where = ""
    ALLOW_SELECT = False
    DEFAULT_CSS = "Pane { width: 1fr; height: 1fr; }"

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's word
        super().__init__(id=id)
        self.active = False
        self.owner: Listener | None = None

    @property
    def look(self) -> Look:
        return cast("Host", self.app).look

    @property
    def symbols(self) -> Symbols:
        return cast("Host", self.app).symbols

    @property
    def ascii(self) -> bool:
        return self.symbols == "ascii"

    def glyph(self, fancy: str, plain: str) -> str:
        """The first where the terminal has such characters, else the second."""
        return plain if self.ascii else fancy

    def tell(self, said: Said) -> None:
        """Says something to the screen, which acts on it at once."""
        cast("Listener", self.owner or self.screen).hear(said)

    def sent_whole(self) -> None:
        """All of it is to be sent, as it has a new place: parts that wait for that need not."""
        self._exchange_repaint_regions()

    def activate(self, *, active: bool) -> None:
        """Gives or takes the keys."""
        if active != self.active:
            self.active = active
            self.refresh()

    def press(self, key: str, character: str | None) -> bool:  # noqa: ARG002 - for panes that type
        """Takes one key; False when the pane has no use for it."""
        action = keys_of(self.where).get(key)
        if action is None:
            return False
        getattr(self, f"do_{action}")()
        return True

    def paste(self, text: str) -> None:
        """Takes pasted text; only panes that type have a use for it."""

    def draw(self, y: int) -> Strip:
        """The line at a height of the widget."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        return plain(self.draw(y)) if self.ascii else self.draw(y)

    def refresh_changes(
        self, before: Sequence[Sequence[Piece]], after: Sequence[Sequence[Piece]], lead: int = 0
    ) -> None:
        """Draws again what differs between two versions of all lines, which begin at this column."""
        regions = []
        width = self.size.width - lead
        for y, (old, new) in enumerate(zip(before, after, strict=True)):
            if old == new:
                continue
            cells = cells_of(old, width), cells_of(new, width)
            spans = changed_spans(*cells) if all(cells) else [(0, width)]
            regions += [Region(lead + start, y, end - start, 1) for start, end in spans]
        if regions:
            self.refresh(*regions)

    def refresh_row(self, row: int) -> None:
        """Draws a line of the widget again."""
        self.refresh(Region(0, row, self.size.width, 1))
