"""What is being typed in the property grid: a value, or the query of a list of choices."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from infecon_tui.tui import fuzzy
from infecon_tui.tui.field import Field

if TYPE_CHECKING:
    from infecon_tui.view.records import Row

_BARE_NUMBER = re.compile(r"[\d\s.,_+-]*\d[\d\s.,_]*([eE][+-]?\d+)?[kKmMbBtTgG]?$|\.\d+$")


class Edit:
    """A row's value being typed. `fault` is what is wrong with it, `refused` that Enter said so."""

    def __init__(self, row: Row, text: str | None = None) -> None:
        self.row = row
        self.start = start_text(row)
        self.field = Field(self.start, selected=True) if text is None else Field(text)
        self.fault = ""
        self.refused = False

    @property
    def unchanged(self) -> bool:
        return self.field.text.strip() == self.start

    @property
    def text(self) -> str:
        """What was typed; a bare number takes the unit that stands beside the field."""
        typed = self.field.text.strip()
        unit = self.row.unit
        plain = unit and unit[0] not in "kKmMbBtTgG"
        if unit and _BARE_NUMBER.match(typed) and (plain or typed[-1].isdigit()):
            return f"{typed} {unit}"
        return typed


def start_text(row: Row) -> str:
    """What an edit starts from: the exact value, a percentage as it is shown."""
    return f"{row.text} %" if row.unit == "%" else row.edit or row.text


class Menu:
    """The choices of a row, narrowed by a query."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.field = Field()
        self.found: tuple[int, ...] = ()
        self.index = 0
        self.top = -1
        self.narrow()
        current = next((i for i, name in enumerate(row.choices) if name == row.text), 0)
        self.index = self.found.index(current) if current in self.found else 0

    def narrow(self) -> None:
        """Applies the query; the best match is taken."""
        self.found = fuzzy.best(self.field.text, self.row.choices)
        self.index = 0

    @property
    def choice(self) -> str | None:
        """The choice under the cursor, or None when nothing matches."""
        return self.row.choices[self.found[self.index]] if self.found else None

    def move(self, count: int) -> None:
        """Moves the cursor, stopping at the ends."""
        self.index = max(0, min(len(self.found) - 1, self.index + count))

    def shown(self, height: int) -> range:
        """The places in `found` that fit a height, such that the cursor is among them."""
        if self.top < 0:
            self.top = max(0, self.index - height // 2)
        self.top = min(self.top, self.index, max(0, len(self.found) - height))
        self.top = max(self.top, self.index - height + 1, 0)
        return range(self.top, min(len(self.found), self.top + height))
