"""Answers of the deployment engine: many cases at once, those alike in one pass of arrays."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.cost.case import Refusal
from infecon_tui.cost.machine import Machine
from infecon_tui.cost.memory import USABLE, memory_bytes
from infecon_tui.cost.plan import Plan, Rows
from infecon_tui.cost.refuse import refusal
from infecon_tui.cost.serving.answering import served_by
from infecon_tui.cost.stacked import shape_of, stacked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infecon_tui.cost.case import Case
    from infecon_tui.cost.ledger import Array, Rowed
    from infecon_tui.cost.serving.serve import Served

_NONE = Refusal("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """Times of one output token and of the first one, rate, memory and power of an instance.

    `tok_s` counts output tokens of the instance. `causes` are seconds of an output token by cause and add
    up to `tpot_s`; `operators` the same seconds by operator, and `prompts_s` what of it the prompts of others
    add. `watts` is of one accelerator, None without a power limit in the spec.
    """

    tpot_s: float
    ttft_s: float
    tok_s: float
    memory_bytes_per_gpu: float
    fits: bool
    watts: float | None
    causes: dict[str, float]
    operators: dict[str, float] = field(default_factory=dict)
    prompts_s: float = 0.0


def predict(cases: Sequence[Case]) -> list[Prediction | Refusal]:
    """One answer for every case, in order. Accelerators that differ in numbers only cost one pass."""
    groups, refused = alike(cases)
    answers: list[Prediction | Refusal] = [refused.get(at, _NONE) for at in range(len(cases))]
    for indices in groups.values():
        for index, answer in zip(indices, _group([cases[i] for i in indices]), strict=True):
            answers[index] = answer
    return answers


def alike(cases: Sequence[Case]) -> tuple[dict[tuple[object, ...], list[int]], dict[int, Refusal]]:
    """Which cases go in one pass of arrays, and what is said of those that the engine refuses."""
    groups: dict[tuple[object, ...], list[int]] = {}
    refused: dict[int, Refusal] = {}
    shapes: dict[int, tuple[object, ...]] = {}
    for index, case in enumerate(cases):
        if (said := refusal(case)) is not None:
            refused[index] = said
            continue
        part = id(case.hardware)
        if part not in shapes:
            shapes[part] = shape_of(case.hardware)
        settings = (case.memory_utilization, case.step_tokens, case.drafting, case.drafted)
        ways = (case.engine, case.serving, case.cuda_graphs, case.sampling, *settings)
        groups.setdefault((id(case.model), shapes[part], *ways), []).append(index)
    return groups, refused


def _group(cases: list[Case]) -> list[Prediction]:
    """Cases alike in model, accelerator, engine and way of serving."""
    first = replace(cases[0], hardware=stacked([case.hardware for case in cases]))
    rows = rows_of(cases)
    served = served_by(first, Machine(first.hardware), rows)
    held, positions = served.running, rows.context
    if first.serving != "closed_loop":
        held, positions = rows.batch, rows.isl + rows.osl
    memory = memory_bytes(first.model, rows.plan, held, positions)
    if first.drafting is not None:
        beside = first.drafting.cache_bytes(rows.plan, positions) * held / rows.plan.data
        memory = memory + first.drafting.weight_bytes(rows.plan) + beside
    return _answers(first, served, memory)


def rows_of(cases: Sequence[Case]) -> Rows:
    """The layouts, batches and lengths of cases, as columns."""
    return Rows(
        plan=Plan.of([case.layout for case in cases]),
        batch=_column([case.batch for case in cases]),
        isl=_column([case.isl for case in cases]),
        osl=_column([case.osl for case in cases]),
        context=_column([case.mean_context_tok for case in cases]),
        cached=_column([case.cached_tok for case in cases]),
    )


def _column(values: list[float]) -> Array:
    return np.array(values, dtype=np.float64)


def _answers(first: Case, served: Served, memory: Array) -> list[Prediction]:
    count = len(memory)
    fits = _spread(memory <= USABLE * first.hardware.hbm.capacity_bytes, count)
    drafts = {} if served.draft is None else {"draft": served.draft.total_s}
    causes = _rows(served.step.by_cause() | drafts, count)
    operators = _rows(served.step.by_operator() | drafts, count)
    prompts_s = np.maximum(served.tpot_s - served.decode_s, 0.0)
    told = (served.tpot_s, served.ttft_s, served.tok_s, prompts_s)
    columns = [_spread(column, count) for column in told]
    watts = None if served.watts is None else _spread(served.watts, count)
    return [
        Prediction(
            tpot_s=columns[0][row],
            ttft_s=columns[1][row],
            tok_s=columns[2][row],
            memory_bytes_per_gpu=float(memory[row]),
            fits=bool(fits[row]),
            watts=None if watts is None else watts[row],
            causes=causes[row],
            operators=operators[row],
            prompts_s=columns[3][row],
        )
        for row in range(count)
    ]


def _rows(columns: dict[str, Array], count: int) -> list[dict[str, float]]:
    spread = {name: _spread(values, count) for name, values in columns.items()}
    return [{name: values[row] for name, values in spread.items()} for row in range(count)]


def _spread(values: Rowed, count: int) -> list[float]:
    found: list[float] = np.broadcast_to(np.asarray(values, dtype=np.float64), (count,)).tolist()
    return found
