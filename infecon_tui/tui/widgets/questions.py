"""What the status line asks: for a text, or for a letter. No widget here."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rich.cells import cell_len

from infecon_tui.tui.field import Field
from infecon_tui.tui.widgets.cells import Piece, fitted
from infecon_tui.tui.widgets.grid.paint import field_cells

if TYPE_CHECKING:
    from collections.abc import Callable

    Then = Callable[[], None]


def nothing() -> None:
    """What is done where a question is dropped and nobody minds."""


class Question:
    """Takes every key until it is closed. `mode` is what the key bar offers, `verb` what Enter does."""

    mode = "asking"
    verb = ""

    def __init__(self, label: str) -> None:
        self.label = label

    def press(self, key: str, character: str | None) -> Then | None:
        """Takes a key: what to do as the question is closed, or None where it stays."""
        raise NotImplementedError

    def paste(self, text: str) -> None:
        """Takes pasted text."""

    def pieces(self, width: int) -> list[Piece]:  # noqa: ARG002 - for those that ask for a text
        """The line, for so many cells."""
        return [(f" {self.label} ", "strong")]


class TextQuestion(Question):
    """Asks for a text: `done` takes it, `changed` follows every key, `dropped` the escape.

    `hint` stands beside the text.
    """

    def __init__(
        self,
        label: str,
        text: str,
        done: Callable[[str], None],
        *,
        verb: str = "take",
        changed: Callable[[str], None] | None = None,
        dropped: Then = nothing,
    ) -> None:
        super().__init__(label)
        self.field = Field(text, selected=True)
        self.done, self.changed, self.dropped = done, changed, dropped
        self.verb = verb
        self.hint = ""

    def press(self, key: str, character: str | None) -> Then | None:
        if key == "escape":
            return self.dropped
        if key == "enter":
            return partial(self.done, self.field.text.strip())
        if self.field.press(key, character):
            self._follow()
        return None

    def paste(self, text: str) -> None:
        self.field.insert(text)
        self._follow()

    def _follow(self) -> None:
        if self.changed is not None:
            self.changed(self.field.text)

    def pieces(self, width: int) -> list[Piece]:
        label = f" {self.label} "
        room = max(8, width - cell_len(label) - 1)
        if not self.hint:
            return [(label, "strong"), *field_cells(self.field, room, "field")]
        wide = min(max(room * 2 // 5, cell_len(self.field.text) + 1), max(8, room - 12))
        hint = fitted(self.hint, room - wide - 2)
        cells = field_cells(self.field, wide, "field")
        return [(label, "strong"), *cells, ("  ", "text"), (hint, "muted")]


class LineQuestion(TextQuestion):
    """Asks for a line of commands: `takes` is offered its keys first, and says whether it took one."""

    mode = "commanding"

    def __init__(
        self,
        label: str,
        done: Callable[[str], None],
        *,
        changed: Callable[[str], None],
        takes: Callable[[str], bool],
    ) -> None:
        super().__init__(label, "", done, changed=changed)
        self.takes = takes

    def press(self, key: str, character: str | None) -> Then | None:
        if key not in ("escape", "enter") and self.takes(key):
            return None
        return super().press(key, character)


class LetterQuestion(Question):
    """Asks for a letter of `letters`; Enter stands for `enter`, and any other key drops the question."""

    def __init__(
        self, label: str, letters: str, done: Callable[[str], None], *, enter: str, mode: str
    ) -> None:
        super().__init__(label)
        self.letters, self.done, self.enter = letters, done, enter
        self.mode = mode

    def press(self, key: str, character: str | None) -> Then:
        letter = self.enter if key == "enter" else character or ""
        known = bool(letter) and key != "escape" and letter in self.letters
        return partial(self.done, letter) if known else nothing


class YesNo(Question):
    """Asks whether to: `done` hears it. Other keys are no, and so is Enter unless `enter` is set."""

    mode = "deciding"

    def __init__(self, label: str, done: Callable[[bool], None], *, enter: bool = False) -> None:
        super().__init__(label)
        self.done, self.enter = done, enter

    def press(self, key: str, character: str | None) -> Then:
        if key == "escape":
            return nothing
        yes = self.enter if key == "enter" else (character or "").lower() == "y"
        return partial(self.done, yes)
