"""From the chosen point of a deployment to what every engine's launch command says."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from infecon_tui.cost.case import Layout
from infecon_tui.cost.frontier.layouts import problem
from infecon_tui.cost.frontier.points import Points as DeployedPoints
from infecon_tui.cost.frontier.points import layout_of, prefill_layout_of
from infecon_tui.cost.support import instead, unsupported
from infecon_tui.errors import InfeconError
from infecon_tui.export.records import Drafting, Launch
from infecon_tui.spec.scenario_file import base_of

if TYPE_CHECKING:
    from infecon_tui.formats import Format
    from infecon_tui.scenario import Scenario
    from infecon_tui.solve import Answer
    from infecon_tui.workload.transformer import Transformer

PLACEHOLDER = "MODEL"
"""Stands for a checkpoint that the model's spec does not name."""
_REPOSITORY = re.compile(r"\bHF ([A-Za-z0-9][\w.-]*/[\w.-]*\w)")
_PER_HOST = {"gb200-nvl72": 4, "gb300-nvl72": 4}
"""GPUs of one host where a domain spans several: a compute tray of NVL72 has four (NVIDIA, DGX GB200)."""
CONTEXT_ROUND = 64
"""Lengths are rounded up to a multiple of this."""
HEAD = "EAGLE_HEAD"
"""Stands for the checkpoint of an EAGLE head, which no spec names."""


def launches_of(answer: Answer) -> tuple[Launch, ...]:
    """What is started for the chosen point: one kind of instance, or with two pools prefill, then decode.

    Raises InfeconError where the point is not whole or not there.
    """
    one, points, at = launch_of(answer), answer.points, answer.chosen
    if not isinstance(points, DeployedPoints) or not points.prefill_instances[at]:
        return (one,)
    assert at is not None
    count, layout = int(points.decode_instances[at]), prefill_layout_of(points, at)
    first = replace(
        one,
        role="prefill",
        instances=int(points.prefill_instances[at]),
        layout=layout,
        nodes=nodes_of(answer.scenario, layout.gpus),
        batch=max(int(points.prefill_batch[at]), 1) * layout.pipeline,
        drafting=None,
    )
    return first, replace(one, role="decode", instances=count, batch=one.batch // count)


def launch_of(answer: Answer) -> Launch:
    """The deployment at the chosen point, all of its batch on one instance.

    Raises InfeconError where it is not whole or not there.
    """
    scenario = answer.scenario
    asked = (scenario.engine, scenario.hardware, scenario.model)
    if said := unsupported(*asked):
        raise InfeconError(f"launch: {said}; {instead(*asked)}")
    if answer.chosen is None:
        raise InfeconError(f"launch: {answer.verdict}")
    layout, notes = _layout(answer)
    remarks = [*notes, *_remarks(scenario, layout)]
    model, unknown = repository(scenario.model)
    drafting, drafts = _drafting(answer)
    quantize, formats = _formats(scenario)
    length, lengths = _length(scenario)
    return Launch(
        model=model,
        engine=scenario.engine,
        layout=layout,
        nodes=nodes_of(scenario, layout.gpus),
        batch=int(answer.points.batch[answer.chosen]),
        max_tokens=length,
        step_tokens=scenario.layout.chunk_tok,
        memory_share=scenario.layout.memory_utilization,
        quantize=quantize,
        cache=_cache(scenario),
        drafting=drafting,
        subject=f"{scenario.model.id} on {_gpus(answer, layout)} x {scenario.hardware.id}",
        remarks=(*unknown, *drafts, *lengths, *formats, *remarks),
    )


def _gpus(answer: Answer, layout: Layout) -> int:
    """Of one instance, or of both pools."""
    points = answer.points
    return int(points.gpus[answer.chosen]) if isinstance(points, DeployedPoints) else layout.gpus


def _layout(answer: Answer) -> tuple[Layout, list[str]]:
    assert answer.chosen is not None
    if isinstance(answer.points, DeployedPoints):
        return layout_of(answer.points, answer.chosen), []
    return _published_layout(answer, answer.chosen)


def _published_layout(answer: Answer, at: int) -> tuple[Layout, list[str]]:
    """The paper's point where all of it is whole; nothing is rounded."""
    points, scenario = answer.points, answer.scenario
    assert not isinstance(points, DeployedPoints)
    gpus, stages = float(points.gpus[at]), float(points.pipeline[at])
    batch, tensor = float(points.batch[at]), gpus / stages
    if any(abs(count - round(count)) > 1e-9 for count in (gpus, stages, batch, tensor)):
        raise InfeconError(
            f"launch: the {scenario.fidelity} fidelity's point has {gpus:.3g} GPUs, PP {stages:.3g} "
            f"and batch {batch:.3g}; choose the deployment fidelity, or whole GPUs and no pipeline"
        )
    layout = Layout(gpus=round(gpus), tensor=round(tensor), pipeline=round(stages))
    notes = [
        f"a layout of the {scenario.fidelity} fidelity, which does not know what engines can run"
    ]
    if points.tensor_2d[at]:
        notes.append("computed with two-dimensional tensor parallelism, which no engine has")
    if points.attention_fraction[at] < 1:
        notes.append("computed with attention on fewer GPUs than feed-forward, which no engine has")
    if found := problem(scenario.model, scenario.engine, layout):
        notes.append(f"{scenario.engine} would refuse it: {found}")
    return layout, notes


def nodes_of(scenario: Scenario, gpus: int) -> int:
    """Hosts of an instance: as few as hold it, all with the same number of GPUs."""
    part = scenario.hardware
    host = _PER_HOST.get(part.id) or part.scale_up.domain or gpus
    return next(count for count in range(-(-gpus // host), gpus + 1) if gpus % count == 0)


def repository(model: Transformer) -> tuple[str, list[str]]:
    """The Hugging Face repository that the spec's sources name: that of its precision, or the first."""
    sources = dict(model.sources)
    for text in (sources.get("precision", ""), *sources.values()):
        if found := _REPOSITORY.search(text):
            return found[1], []
    return PLACEHOLDER, [f"{PLACEHOLDER}: the spec of {model.id} names no checkpoint; put one in"]


def _drafting(answer: Answer) -> tuple[Drafting | None, list[str]]:
    """What drafts at the chosen point, if anything, and what must be put in or known."""
    assert answer.chosen is not None
    asked, tokens = answer.scenario.speculation, int(answer.points.draft_tokens[answer.chosen])
    if asked.draft is None and asked.heads == "none":
        return None, []
    if not tokens:
        known = isinstance(answer.points, DeployedPoints)
        why = "the point is better without" if known else "heads belong to the deployment fidelity"
        return None, [f"nothing drafts: {why}"]
    if asked.draft is not None:
        name, unknown = repository(asked.draft)
        name, unknown = (f"DRAFT_{name}", [f"DRAFT_{unknown[0]}"]) if unknown else (name, [])
        return Drafting(kind="draft", checkpoint=name, tokens=tokens), unknown
    if asked.heads == "mtp":
        return Drafting(kind="mtp", checkpoint=None, tokens=tokens), []
    unknown = [f"{HEAD}: an EAGLE head trained for this model; put one in"]
    return Drafting(kind="eagle", checkpoint=HEAD, tokens=tokens), unknown


def _length(scenario: Scenario) -> tuple[int, list[str]]:
    """Tokens of the longest sequence: the mean prompt and output, or the context; and what that leaves out."""
    load, most = scenario.workload, scenario.model.max_context
    given = load.isl_tok is not None or load.osl_tok is not None
    tokens = (load.isl_tok or 0.0) + (load.osl_tok or 0.0) if given else load.context_tok
    length = max(1, math.ceil(tokens / CONTEXT_ROUND)) * CONTEXT_ROUND
    what = "ISL + OSL" if given else "context"
    notes = [f"{length} tokens hold the scenario's mean {what}; raise it for longer requests"]
    if most is not None and length > most:
        notes.append(f"the model was made for {most} tokens")
    return length, notes


def _formats(scenario: Scenario) -> tuple[Format | None, list[str]]:
    """The format to quantize to where it is not the checkpoint's."""
    now, was = scenario.model.precision, base_of(scenario).model.precision
    notes = []
    if now.experts != was.experts:
        notes.append(f"experts in {now.experts or now.weights} need a checkpoint that has them")
    if now.weights == was.weights:
        return None, notes
    if now.weights != "fp8":
        notes.append(f"weights in {now.weights} need a checkpoint that has them; put its name in")
        return None, notes
    return now.weights, notes


def _cache(scenario: Scenario) -> Format | None:
    formats = scenario.model.precision
    return formats.cache if formats.cache not in ("bf16", "fp16") else None


def _remarks(scenario: Scenario, layout: Layout) -> list[str]:
    notes = []
    part = scenario.hardware
    if part.vendor not in ("NVIDIA", "AMD"):
        notes.append(f"{part.vendor or part.id} needs a build or plugin of the engine for it")
    if scenario.workload.demand_tok_s is not None:
        notes.append("the demand is over all deployments; this starts one")
    if scenario.speculation.draft is not None and layout.pipeline > 1:
        notes.append("drafting with pipeline stages is not supported by every release")
    return notes
