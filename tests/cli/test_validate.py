import csv
import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).parents[1] / "measure"))
import benchmark_files as files
import small_engine

from infecon_tui.cli import main
from infecon_tui.cost import predict as engine
from infecon_tui.measure.calibration import calibrate as calibration
from infecon_tui.measure.calibration.asking import one_by_one


@pytest.fixture(autouse=True)
def a_small_engine(monkeypatch):
    monkeypatch.setattr(engine, "predict", small_engine.predict, raising=False)
    monkeypatch.setattr(calibration, "in_columns", one_by_one(small_engine.predict))


@pytest.fixture
def measured(tmp_path):
    rows = [
        files.PLAIN | {"id": f"r{i}", "batch_or_concurrency": str(2**i), "tpot_ms": str(8 + i)}
        for i in range(8)
    ]
    rows.append(files.PLAIN | {"id": "spec", "spec_dec": "n-grams"})
    rows.append(files.PLAIN | {"id": "far", "gpu": "abacus"})
    rows.append(files.PLAIN | {"id": "bad", "tpot_ms": "quick"})
    return files.write(tmp_path / "measured.csv", rows)


def test_the_json_form(measured, capsys):
    assert main(["validate", str(measured), "--format", "json"]) == 0
    tree = json.loads(capsys.readouterr().out)
    assert (tree["rows"], tree["predicted"]) == (11, 8)
    assert tree["skipped"] == {
        "speculative decoding": 1,
        "accelerator not in the catalogue": 1,
        "not a number in tpot_ms": 1,
    }
    assert tree["predicted"] + sum(tree["skipped"].values()) == tree["rows"]
    assert set(tree["overall"]) == {"rows", "median_ape", "p90_ape", "bias"}
    for grouping in ("gpu", "model", "engine", "purity"):
        for errors in tree["groups"][grouping].values():
            assert set(errors) == {"rows", "median_ape", "p90_ape", "bias"}
    assert set(tree["groups"]["gpu"]) == {"h100-sxm"}
    assert tree["catalogue"]["rows"] == 10
    assert len(tree["worst"]) == 8


def test_without_a_file_the_shipped_measurements_are_taken(capsys):
    assert main(["validate", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] > 1300


def test_power_has_a_section_where_it_was_measured(tmp_path, monkeypatch, capsys):
    def drawing(cases):
        return [replace(answer, watts=440.0) for answer in small_engine.predict(cases)]

    monkeypatch.setattr(engine, "predict", drawing)
    rows = [files.PLAIN | {"id": f"r{i}", "power_w_per_gpu": "400"} for i in range(3)]
    path = files.write(tmp_path / "power.csv", rows, (*files.COLUMNS, "power_w_per_gpu"))
    assert main(["validate", str(path), "--format", "json"]) == 0
    tree = json.loads(capsys.readouterr().out)
    assert tree["power"]["gpu"]["h100-sxm"]["watts"]["bias"] == pytest.approx(0.1)
    assert tree["worst"][0]["measured_W"] == 400
    assert tree["worst"][0]["predicted_W"] == 440
    assert main(["validate", str(path)]) == 0
    assert "joules a token" in capsys.readouterr().out


def test_first_tokens_have_a_section_where_they_were_measured(tmp_path, capsys):
    rows = [files.PLAIN | {"id": f"r{i}", "ttft_ms": "100"} for i in range(3)]
    path = files.write(tmp_path / "first.csv", rows, (*files.COLUMNS, "ttft_ms"))
    assert main(["validate", str(path), "--format", "json"]) == 0
    tree = json.loads(capsys.readouterr().out)
    errors = tree["ttft"]["gpu"]["h100-sxm"]
    assert set(errors) == {"rows", "median_ape", "p90_ape", "bias"}
    worst = tree["worst"][0]
    assert errors["bias"] == pytest.approx(worst["predicted_ttft_ms"] / 100 - 1)
    assert main(["validate", str(path)]) == 0
    assert "TTFT by" in capsys.readouterr().out


def test_where_the_error_comes_from_is_told_of_groups_that_miss(tmp_path, capsys):
    """The small engine knows no host: 20 ms more a step are put down to it."""
    rows = [
        files.PLAIN | {"model": model, "batch_or_concurrency": str(2**i), "tpot_ms": str(ms + i)}
        for model, ms in (("llama-3.1-8b", 27), ("llama-3.1-70b", 78), ("qwen3-32b", 45))
        for i in range(5)
    ]
    path = files.write(tmp_path / "slow.csv", rows)
    assert main(["validate", str(path), "--format", "json"]) == 0
    tree = json.loads(capsys.readouterr().out)
    assert set(tree) >= {"rows", "predicted", "skipped", "overall", "groups", "worst", "missed"}
    whole = next(one for one in tree["missed"] if one["by"] == "gpu")
    assert (whole["group"], whole["missed"], whole["rows"]) == ("h100-sxm", True, 15)
    best = whole["explanations"][0]
    assert best["said"].startswith("host: +2")
    assert best["median_ape"] < 0.1 < whole["median_ape"]
    assert main(["validate", str(path)]) == 0
    text = capsys.readouterr().out
    assert "missed by" in text
    assert "what would settle it" in text


def test_any_group_can_be_asked_about(measured, capsys):
    assert main(["validate", str(measured), "--why", "vllm", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)["missed"]
    # All rows are of one engine; groups of the same rows are told once, under the first of their names.
    assert [one["group"] for one in told if one["rows"] == 8]


def test_without_measured_power_there_is_no_section(measured, capsys):
    assert main(["validate", str(measured)]) == 0
    text = capsys.readouterr().out
    assert "joules" not in text
    assert "TTFT" not in text


@pytest.mark.parametrize("form", ["table", "csv", "yaml"])
def test_the_other_forms(measured, capsys, form):
    assert main(["validate", str(measured), "--format", form]) == 0
    text = capsys.readouterr().out
    assert "h100-sxm" in text
    if form == "table":
        assert "8 of 11 rows predicted" in text
        assert "1  speculative decoding" in text
    if form == "yaml":
        assert yaml.safe_load(text)["predicted"] == 8


def test_predictions_are_written_and_not_overwritten(measured, tmp_path, capsys):
    out, picture = tmp_path / "out.csv", tmp_path / "out.svg"
    arguments = ["validate", str(measured), "--output", str(out), "--plot", str(picture)]
    assert main(arguments) == 0
    with out.open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 11
    assert rows[0]["line"] == "2"
    error = float(rows[0]["predicted_ms"]) / float(rows[0]["measured_ms"]) - 1
    assert float(rows[0]["error"]) == pytest.approx(error)
    assert rows[-1]["skipped"] == "not a number in tpot_ms"
    assert picture.read_text().startswith("<svg")
    out.write_text("mine")
    assert main(arguments) == 2
    assert "exists already" in capsys.readouterr().err
    assert out.read_text() == "mine"
    assert main([*arguments, "--force"]) == 0
    assert out.read_text() != "mine"


def test_no_row_that_can_be_compared(tmp_path, capsys):
    file = files.write(tmp_path / "m.csv", [files.PLAIN | {"gpu": "abacus"}])
    assert main(["validate", str(file), "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["overall"]["median_ape"] is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        (
            "model,gpu\n",
            "n_gpus, batch_or_concurrency, isl, osl: no such columns; found model, gpu",
        ),
        ("a,b,modell\n", "did you mean 'modell'?"),
    ],
)
def test_a_file_that_is_none(tmp_path, capsys, text, message):
    file = tmp_path / "m.csv"
    file.write_text(text)
    assert main(["validate", str(file)]) == 2
    assert message in capsys.readouterr().err


def test_calibrate_writes_an_accelerator_that_validate_takes(measured, tmp_path, capsys):
    overlay = tmp_path / "here.yaml"
    command = ["calibrate", str(measured), "--hardware", "h100-sxm", "-o", str(overlay)]
    assert main([*command, "--format", "json"]) == 0
    tree = json.loads(capsys.readouterr().out)
    assert tree["fitted_rows"] + tree["held_out_rows"] == 8
    assert {"path", "before", "after", "uncertainty", "at_bound"} <= set(tree["moved"][0])

    def median(*more):
        assert main(["validate", str(measured), "--format", "json", *more]) == 0
        return json.loads(capsys.readouterr().out)["overall"]["median_ape"]

    assert median("--hardware", str(overlay)) < median()
    assert main(["hardware", str(overlay)]) == 0
    assert "calibrated on 8 measured rows" in capsys.readouterr().out
    assert main(command) == 2
    assert "exists already" in capsys.readouterr().err


def test_calibrate_says_what_it_did(measured, capsys):
    assert main(["calibrate", str(measured), "--hardware", "h100-sxm", "--holdout", "0"]) == 0
    text = capsys.readouterr().out
    assert "launch" in text
    assert "error on the fitted rows (fitted to 8)" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--hardware", "a30"], "no row of a30; accelerators in it: h100-sxm"),
        (["--hardware", "h100-sxmm"], "no hardware 'h100-sxmm'"),
        (["--hardware", "h100-sxm", "--fit", "hbm.eficiency"], "did you mean 'hbm.efficiency'"),
    ],
)
def test_what_cannot_be_calibrated(measured, capsys, arguments, message):
    assert main(["calibrate", str(measured), *arguments]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("share", ["1", "-0.1", "half"])
def test_a_share_that_is_none(measured, capsys, share):
    with pytest.raises(SystemExit):
        main(["calibrate", str(measured), "--hardware", "h100-sxm", "--holdout", share])
    assert "--holdout" in capsys.readouterr().err
