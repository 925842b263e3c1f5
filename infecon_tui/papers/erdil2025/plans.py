"""Ways to make a token: by the model alone, or with so many drafted tokens an iteration."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from infecon_tui.papers.erdil2025.records import Question, Rowed
from infecon_tui.papers.erdil2025.speculate import tokens_per_iteration


class Pass(NamedTuple):
    """Passes of one model within an iteration; `weight` is their number for each token made."""

    question: Question
    queries: float
    weight: float


class Plan(NamedTuple):
    """The passes behind a token; `drafted` is 0 without speculation."""

    drafted: int
    passes: tuple[Pass, ...]

    def at_context(self, context: Rowed) -> Plan:
        """The same plan at other contexts."""
        return self._replace(
            passes=tuple(
                one._replace(question=replace(one.question, context=context)) for one in self.passes
            )
        )


def plans(question: Question) -> tuple[Plan, ...]:
    """Every plan that the question allows, the one without speculation first."""
    speculation = question.speculation
    target = replace(question, speculation=None)
    alone = Plan(0, (Pass(target, question.queries, 1.0),))
    if speculation is None:
        return (alone,)
    draft = replace(target, model=speculation.draft, part=speculation.draft_part)
    made = [alone]
    for drafted in range(speculation.least_tokens, speculation.most_tokens + 1):
        share = 1 / tokens_per_iteration(speculation.acceptance, drafted)
        passes = (Pass(target, drafted, share), Pass(draft, 1, drafted * share))
        made.append(Plan(drafted, passes))
    return tuple(made)
