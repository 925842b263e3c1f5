"""What input and output tokens cost each."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infecon_tui.cost.case import Layout
from infecon_tui.cost.frontier.search import Search, evaluate
from infecon_tui.cost.serving.token_prices import entering_of, input_seconds
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.spec.library import load
from infecon_tui.workload.transformer import Transformer


def point(batch=32.0, layout=None, **changes):
    search = Search(
        model=load(Transformer, "llama-3.1-70b"),
        hardware=load(Accelerator, "h100-sxm"),
        **({"context_tok": 2176.0, "isl": 2048.0, "osl": 256.0} | changes),
    )
    return evaluate(search, [layout or Layout(gpus=4, tensor=4)], batch)


def test_by_hand():
    """A step of 50 ms, 20 ms without prompts, 65 sequences: 64 / 256 prompts of 2048 tokens for 30 ms."""
    assert entering_of(65.0, 2048.0, 256.0) == 512
    assert input_seconds(0.05, 0.02, 9.9, 65.0, 2048.0, 256.0) == pytest.approx(0.03 / 512)
    assert input_seconds(0.02, 0.02, 0.1024, 1.0, 2048.0, 256.0) == pytest.approx(0.1024 / 2048)


@given(
    st.integers(2, 100),
    st.floats(16, 8000),
    st.floats(8, 4000),
    st.sampled_from(["vllm", "sglang"]),
    st.sampled_from([1, 2, 4]),
)
def test_both_together_are_the_cost(batch, isl, osl, engine, stages):
    layout = Layout(gpus=4 * stages, tensor=4, pipeline=stages)
    made = point(float(batch), layout, isl=isl, osl=osl, engine=engine)
    entering = entering_of(batch, isl, osl) / batch
    whole = made.output_usd_per_mtok + entering * made.input_usd_per_mtok
    np.testing.assert_allclose(whole, made.usd_per_mtok, rtol=1e-9)


@given(st.floats(0, 2000), st.floats(0, 2000))
def test_input_gets_cheaper_with_more_of_it_cached(one, other):
    few, many = sorted((one, other))
    less, more = (point(cached_tok=cached) for cached in (few, many))
    assert more.input_usd_per_mtok <= less.input_usd_per_mtok * (1 + 1e-9)
    np.testing.assert_allclose(more.output_usd_per_mtok, less.output_usd_per_mtok)


def test_without_prompts_the_output_costs_all():
    made = point(isl=None, osl=None)
    assert np.isnan(made.input_usd_per_mtok)
    np.testing.assert_allclose(made.output_usd_per_mtok, made.usd_per_mtok)
