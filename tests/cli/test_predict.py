import json
from pathlib import Path

import pytest

from infecon_tui.cli import main
from infecon_tui.cli.predict import LEVELS, predicted
from infecon_tui.cli.predict_file import read_points
from infecon_tui.errors import SpecError

ORACLE = Path(__file__).parents[1] / "reference" / "erdil2025" / "points.json"


def test_the_oracle_in_one_go(capsys):
    assert main(["predict", str(ORACLE), "--format", "json"]) == 0
    results = json.loads(capsys.readouterr().out)
    expected = json.loads(ORACLE.read_text())
    assert len(results) == len(expected) == 400
    for result, point in zip(results, expected, strict=True):
        assert list(result["tpot_s"]) == list(LEVELS)
        for level, value in point["tpot_s"].items():
            found = result["tpot_s"][level]
            assert found == (None if value is None else pytest.approx(value, rel=1e-9)), point


def test_csv_with_the_names_of_the_field(tmp_path, capsys):
    file = tmp_path / "points.csv"
    file.write_text(
        "model,hardware,gpus,batch,context\nllama-3.1-70b,h100-sxm,8,64,2k\n"
        "paper/Llama_3_8B,paper/H100,1,1,\n"
    )
    assert main(["predict", str(file), "--fidelity", "published", "--format", "csv"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("model,gpu,n_gpu,batch,input_len,seq_len,published_no_pipeline")
    assert lines[1].startswith("llama-3.1-70b,h100-sxm,8.0,64.0,2000.0,1.0,0.0")


def test_a_table_for_eyes(tmp_path, capsys):
    file = tmp_path / "points.json"
    file.write_text('[{"model": "Llama_3_70B", "gpu": "H100", "n_gpu": 1, "batch": 1}]')
    assert main(["predict", str(file)]) == 0
    assert "does not fit" in capsys.readouterr().out


def test_an_empty_list_is_answered_with_one():
    assert predicted([]) == []


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("p.json", "", "p.json:1: not JSON"),
        ("p.json", "{", "p.json:1: not JSON"),
        ("p.json", "3", "p.json:1: expected a list of configurations"),
        ("p.json", "[3]", "expected a list of configurations"),
        ("p.json", "[" * 100_000, "is nested too deeply"),
        ("p.json", '[{"gpu": "H100", "n_gpu": 1, "batch": 1}]', "p.json: [0]: model: is missing"),
        (
            "p.json",
            '[{"model": "a", "gpus": 1, "batch": 1, "gpuu": "H100"}]',
            "gpu: is missing; is 'gpuu' meant",
        ),
        (
            "p.json",
            '[{"model": "a", "gpu": "b", "n_gpu": NaN, "batch": 1}]',
            "n_gpu: expected a fin",
        ),
        ("p.json", '[{"model": "a", "gpu": "b", "n_gpu": -1, "batch": 1}]', "n_gpu: must be at le"),
        ("p.json", '[{"model": "a", "gpu": "b", "n_gpu": 1}]', "batch: is missing"),
        ("p.json", '[{"model": "a", "gpu": "b", "n_gpu": 1, "batch": "x"}]', "batch: expected"),
        ("p.json", '[{"model": "a", "gpu": "b", "n_gpu": 1e999, "batch": 1}]', "finite"),
        (
            "p.json",
            '[{"model": "a", "gpu": "b", "n_gpu": 1' + "0" * 400 + ', "batch": 1}]',
            "large",
        ),
        (
            "p.json",
            '[{"model": "GPT4", "gpu": "H100", "n_gpu": 1, "batch": 1}]',
            "p.json: [0]: model: no model 'GPT4'; did you mean 'GPT_4'?",
        ),
        ("p.json", '[{"model": "GPT_4", "gpu": 7, "n_gpu": 1, "batch": 1}]', "a name, found 7"),
        ("p.csv", "", "p.csv: is empty"),
        ("p.csv", "model,gpu,n_gpu,batch\na,b,1\n", "p.csv:2: batch: is missing"),
        ("p.csv", "model,gpu,n_gpu,batch\na,b,1,0\n", "p.csv:2: batch: must be above 0"),
        ("p.csv", "model,gpu,n_gpu\na,b,1\n", "p.csv:1: batch: no such column; found model, gpu"),
        ("p.csv", "model,gpu,n_gpu,bacth\n", "n_gpu, bacth; is 'bacth' meant to be it?"),
        ("p.csv", "model\rgpu\r", "p.csv:1: gpu: no such column; found model"),
        ("p.csv", f"model,gpu,n_gpu,batch\n{'x' * 200_000},b,1,1\n", "not CSV: field larger"),
        ("p.csv", "\x1b[31m\0,b\n", "found \\x1b[31m\\x00, b"),
    ],
)
def test_a_wrong_file_says_where_and_what(tmp_path, name, text, message):
    file = tmp_path / name
    file.write_text(text)
    with pytest.raises(SpecError) as caught:
        read_points(file)
    assert message in str(caught.value).replace(str(file), name)


def test_an_unknown_name_gets_the_nearest(tmp_path, capsys):
    file = tmp_path / "p.json"
    file.write_text('[{"model": "Llama_3_70", "gpu": "H100", "n_gpu": 1, "batch": 1}]')
    assert main(["predict", str(file)]) == 2
    assert "no model 'Llama_3_70'; did you mean 'Llama_3_70B'?" in capsys.readouterr().err
