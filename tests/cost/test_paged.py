"""vLLM's first paged attention on AMD: read once a query head, with many heads or few positions."""

from dataclasses import replace

import pytest

from infecon_tui.cost.case import Case, Layout
from infecon_tui.cost.predict import predict
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.knobs import replaced
from infecon_tui.spec.library import load
from infecon_tui.workload.transformer import Transformer

HEADS, GROUP = 32, 4
"""Query heads of Llama 3.1 8B, and those that share a key."""


def case(sequences, context, **changes):
    made = Case(
        model=load(Transformer, "llama-3.1-8b"),
        hardware=load(Accelerator, "mi300x"),
        engine="vllm-first",
        layout=Layout(gpus=1),
        batch=sequences,
        isl=context,
        osl=2,
        context_tok=context,
        serving="decode",
    )
    return replace(made, **changes)


def cache_s(one):
    (answer,) = predict([one])
    return answer.causes["cache"]


def times_other_attention(one):
    """Seconds of reading the cache over those of an engine with another attention."""
    return cache_s(one) / cache_s(replace(one, engine="vllm-waiting"))


def test_many_heads_read_the_cache_each_for_itself():
    few, many = 512 // HEADS, 512 // HEADS + 1
    assert times_other_attention(case(few, 4000)) == pytest.approx(1)
    assert times_other_attention(case(many, 4000)) == pytest.approx(GROUP, rel=0.01)


def test_one_part_is_read_so_and_a_very_long_one_never():
    assert times_other_attention(case(4, 512)) == pytest.approx(GROUP, rel=0.01)
    assert times_other_attention(case(4, 513)) == pytest.approx(1)
    assert times_other_attention(case(64, 8192)) == pytest.approx(GROUP, rel=0.01)
    assert times_other_attention(case(64, 8193)) == pytest.approx(1)


def test_ranks_have_fewer_heads():
    two = case(20, 4000, layout=Layout(gpus=2, tensor=2))
    assert times_other_attention(two) == pytest.approx(1)


def test_a_die_with_one_cache_shares_keys_and_other_vendors_have_another_attention():
    part = load(Accelerator, "mi300x")
    one_cache = replaced(part, "kernels.attention.paged_caches", 1)
    assert times_other_attention(case(64, 4000, hardware=one_cache)) == pytest.approx(1)
    slow = replaced(one_cache, "kernels.attention.paged_hbm", 0.25)
    assert times_other_attention(case(64, 4000, hardware=slow)) == pytest.approx(3, rel=0.01)
    nvidia = load(Accelerator, "h100-sxm")
    assert times_other_attention(case(64, 4000, hardware=nvidia)) == pytest.approx(1)
