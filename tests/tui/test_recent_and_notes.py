"""Recent files, name and notes, driven through Textual's pilot."""

import pytest
from driver import explorer

from infecon_tui.spec.scenario_file import default_scenario, edited, load_scenario, scenario_yaml
from infecon_tui.tui.widgets.cells import joined

BANDWIDTH = (*"/HBM bandw", "enter", "enter", *"5 TB/s", "enter")
ESC = "escape"


pytestmark = pytest.mark.usefixtures("alone")


def title(it):
    return joined(it.main.headline._identity())


async def test_recent_files_are_listed_narrowed_and_opened(tmp_path):
    for name, gpus in (("one", "8"), ("two", "16"), ("three", "32")):
        text = scenario_yaml(edited(default_scenario(), "layout.gpus", gpus))
        (tmp_path / f"{name}.yaml").write_text(text)
    async with explorer(tmp_path) as it:
        it.burst("O")
        assert "no file was saved or opened yet" in it.status
        for name in ("one", "two", "three"):
            await it.keys("o", *f"{name}.yaml", "enter")
        (tmp_path / "two.yaml").unlink()
        before = it.scenario
        it.burst("O")
        await it.pilot.pause()
        lines = [joined(it.app.top.list._choice(index)) for index in range(3)]
        assert [
            name in line for name, line in zip(("three", "two", "one"), lines, strict=True)
        ] == [True] * 3
        assert "missing" in lines[1]
        it.burst("down", "down", "enter")
        await it.settled()
        assert it.app.top is it.main
        assert it.scenario.layout.gpus == 8
        await it.keys("u")
        assert it.scenario == before
        await it.keys("O", *"three", "enter")
        assert it.main.files.recent.newest == tmp_path / "three.yaml"
        await it.keys("O", *"two.y", "enter")
        assert "no such file" in it.status
        await it.keys("O", *"zzzz", "enter", ESC)
        assert it.app.top is it.main


async def test_a_click_moves_in_the_list_and_then_takes(tmp_path):
    async with explorer(tmp_path) as it:
        await it.keys("w", "ctrl+u", *"a.yaml", "enter", *BANDWIDTH)
        await it.keys("w", "ctrl+u", *"b.yaml", "enter")
        it.burst("O")
        await it.pilot.pause()
        await it.pilot.click(offset=(10, 5))
        assert it.app.top.list.place == 1
        await it.pilot.click(offset=(10, 5))
        await it.settled()
        assert it.app.top is it.main
        assert it.scenario == load_scenario(tmp_path / "a.yaml")


async def test_the_copied_result_holds_the_comparison(tmp_path):
    async with explorer(tmp_path) as it:
        await it.keys("A", "a", *BANDWIDTH)
        await it.keys("c")
        lines = it.app.clipboard.splitlines()
        assert "A\tllama-3.1-70b × h100-sxm" in lines
        assert "\tnow\tA" in lines


async def test_a_file_of_the_command_line_is_recent(tmp_path):
    (tmp_path / "mine.yaml").write_text(scenario_yaml(default_scenario()))
    async with explorer(tmp_path, scenario="mine.yaml") as it:
        assert it.main.files.recent.files == (tmp_path / "mine.yaml",)
    async with explorer(tmp_path, scenario="gone.yaml") as it:
        assert it.main.files.recent.files == (tmp_path / "mine.yaml",)


async def test_name_and_notes_are_kept_in_the_file(tmp_path):
    async with explorer(tmp_path) as it:
        first = it.scenario
        await it.keys("R", *"chat, eight GPUs", "enter")
        await it.keys("K", *"asked: by mail # 3", "enter")
        assert (it.scenario.name, it.scenario.notes) == ("chat, eight GPUs", "asked: by mail # 3")
        assert "chat, eight GPUs" in title(it)
        assert "changed" not in title(it)
        await it.keys("w", "ctrl+u", *"kept.yaml", "enter")
        assert load_scenario(tmp_path / "kept.yaml") == it.scenario
        assert (tmp_path / "kept.yaml").read_text().splitlines()[1] == "name: chat, eight GPUs"
        await it.keys("A", "enter")
        assert it.main.explorer.board.at("A").name == "chat, eight GPUs"
        await it.keys("u", "u")
        assert it.scenario == first
        await it.keys("U", "U", "D")
        assert it.scenario.notes == "asked: by mail # 3"
        it.burst("K")
        assert "asked: by mail # 3" in it.status
        await it.keys("ctrl+u", "enter")
        assert it.scenario.notes == ""


async def test_name_and_notes_are_rows_too(tmp_path):
    async with explorer(tmp_path) as it:
        await it.keys(*"/notes", "enter", "enter", *"a remark", "enter")
        assert it.scenario.notes == "a remark"
        assert it.main.grid.row.text == "a remark"


async def test_notes_of_several_lines_are_shown_on_one_and_kept_unless_changed(tmp_path):
    text = 'schema: infecon/scenario/1\nmodel: llama-3.1-70b\nhardware: h100-sxm\nnotes: "a\\n\\e[31mb"\n'
    (tmp_path / "lines.yaml").write_text(text)
    async with explorer(tmp_path, scenario="lines.yaml") as it:
        notes = it.scenario.notes
        assert notes == "a\n\x1b[31mb"
        it.burst("K")
        assert "a [31mb" in it.status
        await it.keys("enter")
        assert it.scenario.notes == notes
        await it.keys(*"/notes", "enter", "enter", "enter")
        assert it.scenario.notes == notes
