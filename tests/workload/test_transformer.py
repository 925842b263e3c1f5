"""What a transformer adds up over its groups of layers."""

from dataclasses import replace

from infecon_tui.knobs import leaves
from infecon_tui.workload.attention import GroupedQuery, SlidingWindow
from infecon_tui.workload.feedforward import Dense, MixtureOfExperts
from infecon_tui.workload.transformer import Layers, Precision, Transformer

ATTENTION = GroupedQuery(heads=8, kv_heads=2, d_head=16)
WINDOW = SlidingWindow(heads=8, kv_heads=2, d_head=16, window=64)
MOE = MixtureOfExperts(experts=8, active_experts=2, d_ff=64)
MODEL = Transformer(
    id="small",
    d_model=100,
    vocab=1000,
    layers=(
        Layers(count=2, attention=ATTENTION, feed_forward=Dense(d_ff=64)),
        Layers(count=3, attention=WINDOW),
        Layers(count=4, feed_forward=MOE),
    ),
)
ATT, EXPERT, ROUTER = 100 * 16 * 20, 3 * 100 * 64, 800
PARAMS = 5 * ATT + 2 * EXPERT + 4 * (8 * EXPERT + ROUTER) + 2 * 100_000


def test_params_of_a_stack_of_several_kinds():
    assert MODEL.params == PARAMS
    assert MODEL.active_params == PARAMS - 4 * 6 * EXPERT
    assert MODEL.layer_count == 9


def test_tied_embeddings_count_once():
    assert replace(MODEL, tied_embeddings=True).params == PARAMS - 100_000
    assert replace(MODEL, vocab=0).embedding_params == 0


def test_extra_params_are_in_both_counts():
    extra = replace(MODEL, extra_params=7)
    assert extra.params == PARAMS + 7
    assert extra.active_params == MODEL.active_params + 7


def test_tables_are_parameters_that_no_token_meets():
    tables = replace(MODEL, table_params=7)
    assert tables.params == PARAMS + 7
    assert tables.active_params == MODEL.active_params


def test_the_cache_is_that_of_the_layers_with_attention():
    assert MODEL.cache_elements(1000) == 2 * 64 * 1000 + 3 * 64 * 64


def test_weight_bytes_with_experts_in_a_format_of_their_own():
    experts = 4 * 8 * EXPERT
    assert MODEL.weight_bytes == 2 * PARAMS
    fp8 = replace(MODEL, precision=Precision(weights="fp8"))
    assert fp8.weight_bytes == PARAMS
    fp4 = replace(MODEL, precision=Precision(weights="bf16", experts="fp4"))
    assert fp4.weight_bytes == 2 * (PARAMS - experts) + experts / 2


def test_a_part_that_is_missing_is_no_value():
    paths = [knob.path for knob in leaves(MODEL)]
    assert "layers.0.feed_forward.d_ff" in paths
    assert "layers.1.feed_forward" not in paths
    assert "layers.2.attention" not in paths
