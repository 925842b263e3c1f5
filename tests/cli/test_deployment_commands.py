"""The deployment fidelity from the command line."""

import csv
import io
import json

import pytest
import yaml

from infecon_tui.cli import main

DEPLOYED = ("--fidelity", "deployment", "--isl", "2k", "--osl", "256")


def test_the_frontier_as_json(run):
    status, out, err = run("frontier", *DEPLOYED, "--format", "json")
    tree = json.loads(out)
    assert (status, err) == (0, "")
    points = tree["points"]
    assert points == sorted(points, key=lambda point: point["tok_s"])
    assert tree["fastest"] == points[-1]
    assert tree["preferred"] in points
    assert {"tp", "pipeline", "ep", "dp", "ttft_s", "watts", "layout", "mfu"} <= set(points[0])
    assert tree["scenario"]["workload"] == {"isl": "2000 tok", "osl": "256 tok"}


def test_the_frontier_in_other_formats(run):
    _, table, _ = run("frontier", *DEPLOYED)
    assert "TP 8" in table
    _, text, _ = run("frontier", *DEPLOYED, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["bound_by"] for row in rows} <= {"weights", "KV cache", "arithmetic", "messages",
                                                 "kernel launch", "other HBM", "host"}  # fmt: skip
    _, text, _ = run("frontier", *DEPLOYED, "--format", "yaml")
    assert len(yaml.safe_load(text)["points"]) == len(rows)


def test_a_point_with_its_layout_fixed(run):
    status, out, _ = run("point", *DEPLOYED, "--model", "deepseek-v3", "--hardware", "h200-sxm",
                         "--gpus", 16, "--tp", 2, "--dp", 8, "--ep", 16, "--pp", 1, "--batch", 64,
                         "--format", "json")  # fmt: skip
    tree = json.loads(out)
    assert status == 0
    assert tree["point"]["layout"] == "TP 2 · EP 16 · DP 8"
    assert sum(tree["causes_s"].values()) == pytest.approx(tree["point"]["tpot_s"])
    assert 0 < tree["memory_bytes"] < 16 * 141e9 * 1.1


def test_a_refused_layout_is_said_and_the_status_tells(run):
    status, out, err = run("point", *DEPLOYED, "--model", "deepseek-v3", "--tp", 3)
    assert status == 1
    assert "TP 3 does not divide" in err
    assert "would do" in out


def test_engines_differ(run):
    answers = [
        json.loads(run("point", *DEPLOYED, "--engine", engine, "--format", "json")[1])["point"]
        for engine in ("vllm", "sglang")
    ]
    assert answers[0] != answers[1]


@pytest.mark.parametrize("kind", ["batch", "parallelism", "context"])
def test_sweeps(run, kind):
    status, out, _ = run("sweep", kind, *DEPLOYED, "--format", "csv")
    assert status == 0
    assert len(out.splitlines()) > 4


def test_an_exported_scenario_is_the_one_that_was_asked(run, tmp_path):
    file = tmp_path / "a.yaml"
    assert run("export", *DEPLOYED, "--tp", 4, "--engine", "sglang", "-o", file)[0] == 0
    again = run("frontier", file, "--format", "json")[1]
    assert (
        again == run("frontier", *DEPLOYED, "--tp", 4, "--engine", "sglang", "--format", "json")[1]
    )


def test_two_pools_tell_their_ratio_in_every_view(run):
    pools = (*DEPLOYED, "--pools", "two", "--gpus-at-hand", "24")
    _, table, _ = run("point", *pools)
    assert " → " in table
    assert "TTFT" in table
    _, out, _ = run("point", *pools, "--format", "json")
    point = json.loads(out)["point"]
    assert point["gpus"] <= 24
    assert "× TP" in point["layout"]
    assert point["input_usd_per_mtok"] > 0
    _, table, _ = run("layouts", *pools)
    assert "→ 1× TP" in table
    status, table, _ = run("sweep", "batch", *pools)
    assert (status, "→" in table) == (0, True)


def test_memory_and_cached_prefixes_from_the_command_line(run):
    def read(*options):
        _, out, _ = run("point", *DEPLOYED, "--tp", "8", *options, "--format", "json")
        return json.loads(out)["point"]

    plain = read("--batch", "64")
    cached = read("--batch", "64", "--cached", "50%")
    assert cached["tpot_s"] < plain["tpot_s"]
    assert cached["ttft_s"] < plain["ttft_s"]
    assert cached["tpot_s"] == pytest.approx(read("--batch", "64", "--cached", "1000")["tpot_s"])
    status, _, err = run("point", *DEPLOYED, "--memory-utilization", "1.2")
    assert (status, "memory_utilization" in err) == (2, True)


def test_the_first_token_over_the_prompt(run):
    status, out, _ = run("sweep", "isl", *DEPLOYED, "--format", "json")
    rows = json.loads(out)
    assert status == 0
    assert any(row["isl_tok"] == 2000 for row in rows)
    assert {"ttft_s", "queue_s", "prompt_tok_s"} <= set(rows[0])


def test_fidelities_are_compared(capsys):
    models = ["--models", "llama-3.1-8b", "qwen3-30b-a3b"]
    assert main(["compare", "fidelity", "--context", "2k", *models]) == 0
    text = capsys.readouterr().out
    assert "deployment" in text
    assert "in all" in text
    assert main(["compare", "fidelity", "--format", "json", *models]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {row["model"] for row in rows} == {"llama-3.1-8b", "qwen3-30b-a3b"}
    assert {"ratio", "launches", "reason"} <= set(rows[0])
    assert main(["compare", "fidelity", "--models", "gemma-3-27b"]) == 1
