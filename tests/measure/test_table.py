import pytest

from infecon_tui.errors import InfeconError
from infecon_tui.measure.rows.table import read_rows

HEADER = "model,gpu,n_gpus,batch_or_concurrency,isl,osl,tpot_ms"


def test_columns_in_any_order_with_others_between(tmp_path):
    file = tmp_path / "m.csv"
    file.write_text(
        "﻿colour,TPOT_ms ,osl,isl,batch_or_concurrency,n_gpus,gpu,model\n"
        'red, 9.5 ,10,20,4.0,1,H100,"a, b"\n\n'
    )
    (row,) = read_rows(file)
    assert row.line == 2
    assert row.texts == {"gpu": "H100", "model": "a, b"}
    assert row.numbers == {
        "tpot_ms": 9.5,
        "osl": 10,
        "isl": 20,
        "batch_or_concurrency": 4,
        "n_gpus": 1,
    }


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ("x", "not a number in tpot_ms"),
        ("nan", "not above zero in tpot_ms"),
        ("inf", "too large a number in tpot_ms"),
        ("-1", "not above zero in tpot_ms"),
        ("0", "not above zero in tpot_ms"),
        ("1e999", "too large a number in tpot_ms"),
        ("1,5,6", "more cells than columns"),
    ],
)
def test_a_bad_cell_costs_its_row_only(tmp_path, cell, fault):
    file = tmp_path / "m.csv"
    file.write_text(f"{HEADER}\na,b,1,1,1,1,{cell}\na,b,1,1,1,1,3\n")
    bad, good = read_rows(file)
    assert bad.fault == fault
    assert not good.fault


def test_half_an_accelerator(tmp_path):
    file = tmp_path / "m.csv"
    file.write_text(f"{HEADER}\na,b,0.5,1,1,1,3\n")
    assert read_rows(file)[0].fault == "not a whole number in n_gpus"


def test_a_short_line_has_blank_cells(tmp_path):
    file = tmp_path / "m.csv"
    file.write_text(f"{HEADER}\na,b,1\n")
    (row,) = read_rows(file)
    assert row.number("tpot_ms") is None
    assert not row.fault


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "m.csv: is empty"),
        ("\n \n", "m.csv: is empty"),
        (HEADER.replace("gpu,", "gpuu,", 1), "m.csv:1: gpu: no such column; found model, gpuu"),
        (HEADER.replace("gpu,", "gpuu,", 1), "did you mean 'gpuu'?"),
        (HEADER.replace("tpot_ms", "tpot"), "tpot_ms: expected one of these columns"),
        (HEADER + ",isl", "m.csv:1: isl: this column is there 2 times"),
        ("a" * 200_000, "m.csv:1: not CSV: field larger"),
        (HEADER.replace(",", ";"), "; expected commas between columns, not semicolons"),
        (HEADER.replace(",", "\t"), "; expected commas between columns, not tabs"),
        (f'{HEADER}\n"never closed,1\na,b\n', "m.csv:2: not CSV: unexpected end of data"),
        ("hello", "and 0 more"),
    ],
)
def test_a_file_of_something_else(tmp_path, text, message):
    file = tmp_path / "m.csv"
    file.write_text(text)
    with pytest.raises(InfeconError) as caught:
        read_rows(file)
    if message == "and 0 more":
        assert "found hello" in str(caught.value)
    else:
        assert message in str(caught.value)


def test_files_that_cannot_be_read(tmp_path):
    binary = tmp_path / "b.csv"
    binary.write_bytes(b"\xff\xfe\x00\x01")
    for path in (tmp_path / "none.csv", tmp_path, binary):
        with pytest.raises(InfeconError, match=str(path)):
            read_rows(path)


def test_only_a_header_is_no_rows(tmp_path):
    file = tmp_path / "m.csv"
    file.write_text(HEADER + "\n")
    assert read_rows(file) == []
