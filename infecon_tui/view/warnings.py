"""What values do not go together, each at the row that would mend it, with the remedy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from infecon_tui.cost.support import unsupported
from infecon_tui.knobs import at, leaves
from infecon_tui.units import BYTES_PER_S, show

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from infecon_tui.scenario import Scenario
    from infecon_tui.solve import Answer

Warned = tuple[str, str]
"""A row's path and what is wrong with its value."""
_LAYOUT = {
    "TP": "layout.tp",
    "PP": "layout.pp",
    "EP": "layout.ep",
    "DP": "layout.dp",
    "CP": "layout.cp",
    "GPUs": "layout.gpus",
    "GPU": "layout.gpus",
    "batch": "layout.batch",
    "demand": "workload.demand",
    "hand": "goal.gpus_at_hand",
}
_TARGETS = {
    "TPOT": "goal.tpot",
    "TTFT": "goal.ttft",
    "cost": "goal.cost",
    "GPUs": "goal.gpus_at_hand",
}
"""Words of a verdict, and the rows that they name."""
_SET = re.compile(r"; set ([\w.]+)$")


def warnings(answer: Answer) -> tuple[Warned, ...]:
    """All that is wrong, one warning a row, the worst first."""
    scenario = answer.scenario
    found = [
        *_impossible(answer.verdict, scenario),
        *_named(answer.missed, scenario, _TARGETS, "goal.tpot"),
        *_noted(answer.notes),
        *_across(scenario),
        *_idle(answer),
    ]
    return tuple({path: (path, text) for path, text in reversed(found)}.values())[::-1]


def fault_warnings(scenario: Scenario, fault: str) -> tuple[Warned, ...]:
    """Why there is no answer at all, at the row that it begins with, or else at a fidelity that is not one
    of serving engines, which leaves out the most.
    """
    path, _, said = fault.partition(": ")
    if path in {knob.path for knob in leaves(scenario)}:
        return ((path, said),)
    return () if scenario.fidelity == "deployment" else (("fidelity", fault),)


def _impossible(verdict: str, scenario: Scenario) -> Iterator[Warned]:
    """Why no layout is possible: at the engine where it has no kernels, else at what the verdict names."""
    deployed = scenario.fidelity == "deployment"
    if deployed and unsupported(scenario.engine, scenario.hardware, scenario.model):
        yield "engine", verdict
    else:
        yield from _named(verdict, scenario, _LAYOUT, "model.precision.weights")


def _named(said: str, scenario: Scenario, rows: dict[str, str], otherwise: str) -> Iterator[Warned]:
    """What is said, at the rows that it names and that are set; else at those set; else at another."""
    if not said:
        return
    asked = [path for path in dict.fromkeys(rows.values()) if _is_set(scenario, path)]
    words = {path for word, path in rows.items() if re.search(rf"\b{word}\b", said)}
    named = [path for path in asked if path in words]
    yield from ((path, said) for path in named or asked or [otherwise])


def _is_set(scenario: Scenario, path: str) -> bool:
    value: Any = at(scenario, path).value
    # A layout is not striped unless it is asked for.
    return value is not None and (path, value) != ("layout.cp", 1)


def _noted(notes: Iterable[str]) -> Iterator[Warned]:
    """Notes that name the row to set."""
    for note in notes:
        if found := _SET.search(note):
            yield found[1], note


def _across(scenario: Scenario) -> Iterator[Warned]:
    """Tensor parallelism that was asked for over more than one node."""
    degree, node = scenario.layout.tp, scenario.hardware.scale_up.domain
    beyond = scenario.hardware.scale_out
    if scenario.fidelity != "deployment" or not degree or not node or degree <= node:
        return
    stages, link = -(-degree // node), show(beyond.link_Bps, BYTES_PER_S, 3) if beyond else "slow"
    said = f"TP {degree} spans {stages} nodes, and its messages take the {link} link between them"
    yield "layout.tp", f"{said}: TP {node} with PP {stages} keeps them inside"


def _idle(answer: Answer) -> Iterator[Warned]:
    """GPUs at hand that no instance of the chosen layout uses."""
    held, chosen = answer.scenario.goal.gpus_at_hand, answer.chosen
    if not held or chosen is None or answer.missed:
        return
    each = float(answer.points.gpus[chosen])
    left = held % each
    if left >= 1:
        said = f"{left:g} of {held} GPUs stay idle: an instance has {each:g}"
        yield "goal.gpus_at_hand", f"{said}; {held - left:g} or {held - left + each:g} leave none"
