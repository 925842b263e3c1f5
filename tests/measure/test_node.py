"""The accelerators of a machine, found by what vendors' tools print, and measured."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from infecon_tui.cost.machine import Machine, gemm_bound
from infecon_tui.errors import InfeconError
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.knobs import replaced
from infecon_tui.measure.bench import FITTED, ROWS, WIDTHS, Product, fitted, measured
from infecon_tui.measure.node import amd, apple, local, nvidia
from infecon_tui.spec.library import load

H100 = load(Accelerator, "h100-sxm")
SMI = "NVIDIA H100 80GB HBM3, 81559, 700.00\n" * 2 + "NVIDIA L4, 23034, [N/A]\n"
ROCM = {
    "card0": {
        "Card Series": "AMD Instinct MI300X",
        "VRAM Total Memory (B)": "206141652992",
        "Max Graphics Package Power (W)": "750.0",
    },
    "system": "none",
}


@pytest.fixture
def tool(tmp_path, monkeypatch):
    """Puts a program of a name before all others, which prints a text."""

    def put(name, text, status=0):
        said = tmp_path / f"{name}.txt"
        said.write_text(text)
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\n/bin/cat '{said}'\nexit {status}\n")
        program.chmod(0o755)

    monkeypatch.setenv("PATH", str(tmp_path))
    return put


def test_kinds_are_counted_and_known_to_the_catalogue(tool):
    tool("nvidia-smi", SMI)
    two, one = local()
    assert (two.name, two.count, two.id) == ("NVIDIA H100 80GB HBM3", 2, "h100-sxm")
    assert two.memory_bytes == 81559 * 2**20
    assert two.power_W == 700
    assert (one.count, one.id, one.power_W) == (1, "l4", None)


def test_the_next_tool_is_asked_where_one_finds_nothing(tool):
    tool("nvidia-smi", "NVIDIA-SMI has failed\n", status=9)
    tool("rocm-smi", json.dumps(ROCM))
    (one,) = local()
    assert (one.id, one.count, one.memory_bytes, one.power_W) == ("mi300x", 1, 206141652992, 750)


def test_a_machine_without_tools_has_none(tool):
    assert local() == []


def test_a_part_that_is_not_in_the_catalogue_is_named(tool):
    tool("nvidia-smi", "NVIDIA H999, 1, 1\n")
    (one,) = local()
    assert one.id == ""


@pytest.mark.parametrize("text", ["", "No devices were found\n", "a,b\n", "\0", "{}", "[1]", "{"])
def test_what_no_tool_would_say_finds_nothing(text):
    assert nvidia(text) == []
    assert amd(text) == []
    assert apple(text) == []


def products(part, rows=ROWS, widths=WIDTHS):
    rate = Machine(part).gemm_rate("bf16")
    return [
        Product(m, n, k, float(rate.floor_s + gemm_bound(rate, m, n, k).seconds))
        for n, k in widths
        for m in rows
    ]


def test_a_fit_finds_what_the_products_were_made_with():
    made = H100
    for path, value in zip(FITTED, (7e-6, 0.6, 0.5), strict=True):
        made = replaced(made, path, value)
    found = fitted(H100, products(made), "here")
    gemm = found.hardware.kernels.gemm
    assert gemm.floor_s == pytest.approx(7e-6, rel=0.05)
    assert (gemm.hbm, gemm.peak) == pytest.approx((0.6, 0.5), rel=0.02)
    assert found.median_ape < 0.01
    assert dict(found.hardware.sources)["kernels.gemm.hbm"] == "here"


def test_slower_products_never_raise_a_share():
    slow = [replace(one, seconds=one.seconds * 1.3) for one in products(H100)]
    before, after = (fitted(H100, some, "").hardware for some in (products(H100), slow))
    assert after.kernels.gemm.hbm < before.kernels.gemm.hbm
    assert after.kernels.gemm.peak < before.kernels.gemm.peak


def test_products_are_timed_by_torch():
    pytest.importorskip("torch")
    found = measured(H100, "cpu", rows=(1, 64), widths=((256, 256), (1024, 1024)))
    small, _, _, large = (one.seconds for one in found.products)
    assert 0 < small < large
    assert np.isfinite(found.median_ape)
    assert "measured on this machine: 4 products" in dict(found.hardware.sources)[FITTED[0]]


def test_without_torch_one_line_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(InfeconError, match="pip install torch") as caught:
        measured(H100)
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(Path("/dev/nvidia0").exists(), reason="there is an accelerator here")
def test_without_an_accelerator_torch_says_so():
    pytest.importorskip("torch")
    with pytest.raises(InfeconError, match="no accelerator"):
        measured(H100)
