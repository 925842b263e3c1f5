"""FLOP and bytes of operators: by hand, as sums, and under the machine's roof."""

import numpy as np
import pytest

from infecon_tui.cost.case import Layout
from infecon_tui.cost.machine import Machine
from infecon_tui.cost.plan import Load, Plan
from infecon_tui.cost.step.demand import operators
from infecon_tui.cost.step.stepper import Stepper
from infecon_tui.cost.step.tally import step_flop
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.spec.library import load
from infecon_tui.workload.transformer import Transformer

H100 = Machine(load(Accelerator, "h100-sxm"))


def found(model, load_of, machine=H100, **degrees):
    plan = Plan.of([Layout(gpus=int(np.prod([*degrees.values()] or [1])), **degrees)])
    stepper = Stepper(load(Transformer, model), machine, plan)
    return {one.name: one for one in operators(stepper, load_of)}


def decoding(batch, context):
    return Load(sequences=np.array([float(batch)]), context=np.array([float(context)]))


def prompting(tokens):
    one = np.ones(1)
    return Load(
        sequences=0 * one,
        context=one,
        prompt=tokens * one,
        keys=(tokens + 1) / 2 * one,
        prompts=one,
    )


def test_a_dense_model_by_hand():
    ops = found("llama-3.1-70b", decoding(60, 1000), tensor=4)
    assert ops["feed-forward"].flop[0] == pytest.approx(80 * 2 * 60 * 3 * 8192 * 28672 / 4)
    weights = 80 * 3 * 8192 * 28672 / 4 * 2
    passed = 80 * 60 * 2 * (8192 + 2 * 28672 / 4 + 28672 / 4 + 8192)
    assert ops["feed-forward"].moved_bytes[0] == pytest.approx(weights + passed)
    assert ops["attention"].flop[0] == pytest.approx(80 * 60 * 4 * 64 / 4 * 128 * 1000)
    assert ops["attention"].moved_bytes[0] == pytest.approx(80 * 60 * 2 * 2 * 8 / 4 * 128 * 1000)
    # Eight queries share a key of two bytes: eight FLOP a byte, whatever the batch.
    assert ops["attention"].intensity[0] == pytest.approx(8)


def test_a_prompt_by_hand():
    ops = found("llama-3.1-70b", prompting(2048), tensor=4)
    assert ops["prompt attention"].flop[0] == pytest.approx(80 * 2048 * 4 * 64 / 4 * 128 * 2049 / 2)
    assert ops["head"].flop[0] == pytest.approx(2 * 8192 * 128256 / 4)


@pytest.mark.parametrize(
    ("model", "degrees"),
    [
        ("llama-3.1-70b", {"tensor": 8}),
        ("qwen3-235b-a22b", {"tensor": 4, "expert": 4}),
        ("mixtral-8x7b", {"tensor": 2}),
    ],
)
def test_operators_sum_to_what_the_model_asks_for(model, degrees):
    ops = found(model, decoding(48, 3000), **degrees)
    asked = step_flop(load(Transformer, model), 48.0, np.array(3000.0))
    total = sum(one.flop[0] for one in ops.values()) * degrees["tensor"]
    assert total == pytest.approx(float(asked), rel=2e-3)  # Routers are left out.


MODELS = ("llama-3.1-8b", "qwen3-235b-a22b", "deepseek-v3", "gpt-oss-120b", "gemma-3-27b")


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("part", ["h100-sxm", "b200-sxm", "a100-sxm-80gb", "mi300x"])
@pytest.mark.parametrize("asked", [decoding(1, 500), decoding(256, 8000), prompting(4096)])
def test_no_operator_is_above_the_roof(model, part, asked):
    machine = Machine(load(Accelerator, part))
    arithmetic = machine.accelerator.arithmetic
    peaks = (arithmetic.fp4_flops, arithmetic.fp8_flops, arithmetic.bf16_flops)
    peak = max(rate for rate in peaks if rate)
    for one in found(model, asked, machine, tensor=4).values():
        assert one.seconds[0] > 0
        assert one.flops[0] <= peak
        assert one.moved_bytes[0] / one.seconds[0] <= machine.hbm_Bps, one.name
