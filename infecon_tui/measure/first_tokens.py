"""Times to the first token of rows that tell them, and how far predictions are from them.

What a prompt waits for depends on how the others come. Batches that start together are through together;
clients that send the next request when they have their answer meet each other at random. Benchmark clients
all start at once, though: in a mean over few requests of each, the first of them weighs.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from infecon_tui.measure import statistics
from infecon_tui.measure.statistics import Errors, errors_of, members_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infecon_tui.cost.case import Serving
    from infecon_tui.cost.predict import Prediction
    from infecon_tui.measure.evaluate import Outcome, Predict, Result
    from infecon_tui.measure.rows.cases import Question

COLUMN = "ttft_ms"
"""The column of measured milliseconds until the first token."""
GROUPINGS = ("gpu", "engine", "purity")
"""Which of the groupings of errors first tokens are told by."""

_TOGETHER = ("pure_decode", "e2e_batch")
_LOOPS = ("serving", "serving_steady")


def first_tokens_s(
    questions: Sequence[Question], answers: Sequence[Prediction | str], ask: Predict
) -> list[float]:
    """Predicted seconds to the first token, for rows that tell it and how their prompts came; else NaN.

    The engine is asked once more, for rows whose prompts came otherwise than its answer has them.
    """
    ways = {index: way for index, question in enumerate(questions) if (way := _way(question))}
    other = [index for index, way in ways.items() if way != questions[index].case.serving]
    starts = [index for index, way in ways.items() if _starts(questions[index], way)]
    asked = [replace(questions[index].case, serving=ways[index]) for index in other]
    asked += [replace(questions[index].case, serving="static") for index in starts]
    more = [_ttft_s(answer) for answer in ask(asked)] if asked else []
    usual = dict(enumerate(map(_ttft_s, answers))) | dict(zip(other, more, strict=False))
    burst = dict(zip(starts, more[len(other) :], strict=True))
    return [
        _mean_s(question, usual[index], burst.get(index)) if index in ways else math.nan
        for index, question in enumerate(questions)
    ]


def _way(question: Question) -> Serving | None:
    """How the prompts of a row came, where it tells that, and a time to compare with."""
    if not question.row.number(COLUMN) or question.quantity == "rate":
        return None
    if question.purity in _TOGETHER:
        return "static"
    unsaid = question.purity == "not stated" and question.case.serving == "closed_loop"
    return "closed_loop" if question.purity in _LOOPS or unsaid else None


def _starts(question: Question, way: Serving) -> bool:
    """Whether the start of a loop weighs in what was measured."""
    return way == "closed_loop" and question.rounds > 0


def _ttft_s(answer: Prediction | str) -> float:
    return math.nan if isinstance(answer, str) else answer.ttft_s


def _mean_s(question: Question, usual_s: float, last_s: float | None) -> float:
    """Over all requests of each client: the first of them comes together with all the others' first ones,
    and the last of these is through after `last_s`.
    """
    if last_s is None:
        return usual_s
    case = question.case
    steps = max(math.ceil(case.batch * case.isl / case.step_tokens), 1)
    together_s = last_s * (steps + 1) / (2 * steps)
    return usual_s + (together_s - usual_s) / question.rounds


def first_token_errors(result: Result) -> dict[str, dict[str, Errors]]:
    """Of the rows with a measured and a predicted first token: all, and by groups; empty without any."""
    told = [outcome for outcome in result.compared if not math.isnan(outcome.predicted_ttft_s)]
    if not told:
        return {}
    found = {"all": {"": errors_of([ttft_error(outcome) for outcome in told])}}
    for name in GROUPINGS:
        members = members_of(told, statistics.GROUPINGS[name])
        found[name] = {
            group: errors_of([ttft_error(one) for one in members[group]])
            for group in sorted(members)
        }
    return found


def ttft_error(outcome: Outcome) -> float:
    """predicted/measured - 1; only for rows with both."""
    return 1e3 * outcome.predicted_ttft_s / outcome.row.numbers[COLUMN] - 1
