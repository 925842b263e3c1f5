"""Tables over the explorer: compared, sorted, narrowed and picked from."""

import math

import pytest
from driver import explorer

from infecon_tui.knobs import at
from infecon_tui.tui.screens.figure import FigureScreen
from infecon_tui.tui.screens.table import TableScreen, text_of
from infecon_tui.tui.widgets.cells import joined

pytestmark = pytest.mark.usefixtures("alone")


async def begun(it, key):
    """The table as it first comes, with what is known by then."""
    it.burst(key)
    for _ in range(1500):
        await it.pilot.pause(0.02)
        # On top before its widgets are: a key pressed between would meet none of them.
        top = it.app.top
        if isinstance(top, TableScreen) and top.table.is_mounted and top.told.size.height:
            return top
    raise AssertionError("no table came")


async def opened(it, key):
    sheet = await begun(it, key)
    await it.until(lambda: sheet.complete)
    return sheet


def told(sheet):
    """What stands under a table."""
    line = sheet.told
    lines = range(line.size.height)
    return " ".join(joined(line._further(y) if y else line._pieces()).strip() for y in lines)


async def test_rows_come_bit_by_bit_and_the_cursor_stays_on_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr("infecon_tui.tui.acts.overs.BIT_S", 0.0)
    async with explorer(tmp_path) as it:
        sheet = await begun(it, "a")
        first = len(sheet.all.rows)
        assert not sheet.complete
        assert " so far; esc stops" in told(sheet)
        name = sheet.table.table.rows[sheet.table.row][0]
        assert name == "h100-sxm"
        await it.until(lambda: len(sheet.all.rows) > first + 3)
        it.burst("down")
        name = sheet.table.table.rows[sheet.table.row][0]
        await it.until(lambda: sheet.complete)
        assert sheet.table.table.rows[sheet.table.row][0] == name
        assert "so far" not in told(sheet)
        costs = [row[1] for row in sheet.all.values if row[1] is not None]
        assert costs == sorted(costs)


async def test_the_scenarios_own_row_ends_in_the_middle(tmp_path):
    async with explorer(tmp_path) as it:
        view = (await opened(it, "M")).table
        assert view.row == view.seen.chosen
        assert view.cursor - view.top == view._height // 2


async def test_a_comparison_that_is_left_stops(tmp_path, monkeypatch):
    monkeypatch.setattr("infecon_tui.tui.acts.overs.BIT_S", 0.0)
    async with explorer(tmp_path) as it:
        sheet = await begun(it, "M")
        it.burst("escape")
        await it.pilot.pause(0.5)
        before = len(sheet.all.rows)
        await it.pilot.pause(0.5)
        assert len(sheet.all.rows) == before < 100
        assert it.app.top is it.main


async def test_a_click_on_a_heading_sorts_by_it_and_again_turns_it_round(tmp_path):
    async with explorer(tmp_path) as it:
        sheet = await opened(it, "a")
        names = [column.title for column in sheet.all.columns]
        speed = names.index("speed")
        x = joined([*sheet.table._cells(names, "text")]).index("speed") + 4
        await it.pilot.click(offset=(x, 1))
        assert (sheet.table.seen.column, sheet.table.seen.descending) == (speed, False)
        await it.pilot.click(offset=(x, 1))
        assert (sheet.table.seen.column, sheet.table.seen.descending) == (speed, True)


async def test_what_is_cut_of_a_row_is_told_under_the_table(tmp_path):
    async with explorer(tmp_path, size=(80, 24)) as it:
        sheet = await opened(it, "T")
        row = next(row for row in sheet.all.rows if len(row[5]) > 30)
        it.burst(*["down"] * sheet.all.rows.index(row))
        assert told(sheet) == f"{row[0]}: {row[5]}"


@pytest.mark.parametrize("suffix", ["csv", "json", "txt", "svg"])
async def test_the_rows_over_the_explorer_are_written(tmp_path, monkeypatch, suffix):
    monkeypatch.chdir(tmp_path)
    async with explorer(tmp_path) as it:
        sheet = await opened(it, "a")
        it.burst("W", "ctrl+u", *f"rows.{suffix}", "enter")
        assert "saved" in told(sheet)
        assert "b200-sxm" in (tmp_path / f"rows.{suffix}").read_text()
        it.burst("W", "ctrl+u", *f"rows.{suffix}", "enter")
        assert "Overwrite it?" in told(sheet)
        it.burst("n", "escape")
        assert it.app.top is it.main
        await it.keys("O")
        assert "no file was saved or opened yet" in it.status


async def test_an_accelerator_is_found_among_all_and_taken(tmp_path):
    async with explorer(tmp_path) as it:
        sheet = await opened(it, "a")
        assert len(sheet.table.table.rows) > 40
        it.burst("/", *"b200-sxm", "enter")
        assert [row[0] for row in sheet.table.table.rows] == ["b200-sxm"]
        it.burst("enter")
        await it.settled()
        assert it.scenario.hardware.id == "b200-sxm"
        await it.keys("u")
        assert it.scenario.hardware.id == "h100-sxm"


async def test_a_filter_without_a_match_says_so_and_goes_away(tmp_path):
    async with explorer(tmp_path) as it:
        sheet = await opened(it, "a")
        every = len(sheet.table.table.rows)
        it.burst("/", *"nosuchthing")
        assert not sheet.table.table.rows
        assert "no row holds nosuchthing" in sheet.table.table.note
        it.burst("ctrl+u", "enter")
        assert len(sheet.table.table.rows) == every


async def test_every_column_sorts_both_ways_with_the_empty_below(tmp_path):
    async with explorer(tmp_path) as it:
        sheet = await opened(it, "a")
        view = sheet.table
        for column in range(len(view.table.columns)):
            it.burst("s")
            for _ in range(2):
                values = [view.table.values[row][column] for row in view.seen.order]
                known = [value for value in values if value is not None]
                assert values[: len(known)] == known
                assert known == sorted(known, reverse=view.seen.descending)
                it.burst("S")


async def test_a_layout_is_taken_as_pins(tmp_path):
    async with explorer(tmp_path) as it:
        sheet = await opened(it, "T")
        best = sheet.all.rows[0]
        it.burst("enter")
        await it.settled()
        layout = it.scenario.layout
        assert layout.gpus == int(best[1])
        assert layout.tp * layout.pp * layout.dp == layout.gpus
        assert "fast" not in it.status
        assert text_of(sheet.all).startswith("Which layout")


async def test_fidelities_stand_beside_each_other_and_a_model_is_taken(tmp_path):
    async with explorer(tmp_path) as it:
        own = it.scenario.model.id
        sheet = await opened(it, "I")
        assert sheet.all.rows[0][0] == own
        other = next(at for at, row in enumerate(sheet.all.rows) if row[0] != own)
        it.burst(*["down"] * other, "enter")
        await it.settled()
        assert it.scenario.model.id == sheet.all.rows[other][0]


MEASURED = """\
model,gpu,engine,n_gpus,tp,batch_or_concurrency,isl,osl,kind,tpot_ms
llama-3.1-8b,h100-sxm,vllm,1,1,16,1024,256,batch,8.1
llama-3.1-8b,h100-sxm,vllm,1,1,64,1024,256,batch,10.2
llama-3.1-70b,h100-sxm,vllm,8,8,16,1024,256,batch,12.5
"""


async def shown(it, kind):
    await it.until(lambda: isinstance(it.app.top, kind) and it.app.top.is_mounted)
    return it.app.top


async def test_measurements_are_dots_beside_the_line_of_equals(tmp_path):
    (tmp_path / "mine.csv").write_text(MEASURED)
    async with explorer(tmp_path) as it:
        it.burst("v", *"mine.csv", "enter")
        over = await shown(it, FigureScreen)
        figure = over.plot.figure
        assert sum(len(one.x) for one in figure.series if one.dots) == 3
        assert figure.series[-1].label == "equal"
        it.burst("escape")
        await it.settled()
        assert it.app.top is it.main


@pytest.mark.parametrize("key", ["v", "@", "#"])
async def test_measurements_that_are_not_there_are_said(tmp_path, key):
    async with explorer(tmp_path) as it:
        it.burst(key, *"gone.csv", "enter")
        await it.until(lambda: "gone.csv: no such file" in it.status)


async def test_measurements_stand_beside_the_frontier_and_become_the_scenario(tmp_path):
    (tmp_path / "mine.csv").write_text(MEASURED)
    async with explorer(tmp_path) as it:
        it.burst("@", *"mine.csv", "enter")
        over = await shown(it, FigureScreen)
        lines = [one.label for one in over.plot.figure.series]
        assert lines[0] == "frontier llama-3.1-8b, context 1152"
        assert len(lines) == 4
        it.burst("b")
        sheet = await shown(it, TableScreen)
        assert [row[0] for row in sheet.all.rows] == ["2", "3", "4"]
        it.burst("end", "enter")
        await it.until(lambda: it.app.top is it.main)
        await it.settled()
        assert it.scenario.model.id == "llama-3.1-70b"
        assert (it.scenario.layout.tp, it.scenario.layout.batch) == (8, 16)
        assert (it.scenario.workload.isl_tok, it.scenario.workload.osl_tok) == (1024, 256)
        await it.keys("u")
        assert it.scenario.layout.tp is None


async def test_the_rows_of_a_validation_are_sorted_by_error_and_one_is_taken(tmp_path):
    (tmp_path / "mine.csv").write_text(MEASURED)
    async with explorer(tmp_path) as it:
        it.burst(":", *"validate mine.csv", "enter")
        await shown(it, FigureScreen)
        it.burst("b")
        sheet = await shown(it, TableScreen)
        errors = [
            row[sheet.all.columns.index(column)]
            for row in sheet.all.values
            for column in sheet.all.columns
            if column.key == "error"
        ]
        assert [abs(math.log1p(e)) for e in errors] == sorted(
            (abs(math.log1p(e)) for e in errors), reverse=True
        )
        model = sheet.all.rows[0][1]
        it.burst("enter")
        await it.until(lambda: it.app.top is it.main)
        await it.settled()
        assert it.scenario.model.id == model


async def test_a_validation_tells_where_the_error_of_its_groups_comes_from(tmp_path):
    slow = MEASURED + "".join(
        f"{model},h100-sxm,vllm,1,1,{batch},1024,256,batch,{tpot}\n"
        for model, tpot in (("qwen3-8b", 29), ("llama-3.2-3b", 25), ("qwen3-4b", 3))
        for batch in (1, 8)
    )
    (tmp_path / "mine.csv").write_text(slow)
    async with explorer(tmp_path) as it:
        it.burst("v", *"mine.csv", "enter")
        await shown(it, FigureScreen)
        it.burst("x")
        sheet = await shown(it, TableScreen)
        assert sheet.all.key == "missed"
        group = sheet.all.rows[0]
        assert group[:3] == ("gpu", "h100-sxm", "9")
        assert group[5] == "nothing stands out"
        it.burst("escape", "escape")
        await it.until(lambda: it.app.top is it.main)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("NVIDIA H200, 143771, 700.00", "1 × NVIDIA H200 on this machine"),
        ("NVIDIA H999, 1, 1", "NVIDIA H999: not in the catalogue"),
        ("", "no accelerator found"),
    ],
)
async def test_the_accelerators_of_this_machine_are_taken(tmp_path, monkeypatch, line, said):
    program = tmp_path / "nvidia-smi"
    program.write_text(f"#!/bin/sh\necho '{line}'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    async with explorer(tmp_path) as it:
        first = it.scenario
        it.burst("$")
        await it.until(lambda: said in it.status)
        await it.settled()
        if "H200" in line:
            assert it.scenario.hardware.id == "h200-sxm"
            assert it.scenario.goal.gpus_at_hand == 1
            await it.keys("u")
        assert it.scenario == first


async def test_a_machine_is_fitted_to_measurements_of_it(tmp_path):
    rows = [f"llama-3.1-8b,h100-sxm,vllm,1,1,{2**n},1024,256,batch,{12 + n}" for n in range(8)]
    (tmp_path / "mine.csv").write_text("\n".join([MEASURED.splitlines()[0], *rows]) + "\n")
    async with explorer(tmp_path) as it:
        first = it.scenario
        it.burst("#", *"mine.csv", "enter")
        sheet = await shown(it, TableScreen)
        moved = {row[0]: row[2] for row in sheet.all.rows}
        assert moved
        it.burst("enter")
        await it.settled()
        for path, text in moved.items():
            assert at(it.scenario.hardware, path).text == text
            assert at(first.hardware, path).text != text
        await it.keys("u")
        assert it.scenario == first
        it.burst("#")
        assert it.main.status.question.field.text == "mine.csv"


async def test_a_curve_of_the_paper_is_drawn_beside_the_notebooks(tmp_path):
    async with explorer(tmp_path) as it:
        it.burst("E")
        await shown(it, TableScreen)
        it.burst("/", *"H100, fastest", "enter", "enter")
        over = await shown(it, FigureScreen)
        assert [one.label for one in over.plot.figure.series] == ["notebook", "here"]


async def test_the_points_of_the_frontier_are_narrowed_and_picked(tmp_path):
    async with explorer(tmp_path) as it:
        await it.keys("b")
        view = it.main.table
        every = len(view.table.rows)
        await it.keys("/", *"tp 8", "enter")
        assert 0 < len(view.table.rows) < every
        assert all("TP 8" in " ".join(row) for row in view.table.rows)
        shown = joined(view._title())
        assert f"{len(view.table.rows)} of {every} points with tp 8" in shown
        wanted = view.table.rows[view.seen.order[0]]
        await it.keys("home", "enter")
        picked = it.main.explorer.shown
        assert picked.table.rows[picked.chosen] == wanted
        await it.keys("i", *"/isl", "enter", "right", "b")
        assert view.words == "tp 8"
        await it.keys("/", "escape")
        assert len(view.table.rows) == len(it.main.explorer.shown.table.rows)


async def test_keys_of_a_pane_are_offered_in_place_of_the_screens(tmp_path):
    async with explorer(tmp_path, size=(200, 60)) as it:
        assert "/ find" in it.key_bar
        await it.keys("b")
        assert "/ filter" in it.key_bar
        assert "/ find" not in it.key_bar


@pytest.mark.parametrize("key", ["a", "M", "T"])
async def test_sheets_tell_how_much_dearer_their_rows_are_than_the_pin(tmp_path, key):
    async with explorer(tmp_path) as it:
        await it.keys("A", "a", *"/HBM bandw", "enter", "enter", *"4.8 TB/s", "enter")
        theirs = it.main.explorer.shown.pins[0].answer
        cost = theirs.points.usd_per_mtok[theirs.chosen]
        sheet = await opened(it, key)
        keys = [column.key for column in sheet.all.columns]
        at = keys.index("usd_per_mtok")
        assert sheet.all.columns[at + 1].title == "vs A"
        some = 0
        for row, shown in zip(sheet.all.values, sheet.all.rows, strict=True):
            if isinstance(row[at], float) and math.isfinite(row[at]):
                assert row[at + 1] == pytest.approx(row[at] / cost - 1)
                assert shown[at + 1] == f"{100 * row[at + 1]:+.1f}"
                some += 1
            else:
                assert shown[at + 1] == "–"
        assert some > 3


async def test_sheets_without_a_pin_have_no_such_column(tmp_path):
    async with explorer(tmp_path) as it:
        sheet = await opened(it, "T")
        assert "over_pin" not in [column.key for column in sheet.all.columns]


async def test_a_layout_of_two_pools_is_that_of_its_decoding_instances(tmp_path):
    async with explorer(tmp_path) as it:
        await it.keys(":", *"set layout.pools two", "enter")
        sheet = await opened(it, "T")
        label = sheet.all.rows[0][0]
        assert " → " in label
        await it.keys("enter")
        fixed = it.scenario.layout
        assert f"TP {fixed.tp}" in label.rpartition("→ ")[2]
        assert fixed.gpus == fixed.tp * fixed.pp * fixed.dp
