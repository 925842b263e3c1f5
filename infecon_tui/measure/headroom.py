"""Measured deployments beside the frontier of their own model, accelerator, engine and workload."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, get_args

import numpy as np

from infecon_tui.cost.price import usd_per_hour
from infecon_tui.scenario import EngineName, Goal, Speculation, Workload
from infecon_tui.solve import solve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infecon_tui.cost.case import Case
    from infecon_tui.layout import Layout
    from infecon_tui.measure.evaluate import Outcome, Result
    from infecon_tui.measure.rows.cases import Question
    from infecon_tui.scenario import Scenario
    from infecon_tui.solve import Answer

NO_SPEED = "a rate without a batch has no speed to compare at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One measured row: its speed and cost, and the frontier's point that is as fast and costs least.

    `at` is the index of that point, None where no predicted layout is as fast. `slower` is the row's time
    over what is predicted of it as it runs: what another layout cannot gain.
    """

    question: Question
    speed_tok_s: float
    usd_per_mtok: float
    slower: float
    at: int | None
    least_usd_per_mtok: float

    @property
    def times(self) -> float:
        """How many times the frontier's cost the row has; NaN where there is no such point, or no cost."""
        return self.usd_per_mtok / self.least_usd_per_mtok if self.least_usd_per_mtok else math.nan


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Rows of one workload on one engine, model and accelerator, with their frontier."""

    answer: Answer
    standings: tuple[Standing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Headroom:
    """Groups, the largest first, and how many rows have no place beside a frontier, by reason."""

    groups: tuple[Group, ...]
    skipped: dict[str, int]


def headroom(result: Result, base: Scenario) -> Headroom:
    """Every compared row of a file beside its frontier.

    `base` gives what rows do not tell: how accelerators are paid for, GPUs at hand, the engine's settings;
    its own hardware stands in for the catalogue's of the same id.
    """
    skipped = dict(result.skipped)
    asked: dict[Scenario, list[Outcome]] = {}
    for outcome in result.compared:
        question = outcome.question
        assert question is not None
        if question.quantity == "rate":
            skipped[NO_SPEED] = skipped.get(NO_SPEED, 0) + 1
        else:
            asked.setdefault(_scenario(base, question), []).append(outcome)
    groups = []
    for scenario, outcomes in asked.items():
        answer = solve(scenario)
        if answer.chosen is None:
            skipped[answer.verdict] = skipped.get(answer.verdict, 0) + len(outcomes)
        else:
            standings = tuple(_standing(answer, outcome) for outcome in outcomes)
            groups.append(Group(answer=answer, standings=standings))
    groups.sort(key=lambda group: -len(group.standings))
    return Headroom(groups=tuple(groups), skipped=skipped)


def _scenario(base: Scenario, question: Question) -> Scenario:
    """What a row was free to choose: any layout and batch, for its own workload."""
    case = question.case
    own = base.hardware.id == question.part_id
    return replace(
        base,
        model=case.model,
        hardware=base.hardware if own else case.hardware,
        fidelity="deployment",
        engine=_engine(base, case),
        scale_to=None,
        workload=_workload(case),
        speculation=Speculation(),
        layout=_free(base.layout),
        goal=Goal(gpus_at_hand=base.goal.gpus_at_hand),
        name="",
        notes="",
    )


def _engine(base: Scenario, case: Case) -> EngineName:
    """The row's, or the base's for one that is not known."""
    names: tuple[EngineName, ...] = get_args(EngineName)
    return next((name for name in names if name == case.engine), base.engine)


def _workload(case: Case) -> Workload:
    """Steps measured alone are compared with steps alone, whatever else with prompts among them."""
    if case.serving == "decode":
        context = case.isl + case.osl / 2 if case.context_tok is None else case.context_tok
        return Workload(context_tok=context)
    return Workload(isl_tok=case.isl, osl_tok=max(case.osl, 1.0), cached=case.cached_tok)


def _free(layout: Layout) -> Layout:
    return replace(layout, gpus=None, batch=None, tp=None, pp=None, ep=None, dp=None, cp=1)


def _standing(answer: Answer, outcome: Outcome) -> Standing:
    question, points = outcome.question, answer.points
    assert question is not None
    speed = 1 / question.measured_s
    # From some index on all points are as fast, up to what a file's digits leave.
    first = int(np.searchsorted(points.speed_tok_s, speed * (1 - 1e-9)))
    at = None if first == len(points.speed_tok_s) else first
    if at is not None:
        at += int(np.argmin(points.usd_per_mtok[at:]))
    return Standing(
        question=question,
        speed_tok_s=speed,
        usd_per_mtok=_usd_per_mtok(answer.scenario, outcome, speed),
        slower=1 / (1 + outcome.error),
        at=at,
        least_usd_per_mtok=math.nan if at is None else float(points.usd_per_mtok[at]),
    )


def _usd_per_mtok(scenario: Scenario, outcome: Outcome, speed: float) -> float:
    """Of the row's output tokens, at the price of its accelerators; watts as measured, else predicted."""
    question = outcome.question
    assert question is not None
    row, case = question.row, question.case
    watts = row.number("power_w_per_gpu") or outcome.predicted_W
    known = None if math.isnan(watts) else watts
    price = float(usd_per_hour(scenario.cost, scenario.hardware, known))
    whole = row.number("tok_s_total")
    tok_s = whole / question.instances if whole else case.batch * speed
    return price * case.layout.gpus / tok_s / 3600 * 1e6


def spread(standings: Sequence[Standing]) -> tuple[float, float, float] | None:
    """Least, median and most of `times`; None where nothing can be compared."""
    times = [one.times for one in standings if not math.isnan(one.times)]
    if not times:
        return None
    return min(times), float(np.median(times)), max(times)
