"""What differs between two scenario files, headless."""

import csv
import io
import json

import pytest

from infecon_tui.cli import main
from infecon_tui.spec.scenario_file import default_scenario, edited, scenario_yaml


@pytest.fixture
def files(tmp_path):
    base = default_scenario()
    other = edited(edited(base, "hardware.price", "5.18"), "notes", "twice the price")
    for name, scenario in (("a", base), ("b", other)):
        (tmp_path / f"{name}.yaml").write_text(scenario_yaml(scenario))
    return str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml")


def test_as_a_table(files, capsys):
    assert main(["diff", *files]) == 0
    out = capsys.readouterr().out
    assert "hardware.price" in out
    assert "twice the price" in out
    assert "+100 %" in out


def test_as_json_in_base_units(files, capsys):
    assert main(["diff", *files, "--format", "json"]) == 0
    tree = json.loads(capsys.readouterr().out)
    assert [one["path"] for one in tree["values"]] == ["hardware.price", "notes"]
    cost = next(one for one in tree["metrics"] if one["key"] == "usd_per_mtok")
    assert cost["after"] == pytest.approx(2 * cost["before"])


def test_as_csv(files, capsys):
    assert main(["diff", *files, "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert rows[0]["path"] == "hardware.price"
    assert (rows[0]["before"], rows[0]["after"]) == ("2.59 USD/h", "5.18 USD/h")


def test_the_same_file_twice(files, capsys):
    assert main(["diff", files[0], files[0]]) == 0
    assert "nothing differs" in capsys.readouterr().out


def test_a_scenario_that_does_not_fit_is_told_and_is_status_1(files, tmp_path, capsys):
    lone = tmp_path / "c.yaml"
    lone.write_text(scenario_yaml(edited(default_scenario("llama-3.1-405b"), "layout.gpus", "1")))
    assert main(["diff", files[0], str(lone)]) == 1
    done = capsys.readouterr()
    assert "after: Does not fit" in done.err
    assert "llama-3.1-405b" in done.out


def test_a_file_that_is_not_there_is_one_line(files, capsys):
    assert main(["diff", files[0], "gone.yaml"]) == 2
    assert capsys.readouterr().err == "infecon-tui: gone.yaml: no such file\n"
