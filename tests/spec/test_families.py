"""Accelerators that leave to their family what is its."""

import pytest

from infecon_tui.errors import SpecError
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.spec.library import load

PART = """schema: infecon/hardware/1
like: near
hbm: {capacity: 80 GB, bandwidth: 3 TB/s}
arithmetic: {bf16: 1 PFLOP/s}
scale_up: {kind: switched, link: 450 GB/s}
kernels:
  gemm: {peak: 0.6}
sources:
  hbm: its datasheet
  kernels.gemm.peak: measured
"""
NEAR = """schema: infecon/family/1
like: far
kernels:
  gemm: {floor: 3 us, peak: 0.7}
launch: 5 us
sources:
  kernels.gemm: a table
  kernels.gemm.peak: another table
  kernels.gemm.floor: a third
"""
FAR = """schema: infecon/family/1
hbm: {efficiency: 0.8}
kernels:
  gemm: {floor: 2 us, hbm: 0.9}
sources:
  hbm.efficiency: said once
  kernels.gemm: an older table
"""


@pytest.fixture
def read(tmp_path, monkeypatch):
    """Loads the part over the families, some of the texts changed."""
    monkeypatch.setenv("INFECON_SPECS", str(tmp_path))

    def call(part=PART, near=NEAR, far=FAR):
        for folder, name, text in (
            ("hardware", "part", part),
            ("families", "near", near),
            ("families", "far", far),
        ):
            (tmp_path / folder).mkdir(exist_ok=True)
            (tmp_path / folder / f"{name}.yaml").write_text(text)
        return load(Accelerator, "part")

    return call


def test_values_of_the_nearest_that_gives_them(read):
    part = read()
    gemm = part.kernels.gemm
    assert (gemm.peak, gemm.floor_s, gemm.hbm) == (0.6, 3e-6, 0.9)
    assert (part.hbm.capacity_bytes, part.hbm.efficiency, part.launch_s) == (80e9, 0.8, 5e-6)


def test_a_source_goes_with_its_value(read):
    assert dict(read().sources) == {
        "hbm": "its datasheet",
        "hbm.efficiency": "said once",
        "kernels.gemm": "a table",
        "kernels.gemm.peak": "measured",
        "kernels.gemm.floor": "a third",
    }


def test_the_source_of_a_value_that_is_replaced_is_not_kept(read):
    part = read(part=PART.replace("  kernels.gemm.peak: measured\n", "  kernels.gemm: a guess\n"))
    assert dict(part.sources)["kernels.gemm"] == "a guess"
    assert "kernels.gemm.peak" not in dict(part.sources)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"part": PART.replace("near", "nera")},
            "part.yaml:2: like: no family 'nera'; did you mean",
        ),
        ({"part": PART.replace("near", "[near]")}, "part.yaml:2: like: expected a family"),
        ({"part": PART.replace("peak", "peek")}, "part.yaml:7: kernels.gemm.peek: no such key"),
        ({"near": NEAR.replace("0.7", "7").replace("floor", "florr")}, "part.yaml:2: kernels.gemm"),
        ({"near": NEAR.replace("family/1", "hardware/1")}, "near.yaml:1: schema: expected"),
        ({"near": NEAR.replace("launch:", "launch")}, "near.yaml"),
        ({"far": FAR + "like: near\n"}, "far.yaml:8: like: 'near' is like itself"),
        (
            {"near": NEAR.replace("like: far", "like: {a: b}")},
            "near.yaml:2: like: expected a family",
        ),
    ],
)
def test_mistakes_are_told_where_they_are(read, changes, said):
    with pytest.raises(SpecError) as error:
        read(**changes)
    assert said in str(error.value)
