"""Engines where they have no kernels, by vendor, kind of attention or number format: refused by name."""

from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from deployment_cases import ask, case

from infecon_tui.cost.case import Refusal
from infecon_tui.cost.frontier.search import Search, frontier
from infecon_tui.cost.frontier.verdict import why_nothing
from infecon_tui.cost.support import SUPPORT, instead, unsupported
from infecon_tui.cost.support.record import GENERATIONS, Since
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.measure.rows.cases import Cases
from infecon_tui.measure.rows.table import read_rows
from infecon_tui.spec.library import ids, load
from infecon_tui.workload.attention import Attention
from infecon_tui.workload.transformer import Transformer

PUBLISHED = Path(__file__).parents[2] / "specs/measured/published.csv"
ELSEWHERE = "run vLLM, or choose another accelerator"
EVERY_SGLANG = "NVIDIA, AMD, Google, Intel, Huawei and Apple"
BLACKWELL_ONLY = "only on Blackwell and Rubin"
REFUSED = [
    *(
        (*asked, f"TensorRT-LLM runs on accelerators of NVIDIA only, not on {asked[2]}", ELSEWHERE)
        for asked in (("trtllm", "llama-3.1-8b", "mi300x"), ("trtllm", "gpt-oss-20b", "gaudi3"))
    ),
    (
        *("lmdeploy", "llama-3.1-8b", "tpu-v5p"),
        "LMDeploy runs on accelerators of NVIDIA only, not on tpu-v5p",
        ELSEWHERE,
    ),
    (
        *("sglang-early", "llama-3.1-8b", "trainium2"),
        f"SGLang runs on accelerators of {EVERY_SGLANG} only, not on trainium2",
        ELSEWHERE,
    ),
    (
        *("vllm", "llama-3.1-8b", "sn40l"),
        "vLLM runs on accelerators of NVIDIA, AMD, Intel, Google, AWS, Apple, Huawei and Tenstorrent only, "
        "not on sn40l",
        "run its vendor's own engine (other), or choose another accelerator",
    ),
    (
        *("trtllm", "jamba-v0.1-52b", "h100-sxm"),
        "TensorRT-LLM has no kernels for mamba1 attention (jamba-v0.1-52b)",
        ELSEWHERE,
    ),
    (
        *("vllm", "deepseek-v3.2", "a100-sxm-80gb"),
        "vLLM has no kernels for sparse_mla attention on Ampere, only from Hopper on",
        "choose another accelerator",
    ),
    (
        *("trtllm", "deepseek-v4-flash", "h200-sxm"),
        f"TensorRT-LLM has no kernels for compressed attention on Hopper, {BLACKWELL_ONLY}",
        ELSEWHERE,
    ),
    (
        *("trtllm", "deepseek-r1", "a100-sxm-80gb"),
        "TensorRT-LLM has no kernels for fp8 weights on Ampere, only from Ada on",
        f"take bf16 weights or {ELSEWHERE}",
    ),
    (
        *("trtllm", "gpt-oss-120b", "l40s"),
        "TensorRT-LLM has no kernels for fp4 experts on Ada, only from Hopper on",
        f"take int4 experts or {ELSEWHERE}",
    ),
    (
        *("vllm", "gpt-oss-20b", "t4"),
        "vLLM has no kernels for fp4 experts on Turing, only from Ampere on",
        "take int4 experts or run SGLang, or choose another accelerator",
    ),
]


@pytest.mark.parametrize(("engine", "model", "part", "said", "remedy"), REFUSED)
def test_the_reason_stands_in_the_verdict_and_in_the_answer(engine, model, part, said, remedy):
    hardware = load(Accelerator, part)
    search = Search(model=load(Transformer, model), hardware=hardware, engine=engine)
    assert not len(frontier(search))
    assert why_nothing(search) == f"No layout: {said}; {remedy}"
    answer = ask(case(model, engine=engine, hardware=hardware, layout={"tensor": 1}))
    assert answer == Refusal(said)


@pytest.mark.parametrize(
    ("engine", "model", "part"),
    [
        *(("trtllm", "llama-3.1-8b", part) for part in ("h100-sxm", "gb300-nvl72", "l4")),
        *(("sglang", "llama-3.1-8b", part) for part in ("mi355x", "gaudi3", "tpu-v6e")),
        *((one, "llama-3.1-8b", "trainium2") for one in ("vllm", "vllm-first", "vllm-waiting")),
        *(("vllm", model, "a100-sxm-80gb") for model in ("deepseek-r1", "gpt-oss-120b")),
        *(("vllm", model, "mi355x") for model in ("deepseek-v3.2", "deepseek-v4-flash")),
        *((engine, "deepseek-v3.2", "h200-sxm") for engine in ("vllm", "sglang", "trtllm")),
        *(("trtllm", model, "b200-sxm") for model in ("deepseek-v4-flash", "kimi-k2")),
        *(("other", model, "sn40l") for model in ("llama-3.1-8b", "jamba-v0.1-52b")),
    ],
)
def test_the_others_run(engine, model, part):
    assert not unsupported(engine, load(Accelerator, part), load(Transformer, model))


def test_the_format_taken_instead_runs():
    part, model = load(Accelerator, "a100-sxm-80gb"), load(Transformer, "qwen3-235b-a22b")
    eight = replace(model, precision=replace(model.precision, weights="fp8"))
    assert "take bf16 weights" in instead("trtllm", part, eight)
    assert not unsupported("trtllm", part, model)


def test_an_own_part_of_no_vendor_or_generation_is_let_pass():
    part = replace(load(Accelerator, "mi300x"), vendor="")
    assert not unsupported("trtllm", part, load(Transformer, "llama-3.1-8b"))
    older = replace(load(Accelerator, "a100-sxm-80gb"), generation="")
    assert not unsupported("trtllm", older, load(Transformer, "deepseek-r1"))


def test_no_engine_is_refused_what_it_was_measured_at():
    cases, checked = Cases(), set()
    for row in read_rows(PUBLISHED):
        question = cases.question(row)
        if isinstance(question, str):
            continue
        asked = (question.case.engine, question.case.hardware, question.case.model)
        assert not unsupported(*asked), row.texts
        checked.add((question.engine, question.part_id))
    assert len(checked) > 30


@pytest.mark.parametrize("support", SUPPORT.values(), ids=SUPPORT)
def test_a_record_names_what_there_is_and_where_it_was_read(support):
    kinds = {one.__dataclass_fields__["kind"].default for one in get_args(Attention)}
    assert set(support.kinds or ()) | {kind for kind, _ in support.kinds_since} <= kinds
    vendors = {load(Accelerator, part).vendor for part in ids(Accelerator)}
    assert set(support.vendors) <= vendors
    assert support.oldest in GENERATIONS
    rules = [rule for _, rule in (*support.kinds_since, *support.weights, *support.experts) if rule]
    assert all({rule.first, *rule.without} <= set(GENERATIONS) for rule in rules)
    assert support.sources
    assert all("/" in text or "." in text for text in support.sources)


def test_every_part_of_nvidia_has_a_generation_that_rules_know():
    parts = [load(Accelerator, part) for part in ids(Accelerator) if "/" not in part]
    assert all(part.generation for part in parts)
    of_nvidia = {part.generation for part in parts if part.vendor == "NVIDIA"}
    assert of_nvidia == set(GENERATIONS)
    assert not {part.generation for part in parts if part.vendor != "NVIDIA"} & set(GENERATIONS)


def test_a_rule_holds_from_its_generation_on_without_some():
    rule = Since(first="Hopper", without=("Blackwell RTX",), where="")
    assert [rule.holds(one) for one in ("Ada", "Hopper", "Blackwell RTX", "Rubin")] == [0, 1, 0, 1]
    assert rule.holds("CDNA 3")
