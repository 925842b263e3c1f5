"""The `:` line, writing views and launch commands, driven through Textual's pilot."""

import json
import random

import pytest
from driver import explorer

from infecon_tui.spec.scenario_file import load_scenario
from infecon_tui.tui.commands.words import WORDS
from infecon_tui.view.plots.figures import FIGURES

pytestmark = pytest.mark.usefixtures("alone")


async def line(it, text):
    it.burst("colon")
    it.text(text)
    await it.keys("enter")


async def test_a_value_is_set_by_path_and_undone_as_one_step(tmp_path):
    async with explorer(tmp_path) as it:
        first = it.scenario
        await line(it, "set hardware.hbm.bandwidth 3.6 TB/s")
        assert it.scenario.hardware.hbm.bandwidth_Bps == 3.6e12
        assert "HBM bandwidth 3.35 TB/s → 3.6 TB/s" in it.status
        await it.keys("u")
        assert it.scenario == first
        await line(it, "hardware.hbm.bandwidth=4 TB/s")
        await line(it, "context 32k")
        assert it.scenario.workload.context_tok == 32000
        await line(it, "reset bandwidth")
        assert it.scenario.hardware == first.hardware
        await it.keys("u", "u", "u")
        assert it.scenario == first


async def test_specs_fidelity_and_engine_by_their_words(tmp_path):
    async with explorer(tmp_path) as it:
        await line(it, "model qwen3-235b-a22b")
        await line(it, "hardware h200-sxm")
        await line(it, "draft qwen3-0.6b")
        await line(it, "fidelity published")
        await line(it, "fidelity deployment")
        await line(it, "engine sglang")
        scenario = it.scenario
        assert (scenario.model.id, scenario.hardware.id) == ("qwen3-235b-a22b", "h200-sxm")
        assert scenario.speculation.draft.id == "qwen3-0.6b"
        assert (scenario.fidelity, scenario.engine) == ("deployment", "sglang")
        assert len(it.main.explorer.history.past) == 6
        await line(it, "draft none")
        assert it.scenario.speculation.draft is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("modle x", "did you mean 'model'"),
        ("model llama-3.1-71b", "did you mean"),
        ("set hardware.hbm.bandwith 3 TB/s", "did you mean 'hardware.hbm.bandwidth'"),
        ("set hardware.hbm.bandwidth 3 Gb/s", "bits"),
        ("set hardware.hbm.bandwidth", "expected PATH VALUE"),
        ("set", "expected PATH VALUE"),
        ("reset nothing", "no such value"),
        ("view frontir", "did you mean 'frontier'"),
        ("pane nowhere", "pane: expected inputs"),
        ("theme blue", "theme: expected dark | light"),
        ("fidelity deployed", "expected toy | paper | published | deployment"),
        ("write a.gif", ".svg | .png | .txt | .csv | .json"),
        ("launch vlm", "did you mean 'vllm'"),
        ("launch vllm", "choose the deployment fidelity"),
        ("open gone.yaml", "no such file"),
    ],
)
async def test_a_mistake_is_one_line_and_changes_nothing(tmp_path, text, says):
    async with explorer(tmp_path, size=(200, 60), published=True) as it:
        before = it.scenario
        await line(it, text)
        assert says in it.status
        assert it.main.status.message[1] == "bad"
        assert it.scenario == before
        assert it.app.top is it.main


async def test_commands_of_the_registry_by_their_names(tmp_path):
    async with explorer(tmp_path) as it:
        await line(it, "view roofline")
        assert it.main.wish.figures[0] == "roofline"
        await line(it, "context")
        assert it.main.wish.figures[0] == "context"
        await line(it, "pane table")
        assert it.main.wish.active == "table"
        await line(it, "theme light")
        await line(it, "theme light")
        assert it.app.look.shade == "light"
        await line(it, "save kept.yaml")
        assert load_scenario(tmp_path / "kept.yaml") == it.scenario
        await line(it, "model llama-3.1-8b")
        await line(it, "open kept.yaml")
        assert it.scenario.model.id == "llama-3.1-70b"
        await line(it, "undo")
        assert it.scenario.model.id == "llama-3.1-8b"
        it.burst("colon", *"quit", "enter")
        await it.pilot.pause()
    assert it.app.return_code == 0


async def test_a_checkpoint_becomes_the_model(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    config = {
        "model_type": "llama",
        "hidden_size": 4096,
        "intermediate_size": 14336,
        "num_attention_heads": 32,
        "num_hidden_layers": 30,
        "vocab_size": 128256,
    }
    (tmp_path / "mine" / "config.json").write_text(json.dumps(config))
    async with explorer(tmp_path) as it:
        await it.keys("colon", *"model ./mine/config.json", "enter")
        assert (it.scenario.model.id, it.scenario.model.layer_count) == ("mine", 30)
        it.main.files.save_session()
    monkeypatch.chdir("/")
    async with explorer(tmp_path) as it:
        assert it.scenario.model.layer_count == 30


async def test_tab_completes_and_goes_round(tmp_path):
    async with explorer(tmp_path) as it:
        it.burst("colon", *"vie", "tab", *"roo", "tab")
        question = it.main.status.question
        assert question.field.text == "view roofline"
        it.burst("ctrl+u", *"view ")
        seen = []
        for _ in range(len(FIGURES) + 1):
            it.burst("tab")
            seen.append(it.main.status.question.field.text)
        assert seen[0] == seen[-1] == "view frontier"
        assert len(set(seen)) == len(FIGURES)
        it.burst("shift+tab")
        assert it.main.status.question.field.text == seen[-2]
        await it.keys("enter")
        assert it.main.wish.figures[0] == seen[-2].removeprefix("view ")


async def test_the_hint_follows_what_is_typed(tmp_path):
    async with explorer(tmp_path) as it:
        it.burst("colon")
        assert "tab lists the words" in it.status
        assert "tab complete" in it.key_bar
        it.text("model")
        assert "ID: take a model" in it.status
        it.burst("ctrl+u", *"set hardware.hbm.bandwidth ")
        assert "now 3.35 TB/s; takes" in it.status
        it.text("3 Gb/s")
        assert "bits" in it.main.status.question.hint
        it.burst("ctrl+u", *"view fro")
        assert "frontier" in it.status
        assert len(it.status) <= 120
        it.burst("escape")
        await it.settled()
        assert it.main.status.question is None


async def test_earlier_lines_come_back_and_are_kept_with_the_session(tmp_path):
    async with explorer(tmp_path) as it:
        await line(it, "view roofline")
        await line(it, "context 4k")
        it.burst("colon", *"vi", "up")
        field = it.main.status.question.field
        assert it.main.status.question.field.text == "context 4k"
        it.burst("up", "up", "down", "down")
        assert it.main.status.question.field.text == "vi"
        assert field is not it.main.status.question.field
        it.burst("up", "up")
        await it.keys("enter")
        assert it.main.line.past == ["context 4k", "view roofline"]
        it.main.files.save_session()
    kept = json.loads((tmp_path / "state" / "session.json").read_text())
    assert kept["view"]["lines"] == ["context 4k", "view roofline"]
    async with explorer(tmp_path) as it:
        it.burst("colon", "up")
        assert it.main.status.question.field.text == "view roofline"
        it.burst("escape")
        await it.settled()


async def test_a_plot_and_a_table_are_written_by_suffix(tmp_path):
    async with explorer(tmp_path) as it:
        await it.keys("r", "W")
        assert it.main.status.question.field.text == "infecon-roofline.svg"
        await it.keys("enter")
        picture = (tmp_path / "infecon-roofline.svg").read_text()
        assert picture.startswith("<svg")
        assert "llama-3.1-70b on h100-sxm, deployment" in picture
        assert "saved infecon-roofline.svg" in it.status
        await it.keys("f", "W", "ctrl+u", *"f.txt", "enter")
        text = (tmp_path / "f.txt").read_text()
        drawing, _, data = text.partition("\nWhat does speed cost?\n=====")
        assert "What does speed cost?" in drawing
        assert len(drawing.splitlines()) == 30
        assert "cheapest" in data
        await it.keys("b", "W")
        assert it.main.status.question.field.text == "infecon-points.csv"
        await it.keys("enter")
        points = (tmp_path / "infecon-points.csv").read_text().splitlines()
        assert points[0].startswith("tok_s,usd_per_mtok,tpot_s")
        assert len(points) == 1 + len(it.main.explorer.shown.answer.points.tpot_s)
        await it.keys("x", "W", "ctrl+u", *"why.json", "enter")
        why = json.loads((tmp_path / "why.json").read_text())
        assert any(row["quantity"].startswith("time: ") for row in why)
        await it.keys("b")
        await line(it, "write t.txt")
        lines = (tmp_path / "t.txt").read_text().splitlines()
        assert len(lines) == 6 + len(it.main.table.table.rows)
        assert lines[-1] == "llama-3.1-70b on h100-sxm, deployment"


async def test_a_view_is_written_over_a_file_only_when_told(tmp_path):
    target = tmp_path / "mine.svg"
    target.write_text("mine\n")
    async with explorer(tmp_path) as it:
        await line(it, "write mine.svg")
        assert "exists. Overwrite it?" in it.status
        await it.keys("n")
        assert target.read_text() == "mine\n"
        await line(it, "write mine.svg")
        await it.keys("y")
        assert target.read_text().startswith("<svg")


async def test_what_is_written_is_of_the_scenario_of_now(tmp_path):
    async with explorer(tmp_path) as it:
        it.burst("colon", *"model llama-3.1-8b", "enter", "colon", *"write now.svg", "enter")
        assert "llama-3.1-8b on h100-sxm" in (tmp_path / "now.svg").read_text()
        await it.settled()


async def test_the_launch_command_is_a_page_a_copy_and_a_file(tmp_path):
    async with explorer(tmp_path) as it:
        await line(it, "fidelity deployment")
        it.burst("G")
        await it.pilot.pause()
        text = it.app.top.page.text
        assert "vllm serve meta-llama/Llama-3.1-70B-Instruct" in text
        gpus = int(it.main.explorer.shown.answer.points.gpus[it.main.explorer.shown.answer.chosen])
        assert f"llama-3.1-70b on {gpus} x h100-sxm" in text
        it.burst("y")
        assert (tmp_path / "state" / "launch-vllm.sh").read_text() == text == it.app.clipboard
        it.burst("escape")
        await it.settled()
        await line(it, "launch sglang run.sh")
        assert "sglang.launch_server" in (tmp_path / "run.sh").read_text()
        await line(it, "launch here.sh")
        assert "vllm serve" in (tmp_path / "here.sh").read_text()


async def test_a_launch_is_of_the_point_that_was_chosen(tmp_path):
    async with explorer(tmp_path, size=(200, 60)) as it:
        await line(it, "fidelity deployment")
        await it.keys("b", "home", "enter")
        answer = it.main.explorer.shown.answer
        await line(it, "launch vllm run.sh")
        batch = int(answer.points.batch[answer.chosen])
        assert f"--max-num-seqs {batch}" in (tmp_path / "run.sh").read_text()


@pytest.mark.parametrize("seed", range(2))
async def test_no_lines_end_it(tmp_path, seed):
    chance = random.Random(seed)
    words = [*(word.name for word in WORDS), "undo", "redo", "compare", "find", "help", "W", "G"]
    values = [
        "",
        "3",
        "auto",
        "frontier",
        "a.svg",
        "a.yaml",
        "deepseek-v3",
        "h200-sxm",
        "deployment",
    ]
    async with explorer(tmp_path, size=(80, 24)) as it:
        for _ in range(60):
            it.burst("colon", *chance.choice(words), *chance.choice(["", " "]))
            it.burst(*chance.choice([("tab",), ("up",), ("tab", "tab"), ("down",), ()]))
            it.text(chance.choice(values))
            it.burst(*chance.choice([("enter",), ("escape",), ("tab", "enter")]))
            await it.pilot.pause()
            it.burst("escape", "escape")
            await it.pilot.pause()
        while it.app.top is not it.main:
            it.burst("escape")
            await it.pilot.pause()
        await it.settled()
