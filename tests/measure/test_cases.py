import benchmark_files as files
import pytest

from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.measure.rows.cases import Cases, Question
from infecon_tui.measure.rows.measured import measured
from infecon_tui.measure.rows.names import Names
from infecon_tui.measure.rows.precision import Bits, served, spelled_format
from infecon_tui.measure.rows.table import TEXTS, Row, read_rows
from infecon_tui.spec.library import load
from infecon_tui.workload.transformer import Transformer

NAMES = Names()


def row(**changes):
    cells = files.PLAIN | {key: str(value) for key, value in changes.items()}
    numbers = {k: float(v) for k, v in cells.items() if k not in TEXTS and v != ""}
    return Row(2, {k: v for k, v in cells.items() if k in TEXTS}, numbers)


def asked(**changes):
    return Cases(NAMES).question(row(**changes))


def test_a_plain_row():
    question = asked()
    assert isinstance(question, Question)
    assert (question.model_id, question.part_id, question.engine) == (
        *("llama-3.1-8b", "h100-sxm"),
        "vllm",
    )
    case = question.case
    assert (case.batch, case.isl, case.osl, case.serving) == (8, 1000, 200, "decode")
    assert (question.measured_s, question.quantity, question.assumed) == (0.01, "step", "")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"model": "Nobody-7B"}, "model not in the catalogue"),
        ({"gpu": "Nobody X1"}, "accelerator not in the catalogue"),
        ({"spec_dec": "n-grams"}, "speculative decoding"),
        ({"purity": "e2e_batch_queued"}, "batch did not fit and queued"),
        ({"purity": "api"}, "hardware and batch not published"),
        ({"batch_or_concurrency": ""}, "batch not given"),
        ({"n_gpus": ""}, "number of accelerators not given"),
        ({"weight_bits": 6}, "weights of 6 bits"),
        ({"tpot_ms": ""}, "no measured time"),
        ({"tp": 3, "n_gpus": 4}, "layout does not add up to the accelerators"),
        ({"purity": "serving_disagg"}, "layout of the decode pool not given"),
    ],
)
def test_every_reason_has_a_name(changes, reason):
    assert asked(**changes) == reason


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"step_ms": 7, "tpot_ms": 8}, (7e-3, "step")),
        ({"tok_s_total": 500}, (10e-3, "step")),
        ({"tpot_ms": "", "tok_s_total": 500}, (16e-3, "step")),
        ({"tpot_ms": "", "tok_s_total": 500, "itl_ms": 15}, (16e-3, "step")),
        (
            {"tpot_ms": "", "tok_s_total": 500, "itl_ms": 15, "purity": "serving_steady"},
            (15e-3, "step"),
        ),
        ({"tpot_ms": "", "tok_s_user": 50}, (20e-3, "step")),
        ({"tpot_ms": "", "e2e_s": 4, "purity": "e2e_batch"}, (20e-3, "whole")),
        ({"tpot_ms": "", "tok_s_total": 400, "purity": "e2e_batch"}, (20e-3, "whole")),
        ({"step_ms": 20, "e2e_s": 4, "purity": "e2e_batch"}, (20e-3, "whole")),
        ({"step_ms": 18, "e2e_s": 4, "purity": "e2e_batch"}, (18e-3, "step")),
        ({"tok_s_total": 400, "purity": "serving_offline"}, (1 / 400, "rate")),
        ({"tok_s_per_gpu": 200, "n_gpus": 2, "purity": "serving_offline"}, (1 / 400, "rate")),
    ],
)
def test_what_was_measured(changes, expected):
    seconds, quantity = measured(row(**changes))
    assert seconds == pytest.approx(expected[0])
    assert quantity == expected[1]


@pytest.mark.parametrize(
    ("changes", "serving"),
    [
        ({}, "decode"),
        ({"purity": "steady_decode"}, "decode"),
        ({"purity": "e2e_batch"}, "static"),
        ({"purity": "serving"}, "closed_loop"),
        ({"purity": "serving_kv_limited"}, "closed_loop"),
        ({"purity": "serving_kv_limited", "itl_ms": 9}, "decode"),
        ({"purity": "serving_kv_limited", "itl_ms": 9, "notes": "ITL average"}, "closed_loop"),
        ({"purity": "serving_steady"}, "closed_loop"),
        ({"purity": "serving_steady", "itl_ms": 9}, "decode"),
        ({"purity": ""}, "decode"),
        ({"purity": "", "kind": "concurrency"}, "closed_loop"),
    ],
)
def test_what_ran(changes, serving):
    assert asked(**changes).case.serving == serving


@pytest.mark.parametrize(
    ("changes", "layout", "instances", "batch"),
    [
        ({"n_gpus": 8, "tp": 8}, (8, 8, 1, 1, 1), 1, 8),
        ({"n_gpus": 8, "tp": 2}, (2, 2, 1, 1, 1), 4, 2),
        ({"n_gpus": 8, "tp": 4, "pp": 2}, (8, 4, 2, 1, 1), 1, 8),
        ({"n_gpus": 8, "tp": ""}, (8, 8, 1, 1, 1), 1, 8),
        ({"n_gpus": 8, "tp": 1, "ep": 8, "dp": 8}, (8, 1, 1, 8, 8), 1, 8),
        ({"n_gpus": 8, "tp": 8, "ep": 8, "dp": 8}, (8, 1, 1, 8, 8), 1, 8),
        ({"n_gpus": 8, "tp": 8, "ep": 8, "dp": 1}, (8, 8, 1, 8, 1), 1, 8),
        ({"n_gpus": 8, "tp": 2, "ep": 1, "dp": 4}, (2, 2, 1, 1, 1), 4, 2),
        ({"n_gpus": 12, "tp": 24}, (12, 12, 1, 1, 1), 1, 8),
        ({"n_gpus": 4, "tp": 4, "kind": "batch per GPU"}, (4, 4, 1, 1, 1), 1, 32),
        ({"n_gpus": 8, "tp": 1, "batch_or_concurrency": 1}, (1, 1, 1, 1, 1), 8, 1),
    ],
)
def test_where_it_ran(changes, layout, instances, batch):
    question = asked(model="deepseek-r1", gpu="B200", weight_bits=8, **changes)
    found = question.case.layout
    assert layout == (
        *(found.gpus, found.tensor, found.pipeline),
        *(found.expert, found.attention_data),
    )
    assert (question.instances, question.case.batch) == (instances, batch)


@pytest.mark.parametrize(
    ("notes", "layout", "instances"),
    [
        ("decode 4 workers tp8 ep8 dpattn=False on 32 GPUs", (8, 8, 8, 1), 4),
        ("decode 1 workers tp32 ep32 dpattn=True on 32 GPUs", (32, 1, 32, 32), 1),
        ("decode 4 workers tp1 ep1 dpattn=True on 16 GPUs", (4, 1, 4, 4), 4),
    ],
)
def test_the_decode_pool_stands_in_the_notes(notes, layout, instances):
    question = asked(model="deepseek-r1", purity="serving_disagg", notes=notes, weight_bits=8)
    found = question.case.layout
    assert layout == (found.gpus, found.tensor, found.expert, found.attention_data)
    assert question.instances == instances


@pytest.mark.parametrize(
    "notes",
    [
        "decode 0 workers tp72 ep1 dpattn=False on 72 GPUs",
        "decode 32 GPU, EP=8",
        "DISAGG: prefill TP 4, EP 4; decode TP 16, EP 16",
        "",
    ],
)
def test_a_decode_pool_that_cannot_be_told(notes):
    reason = asked(model="deepseek-r1", purity="serving_disagg", notes=notes, weight_bits=8)
    assert reason == "layout of the decode pool not given"


def test_lengths_that_are_shorter_than_they_are_called():
    notes = "random lengths uniform in [0.8,1.0]x nominal ISL/OSL; closed loop"
    case = asked(notes=notes).case
    assert (case.isl, case.osl) == pytest.approx((900, 180))
    notes = "random lengths 0.8-1.0x nominal; TPOT median"
    assert asked(notes=notes).case.isl == pytest.approx(900)
    assert asked(notes="file gives 0.8 of the peak").case.isl == 1000


def test_what_had_to_be_assumed_is_said():
    assert asked(isl="").assumed == "prompts of 256 tokens, not published"
    assert "tensor parallel over all" in asked(n_gpus=8, tp="").assumed


def test_assumed_lengths_of_answers_are_said():
    question = asked(purity="steady_decode", kind="batch", tok_s_total=800)
    assert question.case.context_tok == pytest.approx(1000 + 200 * (1 + 0.7**2) / 2)
    assert question.assumed == "answers spread by 0.7 of their mean"
    chat = asked(purity="steady_decode", kind="batch", tok_s_total=800, source="X (lm-arena-chat)")
    assert chat.case.context_tok == pytest.approx(1000 + 200)
    compiled = asked(engine="Transformers NeuronX", purity="pure_decode")
    assert compiled.case.context_tok == 1200
    assert "whole length" in compiled.assumed


def test_a_batch_known_to_run_is_steady():
    """Eight sequences at 800 tokens a second: 10 ms, which is what the row says a step took."""
    assert asked(purity="steady_decode", kind="batch", tok_s_total=800).case.serving == "steady"


@pytest.mark.parametrize(
    ("changes", "family"),
    [
        ({"engine_version": "0.5.4"}, "vllm-first"),
        ({"engine_version": "0.11.1"}, "vllm-waiting"),
        ({"engine_version": "0.19.0"}, "vllm"),
        ({"engine": "vLLM 0.4.3+rocm614, PyTorch 2.4"}, "vllm-first"),
        ({"engine": "vLLM", "date": "2024"}, "vllm-first"),
        ({"engine": "vLLM", "date": "2025-10"}, "vllm-waiting"),
        ({"engine": "vLLM", "engine_version": "nightly-5b8c30d6", "date": "2026-04"}, "vllm"),
        ({"engine": "SGLang", "engine_version": "0.5.9"}, "sglang-early"),
        ({"engine": "sglang", "engine_version": "v0.5.12-rocm720-mi30x"}, "sglang"),
        ({"engine": "sglang", "date": "2025-12-10"}, "sglang-early"),
    ],
)
def test_engines_are_told_by_release_and_date(changes, family):
    assert asked(**changes).engine == family


def test_harnesses_that_sort_are_known():
    assert asked(source="ML.ENERGY Benchmark v3 leaderboard (gpqa)").case.sampling == "sorted"
    assert asked(source="somewhere else").case.sampling == "greedy"


def test_stacks_without_graphs():
    assert not asked(notes="MI300X ran --enforce-eager").case.cuda_graphs
    assert not asked(engine="vLLM (profiling stack, 2023)").case.cuda_graphs


@pytest.mark.parametrize(
    ("model", "part", "bits", "name", "expected"),
    [
        ("llama-3.1-8b", "h100-sxm", (None, None), "", ("bf16", None)),
        ("llama-3.1-8b", "h100-sxm", (16, 16), "", ("bf16", None)),
        ("llama-3.1-8b", "h100-sxm", (8, 8), "", ("fp8", None)),
        ("llama-3.1-8b", "h100-sxm", (8, 16), "", ("int8", None)),
        ("llama-3.1-8b", "a100-sxm-80gb", (8, 8), "", ("int8", None)),
        ("llama-3.1-8b", "a100-sxm-80gb", (8, 16), "x-FP8", ("fp8", None)),
        ("llama-3.1-8b", "h100-sxm", (4, 16), "", ("int4", None)),
        ("llama-3.1-8b", "b200-sxm", (4, None), "", ("fp4", None)),
        ("llama-3.1-8b", "b200-sxm", (4, None), "x-AWQ", ("int4", None)),
        ("llama-3.1-8b", "h100-sxm", (None, None), "x-FP8", ("fp8", None)),
        ("gpt-oss-120b", "h100-sxm", (4, None), "", ("bf16", "fp4")),
        ("gpt-oss-120b", "h100-sxm", (16, None), "", ("bf16", None)),
        ("deepseek-r1", "h200-sxm", (8, 8), "", ("fp8", None)),
        ("deepseek-r1", "b200-sxm", (4, None), "", ("bf16", "fp4")),
        ("kimi-k2.5", "b200-sxm", (4, None), "", ("bf16", "int4")),
        ("kimi-k2.5", "b200-sxm", (4, None), "nvidia/Kimi-K2.5-NVFP4", ("bf16", "fp4")),
    ],
)
def test_formats(model, part, bits, name, expected):
    made = served(
        load(Transformer, model),
        load(Accelerator, part),
        Bits(weights=bits[0], activations=bits[1]),
        name,
    )
    assert (made.precision.weights, made.precision.experts) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"hf_id": "nvidia/Llama-3.3-70B-Instruct-FP8", "weight_bits": 8}, "fp8"),
        ({"hf_id": "nvidia/Llama-3.3-70B-Instruct-FP4", "weight_bits": 4, "gpu": "B200"}, "fp8"),
        # Quantised by the engine's own bench.
        ({"hf_id": "meta-llama/Llama-3.1-70B", "weight_bits": 8}, "fp8"),
        ({"hf_id": "nvidia/DeepSeek-R1-0528-FP4", "weight_bits": 4, "gpu": "B200"}, "fp8"),
        ({"hf_id": "meta-llama/Llama-3.1-70B", "weight_bits": 16}, "bf16"),
        ({"hf_id": "nvidia/Llama-3.3-70B-Instruct-FP8", "weight_bits": 8, "kv_bits": 16}, "bf16"),
        # Developers' own checkpoints in 8 or 4 bits.
        ({"hf_id": "Qwen/Qwen3-235B-A22B-FP8", "weight_bits": 8}, "bf16"),
        ({"hf_id": "deepseek-ai/DeepSeek-R1", "weight_bits": 8}, "bf16"),
        ({"hf_id": "openai/gpt-oss-20b", "weight_bits": 4}, "bf16"),
        (
            {"hf_id": "nvidia/Llama-3.3-70B-Instruct-FP8", "weight_bits": 8, "engine": "vLLM"},
            "bf16",
        ),
        ({"hf_id": "meta-llama/Llama-3.1-70B", "weight_bits": 8, "gpu": "A100-SXM 80GB"}, "bf16"),
    ],
)
def test_the_cache_is_as_tensorrt_llm_keeps_it(changes, expected):
    row = {"model": "", "engine": "TensorRT-LLM", "gpu": "H100-SXM"} | changes
    assert asked(**row).case.model.precision.cache == expected


def test_notes_tell_the_format_of_experts():
    told = {"model": "Kimi-K2.5", "gpu": "B200", "weight_bits": 4}
    for said, expected in (("nvfp4", "fp4"), ("int4_wo", "int4")):
        notes = f"gemm_quant=nvfp4 moe_quant={said}"
        assert asked(notes=notes, **told).case.model.precision.experts == expected


def test_formats_in_names():
    assert spelled_format("nvidia/Llama-3.3-70B-Instruct-FP4") == "fp4"
    assert spelled_format("DeepSeek-R1-NVFP4-v2") == "fp4"
    assert spelled_format("Mixtral-8x7B") is None


def test_equal_models_are_one_object(file_of):
    cases = Cases(NAMES)
    first, second = (cases.question(r) for r in read_rows(file_of({}, {"weight_bits": ""})))
    assert first.case.model is second.case.model


def test_what_runs_in_a_server_follows_from_its_rate_and_pace():
    """1600 tokens a second that each waited 10 ms for: 16 sequences, 4 on each of four instances."""
    question = asked(
        batch_or_concurrency="", purity="serving", tok_s_total=1600, tpot_ms=10, n_gpus=4, tp=1
    )
    assert question.case.batch == pytest.approx(4)
    assert question.case.serving == "steady"
    assert question.assumed == "sequences by Little's law"
