"""Decode context parallelism: stripes of a cache in place of copies."""

import numpy as np
import pytest

from infecon_tui.cost.case import Layout
from infecon_tui.cost.frontier.layouts import problem
from infecon_tui.cost.machine import Machine
from infecon_tui.cost.memory import cache_bytes
from infecon_tui.cost.plan import Load, Plan
from infecon_tui.cost.step.mixing import mixing
from infecon_tui.cost.step.stepper import Stepper
from infecon_tui.cost.step.stripes import striped
from infecon_tui.export import launch_text
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.solve import solve
from infecon_tui.spec.library import load
from infecon_tui.spec.scenario_file import edited, opening_scenario
from infecon_tui.workload.transformer import Transformer

MLA, GQA = load(Transformer, "deepseek-v3"), load(Transformer, "qwen3-235b-a22b")
H200 = Machine(load(Accelerator, "h200-sxm"))


def plan(**degrees):
    return Plan.of([Layout(gpus=degrees.get("tensor", 1), **degrees)])


def step(model, stripes, batch, context):
    asked = Load(sequences=np.array([float(batch)]), context=np.array([float(context)]))
    return Stepper(model, H200, plan(tensor=8, expert=8, context=stripes)).step(asked)


@pytest.mark.parametrize(("model", "tensor", "stripes"), [(MLA, 8, 8), (MLA, 8, 2), (GQA, 8, 2)])
def test_a_rank_keeps_its_stripe(model, tensor, stripes):
    copies = cache_bytes(model, plan(tensor=tensor), 1e5)
    stripe = cache_bytes(model, plan(tensor=tensor, context=stripes), 1e5)
    assert stripe == pytest.approx(copies / stripes)


@pytest.mark.parametrize(("model", "stripes"), [(MLA, 4), (GQA, 2)])
def test_ranks_together_do_the_same_attention_on_less_memory(model, stripes):
    kind = model.layers[-1].attention
    alone = mixing(kind, model.d_model, 8.0, 5000.0, 5000.0)
    together = striped(kind, model.d_model, 8.0, 5000.0, 5000.0, float(stripes))
    assert together.asked_flop(1.0) == pytest.approx(alone.asked_flop(1.0))
    assert together.read == pytest.approx(alone.read / stripes)
    assert together.products == alone.products
    assert together.prompt_work == alone.prompt_work
    assert striped(kind, model.d_model, 8.0, 5000.0, 5000.0, 1.0) == alone


def test_messages_of_a_latent_cache_by_hand():
    kind = MLA.layers[-1].attention
    together = striped(kind, MLA.d_model, 8.0, 100.0, 100.0, 8.0)
    # 128 heads: queries of 512 + 64, outputs of 512, a sum in fp32 each.
    assert together.passed_bytes == (128 * 576 * 2, 128 * 512 * 2, 128 * 4)


def test_it_pays_at_long_contexts_and_costs_messages_at_short_ones():
    assert step(MLA, 8, 16, 200_000).total_s < step(MLA, 1, 16, 200_000).total_s
    assert step(MLA, 8, 4, 100).total_s > step(MLA, 1, 4, 100).total_s
    assert "context merge" not in step(MLA, 1, 4, 100).by_operator()


@pytest.mark.parametrize(
    ("model", "engine", "degrees", "said"),
    [
        (MLA, "vllm", {"tensor": 8, "context": 8}, ""),
        (MLA, "sglang", {"tensor": 8, "context": 4}, ""),
        (GQA, "vllm", {"tensor": 8, "context": 2}, ""),
        (MLA, "vllm", {"tensor": 8, "context": 3}, "CP 3 does not divide TP 8"),
        (GQA, "vllm", {"tensor": 4, "context": 2}, "TP 4 has 1"),
        (GQA, "sglang", {"tensor": 8, "context": 2}, "sglang does not stripe"),
        (MLA, "trtllm", {"tensor": 8, "context": 2}, "trtllm has no decode context"),
    ],
)
def test_what_an_engine_cannot_stripe_is_said_by_name(model, engine, degrees, said):
    found = problem(model, engine, Layout(gpus=degrees["tensor"], **degrees))
    assert (said in found) if said else not found


def asking(**changes):
    scenario = opening_scenario()
    for path, value in {"model": "deepseek-v3", "hardware": "h200-sxm", **changes}.items():
        scenario = edited(scenario, path.replace("__", "."), value)
    return scenario


LONG = {"workload__isl": "60k", "workload__osl": "2k", "layout__gpus": "8", "layout__tp": "8"}


def test_more_sequences_fit_and_tokens_become_cheaper():
    alone = solve(asking(**LONG)).points
    together = solve(asking(**LONG, layout__cp="8")).points
    assert together.batch.max() == pytest.approx(8 * alone.batch.max(), rel=0.1)
    assert together.usd_per_mtok.min() < alone.usd_per_mtok.min()
    assert set(together.context_parallel) == {8.0}


def test_it_is_named_in_layouts_refusals_and_launch_commands():
    answer = solve(asking(**LONG, layout__cp="8"))
    assert "--decode-context-parallel-size 8" in launch_text(answer, "vllm")
    sglang = solve(asking(**LONG, layout__cp="8", engine="sglang"))
    assert "--dcp-size 8" in launch_text(sglang, "sglang")
    refused = solve(asking(layout__cp="16", layout__tp="8", layout__gpus="8"))
    assert "CP 16 does not divide TP 8" in refused.verdict
    assert "CP 1 would do" in refused.verdict
