"""The figures of merit as lines: the decisive ones on every screen, with as much beside them as fits."""

import pytest

from infecon_tui.solve import ON_SCREEN, solve
from infecon_tui.spec.scenario_file import edited, opening_scenario
from infecon_tui.tui.widgets.cells import joined
from infecon_tui.tui.widgets.metric_lines import metric_rows
from infecon_tui.view.headline import headline
from infecon_tui.view.pins import Pinned, with_changes

BASE = opening_scenario()
PIN = Pinned("A", "", solve(BASE, ON_SCREEN))
MOE = edited(edited(BASE, "model", "deepseek-v3"), "hardware", "h200-sxm")


def metrics(scenario, pin=None):
    answer = solve(scenario, ON_SCREEN)
    return with_changes(headline(answer), answer, pin)


def text(some, width, count=2, *, ascii_only=False):
    return "\n".join(joined(row) for row in metric_rows(some, width, count, ascii_only=ascii_only))


SCENARIOS = {
    "opening": BASE,
    "experts": MOE,
    "drafting": edited(edited(MOE, "speculation.heads", "mtp"), "goal.gpus_at_hand", "64"),
    "pools": edited(MOE, "layout.pools", "two"),
    "published": edited(BASE, "fidelity", "published"),
}


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("pin", [None, PIN])
@pytest.mark.parametrize("width", [78, 94, 118, 148, 198])
def test_what_decides_is_seen_at_every_width(name, pin, width):
    some = metrics(SCENARIOS[name], pin)
    seen = text(some, width)
    for metric in some:
        if metric.decisive and metric.key != "layout":
            assert metric.value in seen, metric.key
    assert "TP" in seen
    assert "bound by" in seen
    assert all(len(line.rstrip()) <= width + 1 for line in seen.split("\n"))


def test_room_is_used_for_targets_changes_and_the_rest():
    some = metrics(edited(BASE, "hardware", "h200-sxm"), PIN)
    wide, narrow = text(some, 198), text(some, 78)
    assert "49.5/50 ms" in wide
    assert "MFU" in wide
    assert "49.5 ms" in narrow
    assert "MFU" not in narrow
    assert wide.count("▲") + wide.count("▼") > narrow.count("▲") + narrow.count("▼") > 0


def test_a_target_in_another_unit_names_it():
    assert "0.0498" not in text(metrics(BASE), 198)
    assert "49.2 ms/2 s" in text(
        metrics(edited(edited(BASE, "goal.tpot", "2 s"), "layout.batch", "60")), 198
    )


def test_letters_alone():
    seen = text(metrics(SCENARIOS["drafting"], PIN), 78, ascii_only=True)
    assert not {"▲", "▼", "✓", "…"} & set(seen)
