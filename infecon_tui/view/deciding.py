"""What decides beside an answer: the numbers that move its cost most, and the layouts that it beat."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from infecon_tui.errors import InfeconError
from infecon_tui.view.layouts import layouts_table
from infecon_tui.view.sensitivity import turned
from infecon_tui.view.swings import choices, signed, swings

if TYPE_CHECKING:
    from infecon_tui.solve import Answer
    from infecon_tui.view.swings import Swung

_GIVEN = ("model.", "workload.", "hardware.kernels.")
"""Paths that nobody chooses who has something to serve: what is asked for, and what kernels reach."""
Swing = tuple[str, tuple[float, float], str, str]
_MOVES = 1e-3
"""Relative change of cost from which a number is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """One layout: in words, its cost, and why it is not chosen (or that it is)."""

    layout: str
    cost: str
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """What swings the cost, the most of it first; choices; layouts, the best first.

    A swing is a name, the relative changes of cost at less and at more of it, and the changes of cost and
    speed at more in percent; a choice has the last two alone. `swing` is how far numbers were turned,
    `asked` the targets that layouts were to keep, `rivals` all layouts that there are.
    """

    swings: tuple[Swing, ...] = ()
    swing: float = 0.0
    choices: tuple[tuple[str, str, str], ...] = ()
    rivals: tuple[Rival, ...] = ()
    asked: str = ""


def deciding(answer: Answer) -> Deciding:
    """Of the answer's chosen point. Without one, the layouts alone."""
    rivals, asked = _rivals(answer)
    if answer.chosen is None:
        return Deciding(rivals=rivals, asked=asked)
    seen = turned(answer).found
    bars = [bar for bar in swings(seen) if not bar.path.startswith(_GIVEN) and _cost(bar) > _MOVES]
    bars.sort(key=_cost, reverse=True)
    return Deciding(
        swings=tuple((b.label, b.cost, signed(b.cost[1]), signed(b.speed[1])) for b in bars),
        swing=seen.swing,
        choices=choices(seen),
        rivals=rivals,
        asked=asked,
    )


def _cost(bar: Swung) -> float:
    return max((abs(side) for side in bar.cost if not math.isnan(side)), default=0.0)


def _rivals(answer: Answer) -> tuple[tuple[Rival, ...], str]:
    """Every layout of a deployment; none elsewhere, and where there is only one."""
    try:
        table = layouts_table(answer.scenario)
    except InfeconError:
        return (), ""
    keys = [column.key for column in table.columns]
    places = [keys.index(key) for key in ("layout", "usd_per_mtok", "remark")]
    found = tuple(
        # The length of a draft is chosen anew at every batch, it is no part of how GPUs are used.
        Rival(layout=name.partition(" · draft")[0], cost=cost, remark=remark)
        for name, cost, remark in ([row[place] for place in places] for row in table.rows)
    )
    return (found, table.note) if len(found) > 1 else ((), "")
