"""The command line as a user meets it: what is printed, where, and the exit status."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from infecon_tui.cli import main
from infecon_tui.spec.library import shipped_root
from infecon_tui.spec.scenario_file import load_scenario

PAPER = ("--model", "paper/Llama_3_70B_8_bit", "--hardware", "paper/H100", "--context", "0")


def test_what_a_terminal_would_obey_is_spelled_out(run, tmp_path):
    text = (shipped_root() / "models" / "llama-3.1-8b.yaml").read_text()
    (tmp_path / "odd.yaml").write_text(text + 'notes: "\\e]0;title\\a"\n')
    _, out, _ = run("models", tmp_path / "odd.yaml")
    assert r"\x1b]0;title\x07" in out
    assert "\x1b" not in out


def test_the_frontier_as_json_has_the_agreed_form(run):
    status, out, err = run("frontier", *PAPER, "--format", "json")
    tree = json.loads(out)
    assert status == 0
    assert not err
    speeds = [point["tok_s"] for point in tree["points"]]
    assert speeds == sorted(speeds)
    assert tree["fastest"] == tree["points"][-1]
    assert tree["preferred"] in tree["points"]
    assert {"tok_s", "usd_per_mtok", "gpus", "batch", "mfu"} <= tree["points"][0].keys()
    assert tree["fastest"]["tok_s"] == pytest.approx(152.138, rel=2e-3)


@pytest.mark.parametrize("form", ["table", "csv", "yaml"])
def test_the_frontier_in_other_formats(run, form):
    status, out, _ = run("frontier", *PAPER, "--format", form)
    assert status == 0
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(out)))
        assert float(rows[-1]["tok_s"]) == pytest.approx(152.138, rel=2e-3)
    if form == "yaml":
        tree = yaml.load(out, yaml.CSafeLoader)  # libyaml: the points are thousands of lines
        assert tree["fastest"]["tok_s"] == pytest.approx(152.138, rel=2e-3)
    if form == "table":
        assert "USD/Mtok" in out
        assert max(len(line) for line in out.splitlines()) <= 160


def test_speculation_and_demand_from_the_command_line(run):
    _, plain, _ = run("frontier", *PAPER, "--format", "json")
    _, out, _ = run(
        "frontier", *PAPER, "--draft", "paper/Llama_3_8B", "--acceptance", "0.8",
        "--draft-tokens", "2-5", "--demand", "10k", "--format", "json",
    )  # fmt: skip
    tree = json.loads(out)
    assert tree["fastest"]["tok_s"] > json.loads(plain)["fastest"]["tok_s"]
    assert any(point["draft_tokens"] for point in tree["points"])
    made = [point["batch"] * point["tok_s"] for point in tree["points"]]
    assert max(made) <= 10_000 * (1 + 1e-9)


def test_one_point_with_everything_fixed(run):
    status, out, _ = run("point", *PAPER, "--gpus", "8", "--batch", "64", "--format", "json")
    tree = json.loads(out)
    assert status == 0
    assert (tree["point"]["gpus"], tree["point"]["batch"]) == (8, 64)
    assert sum(tree["causes_s"].values()) == pytest.approx(tree["point"]["tpot_s"])


def test_any_number_can_be_set(run):
    _, before, _ = run("point", *PAPER, "--gpus", 8, "--batch", 1, "--format", "json")
    _, after, _ = run(
        "point", *PAPER, "--gpus", 8, "--batch", 1, "--format", "json",
        "--set", "hardware.hbm.bandwidth=6.6 TB/s",
    )  # fmt: skip
    assert json.loads(after)["point"]["tpot_s"] < json.loads(before)["point"]["tpot_s"]


def test_what_does_not_fit_is_an_answer_with_a_remedy(run):
    status, out, err = run("point", *PAPER, "--gpus", "0.5", "--format", "json")
    assert status == 1
    assert json.loads(out)["point"] is None
    assert "Does not fit: weights and the KV cache of one sequence take 70.6 GB" in err
    assert "0.882 GPUs would do" in err


def test_weights_larger_than_the_largest_instance(run):
    status, _, err = run("frontier", *PAPER, "--set", "hardware.hbm.capacity=100 kB")
    assert status == 1
    assert "more than 262144 GPUs hold" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("frontier", "--model", "llama-3.1-70"), "no model 'llama-3.1-70'; did you mean"),
        (("frontier", "--hardware", "h100-smx"), "did you mean 'h100-sxm'?"),
        (("frontier", "--set", "hardware.hbm.bandwith=3 TB/s"), "did you mean"),
        (("frontier", "--set", "hardware.hbm.bandwidth=3 Tb/s"), "is in bits"),
        (("frontier", "--set", "nonsense"), "expected PATH=VALUE"),
        (("frontier", "--context", "-1"), "must be between 0 tok"),
        (("frontier", "--context", "nan"), "expected a quantity in tok"),
        (("frontier", "--gpus", "1e400"), "too large"),
        (("frontier", "--acceptance", "1.5"), "must be between"),
        (("frontier", "--draft-tokens", "5-2"), "lower end first"),
        (("frontier", "--fidelity", "publised"), "did you mean 'published'?"),
        (
            ("frontier", "--model", "deepseek-v3.2", "--fidelity", "published"),
            "has no place for sparse_mla attention",
        ),
        (("frontier", "gone.yaml"), "gone.yaml: no such file"),
        (("predict", "gone.json"), "gone.json: no such file"),
        (("models", "lama"), "no model 'lama'"),
        (("frontier", "--format", "xml"), "invalid choice"),
        (("explode",), "invalid choice"),
        (("frontire",), "did you mean 'frontier'?"),
        (("frontier", "--zzzz"), "no such option: --zzzz (see `infecon-tui frontier --help`)"),
        (("point", "--wieghts=fp8"), "no such option: --wieghts; did you mean '--weights'?"),
    ],
)
def test_a_mistake_ends_with_2_and_says_what_is_allowed(run, arguments, message):
    status, out, err = run(*arguments)
    assert status == 2
    assert not out
    assert message in err
    assert err.count("\n") == 1


def test_formats_and_the_price_have_options_of_their_own(run):
    _, text, _ = run("export", "--weights", "fp8", "--kv-cache", "fp8", "--price", "1.5")
    tree = yaml.safe_load(text)
    assert tree["precision"] == {"weights": "fp8", "kv_cache": "fp8"}
    assert tree["set"] == {"hardware.price": "1.5 USD/h"}


def test_a_scenario_file_is_read_and_changed_from_the_command_line(run, tmp_path):
    file = tmp_path / "s.yaml"
    status, text, _ = run("export", *PAPER, "--demand", "10k")
    assert status == 0
    file.write_text(text)
    status, again, _ = run("export", file)
    assert again == text
    _, changed, _ = run("export", file, "--gpus", "16")
    assert yaml.safe_load(changed)["layout"] == {"gpus": 16} or "gpus: '16'" in changed


def test_export_writes_whole_files_and_replaces_none_unasked(run, tmp_path):
    file = tmp_path / "s.yaml"
    status, out, err = run("export", *PAPER, "-o", file)
    assert (status, out) == (0, "")
    assert str(file) in err
    load_scenario(file)
    file.write_text("mine")
    status, _, err = run("export", *PAPER, "-o", file)
    assert status == 2
    assert "exists already; nothing was written" in err
    assert file.read_text() == "mine"
    assert run("export", *PAPER, "-o", file, "--force")[0] == 0
    load_scenario(file)


def test_before_overwriting_a_person_is_asked(run, tmp_path, monkeypatch):
    file = tmp_path / "s.yaml"
    file.write_text("mine")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _: "n")
    assert run("export", *PAPER, "-o", file)[0] == 1
    assert file.read_text() == "mine"
    monkeypatch.setattr("builtins.input", lambda _: "y")
    assert run("export", *PAPER, "-o", file)[0] == 0
    load_scenario(file)


@pytest.mark.parametrize("form", ["json", "csv"])
def test_the_frontier_is_exported_too(run, tmp_path, form):
    file = tmp_path / f"f.{form}"
    assert run("export", *PAPER, "--format", form, "-o", file)[0] == 0
    assert "usd_per_mtok" in file.read_text()


@pytest.mark.parametrize("command", ["models", "hardware"])
@pytest.mark.parametrize("form", ["table", "json", "csv", "yaml"])
def test_the_catalogue_in_every_format(run, command, form):
    status, out, _ = run(command, "--format", form)
    assert status == 0
    assert "paper/" in out


def test_one_spec_with_its_sources(run):
    status, out, _ = run("hardware", "h100-sxm")
    assert status == 0
    assert "hbm.bandwidth" in out
    assert "3.35 TB/s" in out
    status, out, _ = run("models", "paper/H100")
    assert status == 2
    _, out, _ = run("models", "llama-3.1-70b", "--format", "yaml")
    assert yaml.safe_load(out)["schema"] == "infecon/model/1"


def test_help_names_every_command(run):
    status, out, _ = run("--help")
    assert status == 0
    for command in ("frontier", "point", "models", "hardware", "reproduce", "export", "predict"):
        assert command in out


def test_a_reader_that_leaves_is_no_error():
    code = "import sys; from infecon_tui.cli import main; sys.exit(main(sys.argv[1:]))"
    command = f"{sys.executable} -c '{code}' models --format json | head -1"
    done = subprocess.run(
        command, shell=True, capture_output=True, text=True, env=os.environ, check=True
    )
    assert done.stdout == "[\n"
    assert "Traceback" not in done.stderr


def program(*arguments, **environment):
    code = "import sys; from infecon_tui.cli import main; sys.exit(main(sys.argv[1:]))"
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdout=environment.pop("stdout", subprocess.PIPE),
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    )


def test_an_output_that_holds_plain_letters_only():
    with program("point", *PAPER, PYTHONIOENCODING="ascii") as running:
        out, err = running.communicate()
    assert running.returncode == 0, err
    assert "TP " in out
    assert "?" not in out


def test_a_full_disk_is_told():
    with Path("/dev/full").open("w") as full, program("models", stdout=full) as running:
        _, err = running.communicate()
    assert running.returncode == 2
    assert err == "infecon-tui: cannot write: no space left on device\n"


def test_one_broken_spec_does_not_hide_the_others(run, tmp_path, monkeypatch):
    monkeypatch.setenv("INFECON_SPECS", str(tmp_path))
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "mine.yaml").write_text("schema: infecon/model/1\nvocab: -1\n")
    status, out, err = run("models", "--format", "csv")
    assert status == 2
    assert "paper/Llama_3_70B" in out
    assert "mine.yaml:2: vocab: must be at least 0, found -1" in err


@pytest.mark.parametrize("kind", ["batch", "parallelism", "context"])
def test_sweeps(kind, capsys):
    assert main(["sweep", kind, "--fidelity", "published", "--format", "csv"]) == 0
    header, *rows = capsys.readouterr().out.splitlines()
    assert ",tpot_s,arithmetic_s,hbm_s,network_s,usd_per_mtok,layout,bound_by" in header
    assert len(rows) > 20


def test_a_sweep_of_nothing(capsys):
    assert main(["sweep", "batch", "--model", "llama-3.1-405b", "--gpus", "1"]) == 1
    assert "Does not fit" in capsys.readouterr().err


def test_compare(capsys):
    assert main(["compare", "hardware", "--sort", "speed", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    speeds = [row["tok_s"] for row in rows if row["tok_s"] is not None]
    assert speeds == sorted(speeds, reverse=True)
    assert {"h100-sxm", "b200-sxm"} <= {row["id"] for row in rows}
    assert main(["compare", "models", "--gpus", "8", "--fidelity", "published"]) == 0
    assert "no place for" in capsys.readouterr().out
