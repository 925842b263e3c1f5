"""A checkpoint's config.json gives the model that the catalogue has, or says which key is wrong."""

import json
from dataclasses import replace

import pytest

from infecon_tui.errors import InfeconError, SpecError
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.spec.library import load
from infecon_tui.spec.scenario_file import (
    default_scenario,
    load_scenario,
    scenario_from_yaml,
    scenario_yaml,
)
from infecon_tui.workload.attention import GroupedQuery, SlidingWindow
from infecon_tui.workload.transformer import Transformer

DEEPSEEK = {
    "kv_lora_rank": 512,
    "q_lora_rank": 1536,
    "qk_nope_head_dim": 128,
    "qk_rope_head_dim": 64,
    "v_head_dim": 128,
    "moe_layer_freq": 1,
    "max_position_embeddings": 163840,
    "tie_word_embeddings": False,
    "torch_dtype": "bfloat16",
}
FP8 = {"quant_method": "fp8", "fmt": "e4m3", "weight_block_size": [128, 128]}
V3 = DEEPSEEK | {
    "architectures": ["DeepseekV3ForCausalLM"],
    "model_type": "deepseek_v3",
    "first_k_dense_replace": 3,
    "hidden_size": 7168,
    "intermediate_size": 18432,
    "moe_intermediate_size": 2048,
    "n_routed_experts": 256,
    "n_shared_experts": 1,
    "num_attention_heads": 128,
    "num_experts_per_tok": 8,
    "num_hidden_layers": 61,
    "num_key_value_heads": 128,
    "num_nextn_predict_layers": 1,
    "quantization_config": FP8,
    "vocab_size": 129280,
}
LLAMA = {
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "hidden_size": 4096,
    "intermediate_size": 14336,
    "max_position_embeddings": 131072,
    "num_attention_heads": 32,
    "num_hidden_layers": 32,
    "num_key_value_heads": 8,
    "tie_word_embeddings": False,
    "torch_dtype": "bfloat16",
    "vocab_size": 128256,
}
MISTRAL = {
    "architectures": ["MistralForCausalLM"],
    "model_type": "mistral",
    "hidden_size": 4096,
    "intermediate_size": 14336,
    "max_position_embeddings": 32768,
    "num_attention_heads": 32,
    "num_hidden_layers": 32,
    "num_key_value_heads": 8,
    "sliding_window": 4096,
    "torch_dtype": "bfloat16",
    "vocab_size": 32000,
}
QWEN_3 = {
    "architectures": ["Qwen3ForCausalLM"],
    "model_type": "qwen3",
    "head_dim": 128,
    "hidden_size": 5120,
    "intermediate_size": 25600,
    "max_position_embeddings": 40960,
    "max_window_layers": 64,
    "num_attention_heads": 64,
    "num_hidden_layers": 64,
    "num_key_value_heads": 8,
    "sliding_window": None,
    "use_sliding_window": False,
    "tie_word_embeddings": False,
    "torch_dtype": "bfloat16",
    "vocab_size": 151936,
}
GPT_OSS = {
    "architectures": ["GptOssForCausalLM"],
    "model_type": "gpt_oss",
    "experts_per_token": 4,
    "head_dim": 64,
    "hidden_size": 2880,
    "intermediate_size": 2880,
    "layer_types": ["sliding_attention", "full_attention"] * 18,
    "max_position_embeddings": 131072,
    "num_attention_heads": 64,
    "num_experts_per_tok": 4,
    "num_hidden_layers": 36,
    "num_key_value_heads": 8,
    "num_local_experts": 128,
    "sliding_window": 128,
    "tie_word_embeddings": False,
    "vocab_size": 201088,
    "quantization_config": {
        "quant_method": "mxfp4",
        "modules_to_not_convert": [
            *("model.layers.*.self_attn", "model.layers.*.mlp.router"),
            *("model.embed_tokens", "lm_head"),
        ],
    },
}
CATALOGUE = {
    "llama-3.1-8b": LLAMA,
    "deepseek-v3": V3,
    "deepseek-v3.2": V3
    | {
        "architectures": ["DeepseekV32ForCausalLM"],
        "model_type": "deepseek_v32",
        "index_head_dim": 128,
        "index_n_heads": 64,
        "index_topk": 2048,
    },
    "deepseek-v2": DEEPSEEK
    | {
        "architectures": ["DeepseekV2ForCausalLM"],
        "model_type": "deepseek_v2",
        "first_k_dense_replace": 1,
        "hidden_size": 5120,
        "intermediate_size": 12288,
        "moe_intermediate_size": 1536,
        "n_routed_experts": 160,
        "n_shared_experts": 2,
        "num_attention_heads": 128,
        "num_experts_per_tok": 6,
        "num_hidden_layers": 60,
        "num_key_value_heads": 128,
        "vocab_size": 102400,
    },
    "qwen2.5-7b": {
        "architectures": ["Qwen2ForCausalLM"],
        "model_type": "qwen2",
        "hidden_size": 3584,
        "intermediate_size": 18944,
        "max_position_embeddings": 131072,
        "max_window_layers": 28,
        "num_attention_heads": 28,
        "num_hidden_layers": 28,
        "num_key_value_heads": 4,
        "sliding_window": 131072,
        "use_sliding_window": False,
        "tie_word_embeddings": False,
        "torch_dtype": "bfloat16",
        "vocab_size": 152064,
    },
    "qwen3-32b": QWEN_3,
    "qwen3-235b-a22b": {
        "architectures": ["Qwen3MoeForCausalLM"],
        "model_type": "qwen3_moe",
        "decoder_sparse_step": 1,
        "head_dim": 128,
        "hidden_size": 4096,
        "intermediate_size": 12288,
        "max_position_embeddings": 40960,
        "max_window_layers": 94,
        "mlp_only_layers": [],
        "moe_intermediate_size": 1536,
        "num_attention_heads": 64,
        "num_experts": 128,
        "num_experts_per_tok": 8,
        "num_hidden_layers": 94,
        "num_key_value_heads": 4,
        "sliding_window": None,
        "use_sliding_window": False,
        "tie_word_embeddings": False,
        "torch_dtype": "bfloat16",
        "vocab_size": 151936,
    },
    "mixtral-8x7b": {
        "architectures": ["MixtralForCausalLM"],
        "model_type": "mixtral",
        "hidden_size": 4096,
        "intermediate_size": 14336,
        "max_position_embeddings": 32768,
        "num_attention_heads": 32,
        "num_experts_per_tok": 2,
        "num_hidden_layers": 32,
        "num_key_value_heads": 8,
        "num_local_experts": 8,
        "sliding_window": None,
        "tie_word_embeddings": False,
        "torch_dtype": "bfloat16",
        "vocab_size": 32000,
    },
    "mistral-7b-v0.1": MISTRAL,
    "mistral-small-3-24b": {
        "architectures": ["Mistral3ForConditionalGeneration"],
        "model_type": "mistral3",
        "torch_dtype": "bfloat16",
        "text_config": {
            "model_type": "mistral",
            "head_dim": 128,
            "hidden_size": 5120,
            "intermediate_size": 32768,
            "max_position_embeddings": 32768,
            "num_attention_heads": 32,
            "num_hidden_layers": 40,
            "num_key_value_heads": 8,
            "sliding_window": None,
            "vocab_size": 131072,
        },
        "vision_config": {"model_type": "pixtral", "hidden_size": 1024},
    },
    "gemma-2-27b": {
        "architectures": ["Gemma2ForCausalLM"],
        "model_type": "gemma2",
        "head_dim": 128,
        "hidden_size": 4608,
        "intermediate_size": 36864,
        "max_position_embeddings": 8192,
        "num_attention_heads": 32,
        "num_hidden_layers": 46,
        "num_key_value_heads": 16,
        "sliding_window": 4096,
        "torch_dtype": "float32",
        "vocab_size": 256000,
    },
    "gemma-3-27b": {
        "architectures": ["Gemma3ForConditionalGeneration"],
        "model_type": "gemma3",
        "torch_dtype": "bfloat16",
        "text_config": {
            "model_type": "gemma3_text",
            "head_dim": 128,
            "hidden_size": 5376,
            "intermediate_size": 21504,
            "num_attention_heads": 32,
            "num_hidden_layers": 62,
            "num_key_value_heads": 16,
            "sliding_window": 1024,
        },
        "vision_config": {"model_type": "siglip_vision_model"},
    },
    "gpt-oss-120b": GPT_OSS,
    "glm-4.5": {
        "architectures": ["Glm4MoeForCausalLM"],
        "model_type": "glm4_moe",
        "first_k_dense_replace": 3,
        "head_dim": 128,
        "hidden_size": 5120,
        "intermediate_size": 12288,
        "max_position_embeddings": 131072,
        "moe_intermediate_size": 1536,
        "n_routed_experts": 160,
        "n_shared_experts": 1,
        "num_attention_heads": 96,
        "num_experts_per_tok": 8,
        "num_hidden_layers": 92,
        "num_key_value_heads": 8,
        "num_nextn_predict_layers": 1,
        "tie_word_embeddings": False,
        "torch_dtype": "bfloat16",
        "vocab_size": 151552,
    },
    "phi-4-14b": {
        "architectures": ["Phi3ForCausalLM"],
        "model_type": "phi3",
        "hidden_size": 5120,
        "intermediate_size": 17920,
        "max_position_embeddings": 16384,
        "num_attention_heads": 40,
        "num_hidden_layers": 40,
        "num_key_value_heads": 10,
        "sliding_window": None,
        "tie_word_embeddings": False,
        "torch_dtype": "bfloat16",
        "vocab_size": 100352,
    },
}
SHAPE = ("d_model", "vocab", "tied_embeddings", "layers", "precision", "max_context")


def model(tmp_path, tree, name="config.json"):
    path = tmp_path / "some-model" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(tree if isinstance(tree, str) else json.dumps(tree, indent=2))
    return load(Transformer, str(path))


def complaint(tmp_path, tree):
    with pytest.raises(SpecError) as caught:
        model(tmp_path, tree)
    return str(caught.value).replace(f"{tmp_path}/some-model/", "")


def formats(tmp_path, tree):
    made = model(tmp_path, tree).precision
    return made.weights, made.experts, made.kv_cache


@pytest.mark.parametrize("name", CATALOGUE)
def test_it_is_the_model_of_the_catalogue(tmp_path, name):
    made, known = model(tmp_path, CATALOGUE[name]), load(Transformer, name)
    if "quantization_config" not in CATALOGUE[name]:
        # What its checkpoint in 8 bits would be is not said.
        known = replace(known, precision=replace(known.precision, blocks=False))
    assert {key: getattr(made, key) for key in SHAPE} == {key: getattr(known, key) for key in SHAPE}


def test_it_is_called_as_its_folder_or_its_file(tmp_path):
    assert model(tmp_path, LLAMA).id == "some-model"
    assert model(tmp_path, LLAMA, "mine.json").id == "mine"
    cached = tmp_path / "models--org--Llama-8B" / "snapshots" / "0f3a" / "config.json"
    cached.parent.mkdir(parents=True)
    cached.write_text(json.dumps(LLAMA))
    assert load(Transformer, str(cached.parent)).id == "Llama-8B"


def test_a_name_without_a_folder_is_an_id_and_no_checkpoint(tmp_path, monkeypatch):
    model(tmp_path, LLAMA)
    monkeypatch.chdir(tmp_path)
    assert load(Transformer, "./some-model").layer_count == 32
    with pytest.raises(InfeconError, match="no model 'some-model'"):
        load(Transformer, "some-model")


def test_json_on_one_line_and_with_tabs(tmp_path):
    assert model(tmp_path, json.dumps(V3, separators=(",", ":"))).layer_count == 61
    assert model(tmp_path, json.dumps(V3, indent="\t")).layer_count == 61
    assert (
        model(tmp_path, "\ufeff" + json.dumps(V3, indent=2).replace("\n", "\r\n")).vocab == 129280
    )


def test_what_is_left_out_is_said(tmp_path):
    assert "multi-token prediction" in model(tmp_path, V3).notes
    assert "vision" in model(tmp_path, CATALOGUE["gemma-3-27b"]).notes
    assert not model(tmp_path, LLAMA).notes


def test_windows_where_the_file_asks_for_them(tmp_path):
    asked = QWEN_3 | {"use_sliding_window": True, "sliding_window": 512, "max_window_layers": 60}
    full, sliding = model(tmp_path, asked).layers
    assert (full.count, sliding.count) == (60, 4)
    assert isinstance(full.attention, GroupedQuery)
    assert isinstance(sliding.attention, SlidingWindow)
    assert sliding.attention.window == 512


def test_dense_layers_between_experts(tmp_path):
    tree = CATALOGUE["qwen3-235b-a22b"] | {"decoder_sparse_step": 2, "mlp_only_layers": [1]}
    dense, sparse = model(tmp_path, tree).layers
    assert (dense.count, sparse.count) == (48, 46)
    assert dense.feed_forward.d_ff == 12288


@pytest.mark.parametrize(
    ("quantized", "found"),
    [
        ({"quant_method": "awq", "bits": 4, "group_size": 128}, ("int4", None, None)),
        ({"quant_method": "gptq", "bits": 8}, ("int8", None, None)),
        ({"quant_method": "bitsandbytes", "load_in_4bit": True}, ("int4", None, None)),
        ({"quant_method": "bitsandbytes", "load_in_8bit": True}, ("int8", None, None)),
        ({"quant_method": "fbgemm_fp8"}, ("fp8", None, None)),
        (
            {
                "quant_method": "modelopt",
                "quant_algo": "NVFP4",
                "kv_cache_scheme": {"num_bits": 8, "type": "float"},
            },
            ("fp4", None, "fp8"),
        ),
        (
            {
                "quant_method": "compressed-tensors",
                "config_groups": {"group_0": {"weights": {"num_bits": 8, "type": "float"}}},
                "ignore": ["lm_head"],
            },
            ("fp8", None, None),
        ),
        (
            {
                "quant_method": "compressed-tensors",
                "config_groups": {"group_0": {"weights": {"num_bits": 4, "type": "int"}}},
            },
            ("int4", None, None),
        ),
    ],
)
def test_quantization(tmp_path, quantized, found):
    assert formats(tmp_path, LLAMA | {"quantization_config": quantized}) == found


def test_experts_alone_are_quantized_where_attention_is_kept(tmp_path):
    kimi = {
        "quant_method": "compressed-tensors",
        "config_groups": {"group_0": {"weights": {"num_bits": 4, "type": "int"}}},
    }
    kept = kimi | {"ignore": ["lm_head", "re:.*self_attn.*", "re:.*shared_experts.*"]}
    assert formats(tmp_path, V3 | {"quantization_config": kept}) == ("bf16", "int4", None)
    norms = kimi | {"ignore": ["model.layers.0.self_attn.q_norm", "model.layers.61.self_attn.kv"]}
    assert formats(tmp_path, V3 | {"quantization_config": norms}) == ("int4", None, None)
    each = kimi | {"ignore": [f"model.layers.{layer}.self_attn.q_proj" for layer in range(61)]}
    assert formats(tmp_path, V3 | {"quantization_config": each}) == ("bf16", "int4", None)


def without(tree, key):
    return {name: value for name, value in tree.items() if name != key}


@pytest.mark.parametrize(
    ("tree", "message"),
    [
        (
            without(LLAMA, "num_hidden_layers"),
            "config.json:1: num_hidden_layers: is missing; LlamaForCausalLM needs it",
        ),
        (
            without(LLAMA, "vocab_size") | {"vocab_sise": 1},
            "config.json:1: vocab_size: is missing; LlamaForCausalLM needs it; "
            "did you mean 'vocab_sise'?",
        ),
        (
            LLAMA | {"hidden_size": "wide"},
            "config.json:6: hidden_size: expected a whole number from 1 to 1000000000, found 'wide'",
        ),
        (LLAMA | {"hidden_size": float("nan")}, "hidden_size: expected a whole number"),
        (LLAMA | {"hidden_size": -4096}, "hidden_size: expected a whole number"),
        (LLAMA | {"num_hidden_layers": 10**9}, "expected a whole number from 1 to 10000, found"),
        (LLAMA | {"num_key_value_heads": 5}, "heads (32) is not divisible by kv_heads (5)"),
        (LLAMA | {"num_attention_heads": 24}, "24 heads do not divide hidden_size (4096)"),
        (LLAMA | {"tie_word_embeddings": 3}, "expected true or false, found '3'"),
        (LLAMA | {"torch_dtype": "bfloat61"}, "found 'bfloat61'; did you mean 'bfloat16'?"),
        (
            LLAMA | {"model_type": "llama4"},
            "config.json:5: model_type: 'llama4' is not understood; did you mean 'llama'?; expected ",
        ),
        (
            LLAMA | {"model_type": "qwen3_mo"},
            "'qwen3_mo' is not understood; did you mean 'qwen3_moe'?; expected llama | ",
        ),
        (
            without(LLAMA, "model_type") | {"architectures": ["BertForMaskedLM"]},
            "config.json:2: architectures: 'BertForMaskedLM' is not understood; expected llama",
        ),
        (LLAMA | {"model_type": {}}, "model_type: a mapping is not understood"),
        (
            GPT_OSS | {"layer_types": ["full_attention"] * 35 + ["chunked_attention"]},
            "layer_types: expected full_attention | sliding_attention, found 'chunked_attention'",
        ),
        (GPT_OSS | {"layer_types": ["full_attention"]}, "expected a list of 36, one a layer"),
        (
            LLAMA | {"quantization_config": {"quant_method": "hqq"}},
            "quantization_config.quant_method: expected fp8 | ",
        ),
        (LLAMA | {"quantization_config": 4}, "expected keys and values, found '4'"),
        (
            LLAMA | {"quantization_config": {"quant_method": "awq", "bits": 3}},
            "quantization_config.bits: expected 4 | 8, found '3'",
        ),
        (
            CATALOGUE["qwen3-235b-a22b"] | {"mlp_only_layers": ["x"]},
            "mlp_only_layers: expected a list of whole numbers, found a list",
        ),
    ],
)
def test_one_fault_gets_one_line(tmp_path, tree, message):
    said = complaint(tmp_path, tree)
    assert message in said
    assert len(said.splitlines()) == 1


def test_every_fault_is_told_at_once(tmp_path):
    tree = without(LLAMA, "vocab_size") | {"hidden_size": 0, "torch_dtype": "x"}
    lines = complaint(tmp_path, tree).splitlines()
    assert [line.split(": ")[1] for line in lines] == ["vocab_size", "hidden_size", "torch_dtype"]


def test_a_config_is_no_scenario_and_no_accelerator(tmp_path):
    model(tmp_path, LLAMA)
    path = str(tmp_path / "some-model" / "config.json")
    with pytest.raises(SpecError, match=r"is a Hugging Face config.json; name it under `model:`"):
        load_scenario(path)
    with pytest.raises(SpecError, match="expected 'infecon/hardware/1'"):
        load(Accelerator, path)


def test_a_scenario_names_it_beside_itself_and_keeps_it_whole(tmp_path, monkeypatch):
    model(tmp_path, LLAMA)
    mine = tmp_path / "mine.yaml"
    mine.write_text(
        "schema: infecon/scenario/1\nmodel: some-model/config.json\nhardware: h100-sxm\n"
    )
    scenario = load_scenario(mine)
    monkeypatch.chdir(tmp_path / "some-model")
    assert scenario.model.id == "some-model"
    assert scenario_from_yaml(scenario_yaml(scenario), "x.yaml") == scenario
    assert scenario != default_scenario("llama-3.1-8b")
