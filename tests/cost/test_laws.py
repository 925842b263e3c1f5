"""What must hold for every case, whatever the numbers of the hardware."""

import math
from dataclasses import replace

import pytest
from deployment_cases import H100, ask, case, with_knob

from infecon_tui.cost.case import Layout
from infecon_tui.cost.predict import predict
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.knobs import at, leaves, replaced
from infecon_tui.spec.library import ids, load
from infecon_tui.workload.transformer import Transformer

MODELS = [name for name in ids(Transformer) if "/" not in name]
SHAPES = {
    "dense": case(),
    "one GPU": case("llama-3.1-8b", layout={"tensor": 1}),
    "experts cut by tensor": case("qwen3-30b-a3b", layout={"tensor": 4}),
    "expert parallel": case("qwen3-235b-a22b", layout={"tensor": 8, "expert": 8}),
    "attention by data": case(
        "deepseek-v3", layout={"attention_data": 8, "expert": 8}, batch=256.0
    ),
    "latent": case("deepseek-v3", layout={"tensor": 8}),
    "pipeline": case("llama-3.1-405b", layout={"tensor": 8, "pipeline": 2}),
    "closed loop": case(serving="closed_loop", engine="sglang"),
    "whole batch": case(serving="static"),
    "first engines": case(engine="vllm-first", cuda_graphs=False),
    "sorted": case(sampling="sorted", engine="vllm-waiting"),
}
every_shape = pytest.mark.parametrize("one", SHAPES.values(), ids=SHAPES)


@every_shape
def test_causes_and_operators_add_up_to_the_step(one):
    answer = ask(one)
    assert sum(answer.causes.values()) == pytest.approx(answer.tpot_s, rel=1e-9)
    assert sum(answer.operators.values()) == pytest.approx(answer.tpot_s, rel=1e-9)
    assert min(answer.operators.values()) >= 0


@every_shape
@pytest.mark.parametrize(
    "path",
    [
        "hbm.bandwidth",
        "arithmetic.bf16",
        "arithmetic.fp8",
        "scale_up.link",
        "scale_out.link",
        *(
            knob.path
            for knob in leaves(H100)
            if knob.path.startswith("kernels.") and knob.slot.info.percent and knob.value
            # More different experts met at a time is more weights to read: not an efficiency.
            if knob.path != "kernels.experts.spread"
        ),
    ],
)
def test_faster_hardware_never_slows(one, path):
    knob = at(one.hardware, path)
    most = 1.0 if knob.slot.info.percent else math.inf
    faster = with_knob(one, path, min(1.25 * knob.value, most))
    assert ask(faster).tpot_s <= ask(one).tpot_s * (1 + 1e-9)
    assert ask(faster).ttft_s <= ask(one).ttft_s * (1 + 1e-9)


@every_shape
@pytest.mark.parametrize(
    "path",
    [
        knob.path
        for knob in leaves(H100)
        if knob.path.startswith("kernels.") and knob.slot.name.endswith("_s")
    ],
)
def test_longer_floors_never_speed_up(one, path):
    slower = with_knob(one, path, 2 * at(one.hardware, path).value)
    assert ask(slower).tpot_s >= ask(one).tpot_s * (1 - 1e-9)


@every_shape
def test_more_work_never_takes_less(one):
    for field in ("batch", "isl"):
        more = ask(replace(one, **{field: 2 * getattr(one, field)}))
        assert more.tpot_s >= ask(one).tpot_s * (1 - 1e-9), field
        assert more.memory_bytes_per_gpu >= ask(one).memory_bytes_per_gpu


def test_many_cases_at_once_are_each_as_alone():
    cases = [*SHAPES.values(), *(case(batch=float(b), isl=97.0 * b) for b in (1, 3, 17, 250))]
    for together, one in zip(predict(cases), cases, strict=True):
        alone = ask(one)
        assert together.tpot_s == pytest.approx(alone.tpot_s, rel=1e-12)
        assert together.ttft_s == pytest.approx(alone.ttft_s, rel=1e-12)
        assert together.causes == pytest.approx(alone.causes, rel=1e-9)


@pytest.mark.parametrize("model", MODELS)
def test_every_model_of_the_catalogue_is_answered(model):
    made = case(model)
    fewest = min(g.attention.heads for g in made.model.layers if hasattr(g.attention, "heads"))
    answer = ask(case(model, layout={"tensor": min(fewest, 8)}))
    assert 0 < answer.tpot_s < 10
    assert 0 < answer.ttft_s < 100
    assert answer.watts > 0


@pytest.mark.parametrize("name", [name for name in ids(Accelerator) if "/" not in name])
def test_every_accelerator_of_the_catalogue_has_its_figures(name):
    part = load(Accelerator, name)
    assert part.kernels is not None
    own = case("llama-3.1-8b", engine="other", hardware=part, layout={"tensor": 1})
    assert ask(own).tpot_s > 0


def test_an_accelerator_without_figures_takes_the_defaults():
    plain = replace(H100, kernels=None)
    assert ask(case(hardware=plain)).tpot_s == pytest.approx(ask(case()).tpot_s, rel=0.1)


@pytest.mark.parametrize("batch", [1.0, 8.0, 64.0])
def test_all_numbers_of_time_scaled_together_scale_the_step(batch):
    """Rates divided and times multiplied by two: everything takes twice as long."""
    one = case(batch=batch)
    slow = one.hardware
    for knob in leaves(slow):
        if knob.slot.name.endswith(("_Bps", "_flops")) and knob.value is not None:
            slow = replaced(slow, knob.path, knob.value / 2)
        elif knob.slot.name.endswith("_s") and knob.path.startswith("kernels."):
            slow = replaced(slow, knob.path, knob.value * 2)
    assert ask(replace(one, hardware=slow)).tpot_s == pytest.approx(2 * ask(one).tpot_s, rel=1e-9)


def test_a_loop_passes_as_many_outputs_as_requests_that_end():
    """Little's law: requests in the loop are its rate times how long each stays."""
    one = case(serving="closed_loop", batch=48.0)
    answer = ask(one)
    stay = answer.ttft_s + one.osl * answer.tpot_s
    assert answer.tok_s / one.osl * stay == pytest.approx(48.0, rel=1e-6)


def test_prompts_slow_a_loop_down():
    short, long = (ask(case(serving="closed_loop", isl=isl)) for isl in (1.0, 8192.0))
    assert long.tpot_s > ask(case(isl=8192.0)).tpot_s
    assert short.tpot_s == pytest.approx(ask(case(isl=1.0)).tpot_s, rel=0.05)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"layout": {"tensor": 128}}, "heads"),
        ({"layout": {"tensor": 4, "expert": 4}}, "without experts"),
        ({"layout": {"tensor": 8, "pipeline": 100}}, "stages"),
        ({"batch": 0.0}, "batch"),
        ({"batch": math.nan}, "batch"),
    ],
)
def test_what_cannot_run_is_refused_by_name(changes, said):
    answer = ask(case(**changes))
    assert isinstance(answer, str)
    assert said in answer


def test_a_layout_that_does_not_add_up_is_refused():
    answer = ask(replace(case(), layout=Layout(gpus=8, tensor=4)))
    assert "number of GPUs" in answer
