"""The energy of a token along the frontier, and where it goes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.cost.frontier.points import Points
from infecon_tui.cost.power import joules_by_part
from infecon_tui.view.describe import merit, place, setup
from infecon_tui.view.records import Axis, Figure, Mark, Series

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from infecon_tui.solve import Answer

_BARE = Figure(
    key="energy",
    title="What energy does a token take?",
    x=Axis(label="speed", unit="tok/s per request", log=False),
    y=Axis(label="energy", unit="J per token"),
)
_MOST = 40
NO_WATTS = "Published models have no watts: set the fidelity to deployment"


def energy_figure(answer: Answer) -> Figure:
    """Joules of an output token over speed, whole and by part; the least and the chosen one marked."""
    points, part = answer.points, answer.scenario.hardware
    if not isinstance(points, Points):
        return replace(_BARE, note=NO_WATTS)
    if answer.chosen is None:
        return replace(_BARE, note=answer.verdict)
    if part.tdp_W is None:
        return replace(_BARE, note=f"{part.id} has no power limit: set hardware.tdp")
    keep = np.unique(np.linspace(0, len(points) - 1, _MOST).astype(int))
    lines = [_line("energy", points, points.joules_per_tok, keep)]
    for name, joules in joules_by_part(points, part).items():
        if (joules > 0).all():
            lines.append(replace(_line(name, points, joules, keep), dashed=True))
    return replace(_BARE, series=tuple(lines), marks=_marks(points, answer.chosen, merit(answer)))


def _line(
    label: str, points: Points, joules: NDArray[np.float64], keep: NDArray[np.intp]
) -> Series:
    x, y = points.speed_tok_s[keep], joules[keep]
    names = tuple(setup(points, at) for at in keep.tolist())
    return Series(label=label, x=tuple(x.tolist()), y=tuple(y.tolist()), names=names)


def _marks(points: Points, chosen: int, word: str) -> tuple[Mark, ...]:
    least = int(np.argmin(points.joules_per_tok))
    named = {least: ("least", "◆", "l"), chosen: (word, "●", "P")}
    return tuple(
        Mark(
            label=f"{name}: {points.joules_per_tok[at]:.3g} J, {place(points, at)}",
            x=float(points.speed_tok_s[at]),
            y=float(points.joules_per_tok[at]),
            glyph=glyph,
            letter=letter,
        )
        for at, (name, glyph, letter) in named.items()
    )
