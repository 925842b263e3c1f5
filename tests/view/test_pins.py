"""Pinned scenarios beside the one on screen."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infecon_tui.solve import ON_SCREEN, solve
from infecon_tui.spec.scenario_file import default_scenario, edited
from infecon_tui.view.beside import (
    apart,
    costs_beside,
    frontier_beside,
    merits_beside,
    times_beside,
    words_of,
)
from infecon_tui.view.compare import row_of, table_of
from infecon_tui.view.headline import headline
from infecon_tui.view.pins import MERITS, Pinned, change, overlaid, with_changes
from infecon_tui.view.plots.figures import FIGURES
from infecon_tui.view.plots.thinning import MOST_POINTS

BASE = default_scenario()
DEPLOYED = edited(
    edited(edited(BASE, "fidelity", "deployment"), "workload.isl", "2k"), "workload.osl", "256"
)
DRAFTED = edited(edited(DEPLOYED, "speculation.heads", "eagle"), "layout.pp", "1")
OTHER = edited(BASE, "hardware", "h200-sxm")
IMPOSSIBLE = edited(edited(BASE, "model", "llama-3.1-405b"), "layout.gpus", "1")


def pinned(letter, scenario):
    return Pinned(letter, scenario.hardware.id, solve(scenario, ON_SCREEN))


@pytest.mark.parametrize(
    ("before", "after", "better", "sign", "text", "tone"),
    [
        (2.0, 1.0, -1, -1, "50 %", "good"),
        (2.0, 1.0, 1, -1, "50 %", "bad"),
        (2.0, 2.2, -1, 1, "10 %", "bad"),
        (2.0, 2.1, 0, 1, "5.0 %", "plain"),
        (1.0, 4.0, 1, 1, "×4", "good"),
        (100.0, 5.0, -1, -1, "÷20", "good"),
        (3.0, 3.0, 1, 0, "=", "muted"),
        (0.0, 0.0, 1, 0, "=", "muted"),
        (0.0, 1.0, -1, 1, "∞", "bad"),
        (1.0, 0.0, -1, -1, "∞", "good"),
    ],
)
def test_how_far_a_number_is_from_another(before, after, better, sign, text, tone):
    found = change(before, after, better)
    assert (found.sign, found.text, found.tone) == (sign, text, tone)


@given(st.floats(1e-6, 1e6), st.floats(1.001, 1e6))
def test_more_of_what_is_better_is_good_and_back_is_bad(value, factor):
    there, back = change(value, value * factor, 1), change(value * factor, value, 1)
    assert (there.sign, there.tone) == (1, "good")
    assert (back.sign, back.tone) == (-1, "bad")
    assert change(value, value * factor, -1).tone == "bad"
    assert change(value, value * factor, 0).tone == "plain"


@pytest.mark.parametrize(
    "scenario", [BASE, DEPLOYED, DRAFTED], ids=["published", "deployment", "drafted"]
)
@pytest.mark.parametrize("key", FIGURES)
def test_a_pin_lies_under_the_lines_of_every_figure(key, scenario):
    answer, pin = solve(scenario, ON_SCREEN), pinned("B", edited(scenario, "hardware", "h200-sxm"))
    own = FIGURES[key].build(answer)
    both = overlaid(own, (pin,))
    if own.note:
        assert scenario is not DRAFTED
        assert both == own
        return
    theirs = [line for line in both.series if line.pin]
    if not own.series:
        assert (theirs, bool(own.note)) == ([], True)
        return
    assert theirs
    assert [line for line in both.series if not line.pin] == list(own.series)
    assert both.series[: len(theirs)] == tuple(theirs)
    for line in theirs:
        assert (line.label, line.pin, line.dashed) == ("B", "B", True)
        assert len(line.x) <= MOST_POINTS
    alone = FIGURES[key].build(pin.answer)
    assert {(line.x, line.y) for line in theirs} <= {(line.x, line.y) for line in alone.series}
    mark = next(m for m in both.marks if m.pin)
    chosen = next(m for m in alone.marks if m.glyph == "●")
    assert (mark.x, mark.y, mark.glyph, mark.letter) == (chosen.x, chosen.y, "B", "B")


def test_one_roof_is_drawn_once():
    answer = solve(BASE, ON_SCREEN)
    own = FIGURES["roofline"].build(answer)
    same = overlaid(own, (pinned("A", edited(BASE, "workload.context", "32k")),))
    other = overlaid(own, (pinned("A", OTHER),))
    assert sum(line.pin == "A" for line in same.series) == 1
    assert sum(line.pin == "A" for line in other.series) == 2


def test_a_pin_that_does_not_fit_has_no_line_and_says_so():
    answer, pin = solve(BASE, ON_SCREEN), pinned("A", IMPOSSIBLE)
    figure = FIGURES["frontier"].build(answer)
    assert not pin.fits
    assert overlaid(figure, (pin,)) == figure
    assert with_changes(headline(answer), answer, pin) == headline(answer)
    table = merits_beside(answer, (pin,), "A").table
    cells = {row[0]: row[1:] for row in table.rows}
    assert cells["fits"] == ("yes", "no")
    assert cells["USD/Mtok"][1] == "–"


def test_the_lines_of_pins_are_seen_where_the_scenario_has_none():
    nothing = solve(IMPOSSIBLE, ON_SCREEN)
    figure = overlaid(FIGURES["frontier"].build(nothing), (pinned("A", BASE),))
    assert [line.pin for line in figure.series] == ["A"]


def test_against_itself_nothing_changes():
    answer = solve(BASE, ON_SCREEN)
    for metric in with_changes(headline(answer), answer, Pinned("A", "", answer)):
        assert (metric.change is not None) == (metric.key in MERITS)
        assert metric.change is None or metric.change.text == "="


def test_metrics_against_a_pin_are_those_of_both_points():
    now, then = (replace(solve(s, ON_SCREEN)) for s in (OTHER, BASE))
    told = {m.key: m.change for m in with_changes(headline(now), now, Pinned("A", "", then))}
    ratio = now.points.usd_per_mtok[now.chosen] / then.points.usd_per_mtok[then.chosen]
    expected = change(1.0, float(ratio), -1)
    assert told["cost"] == expected
    assert told["layout"] is None


def test_only_a_deployment_tells_of_the_first_token():
    for scenario, known in ((BASE, False), (DEPLOYED, True)):
        labels = [
            row[0]
            for row in merits_beside(solve(scenario), (pinned("A", scenario),), "A").table.rows
        ]
        assert ("TTFT ms" in labels) is known
        assert labels[0] == "USD/Mtok"


def test_every_cell_of_the_comparison_is_short():
    huge = edited(edited(BASE, "model", "llama-3.1-8b"), "layout.batch", "4096")
    table = merits_beside(solve(huge), (pinned("A", BASE), pinned("B", OTHER)), "A").table
    assert len(table.columns) == 4
    assert all(len(cell) <= 5 for row in table.rows for cell in row[1:])
    assert not any(math.isnan(float(c)) for c in table.rows[0][1:])


def test_the_changes_stand_beside_the_lines_they_belong_to():
    now, pin = solve(OTHER, ON_SCREEN), pinned("A", BASE)
    table, changes = merits_beside(now, (pin,), "A")
    told = dict(zip((row[0] for row in table.rows), changes, strict=True))
    headlines = {m.key: m.change for m in with_changes(headline(now), now, pin)}
    assert told["USD/Mtok"] == headlines["cost"]
    assert told["GB/GPU"] == headlines["memory"]
    assert told["fits"] is None
    assert merits_beside(now, (pin,), "B").changes == ()


def test_the_times_of_pins_stand_beside_those_of_the_scenario():
    now, pin = solve(DEPLOYED, ON_SCREEN), pinned("A", edited(DEPLOYED, "hardware", "h200-sxm"))
    table, changes = times_beside(now, (pin,), "A")
    ours = {row[0]: float(row[1]) for row in table.rows}
    assert sum(ours.values()) == pytest.approx(1e3 * float(now.points.tpot_s[now.chosen]), rel=0.01)
    told = dict(zip((row[0] for row in table.rows), changes, strict=True))
    assert told["weights"].tone == "bad"
    assert times_beside(now, (pin,), "").changes == ()
    assert times_beside(solve(IMPOSSIBLE, ON_SCREEN), (pin,), "A") is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ""),
        ({"hardware": "h200-sxm"}, "h100-sxm"),
        ({"hardware.hbm.bandwidth": "4 TB/s"}, "HBM bandwidth 3.35 TB/s"),
        ({"engine": "sglang", "goal.tpot": "20 ms"}, "engine vllm, TPOT target 50 ms"),
        ({"speculation.heads": "eagle"}, "heads none"),
        ({"name": "another"}, ""),
    ],
)
def test_a_pin_says_what_was_put_in_otherwise(changes, words):
    there = edited(DEPLOYED, "goal.tpot", "50 ms")
    here = there
    for path, text in changes.items():
        here = edited(here, path, text)
    assert apart(there, here) == words
    told = words_of(replace(pinned("A", there), apart=apart(there, here)))
    assert told.startswith("TP ")
    assert told.endswith(f"; {words or 'as now'}")


def test_every_point_is_told_beside_the_pins_cheapest_as_fast():
    now = solve(DEPLOYED, ON_SCREEN)
    faster, same = pinned("A", edited(DEPLOYED, "hardware", "b200-sxm")), pinned("B", DEPLOYED)
    table = frontier_beside(now, faster)
    place = [column.title for column in table.columns].index("vs A")
    speeds, costs = ([row[n] for row in table.values] for n in (0, 1))
    theirs = faster.answer.points
    for speed, cost, over in zip(speeds, costs, (row[place] for row in table.values), strict=True):
        least = min(
            c for c, s in zip(theirs.usd_per_mtok, theirs.speed_tok_s, strict=True) if s >= speed
        )
        assert over == pytest.approx(cost / least - 1)
    assert {row[place] for row in frontier_beside(now, same).rows} == {"+0.0"}
    back = frontier_beside(faster.answer, same)
    assert back.rows[-1][place] == "–"
    assert frontier_beside(now, None) == frontier_beside(now, pinned("C", IMPOSSIBLE))


def test_of_a_pin_that_costs_nothing_no_cost_is_told_relatively():
    free = edited(DEPLOYED, "hardware.price", "0 USD/h")
    pin = Pinned("A", "free", solve(free, ON_SCREEN))
    table = frontier_beside(solve(DEPLOYED, ON_SCREEN), pin)
    assert {row[2] for row in table.values if table.columns[2].key == "over_pin"} == {None}
    assert (
        costs_beside(table_of([row_of(DEPLOYED, DEPLOYED.hardware)], parts=True), pin).values[0][2]
        is None
    )


def test_costs_at_an_unknown_price_are_not_compared():
    unknown = edited(DEPLOYED, "hardware.price", "none")
    pin = Pinned("A", "unknown", solve(unknown, ON_SCREEN))
    now = solve(DEPLOYED, ON_SCREEN)
    keys = [column.key for column in frontier_beside(now, pin).columns]
    assert "over_pin" not in keys
    cost = next(metric for metric in with_changes(headline(now), now, pin) if metric.key == "cost")
    assert cost.change is None


def test_a_draft_that_only_one_of_two_has_is_told_by_its_name():
    drafting = edited(DEPLOYED, "speculation.draft", "llama-3.2-1b")
    assert apart(DEPLOYED, drafting) == "draft model none"
    assert apart(drafting, DEPLOYED) == "draft model llama-3.2-1b"
