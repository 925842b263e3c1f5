"""Predicted against measured as a picture: one dot a row, both axes logarithmic."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

from infecon_tui.measure.statistics import errors_of

if TYPE_CHECKING:
    from infecon_tui.measure.evaluate import Outcome, Result

_SIDE, _LEFT, _TOP = 520, 70, 40
_LEGEND = 210
_COLOURS = (
    *("#4269d0", "#efb118", "#ff725c", "#6cc5b0", "#3ca951"),
    *("#ff8ab7", "#a463f2", "#97bbf5", "#9c6b4e", "#9498a0"),
)
_MOST_GROUPS = len(_COLOURS)


def scatter_svg(result: Result, title: str) -> str:
    """An SVG picture: dots by accelerator, the diagonal, and 25 % above and below it.

    What is told apart by colour is listed with its rows and errors; beyond ten accelerators the rest
    share one colour.
    """
    compared = result.compared
    low, high = _range(compared)
    width, height = _LEFT + _SIDE + _LEGEND, _TOP + _SIDE + 60
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">'
        ),
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<text x="{_LEFT}" y="22" font-size="14">{escape(title)}</text>',
    ]
    parts += _axes(low, high)
    parts += _lines(low, high)
    parts += _dots(compared, low, high)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _range(outcomes: tuple[Outcome, ...]) -> tuple[float, float]:
    values = [1e3 * o.predicted_s for o in outcomes]
    values += [1e3 * o.question.measured_s for o in outcomes if o.question]
    if not values:
        return 1.0, 100.0
    return 10 ** math.floor(math.log10(min(values))), 10 ** math.ceil(
        math.log10(1.01 * max(values))
    )


def _at(value: float, low: float, high: float) -> float:
    return _SIDE * math.log(value / low) / math.log(high / low)


def _axes(low: float, high: float) -> list[str]:
    drawn = [
        f'<rect x="{_LEFT}" y="{_TOP}" width="{_SIDE}" height="{_SIDE}" fill="none" stroke="#888"/>'
    ]
    tick = low
    while tick <= high * 1.001:
        at = _at(tick, low, high)
        x, y = _LEFT + at, _TOP + _SIDE - at
        drawn += [
            f'<path d="M{x:.1f} {_TOP}V{_TOP + _SIDE}M{_LEFT} {y:.1f}H{_LEFT + _SIDE}" stroke="#ddd"/>',
            f'<text x="{x:.1f}" y="{_TOP + _SIDE + 18}" text-anchor="middle">{tick:g}</text>',
            f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{tick:g}</text>',
        ]
        tick *= 10
    middle = _TOP + _SIDE / 2
    return [
        *drawn,
        (
            f'<text x="{_LEFT + _SIDE / 2}" y="{_TOP + _SIDE + 40}" text-anchor="middle">'
            "measured, ms for one output token</text>"
        ),
        (
            f'<text x="20" y="{middle}" text-anchor="middle" transform="rotate(-90 20 {middle})">'
            "predicted, ms for one output token</text>"
        ),
    ]


def _lines(low: float, high: float) -> list[str]:
    """The diagonal, and 25 % to either side, cut at the frame."""
    found = []
    for factor, dash in (
        (1.0, ""),
        (1.25, ' stroke-dasharray="4 4"'),
        (0.8, ' stroke-dasharray="4 4"'),
    ):
        start, end = max(low, low / factor), min(high, high / factor)
        x1, x2 = (_LEFT + _at(x, low, high) for x in (start, end))
        y1, y2 = (_TOP + _SIDE - _at(factor * x, low, high) for x in (start, end))
        found.append(f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="#444"{dash}/>')
    return found


def _dots(outcomes: tuple[Outcome, ...], low: float, high: float) -> list[str]:
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        assert outcome.question is not None
        groups.setdefault(outcome.question.part_id, []).append(outcome)
    drawn = []
    for index, (name, members) in enumerate(sorted(groups.items(), key=lambda g: -len(g[1]))):
        colour = _COLOURS[min(index, _MOST_GROUPS - 1)]
        path = "".join(_dot(outcome, low, high) for outcome in members)
        drawn.append(
            f'<path d="{path}" stroke="{colour}" stroke-width="4" stroke-linecap="round"/>'
        )
        errors = errors_of([o.error for o in members])
        assert errors.median_ape is not None
        x, y = _LEFT + _SIDE + 16, _TOP + 12 + 18 * index
        drawn += [
            f'<circle cx="{x}" cy="{y - 4}" r="4" fill="{colour}"/>',
            (
                f'<text x="{x + 10}" y="{y}">{escape(name)}: {errors.rows}, '
                f"{100 * errors.median_ape:.1f} %</text>"
            ),
        ]
    return drawn


def _dot(outcome: Outcome, low: float, high: float) -> str:
    assert outcome.question is not None
    x = _LEFT + _at(1e3 * outcome.question.measured_s, low, high)
    y = _TOP + _SIDE - _at(1e3 * outcome.predicted_s, low, high)
    return f"M{x:.1f} {y:.1f}h0"
