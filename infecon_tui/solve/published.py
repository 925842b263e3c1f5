"""The published models' question behind a scenario, and its answer."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from infecon_tui.cost.price import usd_per_hour
from infecon_tui.drafting import check_speculation
from infecon_tui.errors import InfeconError
from infecon_tui.papers.erdil2025 import Question, Speculation, frontier, shortfall
from infecon_tui.papers.erdil2025.inputs import model_of, part_notes, part_of
from infecon_tui.papers.erdil2025.scaling import scaled_to
from infecon_tui.solve.answer import DEPLOYMENT, FINE, UNLIMITED, Answer, owning_notes
from infecon_tui.targets import pick
from infecon_tui.units import BYTES, show

if TYPE_CHECKING:
    from infecon_tui.hardware.accelerator import Accelerator
    from infecon_tui.papers.erdil2025 import Model
    from infecon_tui.scenario import Scenario


def question_of(scenario: Scenario, step: float = FINE) -> tuple[Question, tuple[str, ...]]:
    """The paper's question behind a scenario, and what was left out. Raises InfeconError.

    `step` is about how far apart in cost, relatively, the points of its frontier are.
    """
    if scenario.fidelity == DEPLOYMENT:
        raise InfeconError("fidelity: deployment is not a level of the paper")
    reduced = model_of(scenario.model)
    model, grown = _scaled(scenario, reduced.model)
    hardware, layout = _priced(scenario), scenario.layout
    question = Question(
        model=model,
        part=part_of(hardware, scenario.model.precision.weights),
        fidelity=scenario.fidelity,
        context=scenario.workload.mean_context_tok,
        demand_tok_s=scenario.workload.demand_tok_s or UNLIMITED,
        speculation=_speculation(scenario),
        pipeline=layout.pipeline,
        scaledown=layout.scaledown,
        tensor=layout.tensor,
        gpus=layout.gpus,
        batch=layout.batch,
        whole=layout.whole,
        step=step,
    )
    if scenario.goal.gpus_at_hand:
        question = replace(question, max_gpus=float(scenario.goal.gpus_at_hand))
    return question, (*reduced.notes, *grown, *part_notes(hardware), *_left_out(scenario))


def _left_out(scenario: Scenario) -> list[str]:
    notes, formats = owning_notes(scenario), scenario.model.precision
    if formats.cache != formats.activations:
        notes.append(f"KV cache counted in {formats.activations}, as activations")
    if scenario.goal.ttft_s:
        notes.append("TTFT target left out: the published model has no prompts")
    if scenario.speculation.heads != "none":
        notes.append("heads left out: the published model knows only draft models")
    return notes


def _priced(scenario: Scenario) -> Accelerator:
    """The accelerator at its owner's price: the published models know rents only, and no watts."""
    if scenario.cost.basis == "rented":
        return scenario.hardware
    price = usd_per_hour(scenario.cost, scenario.hardware)
    return replace(scenario.hardware, price_usd_per_hour=price)


def _scaled(scenario: Scenario, model: Model) -> tuple[Model, list[str]]:
    """The model at the size that the scenario asks for, and a note on it."""
    if scenario.scale_to is None:
        return model, []
    made = scaled_to(model, scenario.scale_to)
    return made, [f"model scaled to {show(made.total_params, digits=3)} parameters"]


def _speculation(scenario: Scenario) -> Speculation | None:
    check_speculation(scenario.speculation)
    draft = scenario.speculation.draft
    if draft is None:
        return None
    least, most = scenario.speculation.draft_tokens
    return Speculation(
        draft=model_of(draft).model,
        draft_part=part_of(scenario.hardware, draft.precision.weights),
        acceptance=scenario.speculation.acceptance,
        least_tokens=least,
        most_tokens=most,
    )


def published(scenario: Scenario, step: float = FINE) -> Answer:
    """The answer of the level of the paper that the scenario asks for. Raises InfeconError."""
    question, notes = question_of(scenario, step)
    points = frontier(question)
    if not len(points.speed_tok_s):
        return Answer(scenario, points, None, _verdict(scenario, question), notes)
    chosen, missed = pick(points, scenario.goal)
    return Answer(scenario, points, chosen, "", notes, missed)


def _verdict(scenario: Scenario, question: Question) -> str:
    """Why nothing fits, and the smallest change that would."""
    needed, model = shortfall(question), question.model
    need_bytes = model.weight_bytes * model.total_params
    need_bytes += model.kv_bytes_per_position * question.context
    what = f"weights and the KV cache of one sequence take {show(need_bytes, BYTES, 3)}"
    remedy = f"{_count(scenario, needed)} would do"
    if needed > question.max_gpus:
        return f"Does not fit: {what}, more than {question.max_gpus:g} GPUs hold"
    if question.gpus is not None and question.gpus < needed:
        has = show(question.gpus * question.part.hbm_bytes, BYTES, 3)
        return f"Does not fit: {what}, more than the {has} of {_plural(question.gpus)}; {remedy}"
    if question.demand_tok_s < UNLIMITED:
        return f"No point serves as little as {question.demand_tok_s:g} tok/s: raise the demand"
    if question.batch is not None:
        return f"A batch of {question.batch:g} fits no instance: lower the batch or raise the GPUs"
    return f"Does not fit: {what}; {remedy}"


def _count(scenario: Scenario, needed: float) -> str:
    return _plural(math.ceil(needed)) if scenario.layout.whole else _plural(needed)


def _plural(gpus: float) -> str:
    return "1 GPU" if gpus == 1 else f"{gpus:.3g} GPUs"
