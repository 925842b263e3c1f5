"""The line above the keys: what the row under the cursor means, a message, or a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui.tui.widgets.cells import Piece, cut, fitted, strip_of, wrapped
from infecon_tui.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from textual.strip import Strip

    from infecon_tui.tui.widgets.questions import Question

SIGNS = {"good": ("✓", "+"), "bad": ("✗", "x"), "warning": ("!", "!")}


class StatusLine(Pane):
    """One line; a message stands until the next key, a question until it is answered."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's word
        super().__init__(id=id)
        self.help: list[Piece] = []
        self.message: tuple[str, str] | None = None
        self.question: Question | None = None

    @property
    def room(self) -> int:
        """Cells for what is explained."""
        return self.size.width - 2

    def explain(self, pieces: list[Piece]) -> None:
        """What stands there while there is nothing else to say."""
        if pieces != self.help:
            self.help = pieces
            if self.message is None and self.question is None:
                self.refresh()

    def say(self, text: str, tone: str = "good") -> None:
        """A message; the tone is good, warning, bad or plain."""
        self.message = (text, tone)
        self.refresh()

    def hush(self) -> None:
        """Takes the message away."""
        if self.message is not None:
            self.message = None
            self.refresh()

    def ask(self, question: Question) -> None:
        """Asks; all keys go to the answer."""
        self.message = None
        self.question = question
        self.refresh()

    def press(self, key: str, character: str | None) -> bool:
        if self.question is None:
            return False
        then = self.question.press(key, character)
        if then is not None:
            self.question = None
            then()
        self.refresh()
        return True

    def paste(self, text: str) -> None:
        if self.question is not None:
            self.question.paste(text)
            self.refresh()

    def draw(self, y: int) -> Strip:
        pieces = self._pieces() if y == 0 else self._further(y)
        return strip_of(pieces, self.size.width, self.look)

    def _further(self, y: int) -> list[Piece]:  # noqa: ARG002 - for lines that have more of them
        """A line under the first."""
        return []

    def _pieces(self) -> list[Piece]:
        width = self.size.width
        if self.question is not None:
            return cut(self.question.pieces(width), width - 1)
        if self.message is not None:
            text, tone = self.message
            sign = SIGNS[tone][self.ascii] + " " if tone in SIGNS else ""
            role = tone if tone in SIGNS else "text"
            return [(" ", "text"), (sign, role), (fitted(text, width - 3 - len(sign)), role)]
        return cut([(" ", "text"), *self.help], width - 1)


class NoteLine(StatusLine):
    """What is said of a whole page or of its row: on two lines where one is too short."""

    MOST = 2

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's word
        super().__init__(id=id)
        self.note = ""
        self._text, self._tone = "", "muted"

    def rows(self, width: int) -> int:
        """The lines that the note takes."""
        return max(1, min(self.MOST, len(wrapped(self.note, width - 2))))

    def put(self, text: str, tone: str = "muted") -> None:
        """What stands there from now on."""
        if (text, tone) != (self._text, self._tone):
            self._text, self._tone = text, tone
            self.refresh()

    def _pieces(self) -> list[Piece]:
        if self.question is not None or self.message is not None:
            return super()._pieces()
        return self._line(0)

    def _further(self, y: int) -> list[Piece]:
        asked = self.question is not None or self.message is not None
        return [] if asked else self._line(y)

    def _line(self, y: int) -> list[Piece]:
        """A line of the text; the last there is room for has the rest of it."""
        lines = wrapped(self._text, self.size.width - 2)
        last = max(0, self.size.height - 1)
        text = (
            lines[y] if y < min(last, len(lines)) else " ".join(lines[last:]) if y == last else ""
        )
        return cut([(" ", "text"), (text, self._tone)], self.size.width - 1)
