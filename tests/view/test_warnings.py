"""Each warning stands at the row that would mend it, and goes once that row does."""

import pytest

from infecon_tui.errors import InfeconError
from infecon_tui.solve import ON_SCREEN, solve
from infecon_tui.spec.scenario_file import edited, opening_scenario
from infecon_tui.view.warnings import fault_warnings, warnings

BASE = opening_scenario()


def warned(**changes):
    scenario = BASE
    for name, text in changes.items():
        scenario = edited(scenario, name.replace("__", "."), text)
    return dict(warnings(solve(scenario, ON_SCREEN)))


def test_nothing_is_wrong_with_what_it_opens_on():
    assert warned() == {}


@pytest.mark.parametrize(
    ("changes", "rows", "words"),
    [
        ({"layout__tp": "3"}, {"layout.tp"}, "TP 1, 2, 4, 8, 16 or 32 would do"),
        (
            {"layout__gpus": "8", "layout__tp": "4", "layout__pp": "1"},
            {"layout.gpus", "layout.tp", "layout.pp"},
            "TP x PP x DP is 4, not 8 GPUs",
        ),
        (
            {"layout__batch": "4096", "layout__gpus": "4"},
            {"layout.batch", "layout.gpus"},
            "lower the batch",
        ),
        ({"layout__ep": "8"}, {"layout.ep"}, "needs experts"),
        (
            {"engine": "trtllm", "model": "jamba-v0.1-52b", "layout__tp": "2"},
            {"engine"},
            "no kernels for mamba1 attention (jamba-v0.1-52b); run vLLM, or choose another accelerator",
        ),
        (
            {"model": "llama-3.1-405b", "goal__gpus_at_hand": "4"},
            {"goal.gpus_at_hand"},
            "16 GPUs (TP 16) would do",
        ),
        ({"goal__tpot": "5 ms"}, {"goal.tpot"}, "out of reach"),
        ({"goal__ttft": "1 ms"}, {"goal.ttft"}, "out of reach"),
        ({"goal__cost": "0.01"}, {"goal.cost"}, "cost"),
        ({"hardware__price": "unknown"}, {"hardware.price"}, "1 USD an hour"),
        ({"layout__tp": "16"}, {"layout.tp"}, "TP 8 with PP 2 keeps them inside"),
        ({"goal__gpus_at_hand": "6"}, {"goal.gpus_at_hand"}, "2 of 6 GPUs stay idle"),
    ],
)
def test_it_stands_at_the_rows_it_names_with_the_remedy(changes, rows, words):
    found = warned(**changes)
    assert set(found) == rows
    assert all(words in text for text in found.values())


@pytest.mark.parametrize(
    "changes",
    [
        {"layout__tp": "8"},
        {"layout__gpus": "8", "layout__tp": "4", "layout__pp": "2"},
        {"goal__gpus_at_hand": "8"},
        {"hardware__price": "2 USD/h"},
    ],
)
def test_a_mended_row_warns_no_more(changes):
    assert warned(**changes) == {}


def test_the_published_model_warns_of_its_targets_too():
    assert set(warned(fidelity="published", goal__tpot="1 us")) == {"goal.tpot"}


def test_without_an_answer_the_row_that_stands_in_the_way_is_warned():
    half = edited(BASE, "layout.gpus", "2.5")
    with pytest.raises(InfeconError) as caught:
        solve(half, ON_SCREEN)
    ((path, text),) = fault_warnings(half, str(caught.value))
    assert path == "layout.gpus"
    assert text.startswith("a deployment has a whole number")
    assert fault_warnings(edited(BASE, "fidelity", "paper"), "no place for it")[0][0] == "fidelity"
    assert fault_warnings(BASE, "something else") == ()
