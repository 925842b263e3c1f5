"""`infecon-tui node`."""

import json

import pytest
import yaml

from infecon_tui.cli import main
from infecon_tui.measure import bench


@pytest.fixture
def two_h100(tmp_path, monkeypatch):
    program = tmp_path / "nvidia-smi"
    line = "echo 'NVIDIA H100 80GB HBM3, 81559, 700.00'\n"
    program.write_text(f"#!/bin/sh\n{line}{line}")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))


def test_what_is_here(two_h100, capsys):
    assert main(["node"]) == 0
    assert (
        "NVIDIA H100 80GB HBM3      2  85.52 GB        700 W  h100-sxm" in capsys.readouterr().out
    )
    assert main(["node", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["id"] == "h100-sxm"


def test_nothing_here_is_status_one(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["node"]) == 1
    assert "no accelerator found on this machine" in capsys.readouterr().out
    assert main(["node", "--measure"]) == 2
    assert "name one with --hardware" in capsys.readouterr().err


def test_what_is_measured_becomes_a_file(two_h100, tmp_path, monkeypatch, capsys):
    def timed(torch, device, rows, outputs, inputs):
        return 1e-5 + 2.0 * outputs * inputs / 2e12 + 2.0 * rows * outputs * inputs / 4e14

    pytest.importorskip("torch")
    monkeypatch.setattr(bench, "_timed", timed)
    out = tmp_path / "here.yaml"
    arguments = ["node", "--measure", "--device", "cpu", "-o", str(out)]
    assert main(arguments) == 0
    assert "kernels.gemm.hbm" in capsys.readouterr().out
    sources = yaml.safe_load(out.read_text())["sources"]
    assert sources["kernels.gemm.hbm"].startswith("measured on this machine: 18 products")
    assert main(["hardware", str(out)]) == 0
    assert main(arguments) == 2
    assert "exists already" in capsys.readouterr().err


def test_what_is_measured_as_json(two_h100, monkeypatch, capsys):
    def measured(part, device):
        return bench.fitted(part, [bench.Product(16, 4096, 4096, 2e-5)], f"products on {device}")

    monkeypatch.setattr(bench, "measured", measured)
    assert main(["node", "--measure", "--format", "json"]) == 0
    tree = json.loads(capsys.readouterr().out)
    assert tree["hardware"] == "h100-sxm"
    assert set(tree["values"]) == set(bench.FITTED)
    assert tree["products"] == [{"rows": 16, "outputs": 4096, "inputs": 4096, "seconds": 2e-5}]
