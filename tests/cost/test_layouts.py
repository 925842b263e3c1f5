"""Layouts that a search looks at: what they divide, and why others are refused."""

import pytest

from infecon_tui.cost.case import Layout
from infecon_tui.cost.frontier.layouts import MOST_GPUS, Pinned, layouts, problem
from infecon_tui.spec.library import load
from infecon_tui.workload.feedforward import MixtureOfExperts
from infecon_tui.workload.transformer import Transformer

MODELS = ("llama-3.1-70b", "deepseek-v3", "qwen3-235b-a22b", "gpt-oss-120b", "gemma-3-27b")
ENGINES = ("vllm", "sglang", "trtllm")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", MODELS)
def test_layouts_divide_what_they_spread(name, engine):
    model = load(Transformer, name)
    found = layouts(model, 8, engine, Pinned())
    assert found
    assert len(set(found)) == len(found)
    for layout in found:
        ranks = layout.tensor * layout.attention_data
        assert ranks * layout.pipeline == layout.gpus <= MOST_GPUS
        assert layout.pipeline <= model.layer_count
        for group in model.layers:
            heads = getattr(group.attention, "heads", layout.tensor)
            assert heads % layout.tensor == 0
            if isinstance(group.feed_forward, MixtureOfExperts):
                assert group.feed_forward.experts % layout.expert == 0
                assert ranks % layout.expert == 0
                assert group.feed_forward.d_ff % (ranks // layout.expert) == 0


def test_dense_models_are_cut_by_tensor_and_pipeline_alone():
    for layout in layouts(load(Transformer, "llama-3.1-70b"), 8, "vllm", Pinned()):
        assert layout.expert == layout.attention_data == 1


def test_what_is_pinned_holds():
    model = load(Transformer, "deepseek-v3")
    pins = Pinned(gpus=16, tensor=2, attention_data=8, expert=16)
    assert layouts(model, 8, "vllm", pins) == (
        Layout(gpus=16, tensor=2, expert=16, attention_data=8),
    )
    assert {way.gpus for way in layouts(model, 8, "vllm", Pinned(gpus=24))} <= {24}
    assert {way.gpus for way in layouts(model, 8, "vllm", Pinned(expert=128, tensor=1,
            attention_data=128, pipeline=1))} == {128}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "engine", "layout", "word"),
    [
        ("llama-3.1-70b", "vllm", Layout(gpus=3, tensor=3), "64 heads"),
        ("llama-3.1-70b", "vllm", Layout(gpus=8, tensor=4), "not 8 GPUs"),
        ("llama-3.1-70b", "vllm", Layout(gpus=8, tensor=8, expert=8), "has none"),
        ("llama-3.1-70b", "vllm", Layout(gpus=8, tensor=4, attention_data=2), "as many instances"),
        ("llama-3.1-70b", "vllm", Layout(gpus=128, pipeline=128), "80 layers"),
        ("deepseek-v3", "vllm", Layout(gpus=8, tensor=8, expert=4), "all 8 GPUs"),
        ("deepseek-v3", "vllm", Layout(gpus=8, tensor=8, expert=3), "8 GPUs of a stage"),
        ("deepseek-v3", "trtllm", Layout(gpus=8, tensor=4, attention_data=2), "TP 1 only"),
        ("gpt-oss-120b", "vllm", Layout(gpus=24, tensor=8, attention_data=3, expert=24), "EP 24"),
    ],
)
def test_refusals_name_what_stands_against_a_layout(name, engine, layout, word):
    assert word in problem(load(Transformer, name), engine, layout)


def test_engines_differ_in_what_they_run():
    model = load(Transformer, "deepseek-v3")
    mixed = Layout(gpus=8, tensor=8, expert=4)
    assert not problem(model, "sglang", mixed)
    assert not problem(model, "trtllm", Layout(gpus=8, tensor=1, attention_data=8, expert=8))
