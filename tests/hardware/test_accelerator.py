"""Peaks by number format."""

import pytest

from infecon_tui.hardware.accelerator import Arithmetic

H100 = Arithmetic(tf32_flops=495e12, fp16_flops=989e12, bf16_flops=990e12, fp8_flops=1979e12)


@pytest.mark.parametrize(
    ("number_format", "peak"),
    [
        ("bf16", 990e12),
        ("fp16", 989e12),
        ("fp8", 1979e12),
        ("int8", 1979e12),
        ("fp4", 1979e12),
        ("int4", 1979e12),
        ("fp32", 495e12),
    ],
)
def test_a_missing_format_runs_at_the_peak_of_the_next_wider_one(number_format, peak):
    assert H100.peak_flops(number_format) == peak


def test_no_wider_format_means_no_peak():
    assert Arithmetic(fp8_flops=664e12).peak_flops("bf16") is None
