"""The line above the keys: what the row under the cursor means, a message, or a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from infecon_tui.tui.field import Field
from infecon_tui.tui.widgets.cells import Piece, cut, fitted, strip_of
from infecon_tui.tui.widgets.grid_paint import field_cells
from infecon_tui.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.strip import Strip

SIGNS = {"good": ("✓", "+"), "bad": ("✗", "x"), "warning": ("!", "!")}


class Question:
    """A text asked for; `changed` follows every key, `done` takes the answer, `dropped` the escape.

    With `answers` one letter is the answer and any other key is the last of them. With `enter`, too,
    letters are taken as they are typed, Enter stands for that one, and any other key drops the question.
    `mode` is what the key bar offers meanwhile.
    """

    def __init__(
        self,
        label: str,
        text: str,
        done: Callable[[str], None],
        *,
        changed: Callable[[str], None] | None = None,
        dropped: Callable[[], None] | None = None,
        answers: str = "",
        enter: str = "",
        mode: str = "",
    ) -> None:
        self.label = label
        self.field = Field(text, selected=True)
        self.done = done
        self.changed = changed
        self.dropped = dropped
        self.answers = answers
        self.enter = enter
        self.mode = mode or ("deciding" if answers else "asking")


class StatusLine(Pane):
    """One line; a message stands until the next key, a question until it is answered."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's word
        super().__init__(id=id)
        self.help: list[Piece] = []
        self.message: tuple[str, str] | None = None
        self.question: Question | None = None

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
        question = self.question
        if question is None:
            return False
        if key == "escape":
            self._close(question.dropped)
        elif question.enter:
            self._pick(question, question.enter if key == "enter" else character or "")
        elif question.answers:
            self._answer(question, character or "")
        elif key == "enter":
            self._close(lambda: question.done(question.field.text.strip()))
        elif question.field.press(key, character):
            self._changed(question)
        return True

    def paste(self, text: str) -> None:
        if self.question is not None and not self.question.answers:
            self.question.field.insert(text)
            self._changed(self.question)

    def _changed(self, question: Question) -> None:
        if question.changed is not None:
            question.changed(question.field.text)
        self.refresh()

    def _answer(self, question: Question, letter: str) -> None:
        """One letter is an answer; any other key is the last of them, which changes nothing."""
        given = letter.lower() if letter and letter.lower() in question.answers else ""
        self._close(lambda: question.done(given or question.answers[-1]))

    def _pick(self, question: Question, letter: str) -> None:
        """One letter as it was typed, or none of them."""
        known = bool(letter) and letter in question.answers
        self._close((lambda: question.done(letter)) if known else question.dropped)

    def _close(self, then: Callable[[], None] | None) -> None:
        self.question = None
        self.refresh()
        if then is not None:
            then()

    def draw(self, y: int) -> Strip:  # noqa: ARG002 - one line
        return strip_of(self._pieces(), self.size.width, self.look)

    def _pieces(self) -> list[Piece]:
        width = self.size.width
        if self.question is not None:
            label = f" {self.question.label} "
            if self.question.answers:
                return cut([(label, "strong")], width - 1)
            room = max(8, width - cell_len(label) - 1)
            return [(label, "strong"), *field_cells(self.question.field, room, "field")]
        if self.message is not None:
            text, tone = self.message
            sign = SIGNS[tone][self.ascii] + " " if tone in SIGNS else ""
            role = tone if tone in SIGNS else "text"
            return [(" ", "text"), (sign, role), (fitted(text, width - 3 - len(sign)), role)]
        return cut([(" ", "text"), *self.help], width - 1)
