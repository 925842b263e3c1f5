"""Numbers at the edge: an answer, a verdict or a refusal in one line; no traceback, and no warning of numpy.

Warnings are errors in every test, see `pyproject.toml`.
"""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "measure"))
import benchmark_files as files

FREE = ("--set", "hardware.price=0")
EDGES = (
    FREE,
    ("--set", "hardware.price=none"),
    ("--set", "hardware.hbm.bandwidth=1 B/s"),
    ("--set", "hardware.hbm.bandwidth=1e24 B/s"),
    ("--set", "hardware.hbm.capacity=1 B"),
    ("--set", "hardware.scale_up.domain=1e9"),
    ("--set", "hardware.scale_up.link=1 B/s"),
    ("--set", "model.layers.count=1e9"),
    ("--set", "model.d_model=1e9"),
    ("--set", "model.vocab=0"),
    ("--context", "0"),
    ("--context", "1e9"),
    ("--batch", "1e9"),
    ("--gpus", "1"),
    ("--gpus", "1e6"),
    ("--isl", "1e9", "--osl", "1e9"),
    ("--demand", "1e-9"),
    ("--basis", "owned", "--capital", "0", "--electricity", "0"),
)


@pytest.mark.parametrize("edge", EDGES, ids=" ".join)
@pytest.mark.parametrize("fidelity", ["deployment", "published"])
def test_a_frontier_at_the_edge(run, edge, fidelity):
    status, out, err = run("frontier", "--fidelity", fidelity, *edge)
    assert status in (0, 1, 2)
    assert out if status != 2 else len(err.splitlines()) == 1


@pytest.mark.parametrize(
    "command",
    [
        ("layouts",),
        ("layouts", "--cost-target", "1"),
        ("compare", "fidelity", "--models", "llama-3.1-8b"),
        ("compare", "fidelity", "--models", "llama-3.1-8b", "--basis", "owned", "--capital", "0"),
        ("plot", "frontier", "--format", "svg", "-o", "-"),
        ("sweep", "batch"),
    ],
    ids=" ".join,
)
def test_what_costs_nothing_is_told_all_the_same(run, command):
    status, out, _ = run(*command, *FREE)
    assert status == 0
    assert "nan" not in out


def test_headroom_of_rows_that_cost_nothing(run, tmp_path):
    own = files.write(tmp_path / "own.csv", [files.PLAIN] * 3)
    status, out, _ = run("headroom", own, *FREE)
    assert status == 0
    assert "3 rows free of cost, as the frontier is" in out


def test_the_roofline_without_context_leaves_attention_out(run):
    status, out, _ = run("plot", "roofline", "--context", "0", "--format", "csv", "-o", "-")
    assert status == 0
    named = {line.rpartition(",")[2] for line in out.splitlines() if line.startswith("decode,")}
    assert "attention products" in named
    assert "attention" not in named


def test_the_roofline_of_a_model_without_a_vocabulary_has_no_head(run):
    form = ("--format", "csv", "-o", "-")
    status, out, _ = run("plot", "roofline", "--set", "model.vocab=0", *form)
    assert status == 0
    assert ",head" not in out


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("model.d_model", "1e300", "must be at most 1e+09, found 1e+300"),
        ("model.layers.count", "9" * 24, "must be at most 1e+09, found 1e+24"),
        ("hardware.scale_up.domain", "1e18", "must be at most 1e+09, found 1e+18"),
        ("hardware.hbm.bandwidth", "1e-300 B/s", "must be at least 1e-24 B/s, found 1e-300 B/s"),
        ("hardware.hbm.capacity", "1e30 B", "must be at most 1e+24 B, found 1e+30 B"),
        ("hardware.hbm.capacity", "1e400 B", "the number is too large"),
        ("workload.context", "-1", "must be between 0 tok and 1e+09 tok, found -1 tok"),
    ],
)
def test_a_number_beyond_reason_is_refused(run, path, value, message):
    status, out, err = run("frontier", "--set", f"{path}={value}")
    assert (status, out) == (2, "")
    assert err == f"infecon-tui: {path}: {message}\n"
