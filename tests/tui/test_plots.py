"""What stands round the lines of a plot: title, legend, units, ticks."""

import pytest
from rich.cells import cell_len

from infecon_tui.solve import ON_SCREEN, solve
from infecon_tui.spec.scenario_file import scenario_from_yaml
from infecon_tui.tui.widgets.plot.legend import MOST_ROWS, legend_of
from infecon_tui.tui.widgets.plot.paint import paint
from infecon_tui.tui.widgets.plot.sheet import Manner
from infecon_tui.view.pins import Pinned, overlaid
from infecon_tui.view.plots.axes import scale_of, ticks_of
from infecon_tui.view.plots.figures import FIGURES
from infecon_tui.view.records import Axis, Figure, Series

DRAFTING = """\
schema: infecon/scenario/1
model: llama-3.1-70b
hardware: h100-sxm
fidelity: deployment
workload: {isl: 2k, osl: 256, cached: 25 %}
speculation: {heads: eagle, draft_tokens: 1-4}
goal: {tpot: 30 ms, gpus_at_hand: 8}
"""
SIZES = [(57, 16), (77, 18), (80, 18), (100, 24)]


@pytest.fixture(scope="module")
def answers():
    texts = (DRAFTING, DRAFTING.replace("h100-sxm", "h200-sxm"))
    return [solve(scenario_from_yaml(text, "here"), ON_SCREEN) for text in texts]


def lines_of(figure, size, **manner):
    rows = paint(figure, *size, Manner(**manner)).rows
    return ["".join(character for character, _ in row) for row in rows]


@pytest.mark.parametrize("pins", ["", "ABCD"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("key", FIGURES)
def test_every_line_is_told_and_both_axes_say_their_units(answers, key, size, pins):
    now, other = answers
    figure = overlaid(FIGURES[key].build(now), [Pinned(letter, "", other) for letter in pins])
    lines = lines_of(figure, size)
    head = "\n".join(lines[: 1 + MOST_ROWS])
    for axis in (figure.x, figure.y):
        words = f"{axis.label}, {axis.unit}" if axis.unit else axis.label
        assert words in "\n".join(lines)
    for series in figure.series:
        assert series.label in head
    assert all(f"╺╸ {letter}" in head for letter in pins)


def test_a_legend_says_how_many_entries_there_is_no_room_for():
    series = tuple(Series(label=f"accelerator-{n} 12 %", x=(1, 2), y=(1, 2)) for n in range(12))
    figure = Figure(key="k", title="t", x=Axis(label="x"), y=Axis(label="y"), series=series)
    rows = legend_of(figure, Manner(), 60, 78)
    texts = ["".join(text for text, _ in row) for row in rows]
    assert all(cell_len(text) <= 78 for text in texts)
    assert cell_len(texts[0]) <= 60
    assert len(rows) == MOST_ROWS
    told = sum(text.count("accelerator") for text in texts)
    assert texts[-1].endswith(f"+ {12 - told} more")
    assert told >= 8


def test_drafted_tokens_have_whole_ticks_and_gpus_powers_of_two(answers):
    for key, wanted in (("draft", [0, 1, 2, 3, 4]), ("parallelism", [4, 8, 16, 32, 64, 128])):
        figure = FIGURES[key].build(answers[0])
        scale = scale_of(figure.x, [x for series in figure.series for x in series.x])
        assert ticks_of(scale, 9) == pytest.approx(wanted)


def test_powers_of_two_thin_out():
    scale = scale_of(Axis(label="GPUs", ticks="powers of 2"), (1.0, 4096.0))
    assert ticks_of(scale, 5) == pytest.approx([1, 8, 64, 512, 4096])
