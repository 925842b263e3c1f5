"""The last line of the screen: the keys that matter now, from the registry of commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui.tui.arrange import MID_COLUMNS
from infecon_tui.tui.commands.bar import in_bar
from infecon_tui.tui.messages import Commanded
from infecon_tui.tui.widgets.cells import Piece, strip_of
from infecon_tui.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from textual import events
    from textual.strip import Strip

TYPING = (("⏎", "take"), ("esc", "cancel"), ("↑↓", "take and move"), ("^u", "clear"))
CHOOSING = (("type", "to narrow"), ("↑↓", "move"), ("⏎", "take"), ("esc", "cancel"))
ASKING = (("⏎", ""), ("esc", "cancel"))
"""Enter does what the question says."""
DECIDING = (("y", "yes"), ("n", "no"), ("esc", "cancel"))
PINNING = (
    ("a-d", "pin now"),
    ("⏎", "the first free"),
    ("A-D", "go to"),
    ("v", "deltas against"),
    ("x", "drop"),
    ("z", "as before"),
    ("esc", "cancel"),
)
LETTERING = (("a-d", "which"), ("⏎", "the one in brackets"), ("esc", "cancel"))
COMMANDING = (("tab", "complete"), ("↑↓", "earlier lines"), ("⏎", "run"), ("esc", "cancel"))
MODES = {
    "typing": TYPING,
    "choosing": CHOOSING,
    "asking": ASKING,
    "deciding": DECIDING,
    "pinning": PINNING,
    "lettering": LETTERING,
    "commanding": COMMANDING,
}
STEPS = ("←→", "step")
_ASCII = {"⏎": "enter", "↑↓": "up/down", "←→": "left/right", "⌫": "bksp", "⇧tab": "S-tab"}


class KeyBar(Pane):
    """As many keys as fit, the most useful first; help and quit always."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's word
        super().__init__(id=id)
        self.place = "inputs"
        self.mode = self.verb = ""
        self._spans: list[tuple[int, int, str]] = []

    def show(self, place: str, mode: str = "", verb: str = "") -> None:
        """The pane that has the keys; `mode` is one of MODES, or nothing, `verb` what Enter does there."""
        if (place, mode, verb) != (self.place, self.mode, self.verb):
            self.place, self.mode, self.verb = place, mode, verb
            self.refresh()

    def draw(self, y: int) -> Strip:  # noqa: ARG002 - one line
        entries = self._entries()
        pieces: list[Piece] = [(" ", "text")]
        self._spans = []
        x = 1
        for key, label, action in entries:
            self._spans.append((x, x + len(key) + len(label) + 1, action))
            pieces += [(key, "accent"), (f" {label}  ", "muted")]
            x += len(key) + len(label) + 3
        return strip_of(pieces, self.size.width, self.look)

    def _entries(self) -> list[tuple[str, str, str]]:
        if self.mode:
            return [(self._key(key), label or self.verb, "") for key, label in MODES[self.mode]]
        found = [
            (self._key(c.both or c.shown.split()[0]), c.label, c.action) for c in in_bar(self.place)
        ]
        if self.place == "inputs" and self.size.width >= MID_COLUMNS:
            found.insert(0, (self._key(STEPS[0]), STEPS[1], ""))
        return self._fitting(found)

    def _key(self, key: str) -> str:
        return _ASCII.get(key, key) if self.ascii else key

    def _fitting(self, entries: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
        """Drops entries before the last two until the rest fits."""
        head, tail = entries[:-2], entries[-2:]
        while head and sum(len(k) + len(w) + 3 for k, w, _ in (*head, *tail)) > self.size.width:
            head.pop()
        return [*head, *tail]

    def on_click(self, event: events.Click) -> None:
        event.stop()
        for start, end, action in self._spans:
            if start <= event.x < end and action:
                self.tell(Commanded(action))
