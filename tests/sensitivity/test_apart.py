"""The difference between the fidelities, taken apart."""

from dataclasses import replace

import pytest

from infecon_tui.errors import InfeconError
from infecon_tui.knobs import leaves, replaced
from infecon_tui.sensitivity.apart import PARTS, taken_apart
from infecon_tui.solve import ON_SCREEN, solve
from infecon_tui.spec.scenario_file import default_scenario, edited

DECODING = default_scenario("llama-3.1-8b")
SERVING = edited(edited(DECODING, "workload.isl", "2k"), "workload.osl", "256")


def told(scenario):
    return {one.kind: one for one in taken_apart(scenario, ON_SCREEN)}


@pytest.mark.parametrize("model", ["llama-3.1-70b", "qwen3-30b-a3b", "deepseek-v3"])
@pytest.mark.parametrize("basis", ["rented", "owned"])
@pytest.mark.parametrize("lengths", [False, True])
def test_parts_add_up_to_the_difference(model, basis, lengths):
    scenario = edited(SERVING if lengths else DECODING, "model", model)
    for one in told(edited(scenario, "cost.basis", basis)).values():
        assert tuple(one.parts) == PARTS
        times = one.ratio if "cost" in one.kind else 1 / one.ratio
        assert sum(one.parts.values()) == pytest.approx(times - 1, rel=1e-6, abs=1e-9)


def test_both_values_are_those_of_the_frontiers():
    found = told(SERVING)
    for fidelity in ("deployment", "published"):
        points = (answer := solve(edited(SERVING, "fidelity", fidelity), ON_SCREEN)).points
        assert getattr(found["least cost"], fidelity) == points.usd_per_mtok[0]
        assert getattr(found["fastest"], fidelity) == points.speed_tok_s[-1]
        at = answer.chosen
        assert getattr(found["preferred, cost"], fidelity) == points.usd_per_mtok[at]
        assert getattr(found["preferred, speed"], fidelity) == points.speed_tok_s[at]


def test_without_lengths_prompts_are_no_part():
    assert {one.parts["prompts"] for one in told(DECODING).values()} == {0.0}
    assert told(SERVING)["least cost"].parts["prompts"] > 0.5


def test_a_rent_holds_no_electricity():
    assert {one.parts["electricity"] for one in told(SERVING).values()} == {0.0}
    owned = told(edited(SERVING, "cost.basis", "owned"))
    # Published models take the power limit, a deployment what is drawn.
    assert owned["least cost"].parts["electricity"] < 0


def test_whole_gpus_are_no_part_where_both_have_whole_ones():
    whole = edited(DECODING, "layout.whole", "yes")
    assert {one.parts["whole GPUs"] for one in told(whole).values()} == {0.0}


def slowed(prefix):
    """The scenario on hardware whose floors of some kernels are ten times as long."""
    part = DECODING.hardware
    for knob in leaves(part):
        if knob.path.startswith(prefix) and knob.slot.name.endswith("_s"):
            part = replaced(part, knob.path, 10 * knob.value)
    return replace(DECODING, hardware=part)


@pytest.mark.parametrize(
    ("prefix", "cause"),
    [("kernels.gemm", "launches"), ("kernels.steps.ahead", "launches")],
)
def test_what_is_made_worse_is_what_is_named(prefix, cause):
    fixed = edited(edited(slowed(prefix), "layout.gpus", "1"), "layout.batch", "8")
    before = told(edited(edited(DECODING, "layout.gpus", "1"), "layout.batch", "8"))
    after = told(fixed)
    for kind, one in after.items():
        moved = {name: one.parts[name] - before[kind].parts[name] for name in PARTS}
        assert max(moved, key=moved.get) == cause, kind
        assert moved[cause] == pytest.approx(sum(moved.values()), rel=1e-6)


def test_slow_kernels_are_named():
    part = replaced(DECODING.hardware, "kernels.gemm.hbm", 0.3)
    pinned = edited(edited(DECODING, "layout.gpus", "1"), "layout.batch", "8")
    before, after = told(pinned), told(replace(pinned, hardware=part))
    one = "fastest"
    moved = {name: after[one].parts[name] - before[one].parts[name] for name in PARTS}
    assert max(moved, key=moved.get) == "kernels"


def test_what_one_fidelity_has_no_place_for_is_said():
    with pytest.raises(InfeconError, match="no place for"):
        taken_apart(edited(DECODING, "model", "gemma-3-27b"))
    with pytest.raises(InfeconError, match="deployment: Does not fit"):
        taken_apart(edited(edited(DECODING, "model", "deepseek-v3"), "layout.gpus", "8"))
