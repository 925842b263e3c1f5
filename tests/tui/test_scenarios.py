"""Pins and what differs, driven through Textual's pilot."""

import json

import pytest
from driver import explorer

from infecon_tui.tui.widgets.cells import joined

BANDWIDTH = (*"/HBM bandw", "enter", "enter", *"5 TB/s", "enter")
SOONER = (*"/TPOT target", "enter", "enter", *"20 ms", "enter")
ESC = "escape"


pytestmark = pytest.mark.usefixtures("alone")


def letters(it):
    return [pin.letter for pin in it.main.explorer.board.pins]


def title(it):
    return joined(it.main.headline._identity())


def metrics(it):
    return "\n".join(joined(row) for row in it.main.headline._rows(2))


def why(it):
    return "\n".join(joined(line) for line in it.main.why._lines)


def seen(it):
    return "\n".join(joined(line) for line in it.main.why._seen())


async def page(it):
    """Waits for a page and gives its text."""
    for _ in range(300):
        await it.pilot.pause(0.02)
        if it.app.top is not it.main:
            return it.app.top
    raise AssertionError("no page came")


async def test_enter_takes_the_first_free_letter_and_a_letter_takes_itself(tmp_path):
    async with explorer(tmp_path) as it:
        it.burst("A")
        assert "pin a-d [a]" in it.status
        assert it.key_bar.startswith("a-d pin now")
        await it.keys("enter")
        await it.keys("A", "c")
        it.burst("A")
        assert "[b]" in it.status
        assert "llama" in it.status
        await it.keys("enter")
        assert letters(it) == ["A", "B", "C"]
        it.burst("A", ESC, "A", "7")
        assert letters(it) == ["A", "B", "C"]
        assert it.main.status.question is None


async def test_a_pin_stays_as_it_was_and_is_gone_back_to(tmp_path):
    async with explorer(tmp_path) as it:
        first = it.scenario
        await it.keys("A", "a", *BANDWIDTH)
        second = it.scenario
        assert it.main.explorer.board.at("A").scenario == first
        await it.keys("A", "A")
        assert it.scenario == first
        await it.keys("u")
        assert it.scenario == second
        it.burst("A", "D")
        assert "nothing is pinned as D" in it.status


async def test_a_letter_in_use_is_replaced_said_and_brought_back(tmp_path):
    async with explorer(tmp_path) as it:
        first = it.scenario
        await it.keys("A", "a", *BANDWIDTH, "A", "a")
        assert "in place of llama-3.1-70b × h100-sxm" in it.status
        assert it.main.explorer.board.at("A").scenario == it.scenario
        await it.keys("A", "z")
        assert it.main.explorer.board.at("A").scenario == first
        await it.keys("A", "x", "a")
        assert letters(it) == []
        await it.keys("A", "z")
        assert letters(it) == ["A"]


async def test_deltas_are_told_against_the_first_pin_or_another(tmp_path):
    async with explorer(tmp_path) as it:
        assert "▼" not in metrics(it)
        await it.keys("A", "a")
        assert " =" in metrics(it)
        await it.keys(*BANDWIDTH)
        assert "▼" in metrics(it)
        await it.keys("A", "b")
        assert "A▸" in title(it)
        await it.keys("A", "v", "b")
        assert "B▸" in title(it)
        assert "▼" not in metrics(it)
        await it.keys("A", "v", "enter")
        assert "B▸" in title(it)


@pytest.mark.parametrize("key", ["f", "r", "B", "P", "C"])
async def test_pins_are_in_every_plot(tmp_path, key):
    async with explorer(tmp_path) as it:
        await it.keys("A", "a", *SOONER, key)
        plot = it.main.plots["plot"]
        rows = ["".join(cell for cell, _ in row) for row in plot._rows]
        assert "╺╸ A" in rows[0] + rows[1]
        assert any(role == "pinA" for row in plot._rows[2:] for _, role in row)
        await it.keys("A", "x", "a")
        assert not any(role == "pinA" for row in plot._rows for _, role in row)


@pytest.mark.parametrize("key", ["f", "r", "B", "P", "C"])
@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_the_legend_of_four_pins_fits(tmp_path, key, size):
    async with explorer(tmp_path, size=size) as it:
        for part in ("h200-s", "b200-s", "mi300", "h100-s"):
            await it.keys("A", "enter", "g", *part, "enter")
        await it.keys(key)
        rows = it.main.plots["plot"]._rows
        head = "".join(cell for cell, _ in rows[0]) + "".join(cell for cell, _ in rows[1])
        assert [f"╺╸ {letter}" in head for letter in "ABCD"] == [True] * 4
        own = [line.label for line in it.main.plots["plot"].figure.series if not line.pin]
        assert all(label in head for label in own)


async def test_all_pins_beside_the_scenario(tmp_path):
    async with explorer(tmp_path, size=(200, 60)) as it:
        await it.keys("A", "a", *BANDWIDTH, "A", "b", "g", *"h200-s", "enter", "A", "c", "A", "d")
        lines = why(it).splitlines()
        assert lines[1].split() == ["now", "A", "B", "C", "D"]
        assert lines[2].split()[0] == "USD/Mtok"
        assert len(lines[2].split()) == 6
        cost = next(m.value for m in it.main.headline.metrics if m.key == "cost")
        assert lines[2].split()[1] == lines[2].split()[4] == cost


async def test_what_does_not_fit_beside_the_comparison_is_reached_by_scrolling(tmp_path):
    async with explorer(tmp_path) as it:
        await it.keys("A", "a", "A", "b", "x")
        height = it.main.why.size.height
        total = len(it.main.why._lines)
        assert total > height
        assert f"{total - height + 1} more lines" in seen(it)
        await it.keys("down")
        assert "Compare" not in seen(it)
        await it.keys("pagedown", "end")
        assert "more lines" not in seen(it)
        assert seen(it).splitlines()[-1] == joined(it.main.why._lines[-1])
        await it.keys("pagedown", "A", "x", "a", "A", "x", "b")
        assert it.main.why.top <= max(0, len(it.main.why._lines) - height)
        await it.keys("pageup", "home")
        assert it.main.why.top == 0


async def test_a_long_name_leaves_room_for_the_pins(tmp_path):
    async with explorer(tmp_path, size=(80, 24)) as it:
        await it.keys("R", *("a long name " * 9), "enter", *BANDWIDTH, "A", "a", "A", "b")
        line = title(it)
        assert len(line) == 80
        assert "A▸" in line
        assert " B" in line
        assert "changed" in line


async def test_a_pin_that_does_not_fit_says_so(tmp_path):
    async with explorer(tmp_path, size=(200, 60)) as it:
        await it.keys("m", *"llama-3.1-405b", "enter", *"/GPUs", "enter", "1", "enter", "A", "a")
        await it.keys("D", "m", *"llama-3.1-70b", "enter")
        assert "A▸✗" in title(it)
        assert "Why A has no answer" in why(it)
        assert "Does not fit" in why(it)
        assert "▼" not in metrics(it)


async def test_pins_come_back_with_the_session(tmp_path):
    async with explorer(tmp_path) as it:
        await it.keys("A", "b", *BANDWIDTH, "A", "d", "A", "v", "d")
        board = it.main.explorer.board
        it.main.files.save_session()
    async with explorer(tmp_path) as it:
        assert it.main.explorer.board == board
        assert "D▸" in title(it)
        assert " =" in metrics(it)
    async with explorer(tmp_path, fresh=True) as it:
        assert letters(it) == []


async def test_one_damaged_pin_is_dropped_with_a_message(tmp_path):
    async with explorer(tmp_path) as it:
        await it.keys("A", "a", "A", "b", "A", "c")
        it.main.files.save_session()
    file = tmp_path / "state" / "session.json"
    tree = json.loads(file.read_text())
    tree["pins"][1]["scenario"] = "schema: infecon/scenario/1\n"
    file.write_text(json.dumps(tree))
    async with explorer(tmp_path, size=(200, 60)) as it:
        assert letters(it) == ["A", "C"]
        assert "left out of the pins of the last session: B:" in it.status


async def test_pins_do_not_stand_in_the_way_of_undo(tmp_path):
    async with explorer(tmp_path) as it:
        first = it.scenario
        await it.keys(*BANDWIDTH, "A", "a", "u")
        assert it.scenario == first
        await it.keys("U")
        assert it.scenario == it.main.explorer.board.at("A").scenario


async def test_what_differs_from_a_pin(tmp_path):
    async with explorer(tmp_path) as it:
        it.burst("%")
        shown = await page(it)
        assert "What differs from the specs" in joined(shown.told._pieces())
        assert "nothing differs" in shown.page.text
        it.burst(ESC)
        await it.settled()
        await it.keys("A", "a", *BANDWIDTH)
        it.burst("%", "a")
        text = (await page(it)).page.text
        assert "HBM bandwidth" in text
        assert "3.35 TB/s → 5 TB/s" in text
        assert "hardware.hbm.bandwidth" in text
        assert "cost" in text
        assert "-" in text.splitlines()[4]
        it.burst(ESC)
        await it.keys("A", "b")
        it.burst("%")
        assert "what differs from [a]" in it.status
        it.burst("b")
        assert "nothing differs" in (await page(it)).page.text
        it.burst(ESC)
        await it.settled()


async def test_what_differs_from_the_file_last_saved(tmp_path):
    async with explorer(tmp_path, size=(200, 60)) as it:
        await it.keys("w", "ctrl+u", *"mine.yaml", "enter", *BANDWIDTH)
        it.burst("%")
        assert "what differs from [f]" in it.status
        it.burst("enter")
        shown = await page(it)
        assert "mine.yaml" in shown._title
        assert "3.35 TB/s → 5 TB/s" in shown.page.text
        it.burst(ESC)
        await it.settled()
        await it.keys("A", "a")
        it.burst("%", "f")
        assert "mine.yaml" in (await page(it))._title
        it.burst(ESC)
        (tmp_path / "mine.yaml").write_text("no: scenario\n")
        it.burst("%", "f")
        await it.until(lambda: "mine.yaml" in it.status)
        await it.settled()
        it.burst("%", "s")
        assert "the specs" in (await page(it))._title
        it.burst(ESC)
        await it.settled()


async def test_what_the_command_line_begins_with_can_be_undone(tmp_path):
    edits = (("model", "qwen3-32b"), ("workload.isl", "8k"))
    async with explorer(tmp_path, edits=edits) as it:
        scenario = it.main.explorer.scenario
        assert (scenario.model.id, scenario.workload.isl_tok) == ("qwen3-32b", 8000)
        await it.keys("u", "u")
        assert it.main.explorer.scenario.model.id == "llama-3.1-70b"


async def test_a_wrong_value_on_the_command_line_is_told_and_the_rest_opens(tmp_path):
    async with explorer(tmp_path, edits=(("model", "qwen3-33b"),)) as it:
        assert it.main.explorer.scenario.model.id == "llama-3.1-70b"
        assert "did you mean" in it.status
