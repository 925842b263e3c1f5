"""Weights and caches of every kind of attention against counts made by hand."""

import pytest

from infecon_tui.slots import members
from infecon_tui.workload.attention import (
    Attention,
    Chunked,
    Compressed,
    CrossLayer,
    Factorised,
    GatedDelta,
    GroupedQuery,
    Indexer,
    KimiDelta,
    Latent,
    Lightning,
    Mamba1,
    Mamba2,
    SlidingWindow,
    SparseGrouped,
    SparseLatent,
)

GQA = {"heads": 8, "kv_heads": 2, "d_head": 16}
MLA = {"heads": 4, "d_head": 16, "d_rope": 8, "latent_kv": 32, "latent_query": 24}
# Down to the query (100 x 24) and up (24 x 4 heads x (16 + 8)); down to latent and rotary key;
# up to keys and values of 4 heads; output.
MLA_PARAMS = 100 * 24 + 24 * 4 * 24 + 100 * (32 + 8) + 32 * 4 * (16 + 16) + 4 * 16 * 100
INDEXER = Indexer(heads=2, d_head=8)
POOLED = Indexer(heads=2, d_head=8, pool=4)
COMPRESSED = {
    "heads": 4,
    "d_head": 16,
    "latent_query": 24,
    "latent_output": 10,
    "output_groups": 2,
    "window": 128,
}
# Query down and up, the one key, output down within groups and up from both groups.
COMPRESSED_PARAMS = 100 * 24 + 24 * 64 + 100 * 16 + 64 * 10 + 2 * 10 * 100

PARAMS = [
    (GroupedQuery(**GQA), 100 * 16 * (8 + 2 + 2 + 8)),
    (GroupedQuery(**GQA, d_value=4), 100 * (8 * 16 + 2 * 16 + 2 * 4 + 8 * 4)),
    (GroupedQuery(**GQA, tied_kv=True), 100 * 16 * (8 + 2 + 8)),
    (GroupedQuery(**GQA, output_gate=True), 100 * 16 * (8 + 2 + 2 + 8 + 8)),
    (SlidingWindow(**GQA, window=64), 100 * 16 * 20),
    (Chunked(**GQA, chunk=64), 100 * 16 * 20),
    (SparseGrouped(**GQA, top_k=256, block=64), 100 * 16 * 20),
    # Index queries, the scores of their heads and the one key come from the residual stream.
    (
        SparseGrouped(**GQA, top_k=256, block=64, indexer=INDEXER),
        100 * 16 * 20 + 100 * 2 * 8 + 100 * 2 + 100 * 8,
    ),
    # Queries and output only: another layer made the keys and values.
    (CrossLayer(**GQA), 100 * 16 * (8 + 8)),
    (CrossLayer(**GQA, output_gate=True), 100 * 16 * (8 + 8 + 8)),
    # Queries down to 24 and up to 8 heads; keys, values and output from and to the stream.
    (Factorised(**GQA, latent_query=24), 24 * (100 + 8 * 16) + 100 * 16 * (2 + 2 + 8)),
    (Latent(**MLA), MLA_PARAMS),
    (Latent(**MLA | {"latent_query": None}), MLA_PARAMS - 100 * 24 - 24 * 96 + 100 * 96),
    (Latent(**MLA, output_gate=True), MLA_PARAMS + 4 * 16 * 100),
    (SparseLatent(**MLA, top_k=64), MLA_PARAMS),
    # Index queries come from the compressed query.
    (
        SparseLatent(**MLA, top_k=64, indexer=INDEXER),
        MLA_PARAMS + 24 * 2 * 8 + 100 * 2 + 100 * 8,
    ),
    (Compressed(**COMPRESSED), COMPRESSED_PARAMS),
    (Compressed(**COMPRESSED, compression=128), COMPRESSED_PARAMS + (2 * 100 + 128) * 16),
    # Overlapping entries of width 2 x 16, the indexer's own of 2 x 8, its queries and scores.
    (
        Compressed(**COMPRESSED, compression=4, top_k=32, indexer=INDEXER),
        COMPRESSED_PARAMS + (2 * 100 + 4) * 2 * (16 + 8) + 24 * 2 * 8 + 100 * 2,
    ),
    # Queries and keys of 2 heads x 16, values and gate of 4 x 32, two rates a head, output,
    # convolution.
    (
        GatedDelta(key_heads=2, value_heads=4, d_key=16, d_value=32),
        100 * (2 * 32 + 2 * 128 + 8) + 128 * 100 + 4 * (2 * 32 + 128),
    ),
    # q, k, v and output; decay through 16; gate through 16 or full; rate; three convolutions.
    (
        KimiDelta(heads=4, d_head=16),
        4 * 6400 + 2 * (1600 + 1024) + 400 + 3 * 4 * 64,
    ),
    (
        KimiDelta(heads=4, d_head=16, full_gate=True),
        5 * 6400 + (1600 + 1024) + 400 + 3 * 4 * 64,
    ),
    (Lightning(heads=4, d_head=16), 5 * 100 * 64),
    # Input and gate of 64; from it 6 numbers for rates and two maps of 8; rates up; decays; convolution.
    (
        Mamba1(channels=64, d_state=8, d_rate=6),
        100 * 2 * 64 + 64 * (6 + 2 * 8) + 6 * 64 + 64 * 8 + 4 * 64 + 64 * 100,
    ),
    # Input and gate of 64, maps 2 x 2 groups x 32, 4 rates, output, convolution of input and maps.
    (
        Mamba2(heads=4, d_head=16, d_state=32, groups=2),
        100 * (2 * 64 + 128 + 4) + 64 * 100 + 4 * (64 + 128),
    ),
]


@pytest.mark.parametrize(("kind", "expected"), PARAMS, ids=str)
def test_params(kind, expected):
    assert kind.params(100) == expected


CACHES = [
    (GroupedQuery(**GQA), 1000, 2 * 2 * 16 * 1000),
    (GroupedQuery(**GQA, d_value=4), 1000, 2 * (16 + 4) * 1000),
    (GroupedQuery(**GQA, tied_kv=True), 1000, 2 * 2 * 16 * 1000),
    (SlidingWindow(**GQA, window=64), 40, 2 * 2 * 16 * 40),
    (SlidingWindow(**GQA, window=64), 1000, 2 * 2 * 16 * 64),
    (Chunked(**GQA, chunk=64), 1000, 2 * 2 * 16 * 64),
    (SparseGrouped(**GQA, top_k=256, block=64), 1000, 64 * 1000),
    (SparseGrouped(**GQA, top_k=256, block=64, indexer=INDEXER), 1000, (64 + 8) * 1000),
    # One key of the indexer stands for four positions.
    (SparseGrouped(**GQA, top_k=256, block=64, indexer=POOLED), 1000, (64 + 2) * 1000),
    (CrossLayer(**GQA), 1000, 0),
    (Factorised(**GQA, latent_query=24), 1000, 2 * 2 * 16 * 1000),
    (Latent(**MLA), 1000, (32 + 8) * 1000),
    (SparseLatent(**MLA, top_k=64), 1000, (32 + 8) * 1000),
    (SparseLatent(**MLA, top_k=64, indexer=INDEXER), 1000, (32 + 8 + 8) * 1000),
    (Compressed(**COMPRESSED), 1024, 128 * 16),
    (Compressed(**COMPRESSED), 100, 100 * 16),
    (Compressed(**COMPRESSED, compression=128), 1024, (128 + 8) * 16),
    (
        Compressed(**COMPRESSED, compression=4, top_k=32, indexer=INDEXER),
        1024,
        128 * 16 + 256 * (16 + 8),
    ),
    # One state a value head, and three earlier inputs of the convolution.
    (
        GatedDelta(key_heads=2, value_heads=4, d_key=16, d_value=32),
        1000,
        4 * 16 * 32 + 3 * (2 * 32 + 128),
    ),
    (KimiDelta(heads=4, d_head=16), 1000, 4 * 16 * 16 + 3 * 3 * 64),
    (Lightning(heads=4, d_head=16), 1000, 4 * 16 * 16),
    (Mamba1(channels=64, d_state=8, d_rate=6), 1000, 64 * 8 + 3 * 64),
    (Mamba2(heads=4, d_head=16, d_state=32, groups=2), 1000, 4 * 16 * 32 + 3 * (64 + 128)),
]


@pytest.mark.parametrize(("kind", "positions", "expected"), CACHES, ids=str)
def test_cache(kind, positions, expected):
    assert kind.cache_elements(positions) == expected


def test_a_fixed_state_does_not_grow():
    for kind in (
        GatedDelta(key_heads=2, value_heads=4, d_key=16, d_value=32),
        KimiDelta(heads=4, d_head=16),
        Lightning(heads=4, d_head=16),
        Mamba1(channels=64, d_state=8, d_rate=6),
        Mamba2(heads=4, d_head=16, d_state=32),
    ):
        assert kind.cache_elements(1) == kind.cache_elements(1_000_000) > 0


PROBLEMS = [
    (GroupedQuery(heads=8, kv_heads=3, d_head=16), "heads (8) is not divisible by kv_heads (3)"),
    (SlidingWindow(heads=8, kv_heads=3, d_head=16, window=4), "not divisible by kv_heads (3)"),
    (Chunked(heads=8, kv_heads=3, d_head=16, chunk=4), "not divisible by kv_heads (3)"),
    (
        GroupedQuery(**GQA, d_value=4, tied_kv=True),
        "tied_kv needs d_value (4) equal to d_head (16)",
    ),
    (SparseGrouped(**GQA, top_k=100, block=64), "top_k (100) is not a whole number of blocks (64)"),
    (Compressed(**COMPRESSED, compression=4, top_k=8), "top_k and indexer go together"),
    (Compressed(**COMPRESSED, compression=4, indexer=INDEXER), "top_k and indexer go together"),
    (Compressed(**COMPRESSED, top_k=8, indexer=INDEXER), "compression is missing"),
    (Compressed(**COMPRESSED | {"output_groups": 3}), "not divisible by output_groups (3)"),
    (GatedDelta(key_heads=3, value_heads=4, d_key=1, d_value=1), "not divisible by key_heads (3)"),
    (Mamba2(heads=4, d_head=16, d_state=32, groups=3), "heads (4) is not divisible by groups (3)"),
]


@pytest.mark.parametrize(("kind", "said"), PROBLEMS, ids=str)
def test_numbers_that_contradict_each_other(kind, said):
    assert said in "; ".join(kind.problems())


@pytest.mark.parametrize("kind", [kind for kind, _ in PARAMS], ids=str)
def test_good_numbers_have_no_problems(kind):
    assert kind.problems() == ()


def test_every_kind_is_tested_and_has_a_name_of_its_own():
    kinds = members(Attention)
    assert len({kind.kind for kind in kinds}) == len(kinds)
    assert {type(kind) for kind, _ in PARAMS} == set(kinds)
    assert {type(kind) for kind, _, _ in CACHES} == set(kinds)


def test_no_kind_passes_for_another():
    """A reader that knows full attention only must not take a window for it."""
    kinds = members(Attention)
    assert not [(a, b) for a in kinds for b in kinds if a is not b and issubclass(a, b)]
