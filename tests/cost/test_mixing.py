"""What attention of every kind does on a rank, against the weights that it counts."""

import numpy as np
import pytest

from infecon_tui.cost.memory import cache_bytes, weight_bytes
from infecon_tui.cost.plan import Plan
from infecon_tui.cost.step.mixing import mixing
from infecon_tui.spec.library import ids, load
from infecon_tui.workload.attention import CrossLayer, Factorised, GroupedQuery, Mamba1
from infecon_tui.workload.transformer import Transformer

MODELS = [name for name in ids(Transformer) if "/" not in name]
GQA = {"heads": 8, "kv_heads": 2, "d_head": 16}


def weights(products):
    return sum(one.n * one.k * one.copies for one in products)


def kinds(name):
    model = load(Transformer, name)
    return model.d_model, {group.attention for group in model.layers if group.attention}


@pytest.mark.parametrize("name", MODELS)
def test_the_products_of_a_layer_are_its_weights(name):
    """But for convolutions, decays and scores of an indexer, which are no products of their own."""
    d_model, found = kinds(name)
    for kind in found:
        work = mixing(kind, d_model, 1.0, 1024.0, 512.0)
        counted = kind.params(d_model)
        assert weights(work.products) == pytest.approx(counted, rel=0.015), kind
        assert weights(work.prompt_products or work.products) == pytest.approx(counted, rel=0.015)


def test_a_layer_without_keys_of_its_own_reads_as_much():
    own, other = (mixing(kind(**GQA), 100, 2.0, 64.0, 32.0) for kind in (GroupedQuery, CrossLayer))
    assert other.read == own.read == 2 * 16 * 64
    assert weights(own.products) - weights(other.products) == 100 * 2 * 16
    assert mixing(CrossLayer(**GQA, window=16), 100, 2.0, 64.0, 32.0).read == 2 * 16 * 16


def test_queries_through_a_narrow_vector_are_two_products():
    """Two ranks of 8 heads: down to 24 on both, with a head of keys and values; up to 4 heads."""
    down, up, out = mixing(Factorised(**GQA, latent_query=24), 100, 2.0, 64.0, 32.0).products
    assert (down.n, down.k) == (24 + 2 * 16, 100)
    assert (up.n, up.k) == (4 * 16, 24)
    assert (out.n, out.k) == (100, 4 * 16)


def test_channels_of_mamba_are_cut_over_ranks():
    """On each of two ranks states of 32 channels x 8 in fp32 and 3 inputs, read and written."""
    work = mixing(Mamba1(channels=64, d_state=8, d_rate=6), 100, 2.0, 64.0, 32.0)
    assert work.state_bytes == 2 * (4 * 32 * 8 + 2 * 3 * 32)
    assert work.read == 0


def test_an_indexer_of_groups_reads_a_key_a_group():
    model = load(Transformer, "qwen3.8-flash-next-180b-a6b")
    kind = model.layers[1].attention
    work = mixing(kind, model.d_model, 1.0, 4096.0, 2048.0)
    assert work.index_read == 128 * 4096 / 4
    assert work.index_work == 2 * 4 * 128 * 4096 / 4


def test_tables_take_memory_on_every_rank_and_shared_caches_none():
    model = load(Transformer, "gemma-4-e4b")
    one = Plan(**{name: np.array([1.0]) for name in ("tensor", "pipeline", "expert", "data")})
    assert weight_bytes(model, one)[0] == pytest.approx(2 * model.params, rel=1e-6)
    # 20 windows of 512 and 4 full layers with heads twice as wide; 18 layers keep nothing.
    kept = cache_bytes(model, one, np.asarray(10_000.0))[0]
    assert kept == 2 * 2 * 2 * (20 * 256 * 512 + 4 * 512 * 10_000)
