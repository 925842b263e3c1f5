"""A first visit: the cheapest layout for Qwen3-235B-A22B on 8 H200s under a TPOT of 30 ms, and its export.

Every key that is pressed stands on the screen at that moment, beside a word that says what it does; the rest
are letters and numbers of what is wanted. The answer is compared with the one of the command line.
"""

import json
import re

import pytest
from emulator import Emulator

from infecon_tui.cli import main
from infecon_tui.spec.scenario_file import load_scenario

SHOWN_AS = {"enter": "⏎", "esc": "esc"}


def ready(text):
    return "USD/Mtok" in text and "reading" not in text


def offered(it, key, word):
    """Presses a key that the bar at the bottom offers under that word."""
    bar = it.text().splitlines()[-1]
    assert f"{SHOWN_AS.get(key, key)} {word}" in bar, f"{key} {word} is not offered: {bar}"
    it.keys(key)


def chosen(it):
    """The headline's numbers by their names, on one line or two."""
    line = "  ".join(it.text().splitlines()[1:3])
    return dict(re.findall(r"(cost|speed|GPUs|batch) (?:✓ )?([\d.]+)", line)) | {
        "layout": re.search(r"TP \d+(?: · [A-Z]{2} \d+)*", line)[0]
    }


@pytest.fixture(params=[(80, 24), (120, 36), (200, 60)], ids=lambda size: f"{size[0]}x{size[1]}")
def visited(tmp_path, request):
    with Emulator(tmp_path, size=request.param) as it:
        it.until(ready)
        yield it


def found(it):
    """Model, accelerator, target and GPUs put in, as the screen says how."""
    offered(it, "m", "model")
    it.until("type to narrow")
    it.keys(*"qwen3-235")
    it.until("qwen3-235b-a22b  cost")
    offered(it, "enter", "take")
    it.until("qwen3-235b-a22b × h100-sxm")
    offered(it, "g", "hardware")
    it.until("type to narrow")
    it.keys(*"h200")
    it.until("h200-sxm  cost")
    offered(it, "enter", "take")
    it.until("qwen3-235b-a22b × h200-sxm")
    for words, value, after in (("TPOT", "30 ms", "TPOT 30 ms"), ("at hand", "8", "8 GPUs")):
        offered(it, "/", "find")
        it.until("⏎ go there")
        it.keys(*words)
        offered(it, "enter", "go there")
        it.until("⏎ edit")
        offered(it, "enter", "edit")
        it.until("⏎ take")
        it.keys(*("space" if letter == " " else letter for letter in value))
        offered(it, "enter", "take")
        it.until(lambda text, after=after: after in text and ready(text))


def test_the_cheapest_layout_under_a_target_is_found_and_exported(visited, tmp_path, capsys):
    it = visited
    found(it)
    there = chosen(it)
    assert "TPOT ✓" in it.text()
    offered(it, "T", "layouts")
    best = it.until("do the others lose").splitlines()
    row = next(line for line in best if there["layout"] in line)
    assert there["cost"] in row
    offered(it, "enter", "take")
    it.until("⏎ edit")
    offered(it, "w", "save")
    it.until("save as")
    offered(it, "enter", "save")
    it.until("saved")
    saved = next(tmp_path.glob("*.yaml"))
    scenario = load_scenario(saved)
    assert (scenario.model.id, scenario.hardware.id) == ("qwen3-235b-a22b", "h200-sxm")
    assert scenario.goal.tpot_s == pytest.approx(0.03)
    assert scenario.goal.gpus_at_hand == 8
    assert scenario.layout.gpus == float(there["GPUs"])
    capsys.readouterr()
    assert main(["point", str(saved), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)["point"]
    assert told["tpot_s"] <= 0.03
    assert told["usd_per_mtok"] == pytest.approx(float(there["cost"]), rel=0.01)


def test_the_way_by_the_command_line_is_the_same(visited, tmp_path, capsys):
    found(visited)
    there = chosen(visited)
    arguments = "--model qwen3-235b-a22b --hardware h200-sxm --tpot-target 30ms --gpus-at-hand 8"
    assert main(["point", *arguments.split(), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)["point"]
    assert told["usd_per_mtok"] == pytest.approx(float(there["cost"]), rel=0.01)
    assert f"{told['batch']:g}" == there["batch"]
