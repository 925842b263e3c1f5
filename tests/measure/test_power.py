"""Watts and joules of a token beside those that were measured."""

from dataclasses import replace

import benchmark_files as files
import pytest
import small_engine

from infecon_tui.measure.evaluate import compare
from infecon_tui.measure.power import power_errors
from infecon_tui.measure.rows.table import read_rows

COLUMNS = (*files.COLUMNS, "power_w_per_gpu")


def drawing(watts):
    """The small engine with a draw of its own."""

    def predict(cases):
        return [replace(answer, watts=watts) for answer in small_engine.predict(cases)]

    return predict


def errors(tmp_path, watts, *powers, **changes):
    rows = [
        files.PLAIN | {"id": f"r{i}", "power_w_per_gpu": power} | changes
        for i, power in enumerate(powers)
    ]
    path = files.write(tmp_path / "measured.csv", rows, COLUMNS)
    return compare(read_rows(path), drawing(watts)), rows


def test_errors_by_hand(tmp_path):
    result, _ = errors(tmp_path, 440.0, "400", "550", "")
    found = power_errors(result)
    both = found["all"][""]
    # 440 W are 10 % above 400 and 20 % below 550; the row without watts is left out.
    assert both.watts.rows == 2
    assert both.watts.median_ape == pytest.approx(0.15)
    assert both.watts.bias == pytest.approx(-0.05)
    assert found["gpu"]["h100-sxm"] == both
    assert found["engine"]["vllm"] == both


def test_joules_hold_the_error_of_the_time(tmp_path):
    result, _ = errors(tmp_path, 400.0, "400")
    both = power_errors(result)["all"][""]
    assert both.watts.bias == 0
    assert both.joules.bias == pytest.approx(result.compared[0].error)


@pytest.mark.parametrize("power", ["", "0"])
def test_files_and_parts_without_watts_tell_of_none(tmp_path, power):
    result, rows = errors(tmp_path, 400.0, power)
    assert len(result.compared) == len(rows)
    assert power_errors(result) == {}


def test_an_engine_without_watts_tells_of_none(tmp_path):
    result, _ = errors(tmp_path, None, "400")
    assert power_errors(result) == {}


def test_a_tier_is_a_group_where_the_file_has_one(tmp_path):
    rows = [files.PLAIN | {"power_w_per_gpu": "500", "tier": "A"}]
    path = files.write(tmp_path / "m.csv", rows, (*COLUMNS, "tier"))
    found = power_errors(compare(read_rows(path), drawing(500.0)))
    assert set(found["tier"]) == {"A"}
    assert "tier" not in power_errors(errors(tmp_path, 400.0, "400")[0])
