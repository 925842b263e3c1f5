"""What the explorer does, driven through Textual's pilot: keys, clicks and sizes, without a terminal."""

import csv
import json

import pytest
from driver import explorer

from infecon_tui.spec.scenario_file import default_scenario, load_scenario
from infecon_tui.tui.answers import Ask, Newest
from infecon_tui.tui.widgets.cells import joined
from infecon_tui.tui.work import start
from infecon_tui.view.describe import setup

SIZES = [(80, 24), (120, 36), (200, 60), (60, 16), (40, 10), (97, 25), (151, 30), (260, 90)]
pytestmark = pytest.mark.usefixtures("alone")


async def test_an_edit_with_units_undone_and_redone(tmp_path):
    async with explorer(tmp_path) as it:
        first = it.scenario
        await it.keys(*"/HBM bandw", "enter", "enter", *"4800 GB/s", "enter")
        assert it.scenario.hardware.hbm.bandwidth_Bps == 4.8e12
        edited = it.scenario
        await it.keys("u")
        assert it.scenario == first
        assert "3.35 TB/s" in it.status
        await it.keys("u")
        assert "nothing to undo" in it.status
        await it.keys("U")
        assert it.scenario == edited
        await it.keys("d")
        assert it.scenario == first


async def test_steps_of_one_row_are_one_undo(tmp_path):
    async with explorer(tmp_path) as it:
        first = it.scenario
        await it.keys(*"/HBM bandw", "enter", "right", "right", "right")
        assert it.scenario.hardware.hbm.bandwidth_Bps > first.hardware.hbm.bandwidth_Bps
        await it.keys("u")
        assert it.scenario == first


async def test_what_cannot_be_is_refused_and_the_text_stays(tmp_path):
    async with explorer(tmp_path) as it:
        first = it.scenario
        await it.keys(*"/HBM bandw", "enter", "enter", *"3.35 Gb/s", "enter")
        assert it.main.grid.edit.field.text == "3.35 Gb/s"
        assert "bits" in it.main.grid.edit.fault
        assert it.scenario == first
        await it.keys("escape")
        assert it.main.grid.edit is None
        assert it.scenario == first


async def test_bursts_of_printable_and_bound_keys_keep_their_order(tmp_path):
    async with explorer(tmp_path) as it:
        it.burst(*"/HBM bandw", "enter", *"12", "left", *"3", "enter")
        assert it.scenario.hardware.hbm.bandwidth_Bps == 132e12
        it.burst("enter", *"456", "backspace", "backspace", *"7", "home", "delete", "enter")
        assert it.scenario.hardware.hbm.bandwidth_Bps == 7e12
        it.burst("u", "u", *"/layers", "enter", *"64", "down", "up")
        assert it.scenario.hardware.hbm.bandwidth_Bps == 3.35e12
        assert it.main.grid.row.label == "layers"
        await it.settled()


async def test_keys_right_after_one_that_opens_a_page(tmp_path):
    async with explorer(tmp_path) as it:
        it.burst("question_mark", "down", "down", "pagedown", "G", "g", "j")
        await it.pilot.pause()
        assert it.app.top is not it.main
        it.burst("escape")
        await it.settled()
        assert it.app.top is it.main


async def test_a_model_is_found_by_some_of_its_letters(tmp_path):
    async with explorer(tmp_path) as it:
        await it.keys("m", *"dsv3", "enter")
        assert it.scenario.model.id == "deepseek-v3"
        await it.keys("g", *"h200", "enter")
        assert it.scenario.hardware.id.startswith("h200")
        await it.keys("m", *"no such model", "enter", "escape")
        assert it.scenario.model.id == "deepseek-v3"


async def test_of_two_drafters_the_last_one_stays(tmp_path):
    async with explorer(tmp_path) as it:
        it.app.main.explorer.edit("speculation.heads", "eagle")
        await it.keys("p", *"llama-3.2-1b", "enter")
        assert it.scenario.speculation.draft.id == "llama-3.2-1b"
        assert it.scenario.speculation.heads == "none"
        await it.keys(*"/heads", "enter", "enter", *"mtp", "enter")
        assert it.scenario.speculation.heads == "mtp"
        assert it.scenario.speculation.draft is None
        await it.keys("u")
        assert it.scenario.speculation.drafter == "model"


async def test_another_fidelity_changes_the_answer(tmp_path):
    async with explorer(tmp_path) as it:
        before = it.main.headline.metrics
        await it.keys(*"/fidelity", "enter", "enter", *"toy", "enter")
        assert it.scenario.fidelity == "toy"
        assert it.main.headline.metrics != before


async def test_a_point_of_the_table_is_shown_everywhere(tmp_path):
    async with explorer(tmp_path, size=(200, 60)) as it:
        before = it.main.headline.metrics
        await it.keys("b", "home", "enter")
        assert it.main.headline.metrics != before
        assert it.main.headline.subject.remark == "chosen point"
        figure = it.main.plots["plot"].figure
        assert any("chosen" in mark.label for mark in figure.marks)
        await it.keys("enter")
        assert it.main.headline.metrics == before


async def test_what_moves_cost_and_speed_is_a_page(tmp_path):
    async with explorer(tmp_path, published=True, size=(80, 24)) as it:
        it.burst("X")
        await it.until(lambda: it.app.top is not it.main)
        page = it.app.top.page
        await it.until(lambda: page._lines is not page.lines)
        text = page.text
        assert text.startswith("Bound by ")
        assert "more HBM bandwidth gives" in text
        assert all(len(joined(line)) <= 80 - 4 for line in page._lines)
        rows = [line for line in text.splitlines() if "│" in line]
        assert any(line.startswith("price") and line.endswith("+10       0") for line in rows)
        assert any(line.startswith("HBM bandwidth") for line in rows)
        it.burst("escape")
        await it.settled()
        assert it.app.top is it.main


async def test_a_wide_page_has_bars_of_speed_and_a_chosen_point_its_own(tmp_path):
    async with explorer(tmp_path, size=(200, 60)) as it:
        await it.keys("b", "home", "enter")
        tpot = next(m for m in it.main.headline.metrics if m.key == "tpot")
        it.burst("X")
        await it.until(lambda: it.app.top is not it.main)
        lines = it.app.top.page.text.splitlines()
        assert any(f"At TPOT {tpot.value} {tpot.unit}" in line for line in lines)
        assert next(line for line in lines if line.startswith("price")).count("│") == 2


async def test_asked_backwards_and_put_in_as_an_edit(tmp_path):
    async with explorer(tmp_path, published=True) as it:
        first = it.scenario
        await it.keys(*"/HBM bandw", "enter", "Q")
        assert "HBM bandwidth for" in it.status
        it.burst(*"tpot 4ms", "enter")
        await it.until(lambda: it.main.status.question is not None)
        assert it.status.strip().startswith("Put in ")
        assert "reaches TPOT 4 ms: " in it.status
        assert it.key_bar == "y yes n no esc cancel"
        await it.keys("enter")
        assert it.scenario.hardware.hbm.bandwidth_Bps > first.hardware.hbm.bandwidth_Bps
        await it.keys("u")
        assert it.scenario == first


@pytest.mark.parametrize("answer", ["n", "escape", "x"])
async def test_an_answer_that_is_not_taken_changes_nothing(tmp_path, answer):
    async with explorer(tmp_path) as it:
        first = it.scenario
        await it.keys(*"/price", "enter", "Q", *"cost 0.1", "enter")
        await it.until(lambda: it.main.status.question is not None)
        await it.keys(answer)
        assert it.scenario == first


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("20ms", "tpot 20ms, speed 60, cost 0.5"),
        ("tpot", "expected a quantity in s"),
        ("cost x", "USD/Mtok"),
        ("cost -1", "above 0"),
        ("ttft 1s", "only the deployment"),
        ("sped 9", "did you mean 'speed'?"),
        ("speed 99999", "No value of HBM bandwidth reaches"),
    ],
)
async def test_a_target_that_cannot_be_is_said(tmp_path, text, says):
    async with explorer(tmp_path, published=True, size=(200, 60)) as it:
        first = it.scenario
        await it.keys(*"/HBM bandw", "enter", "Q", *text, "enter")
        await it.until(lambda: says in it.status)
        assert it.scenario == first


async def test_only_numbers_are_asked_for(tmp_path):
    async with explorer(tmp_path) as it:
        await it.keys(*"/fidelity", "enter", "Q")
        assert "is not a number" in it.status
        await it.keys("home", "Q")
        assert "go to a number" in it.status
        await it.keys(*"/GPUs", "enter", "Q")
        assert it.main.status.question is None


async def test_sorting_keeps_the_cursor_on_its_point(tmp_path):
    async with explorer(tmp_path) as it:
        await it.keys("b", "down")
        table = it.main.table
        row = table.row
        await it.keys("s", "s", "S")
        assert table.row == row
        costs = [table.table.values[i][1] for i in table.seen.order]
        assert costs == sorted(costs, reverse=True)


async def test_what_is_saved_opens_as_the_same(tmp_path):
    async with explorer(tmp_path) as it:
        await it.keys("m", *"qwen3-235b", "enter", *"/HBM bandw", "enter", *"5", "enter")
        await it.keys(*"/context", "enter", *"32k", "enter", *"/GPUs", "enter", *"16", "enter")
        saved = it.scenario
        it.burst("w", "ctrl+u")
        it.text("kept.yaml")
        await it.keys("enter")
        assert "saved" in it.status
        assert load_scenario(tmp_path / "kept.yaml") == saved
        await it.keys("D", "m", *"llama-3.1-8b", "enter")
        assert it.scenario != saved
        it.burst("o")
        it.text("kept.yaml")
        await it.keys("enter")
        assert it.scenario == saved


async def test_a_file_in_the_way_is_asked_about(tmp_path):
    target = tmp_path / "mine.yaml"
    target.write_text("mine\n")
    async with explorer(tmp_path) as it:
        for answer in ("n", "enter", "escape", "x"):
            it.burst("w", "ctrl+u", *"mine.yaml", "enter")
            assert "exists. Overwrite it?" in it.status
            assert it.key_bar == "y yes n no esc cancel"
            await it.keys(answer)
            assert target.read_text() == "mine\n"
        await it.keys("w", "ctrl+u", *"mine.yaml", "enter", "y")
        assert load_scenario(target) == it.scenario


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("gone.yaml", "no such file"),
        ("folder", "is a directory"),
        ("/dev/zero", "is not a file"),
        ("text.yaml", "text.yaml:1"),
        ("empty.yaml", "empty.yaml"),
    ],
)
async def test_what_cannot_be_opened_is_said_and_changes_nothing(tmp_path, name, says):
    (tmp_path / "folder").mkdir()
    (tmp_path / "text.yaml").write_text("just text\n")
    (tmp_path / "empty.yaml").write_text("")
    async with explorer(tmp_path) as it:
        before = it.scenario
        await it.keys("o", *name, "enter")
        assert says in it.status
        assert it.scenario == before


async def test_many_faults_of_a_file_are_a_page(tmp_path):
    (tmp_path / "bad.yaml").write_text(
        "schema: infecon/scenario/1\nmodel: llama-3.1-70b\nhardware: h100-sxm\n"
        "workload: {contxt: 2k}\nlayout: {gpus: -4, batch: nan}\n"
    )
    async with explorer(tmp_path, size=(80, 24)) as it:
        it.burst("o", *"bad.yaml", "enter")
        await it.pilot.pause()
        text = it.app.top.page.text
        assert text.count("bad.yaml:") == 3
        assert all(len(joined(line)) <= 80 - 4 for line in it.app.top.page._lines)
        it.burst("escape")
        await it.settled()


async def test_a_line_that_is_cut_says_so(tmp_path):
    async with explorer(tmp_path, size=(80, 24)) as it:
        await it.keys(*"/HBM bandw", "enter", "right")
        assert len(it.status) <= 80
        assert it.status.endswith("…")
        await it.keys("r", "right")
        bottom = "".join(cell for cell, _ in it.main.plots["plot"]._rows[-1])
        assert bottom.rstrip().endswith(("T", "…"))


async def test_a_view_is_drawn_though_its_place_was_known_before_its_layout(tmp_path):
    async with explorer(tmp_path, size=(80, 24)) as it:
        plot, places = it.main.plots["plot"], it.main._compositor
        await it.until(lambda: plot._warm)
        it.burst("r")
        places._full_map_invalidated = True
        it.main._arrangement_cache.clear()
        assert plot in places.full_map
        await it.settled()
        assert plot._rows


async def test_a_click_moves_edits_and_picks(tmp_path):
    async with explorer(tmp_path, size=(200, 60)) as it:
        grid = it.main.grid
        line = grid.lines.spot("hardware.hbm.bandwidth").line - grid.top
        offset = (grid.region.x + 8, grid.region.y + line)
        await it.pilot.click(offset=offset)
        assert grid.cursor == "hardware.hbm.bandwidth"
        await it.pilot.click(offset=offset)
        assert grid.edit is not None
        table = it.main.table.region
        await it.pilot.click(offset=(table.x + 8, table.y + 5))
        assert it.main.wish.active == "table"
        assert grid.edit is None
        plot = it.main.plots["plot2"].region
        await it.pilot.click(offset=(plot.x + 8, plot.y + 5))
        assert it.main.wish.active == "plot2"


async def test_pasted_text_is_a_value(tmp_path):
    async with explorer(tmp_path) as it:
        await it.keys(*"/HBM bandw", "enter")
        it.app.top.paste("4.5\nTB/s")
        await it.keys("enter")
        assert it.scenario.hardware.hbm.bandwidth_Bps == 4.5e12


async def test_copies_go_to_the_clipboard_and_to_a_file(tmp_path):
    async with explorer(tmp_path) as it:
        await it.keys("y")
        copied = tmp_path / "state" / "scenario.yaml"
        assert str(copied)[:40] in it.status
        assert it.app.clipboard == copied.read_text()
        assert load_scenario(copied) == it.scenario
        await it.keys("c")
        assert "USD/Mtok" in it.app.clipboard
        assert it.app.clipboard == (tmp_path / "state" / "result.txt").read_text()


async def test_the_crosshair_reads_a_point_of_the_line(tmp_path):
    async with explorer(tmp_path) as it:
        await it.keys("f", "home")
        plot = it.main.plots["plot"]
        line = plot.figure.series[plot.cross[0]]
        bottom = "".join(cell for cell, _ in plot._rows[-1])
        assert f"{line.x[0]:.4g}".rstrip("0") in bottom
        assert line.names[0] == setup(it.main.explorer.shown.answer.points, 0)
        assert line.names[0] in bottom
        await it.keys("end", "right")
        assert plot.cross[1] == len(line.x) - 1


async def test_the_crosshair_follows_the_mouse_over_the_plot_that_has_the_keys(tmp_path):
    async with explorer(tmp_path, size=(200, 60)) as it:
        plot = it.main.plots["plot"]
        figure = plot.figure
        number = next(n for n, series in enumerate(figure.series) if not series.dashed)

        def spot(point):
            series = figure.series[number]
            x, y = plot._frame.cell(series.x[point], series.y[point])
            return plot.region.x + x, plot.region.y + y

        await it.pilot.hover(offset=spot(3))
        assert plot.cross is None
        await it.pilot.click(offset=spot(3))
        await it.settled()
        assert it.main.wish.active == "plot"
        assert plot.cross == (number, 3)
        await it.pilot.hover(offset=spot(20))
        await it.settled()
        assert plot.cross == (number, 20)
        assert figure.series[number].names[20] in "".join(cell for cell, _ in plot._rows[-1])


async def test_sizes_in_quick_succession(tmp_path):
    async with explorer(tmp_path) as it:
        await it.keys("r")
        for size in SIZES * 2:
            await it.pilot.resize_terminal(*size)
        await it.pilot.resize_terminal(120, 36)
        await it.settled()
        assert it.main.wish.active in it.main.plan
        await it.pilot.resize_terminal(200, 60)
        await it.settled()
        assert it.main.plots["plot2"].figure is not None


async def test_the_session_comes_back_with_its_past(tmp_path):
    async with explorer(tmp_path) as it:
        first = it.scenario
        await it.keys("m", *"dsv3", "enter", "t", "r")
        second = it.scenario
        it.main.files.save_session()
    async with explorer(tmp_path) as it:
        assert it.scenario == second
        assert it.app.look.shade == "light"
        assert it.main.wish.active == "plot"
        for _ in range(200):
            await it.pilot.pause(0.02)
            if it.main.explorer.history.past:
                break
        await it.keys("u")
        assert it.scenario == first


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[]",
        '{"schema": "infecon/session/99"}',
        '{"schema": "infecon/session/1", "x": 1}',
        "\0",
    ],
)
async def test_a_session_that_is_not_one_is_kept_aside(tmp_path, content):
    file = tmp_path / "state" / "session.json"
    file.parent.mkdir()
    file.write_text(content)
    async with explorer(tmp_path) as it:
        assert "cannot be read" in it.status
    assert file.with_suffix(".damaged.json").read_text() == content


async def test_a_session_of_a_model_that_is_gone_is_kept_aside(tmp_path):
    async with explorer(tmp_path) as it:
        it.main.files.save_session()
    file = tmp_path / "state" / "session.json"
    tree = json.loads(file.read_text())
    tree["scenario"] = tree["scenario"].replace("llama-3.1-70b", "llama-of-mine")
    file.write_text(json.dumps(tree))
    async with explorer(tmp_path) as it:
        it.main.files.save_session()
    assert "llama-of-mine" in file.with_suffix(".damaged.json").read_text()
    assert "llama-of-mine" not in file.read_text()


async def test_a_choice_says_what_it_would_change(tmp_path):
    async with explorer(tmp_path, size=(200, 60)) as it:
        cost = next(m.value for m in it.main.headline.metrics if m.key == "cost")
        it.burst("m", *"qwen3-235b")
        await it.until(lambda: "qwen3-235b-a22b  cost" in it.status)
        said = it.status
        assert "▼" in said
        assert next(m.value for m in it.main.headline.metrics if m.key == "cost") == cost
        it.burst("escape")
        await it.settled()
        assert "Enter picks another" in it.status
        await it.keys("m", *"qwen3-235b", "enter")
        cost = next(m.value for m in it.main.headline.metrics if m.key == "cost")
        assert f"cost {cost} USD/Mtok" in said


async def test_what_has_no_answer_says_so_in_every_pane(tmp_path):
    (tmp_path / "odd.yaml").write_text(
        "schema: infecon/scenario/1\nmodel: minimax-m1\nhardware: h100-sxm\nfidelity: paper\n"
    )
    async with explorer(tmp_path, scenario="odd.yaml") as it:
        assert "layers of several kinds" in it.main.explorer.display.trouble
        assert "layers of several kinds" in it.main.plots["plot"].figure.note
        await it.keys("x")
        assert it.main.why.sections[0].title == "Why there is no answer"
        await it.keys(":", *"fidelity deployment", "enter")
        assert it.main.plots["plot"].figure.series


async def test_a_row_of_the_answer_before_is_not_chosen(tmp_path):
    async with explorer(tmp_path) as it:
        await it.keys("b")
        it.burst(":", *"set layout.gpus 1", "enter", "down", "enter")
        await it.settled()
        assert it.main.explorer.picked is None
        assert "Does not fit" in it.main.explorer.shown.verdict


async def test_the_view_that_has_the_keys_tells_how_to_read_it(tmp_path):
    async with explorer(tmp_path) as it:
        await it.keys("f")
        assert "left: large batches, cheap" in it.status
        await it.keys("x")
        assert "the longest bar is what to change" in it.status
        await it.keys("i", "down")
        assert "preset" in it.status


async def test_groups_that_finding_opens_in_passing_are_folded_again(tmp_path):
    async with explorer(tmp_path, size=(120, 36)) as it:
        before = it.main.grid.folded
        assert {"layout", "kernels"} <= before
        await it.keys("/", *"TPOT t", "enter")
        assert it.main.grid.row.path == "goal.tpot"
        assert it.main.grid.folded == before
        await it.keys("/", *"TP", "escape")
        assert it.main.grid.folded == before
        await it.keys("/", *"prompt chunk", "enter")
        assert it.main.grid.folded == before - {"layout"}


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
async def test_a_first_screen_shows_what_is_set_most(tmp_path, size):
    async with explorer(tmp_path, size=size) as it:
        grid = it.main.grid
        seen = {name for names in grid.lines.cells[: grid.size.height] for name in names}
        rows = {"model", "model.precision.weights", "hardware", "hardware.hbm.bandwidth"}
        assert rows | {"workload.isl", "workload.osl", "goal.tpot"} <= seen
        await it.keys("z")
        await it.keys("q")
    async with explorer(tmp_path, size=size) as it:
        assert len(it.main.grid.folded) == len(it.main.grid.groups)


@pytest.mark.parametrize(
    ("words", "shows"),
    [
        ("llama-3.1-70b", "find"),
        ("h100-sxm", "find"),
        ("1 changed", "What differs from the specs"),
        ("Memory", "beside the weights"),
        ("Why", "Where the time goes"),
    ],
)
async def test_names_and_tabs_at_the_top_are_clicked(tmp_path, words, shows):
    async with explorer(tmp_path) as it:
        await it.keys(*"/HBM bandw", "enter", "right")
        lines = [joined(line) for line in it.main.headline._lines()]
        row = next(y for y, line in enumerate(lines) if words in line)
        await it.pilot.click(offset=(lines[row].index(words) + 1, row))
        await it.until(lambda: shows in shown_on(it))


def shown_on(it):
    """The whole screen as text."""
    strips = it.app.screen._compositor.render_strips()
    return "\n".join(strip.text for strip in strips)


async def test_work_beside_the_keys_tells_nobody_of_what_it_works_on(tmp_path):
    """Textual makes a worker's description of all that its arguments hold, where it is given none."""

    class Large:
        told = 0

        def __repr__(self):
            Large.told += 1
            return ""

    async def work(large):
        Large.done = large

    async with explorer(tmp_path) as it:
        start(it.main, work, Large(), group="some")
        await it.until(lambda: hasattr(Large, "done"))
        assert Large.told == 0


async def test_what_moves_cost_is_written_as_a_table_and_help_as_text(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    async with explorer(tmp_path) as it:
        await it.keys("X")
        await it.until(lambda: it.app.top is not it.main)
        await it.keys("W", *(["backspace"] * 40), *"moves.csv", "enter")
        rows = list(csv.DictReader((tmp_path / "moves.csv").read_text().splitlines()))
        assert "hardware.price" in [row["path"] for row in rows]
        await it.keys("W", *(["backspace"] * 40), *"moves.svg", "enter")
        assert (tmp_path / "moves.svg").read_text().startswith("<svg")
        await it.keys("W", *(["backspace"] * 40), *"moves.docx", "enter")
        assert "docx" in joined(it.app.top.told._pieces())
        await it.keys("escape", "?")
        await it.until(lambda: it.app.top is not it.main)
        await it.keys("W", "enter")
        assert "TPOT" in (tmp_path / "infecon-help.txt").read_text()


async def test_an_answer_that_comes_when_the_explorer_has_ended_is_dropped(tmp_path):
    done = []

    class Gone:
        is_attached = False

    newest = Newest(Gone(), done.append)
    newest._wanted = Ask(default_scenario(), None, ())
    await newest._work()
    assert done == []
    Gone.is_attached = True
    newest._wanted = Ask(default_scenario(), None, ())
    await newest._work()
    assert len(done) == 1
