"""What a measured time could be longer or shorter by: the parts of a prediction, and what it may lack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infecon_tui.cost.predict import Prediction
    from infecon_tui.measure.calibration.squares import Array
    from infecon_tui.measure.evaluate import Outcome

Way = Literal["times", "more", "least"]
"""How a suspect changes a prediction: a part of it takes so many `times` as long; every step, layer or sequence
has so many seconds `more` of it; a step takes so many seconds at `least`."""

_SHOWN = 0.04
"""Share of the time, in the median row, from which an operator is a suspect of its own."""
_SAME = 1e-3

_TRACE = "a trace of one step's kernels, with the gaps between them"
_HOST = "a timeline of the host: scheduling, drawing tokens, handing them out"
_PRODUCTS = "a table of these matrix products (rows, inputs, outputs) on this accelerator"
_CACHE = "a table of decode attention over batch and context, with this cache's format"
_WIRES = "a table of these messages by size and ranks, as the engine sends them"
_STEPS = "times of steps with and without prompts, and the tokens of prompts in them"

SETTLED_BY = {
    "weights": _PRODUCTS,
    "cache": _CACHE,
    "traffic": _TRACE,
    "arithmetic": _PRODUCTS,
    "launch": _TRACE,
    "messages": _WIRES,
    "host": _HOST,
    "bubbles": "a timeline of the stages of the pipeline",
    "prompts": _STEPS,
    "everything": "the clocks while it ran, its memory's measured bandwidth, and the formats that were served",
    "attention": _CACHE,
    "prompt attention": "a table of attention over prompts by their length and heads",
    "context merge": _WIRES,
    "hand-over": _WIRES,
    "pipeline": "a timeline of the stages of the pipeline",
    "draft": _TRACE,
    "experts": "a table of grouped products by tokens an expert, with what permutes their tokens",
    "all-reduce": _WIRES,
    "exchange": _WIRES,
    "norms": _TRACE,
    "sampling": "the time of sampling alone, over batch and vocabulary",
}
"""What measurement would settle whether a suspect is it; for other operators, a table of their products."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """`seconds` (rows,) are of one output token: what a part takes as predicted, or what one second more of it
    for `each` step, layer or sequence of a step adds; `usual_s` is what it takes as predicted (median).
    """

    name: str
    way: Way
    seconds: Array
    usual_s: float
    each: str = ""

    @property
    def settled_by(self) -> str:
        return SETTLED_BY.get(self.name, _PRODUCTS)

    def changed(self, predicted_s: Array, amounts: Array) -> Array:
        """Predictions (amounts, rows) with the suspect at each of its amounts: a factor, or seconds."""
        column = amounts[:, None]
        if self.way == "least":
            return np.maximum(predicted_s, column * self.seconds)
        return predicted_s + (column - (self.way == "times")) * self.seconds


def suspects_of(outcomes: Sequence[Outcome]) -> list[Suspect]:
    """All that can be told of some rows: causes, operators, prompts, all alike, and what a step may lack."""
    predicted_s = np.array([outcome.predicted_s for outcome in outcomes])
    steps = np.array([_steps(outcome) for outcome in outcomes])
    causes = _parts([_answered(outcome).causes for outcome in outcomes], steps)
    operators = _parts([_answered(outcome).operators for outcome in outcomes], steps)
    table = np.reshape([*operators.values()], (len(operators), len(outcomes)))
    large = np.median(table / predicted_s, axis=1) > _SHOWN
    parts = causes | {
        name: seconds
        for (name, seconds), shown in zip(operators.items(), large, strict=True)
        if shown and not _there(seconds, causes, predicted_s)
    }
    parts["prompts"] = np.array([_prompts_s(outcome) for outcome in outcomes])
    parts["everything"] = predicted_s
    usual = {name: _usual_s(seconds) for name, seconds in parts.items()}
    found = [
        Suspect(name, "times", seconds, usual[name])
        for name, seconds in parts.items()
        if seconds.any()
    ]
    host_s, launch_s = usual.get("host", 0.0), usual.get("launch", 0.0)
    sequences = np.array([_sequences(outcome) for outcome in outcomes])
    layers = np.array([_layers(outcome) for outcome in outcomes])
    return [
        *found,
        Suspect("host", "more", steps, host_s, "step"),
        Suspect("host", "more", steps * sequences, host_s, "sequence"),
        Suspect("launch", "more", steps * layers, launch_s, "layer"),
        Suspect("host", "least", steps, float(np.median(predicted_s)), "step"),
    ]


def _usual_s(seconds: Array) -> float:
    """The median of rows that have it at all."""
    there = seconds[seconds > 0]
    return float(np.median(there)) if there.size else 0.0


def _there(seconds: Array, causes: dict[str, Array], predicted_s: Array) -> bool:
    """Whether an operator is all of a cause: messages that are all-reduces only."""
    return any(np.all(np.abs(seconds - of) <= _SAME * predicted_s) for of in causes.values())


def _parts(told: Sequence[dict[str, float]], steps: Array) -> dict[str, Array]:
    """Seconds (rows,) of each part; none in rows that do not have it."""
    names = list(dict.fromkeys(name for parts in told for name in parts))
    table = np.array([[parts.get(name, 0.0) for name in names] for parts in told])
    return dict(zip(names, table.T * steps, strict=True))


def _answered(outcome: Outcome) -> Prediction:
    assert outcome.answer is not None
    return outcome.answer


def _steps(outcome: Outcome) -> float:
    """Mean steps to one output token as the row counts it: of a whole run, all but the first token's."""
    assert outcome.question is not None
    if outcome.question.quantity == "whole":
        osl = outcome.question.case.osl
        return max(osl - 1, 0.0) / osl
    step_s = _answered(outcome).tpot_s
    return 1.0 if outcome.question.quantity == "step" else outcome.predicted_s / step_s


def _prompts_s(outcome: Outcome) -> float:
    assert outcome.question is not None
    answer = _answered(outcome)
    if outcome.question.quantity == "whole":
        return answer.ttft_s / outcome.question.case.osl
    return _steps(outcome) * answer.prompts_s


def _sequences(outcome: Outcome) -> float:
    """Of one rank, whose host they occupy."""
    assert outcome.question is not None
    case = outcome.question.case
    return case.batch / case.layout.attention_data


def _layers(outcome: Outcome) -> float:
    assert outcome.question is not None
    return float(outcome.question.case.model.layer_count)
