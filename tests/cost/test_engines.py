"""Engines on accelerators they have no kernels for: refused by name."""

from dataclasses import replace

import pytest
from deployment_cases import ask, case

from infecon_tui.cost.case import Refusal
from infecon_tui.cost.engines import unsupported
from infecon_tui.cost.search import Search, frontier
from infecon_tui.cost.verdict import why_nothing
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.spec.library import load
from infecon_tui.workload.transformer import Transformer

REFUSED = [
    ("trtllm", "mi300x", "TensorRT-LLM runs on accelerators of NVIDIA only, not on mi300x"),
    ("lmdeploy", "tpu-v5p", "LMDeploy runs on accelerators of NVIDIA only, not on tpu-v5p"),
    (
        "sglang-early",
        "trainium2",
        "SGLang runs on accelerators of NVIDIA, AMD, Google and Intel only, not on trainium2",
    ),
]


@pytest.mark.parametrize(("engine", "part", "said"), REFUSED)
def test_the_reason_stands_in_the_verdict_and_in_the_answer(engine, part, said):
    hardware = load(Accelerator, part)
    search = Search(model=load(Transformer, "llama-3.1-8b"), hardware=hardware, engine=engine)
    assert not len(frontier(search))
    assert why_nothing(search) == f"No layout: {said}; choose another engine or accelerator"
    answer = ask(case("llama-3.1-8b", engine=engine, hardware=hardware, layout={"tensor": 1}))
    assert answer == Refusal(said)


@pytest.mark.parametrize(
    ("engine", "part"),
    [
        *(("trtllm", part) for part in ("h100-sxm", "gb300-nvl72", "l4")),
        *(("sglang", part) for part in ("mi355x", "gaudi3", "tpu-v6e")),
        *((engine, "trainium2") for engine in ("vllm", "vllm-first", "vllm-waiting", "other")),
    ],
)
def test_the_others_run(engine, part):
    assert not unsupported(engine, load(Accelerator, part))


def test_an_own_part_of_no_vendor_is_let_pass():
    part = replace(load(Accelerator, "mi300x"), vendor="")
    assert not unsupported("trtllm", part)
