"""Predictions beside the measurements of a benchmark file, row by row."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from infecon_tui.measure.first_tokens import first_tokens_s
from infecon_tui.measure.rows.cases import Cases, Question

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from infecon_tui.cost.case import Case
    from infecon_tui.cost.predict import Prediction
    from infecon_tui.hardware.accelerator import Accelerator
    from infecon_tui.measure.rows.table import Row

    Predict = Callable[[Sequence[Case]], Sequence[Prediction | str]]

UNFIT = "does not fit in memory as predicted"
MISSING = ("model not in the catalogue", "accelerator not in the catalogue")
"""Reasons that lie in the catalogue, not in the row or the engine."""

_MOST_SEQUENCES = 4096.0
_USED_SHARE = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One row with its prediction, or with the reason it has none; `answer` is all that was predicted of it.

    `predicted_s` is for one output token; `predicted_W` of one accelerator, NaN without a power limit;
    `predicted_ttft_s` NaN where the row tells no first token that can be compared.
    """

    row: Row
    question: Question | None = None
    answer: Prediction | None = None
    predicted_s: float = math.nan
    predicted_W: float = math.nan
    predicted_ttft_s: float = math.nan
    fits: bool = True
    cause: str = ""
    skipped: str = ""

    @property
    def error(self) -> float:
        """predicted/measured - 1; only for rows that were predicted."""
        assert self.question is not None
        return self.predicted_s / self.question.measured_s - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Every row of a file in order, compared or skipped."""

    outcomes: tuple[Outcome, ...]

    @property
    def compared(self) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if not outcome.skipped)

    @property
    def skipped(self) -> dict[str, int]:
        """How many rows were skipped for each reason, most frequent first."""
        return dict(Counter(o.skipped for o in self.outcomes if o.skipped).most_common())

    @property
    def in_catalogue(self) -> tuple[int, int]:
        """Rows whose model and accelerator are in the catalogue, and how many of these were skipped."""
        known = [o for o in self.outcomes if o.skipped not in MISSING]
        return len(known), sum(1 for o in known if o.skipped)


def engine_predict() -> Predict:
    """The deployment engine's `predict`."""
    from infecon_tui.cost.predict import predict

    return predict


def compare(
    rows: Sequence[Row],
    predict: Predict | None = None,
    *,
    parts: Mapping[str, Accelerator] | None = None,
) -> Result:
    """Predicts every row that can be; the engine is asked once, for all rows together.

    `parts` stand in for the catalogue's accelerators of the same ids.
    """
    ask = predict or engine_predict()
    cases = Cases(parts=parts)
    found = [cases.question(row) for row in rows]
    questions = [item for item in found if isinstance(item, Question)]
    loaded = iter(_loaded(questions, ask))
    settled = [item if isinstance(item, str) else next(loaded) for item in found]
    asked = [item for item in settled if isinstance(item, Question)]
    answers = ask([question.case for question in asked])
    firsts = first_tokens_s(asked, answers, ask)
    made = iter(map(_outcome, asked, answers, firsts))
    return Result(
        outcomes=tuple(
            Outcome(row=row, skipped=item) if isinstance(item, str) else next(made)
            for row, item in zip(rows, settled, strict=True)
        )
    )


def _outcome(question: Question, answer: Prediction | str, ttft_s: float) -> Outcome:
    if isinstance(answer, str):
        return Outcome(row=question.row, question=question, skipped=str(answer))
    predicted_s = seconds_per_token(question, answer)
    if not math.isfinite(predicted_s) or predicted_s <= 0:
        return Outcome(row=question.row, question=question, skipped=UNFIT)
    return Outcome(
        row=question.row,
        question=question,
        answer=answer,
        predicted_s=predicted_s,
        predicted_W=math.nan if answer.watts is None else answer.watts,
        predicted_ttft_s=ttft_s,
        fits=answer.fits,
        cause=_main_cause(answer.causes),
    )


def seconds_per_token(question: Question, answer: Prediction) -> float:
    """What the engine says for the quantity that the row measured."""
    if question.quantity == "step":
        return answer.tpot_s
    if question.quantity == "whole":
        osl = question.case.osl
        return (answer.ttft_s + max(osl - 1, 0) * answer.tpot_s) / osl
    rate = answer.tok_s * question.instances
    return 1 / rate if rate > 0 else math.inf


def _main_cause(causes: dict[str, float]) -> str:
    """`weights 62 %`: what a step's time is mostly spent on."""
    total = sum(causes.values())
    if not total or not math.isfinite(total):
        return ""
    name = max(causes, key=lambda key: causes[key])
    return f"{name} {100 * causes[name] / total:.0f} %"


def _loaded(questions: list[Question], ask: Predict) -> list[Question | str]:
    """Loads that memory limits get the batch it holds: asked at two batches, memory being linear."""
    heavy = [q for q in questions if _limited(q)]
    if not heavy:
        return list(questions)
    small, large = (ask([_sized(q, batch) for q in heavy]) for batch in (1.0, 2.0))
    batches = iter([_largest(*entry) for entry in zip(heavy, small, large, strict=True)])
    return [_with_batch(q, next(batches)) if _limited(q) else q for q in questions]


def _limited(question: Question) -> bool:
    """Whether the row's batch is what fits: the largest load, or more clients than a decode step holds."""
    by_cache = question.purity == "serving_kv_limited" and question.case.serving == "decode"
    return question.quantity == "rate" or by_cache


def _sized(question: Question, batch: float) -> Case:
    """The case with the lengths that memory is planned for: paged caches hold answers half done."""
    case = replace(question.case, batch=batch)
    return case if question.quantity == "rate" else replace(case, osl=case.osl / 2)


def _largest(question: Question, one: Prediction | str, two: Prediction | str) -> float | str:
    if isinstance(one, str) or isinstance(two, str):
        return str(one)
    each = two.memory_bytes_per_gpu - one.memory_bytes_per_gpu
    room = _USED_SHARE * question.case.hardware.hbm.capacity_bytes - one.memory_bytes_per_gpu
    if each <= 0:
        return _MOST_SEQUENCES
    most = min(1 + room / each, _MOST_SEQUENCES, question.case.batch or math.inf)
    return most if most >= 1 else UNFIT


def _with_batch(question: Question, batch: float | str) -> Question | str:
    if isinstance(batch, str):
        return batch
    said = "; ".join(text for text in (question.assumed, "largest batch that fits") if text)
    return replace(question, case=replace(question.case, batch=batch), assumed=said)
