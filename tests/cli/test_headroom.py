"""`infecon-tui headroom`."""

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "measure"))
import benchmark_files as files

from infecon_tui.cli import main

SERVED = files.PLAIN | {"purity": "serving", "kind": "concurrency"}


@pytest.fixture
def own(tmp_path):
    rows = [
        SERVED | {"batch_or_concurrency": str(2**at), "tpot_ms": str(9 + at)} for at in range(4)
    ]
    return files.write(tmp_path / "own.csv", rows)


def test_a_table_and_a_sentence(own, capsys):
    assert main(["headroom", str(own)]) == 0
    text = capsys.readouterr().out
    assert text.splitlines()[0].startswith("line  layout")
    assert "4 rows at " in text
    assert "the frontier's cost at their speed" in text


@pytest.mark.parametrize("form", ["csv", "json", "yaml"])
def test_other_forms(own, capsys, form):
    assert main(["headroom", str(own), "--format", form]) == 0
    text = capsys.readouterr().out
    assert "least_usd_per_mtok" in text
    if form == "json":
        assert json.loads(text)["groups"][0]["rows"] == 4


def test_the_plot_is_written_once(own, tmp_path, capsys):
    picture = tmp_path / "own.svg"
    assert main(["headroom", str(own), "--plot", str(picture)]) == 0
    assert "TP 1, batch 4" in picture.read_text()
    assert main(["headroom", str(own), "--plot", str(picture)]) == 2
    assert "exists already" in capsys.readouterr().err


def test_a_file_without_a_row_to_compare_is_status_one(tmp_path, capsys):
    path = files.write(tmp_path / "own.csv", [SERVED | {"gpu": "abacus"}])
    assert main(["headroom", str(path)]) == 1
    assert "1 left out: accelerator not in the catalogue" in capsys.readouterr().out


def test_what_is_wrong_is_one_line(tmp_path, own, capsys):
    assert main(["headroom", str(tmp_path / "gone.csv")]) == 2
    assert main(["headroom", str(own), "--plot", str(tmp_path / "own.xyz")]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert ".svg | .png" in lines[1]
