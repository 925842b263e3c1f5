import json
from dataclasses import replace
from functools import partial

import pytest
import yaml

from infecon_tui.cli import main
from infecon_tui.cli import reproduce as command
from infecon_tui.papers.erdil2025.claims import CLAIMS
from infecon_tui.papers.erdil2025.curves import published_curves


def test_everything_is_reproduced(capsys):
    assert main(["reproduce", "--format", "json"]) == 0
    out, err = capsys.readouterr()
    rows = json.loads(out)
    assert len(rows) == len(CLAIMS) + 3 * len(published_curves())
    assert {row["verdict"] for row in rows} == {"ok", "explained"}
    assert ", 0 off" in err


def test_one_number_for_eyes(capsys):
    assert main(["reproduce", "--only", "all-reduce"]) == 0
    out = capsys.readouterr().out
    assert "1.56e-05" in out
    assert "eq. 24" in out


def test_csv(capsys):
    assert main(["reproduce", "--only", "square-root", "--format", "csv"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "name,published,computed,unit,difference,tolerance,verdict,where,note"
    assert len(lines) == 3


def test_yaml(capsys):
    assert main(["reproduce", "--only", "square-root", "--format", "yaml"]) == 0
    assert [row["published"] for row in yaml.safe_load(capsys.readouterr().out)] == [135.0, 56.0]


def test_a_tampered_number_ends_with_1(monkeypatch, capsys):
    wrong = [replace(claim, published=2 * claim.published) for claim in CLAIMS]
    monkeypatch.setattr(command, "results_of", partial(command.results_of, claims=wrong))
    assert main(["reproduce", "--only", "80 GB"]) == 1
    assert ", 1 off" in capsys.readouterr().err


@pytest.mark.parametrize(("verdict", "status"), [("ok", 0), ("explained", 0), ("off", 1)])
def test_exit_status(monkeypatch, capsys, verdict, status):
    made = command.Result("a", "here", 1.0, 2.0, "s", 0.1, verdict, "by hand")
    monkeypatch.setattr(command, "results_of", lambda only: iter([made]))
    assert command.run("table") == status
    assert "+100.00 %" in capsys.readouterr().out


def test_a_word_that_no_number_has(capsys):
    assert main(["reproduce", "--only", "nothing such"]) == 2
    assert capsys.readouterr().err.startswith("infecon-tui: no number is called")
