"""Accelerators that differ in numbers only, predicted in one pass."""

from dataclasses import replace

import pytest
from deployment_cases import case

from infecon_tui.cost.predict import predict
from infecon_tui.cost.stacked import shape_of, stacked
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.knobs import at, leaves, replaced
from infecon_tui.spec.library import load

PART = load(Accelerator, "h100-sxm")
PATHS = [knob.path for knob in leaves(PART) if isinstance(knob.value, float)]


def moved(path, factor):
    return replaced(PART, path, at(PART, path).value * factor)


@pytest.mark.parametrize("serving", ["decode", "steady", "static", "closed_loop"])
@pytest.mark.parametrize(
    ("model", "engine"), [("llama-3.1-70b", "vllm-first"), ("deepseek-v3", "sglang")]
)
def test_many_parts_at_once_are_each_by_itself(model, engine, serving):
    one = case(model, engine=engine, serving=serving)
    parts = [moved(path, factor) for path in PATHS for factor in (0.9, 1.05)]
    cases = [replace(one, hardware=part) for part in parts]
    together = predict([*cases, one])
    alone = [predict([each])[0] for each in (*cases, one)]
    for a, b in zip(together, alone, strict=True):
        assert (a.tpot_s, a.ttft_s, a.tok_s) == pytest.approx((b.tpot_s, b.ttft_s, b.tok_s))
        assert (a.watts, a.memory_bytes_per_gpu, a.fits) == pytest.approx(
            (b.watts, b.memory_bytes_per_gpu, b.fits)
        )
        assert a.causes == pytest.approx(b.causes)


def test_numbers_that_differ_become_columns_and_the_others_stay():
    wide = replaced(PART, "hbm.bandwidth", 4e12)
    joined = stacked([PART, wide, PART])
    assert joined.hbm.bandwidth_Bps.tolist() == [3.35e12, 4e12, 3.35e12]
    assert joined.hbm.capacity_bytes == PART.hbm.capacity_bytes
    assert stacked([PART, PART]) is PART


def test_parts_of_other_links_or_without_a_number_are_of_another_shape():
    assert shape_of(PART) == shape_of(replaced(PART, "hbm.bandwidth", 4e12))
    assert shape_of(PART) != shape_of(load(Accelerator, "h200-sxm"))
    assert shape_of(PART) != shape_of(replace(PART, tdp_W=None))
    assert shape_of(PART) != shape_of(replaced(PART, "scale_up.domain", 4))
