"""The pane of sections: what it tells, how it is laid out, and what is looked into once the keys pause."""

import pytest
from driver import explorer

from infecon_tui.tui.late import PAUSE_S
from infecon_tui.tui.widgets.cells import joined
from infecon_tui.tui.widgets.section import Section, frame_of, section_lines

BARS = (("weights", 0.6, "6 ms"), ("messages", 0.2, "2 ms"), ("bubbles", 0.0, "0 s"))
SWINGS = (("price", (-0.1, 0.1), "+10", "0"), ("HBM bandwidth", (0.05, -0.04), "-4.0", "+4.2"))


def lines_of(section, width=40, **frame):
    made = section_lines(section, frame_of((section,), width, ascii_only=False, **frame))
    return [joined(line) for line in made]


def test_the_longest_bar_fills_its_room_and_the_others_follow():
    _, first, second, third = lines_of(Section(title="Time", bars=BARS))
    full, part = first.count("█"), second.count("█")
    assert 0 < part < full
    assert full == pytest.approx(3 * part, abs=3)
    assert " 60%" in first
    assert "█" not in third


def test_where_there_is_little_room_bars_of_nothing_are_left_out():
    assert not [
        line for line in lines_of(Section(title="Time", bars=BARS), brief=True) if "bub" in line
    ]
    hidden = Section(title="Time", bars=(("arithmetic", 0.0, "(3 ms)"),))
    assert len(lines_of(hidden, brief=True)) == 2


@pytest.mark.parametrize("width", [34, 37, 46, 60, 120])
def test_every_line_fits_and_ends_where_the_heads_do(width):
    section = Section(
        title="What moves it", note="+10 %", swings=SWINGS, heads=("cost %", "speed"),
        choices=(("weights > fp8", "-20", "+26"), ("KV cache > a rather long name > fp8", "no fit", "")),
    )  # fmt: skip
    made = lines_of(section, width)
    assert len({len(line) for line in made}) == 1
    assert len(made[0]) <= width
    assert "weights → fp8" in made[3]


def test_lines_of_layouts_leave_out_a_clause_before_they_are_cut():
    rows = (("TP 4", "2.39", "best"), ("TP 2 · PP 2", "10.5", "65 % dearer, 18 % faster"))
    made = lines_of(Section(title="Layouts", lines=rows, hint="3 more"), 36)
    assert made[1].startswith("  TP 4         2.39  best")
    assert made[2].endswith("  65 % dearer")
    assert made[3] == "  3 more"
    wide = lines_of(Section(title="Layouts", lines=rows), 60)
    assert wide[2].endswith("65 % dearer, 18 % faster")
    pools = (("3× TP 1 · PP 2 · DP 4 → 1× TP 1 · DP 8", "1.01", "best"),)
    assert "…" in lines_of(Section(title="Layouts", lines=pools), 40)[1]


# In the explorer


async def test_what_moves_the_cost_is_told_once_the_keys_pause(tmp_path):
    async with explorer(tmp_path, size=(120, 36)) as it:
        why = it.main.why
        await it.until(lambda: titled(why, "What moves it"))
        assert titled(why, "Layouts").lines[0][2] == "best"
        before = titled(why, "What moves it").swings
        await it.keys("/", *"HBM bandw", "enter", "right")
        assert titled(why, "What moves it").note == "of the answer before"
        await it.until(lambda: titled(why, "What moves it").note == "+10 %")
        assert titled(why, "What moves it").swings != before


async def test_nothing_is_looked_into_for_a_pane_that_is_not_seen(tmp_path):
    async with explorer(tmp_path, size=(120, 36)) as it:
        await it.keys("b")
        await it.until(lambda: not it.main.explorer.display.late.busy)
        found = it.main.explorer.display.late.found
        await it.keys("i", "/", *"HBM bandw", "enter", "right")
        await it.pilot.pause(2 * PAUSE_S)
        assert it.main.explorer.display.late.found is found


async def test_a_value_that_cannot_be_is_warned_of_at_its_row(tmp_path):
    async with explorer(tmp_path, size=(120, 36)) as it:
        await it.keys("/", *"TP", "enter", "3", "enter")
        assert it.main.grid.row.path == "layout.tp"
        assert "does not divide" in it.main.grid.row.warning
        assert it.main.headline.subject.warned == 1
        await it.keys("u")
        assert not it.main.grid.lines.rows["layout.tp"].warning
        assert it.main.headline.subject.warned == 0


def titled(why, title):
    return next((section for section in why.sections if section.title == title), None)
