"""A line of text being edited: the value in a row, the query of a list, the answer to a prompt."""

from __future__ import annotations

import re


class Field:
    """Text, caret, and whether all of it is selected, so that the first key typed replaces it."""

    def __init__(self, text: str = "", *, selected: bool = False) -> None:
        self.text = text
        self.caret = len(text)
        self.selected = selected and bool(text)

    def press(self, key: str, character: str | None) -> bool:
        """Takes one key; False when it means nothing in a line of text."""
        edit = _KEYS.get(key)
        if edit is not None:
            getattr(self, edit)()
        elif character is not None and character.isprintable():
            self.insert(character)
        else:
            return False
        return True

    def insert(self, text: str) -> None:
        """Puts text at the caret, in place of a selection; line ends of a paste become spaces."""
        if self.selected:
            self._clear()
        clean = "".join(c for c in " ".join(text.splitlines()) if c.isprintable())
        self.text = self.text[: self.caret] + clean + self.text[self.caret :]
        self.caret += len(clean)

    def _clear(self) -> None:
        self.text, self.caret, self.selected = "", 0, False

    def _move(self, caret: int) -> None:
        self.caret, self.selected = max(0, min(len(self.text), caret)), False

    def _left(self) -> None:
        self._move(0 if self.selected else self.caret - 1)

    def _right(self) -> None:
        self._move(len(self.text) if self.selected else self.caret + 1)

    def _home(self) -> None:
        self._move(0)

    def _end(self) -> None:
        self._move(len(self.text))

    def _backspace(self) -> None:
        self._cut(self.caret - 1, self.caret)

    def _delete(self) -> None:
        self._cut(self.caret, self.caret + 1)

    def _cut_word(self) -> None:
        kept = re.sub(r"\S*\s*$", "", self.text[: self.caret])
        self._cut(len(kept), self.caret)

    def _cut_before(self) -> None:
        self._cut(0, self.caret)

    def _cut_after(self) -> None:
        self._cut(self.caret, len(self.text))

    def _cut(self, start: int, end: int) -> None:
        if self.selected:
            self._clear()
            return
        start = max(0, start)
        self.text = self.text[:start] + self.text[end:]
        self.caret = min(self.caret, start)


_KEYS = {
    "left": "_left",
    "right": "_right",
    "home": "_home",
    "ctrl+a": "_home",
    "end": "_end",
    "ctrl+e": "_end",
    "backspace": "_backspace",
    "ctrl+h": "_backspace",
    "delete": "_delete",
    "ctrl+w": "_cut_word",
    "ctrl+u": "_cut_before",
    "ctrl+k": "_cut_after",
}
