"""The bars of what moves cost and speed: where they stand, how long they are, what they are made of."""

import math

import pytest

from infecon_tui.solve import solve
from infecon_tui.spec.scenario_file import default_scenario, edited
from infecon_tui.tui.acts.tornado import tornado_lines
from infecon_tui.tui.widgets.cells import joined
from infecon_tui.tui.widgets.two_sided import FANCY, PLAIN, largest, two_sided
from infecon_tui.view.sensitivity import turned
from infecon_tui.view.swings import swings


@pytest.fixture(scope="module", params=["published", "deployment"])
def seen(request):
    return turned(solve(edited(default_scenario(), "fidelity", request.param)))


@pytest.mark.parametrize(
    ("sides", "drawn"),
    [
        ((-0.1, 0.1), "░░░░░│█████"),
        ((0.1, -0.1), "█████│░░░░░"),
        ((-0.04, 0.06), "   ░░│███  "),
        ((0.04, 0.1), "     │░░███"),
        ((0.1, 0.04), "     │██░░░"),
        ((0.0, 0.0), "     │     "),
        ((math.nan, 0.1), "     │█████"),
    ],
)
def test_bars_stand_to_both_sides_of_the_line(sides, drawn):
    assert joined(two_sided(sides, 0.1, 11, FANCY)) == drawn


def test_letters_where_there_is_no_more():
    assert joined(two_sided((-0.1, 0.1), 0.1, 7, PLAIN)) == "---|###"


def test_the_longest_side_fills_its_half_and_what_does_not_fit_counts_nothing():
    assert largest([(-0.1, 0.02), (math.nan, 0.05)]) == 0.1
    assert largest([(math.nan, math.nan)]) == 0.0
    assert joined(two_sided((0.0, 0.0), 0.0, 5, FANCY)) == "  │  "


@pytest.mark.parametrize("width", [56, 76, 92, 109, 110, 116, 196, 300])
def test_lines_of_bars_are_of_one_length_and_fit(seen, width):
    lines = [joined(line) for line in tornado_lines(seen, width)]
    bars = [line for line in lines if FANCY.line in line]
    assert len(bars) == len(seen.found.effects)
    assert len({len(line) for line in bars}) == 1
    assert len(bars[0]) <= width
    columns = {line.index(FANCY.line) for line in bars}
    assert len(columns) == 1


def test_plain_letters_throughout(seen):
    lines = [joined(line) for line in tornado_lines(seen, 76, ascii_only=True)]
    assert not {"█", "░", "│", "→"} & set("".join(lines))


def test_the_largest_comes_first(seen):
    bars = swings(seen.found)
    widest = [
        max(abs(side) for side in (*bar.cost, *bar.speed) if not math.isnan(side)) for bar in bars
    ]
    assert widest == sorted(widest, reverse=True)
    lines = [joined(line) for line in tornado_lines(seen, 120) if FANCY.line in joined(line)]
    for bar, line in zip(bars, lines, strict=True):
        assert line.startswith(bar.label[:18])
