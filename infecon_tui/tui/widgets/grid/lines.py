"""Which line of the property grid shows what: headings, and rows in one column or two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infecon_tui.view.records import Group, Row

TWO_COLUMNS_WIDTH = 76
_SHUT = ("architecture", "peaks", "kernels", "scenario")
_SHUT_NEXT = ("speculation", "cost", "layout")
"""Groups that are folded at first: what specs say, and, where there is no room for them, these."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a heading (`#key`) or a row (its path) stands: line and column."""

    name: str
    line: int
    column: int = 0


class Lines:
    """The groups laid out for a width; `spots` are all that the cursor can stand on, in order."""

    def __init__(
        self, groups: tuple[Group, ...], folded: frozenset[str], *, columns: int = 1
    ) -> None:
        self.columns = columns
        self.cells: list[tuple[str, ...]] = []
        self.groups = {f"#{group.key}": group for group in groups}
        self.rows: dict[str, Row] = {}
        self.group_of: dict[str, Group] = {}
        self.spots: list[Spot] = []
        for group in groups:
            self._add(group, open_=group.key not in folded)
        self._at = {spot.name: index for index, spot in enumerate(self.spots)}

    def _add(self, group: Group, *, open_: bool) -> None:
        heading = f"#{group.key}"
        self.spots.append(Spot(heading, len(self.cells)))
        self.cells.append((heading,))
        for row in group.rows:
            self.rows[row.path] = row
            self.group_of[row.path] = group
        if not open_ or not group.rows:
            return
        first = len(self.cells)
        height = -(-len(group.rows) // self.columns)
        for index, row in enumerate(group.rows):
            column, line = divmod(index, height)
            self.spots.append(Spot(row.path, first + line, column))
        for line in range(height):
            paths = [row.path for row in group.rows[line::height]]
            self.cells.append(tuple(paths))

    def __len__(self) -> int:
        return len(self.cells)

    def __contains__(self, name: object) -> bool:
        return name in self._at

    def spot(self, name: str) -> Spot:
        """Where a name stands; the first spot when it is not shown."""
        return self.spots[self._at.get(name, 0)]

    def moved(self, name: str, count: int) -> str:
        """The name so many places further, stopping at the ends."""
        index = self._at.get(name, 0) + count
        return self.spots[max(0, min(len(self.spots) - 1, index))].name

    def group_moved(self, name: str, count: int) -> str:
        """The next heading, or the one before (first the own one of a row)."""
        index = self._at.get(name, 0)
        headings = [i for i, spot in enumerate(self.spots) if spot.name.startswith("#")]
        if count > 0:
            later = [i for i in headings if i > index]
            return self.spots[later[0] if later else headings[-1]].name
        before = [i for i in headings if i < index]
        return self.spots[before[-1] if before else headings[0]].name


def columns_for(groups: tuple[Group, ...], width: int, height: int) -> int:
    """Two columns where they are wide enough and one would not fit."""
    needed = sum(1 + len(group.rows) for group in groups)
    return 2 if width >= TWO_COLUMNS_WIDTH and needed > height else 1


def opening_folds(groups: tuple[Group, ...], width: int, height: int) -> frozenset[str]:
    """The groups to fold at first, so that as many of the others as can be are seen whole."""
    columns, folded = columns_for(groups, width, height), frozenset(_SHUT)
    for key in _SHUT_NEXT:
        if len(Lines(groups, folded, columns=columns)) <= height:
            break
        folded |= {key}
    return folded
