"""TPOT of given instances and batches, and everything else about them."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from types import ModuleType

import numpy as np

from infecon_tui.papers.erdil2025 import paper, published, toy
from infecon_tui.papers.erdil2025.collectives import seconds
from infecon_tui.papers.erdil2025.records import Array, Question, Stage
from infecon_tui.papers.erdil2025.speculate import accepted_tokens
from infecon_tui.papers.erdil2025.terms import cache_bytes, pass_flop

STAGES: dict[str, ModuleType] = {"toy": toy, "paper": paper, "published": published}
"""The level's module; each has `stage(question, gpus, batch)`."""

PIPELINES = 10
"""How many pipeline lengths the notebook tries besides 1, log-spaced up to min(b, L)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """Operating points as 1-D arrays of one length; infinite TPOT and cost where nothing fits.

    The causes sum to `tpot_s`: of arithmetic and HBM, which overlap, the longer is booked and the
    other is 0; `*_demand_s` hold both. With speculation they are of one accepted token, target and
    draft together. `memory_bytes` (whole instance) holds the cache of a microbatch, as the paper's
    own check does.
    """

    speed_tok_s: Array
    usd_per_mtok: Array
    tpot_s: Array
    gpus: Array
    batch: Array
    mfu: Array
    mbu: Array
    pipeline: Array
    attention_fraction: Array
    tensor_2d: Array
    draft_tokens: Array
    arithmetic_s: Array
    hbm_s: Array
    network_bandwidth_s: Array
    network_latency_s: Array
    launch_s: Array
    arithmetic_demand_s: Array
    hbm_demand_s: Array
    weight_bytes: Array
    memory_bytes: Array

    def __len__(self) -> int:
        return len(self.tpot_s)

    def take(self, indices: Array) -> Points:
        """The points at some indices."""
        return Points(**{field.name: getattr(self, field.name)[indices] for field in fields(self)})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a pass runs: GPUs of the instance, batch, and pipeline stages. Arrays of one shape."""

    gpus: Array
    batch: Array
    pipeline: Array

    @property
    def degree(self) -> Array:
        """T = N/PP."""
        return self.gpus / self.pipeline

    @property
    def microbatch(self) -> Array:
        """mu = b/PP."""
        return self.batch / self.pipeline


def fast_stage_s(question: Question, degree: Array, microbatch: Array) -> Array:
    """F(T, mu): seconds of a pass, sends left out."""
    if question.fidelity == "published":
        return published.fast_s(question, degree, microbatch)
    return stage_s(STAGES[question.fidelity].stage(question, degree, microbatch))


def stage_s(stage: Stage) -> Array:
    """Seconds of a pass from its terms, sends left out."""
    network = stage.network_latency_s + stage.network_bandwidth_s
    return stage.launch_s + network + np.maximum(stage.arithmetic_s, stage.hbm_s)


def send_s(question: Question, degree: Array, microbatch: Array) -> Array:
    """Seconds that each further pipeline stage adds."""
    if question.fidelity != "published":
        return np.zeros(np.broadcast_shapes(np.shape(degree), np.shape(microbatch)))
    return seconds(*published.send(question, degree, microbatch))


def needed_bytes(question: Question, microbatch: Array) -> Array:
    """Eq. 44 and notebook. Weights and the cache of a microbatch.

    Departs from reality as the notebook does: a pipeline holds the cache of the whole batch.
    """
    cache = cache_bytes(question.model, microbatch, question.context)
    return np.asarray(cache + question.model.weights_bytes)


def fits(question: Question, place: Place) -> Array:
    """Whether memory holds it and every stage has a GPU, a sequence and a layer."""
    memory = place.gpus * question.part.hbm_bytes >= needed_bytes(question, place.microbatch)
    return memory & (place.pipeline <= np.minimum(place.gpus, place.batch))


def pipelines(question: Question, batch: Array) -> Array:
    """Notebook. The pipeline lengths it tries: 1, and ten log-spaced from 1 to min(b, L)."""
    one = np.ones((1, *np.shape(batch)))
    if question.most_stages == 1:
        return one
    most = np.maximum(np.minimum(batch, question.most_stages), 1.0)
    return np.concatenate((one, np.logspace(0, np.log2(most), PIPELINES, base=2)))


def tpot_s(question: Question, gpus: Array, batch: Array) -> Array:
    """Seconds per output token, infinite where it does not fit. No speculation.

    `gpus`, `batch`, and the question's context and queries broadcast together. This is the reference
    path, on the notebook's own grid of pipelines; `frontier` searches further.
    """
    shape = np.broadcast_shapes(
        *(np.shape(x) for x in (gpus, batch, question.context, question.queries))
    )
    gpus, batch = (np.broadcast_to(np.asarray(x, dtype=float), shape) for x in (gpus, batch))
    stages = pipelines(question, batch)
    place = Place(np.broadcast_to(gpus, stages.shape), np.broadcast_to(batch, stages.shape), stages)
    return pass_s(question, place).min(0)


def pass_s(question: Question, place: Place) -> Array:
    """Seconds of one pass at given places, infinite where it does not fit."""
    # A stage with less than one GPU does not fit; the terms are only kept finite there.
    degree, microbatch = np.maximum(place.degree, 1e-9), place.microbatch
    taken = fast_stage_s(question, degree, microbatch)
    taken = taken + (place.pipeline - 1) * send_s(question, degree, microbatch)
    return np.where(fits(question, place), taken, np.inf)


def assembled(
    question: Question, place: Place, drafting: Place | None = None, gamma: Array | None = None
) -> Points:
    """Everything about points whose places, and drafts with their lengths, are known.

    `gamma` is 0 where nothing is drafted.
    """
    count = np.zeros(len(place.gpus)) if gamma is None else gamma
    verified = replace(question, queries=np.maximum(count, 1.0))
    stage = STAGES[question.fidelity].stage(verified, place.degree, place.microbatch)
    causes = _causes(stage, place.pipeline)
    weights = np.full(len(place.gpus), question.model.weights_bytes)
    memory = needed_bytes(question, place.microbatch)
    if question.speculation is not None and drafting is not None:
        draft = draft_question(question)
        own = _causes(
            STAGES[draft.fidelity].stage(draft, drafting.degree, drafting.microbatch),
            drafting.pipeline,
        )
        drafted = count > 0
        tokens = accepted_tokens(question.speculation.acceptance, count)
        # `own` is computed everywhere and counted only where something is drafted.
        causes = {k: (causes[k] + np.where(drafted, count * own[k], 0.0)) / tokens for k in causes}
        weights = weights + np.where(drafted, draft.model.weights_bytes, 0.0)
        memory = memory + np.where(drafted, needed_bytes(draft, drafting.microbatch), 0.0)
    ok = fits(question, place)
    return _points(question, place, stage, causes, ok, count, weights, memory)


def draft_question(question: Question) -> Question:
    """The same question asked of the draft model, one token a pass."""
    speculation = question.speculation
    assert speculation is not None
    return replace(
        question, model=speculation.draft, part=speculation.draft_part, queries=1, speculation=None
    )


def _causes(stage: Stage, pipeline: Array) -> dict[str, Array]:
    computing = stage.arithmetic_s > stage.hbm_s
    sends = pipeline - 1
    return {
        "arithmetic_s": np.where(computing, stage.arithmetic_s, 0.0),
        "hbm_s": np.where(computing, 0.0, stage.hbm_s),
        "network_bandwidth_s": stage.network_bandwidth_s + sends * stage.send_bandwidth_s,
        "network_latency_s": stage.network_latency_s + sends * stage.send_latency_s,
        "launch_s": stage.launch_s,
        "arithmetic_demand_s": stage.arithmetic_s,
        "hbm_demand_s": stage.hbm_s,
    }


CAUSES = ("arithmetic_s", "hbm_s", "network_bandwidth_s", "network_latency_s", "launch_s")


def _points(
    question: Question,
    place: Place,
    stage: Stage,
    causes: dict[str, Array],
    ok: Array,
    gamma: Array,
    weights: Array,
    memory: Array,
) -> Points:
    part = question.part
    tpot = np.where(ok, sum(causes[name] for name in CAUSES), np.inf)
    flop = pass_flop(question.model, place.batch, np.float64(1.0), question.context)
    read = causes["hbm_demand_s"] * part.hbm_cap
    return Points(
        speed_tok_s=1 / tpot,
        usd_per_mtok=tpot * place.gpus / place.batch * 1e6 * part.usd_per_hour / 3600,
        tpot_s=tpot,
        gpus=place.gpus,
        batch=place.batch,
        mfu=flop / (place.gpus * part.peak_flops * tpot),
        mbu=read / tpot,
        pipeline=place.pipeline,
        attention_fraction=stage.attention_fraction,
        tensor_2d=stage.tensor_2d > 0,
        draft_tokens=gamma,
        weight_bytes=weights,
        memory_bytes=memory,
        **causes,
    )


def evaluate(question: Question, gpus: Array, batch: Array) -> Points:
    """Everything about given instances and batches, each with its best pipeline and draft length."""
    shape = np.broadcast_shapes(np.shape(gpus), np.shape(batch))
    gpus, batch = (
        np.broadcast_to(np.asarray(x, dtype=float), shape).ravel() for x in (gpus, batch)
    )
    place, _ = best_pipeline(question, gpus, batch)
    if question.speculation is None:
        return assembled(question, place)
    draft = draft_question(question)
    drafting, draft_s = best_pipeline(draft, gpus, batch)
    gamma, best = np.zeros(len(gpus)), pass_s(question, place)
    pipeline = place.pipeline
    for count in range(question.speculation.least_tokens, question.speculation.most_tokens + 1):
        verifying, target_s = best_pipeline(replace(question, queries=count), gpus, batch)
        tokens = accepted_tokens(question.speculation.acceptance, np.full(1, float(count)))
        taken = (target_s + count * draft_s) / tokens
        better = taken < best
        best = np.where(better, taken, best)
        gamma = np.where(better, count, gamma)
        pipeline = np.where(better, verifying.pipeline, pipeline)
    return assembled(question, Place(gpus, batch, pipeline), drafting, gamma)


def best_pipeline(question: Question, gpus: Array, batch: Array) -> tuple[Place, Array]:
    """The fastest of the notebook's pipelines at each point, and its seconds."""
    stages = pipelines(question, batch)
    if question.whole:
        stages = np.maximum(np.round(stages), 1.0)
        stages = np.where(gpus % stages == 0, stages, 1.0)
    place = Place(np.broadcast_to(gpus, stages.shape), np.broadcast_to(batch, stages.shape), stages)
    taken = pass_s(question, place)
    best = taken.argmin(0)[None]
    chosen = np.take_along_axis(stages, best, 0)[0]
    return Place(gpus, batch, chosen), np.take_along_axis(taken, best, 0)[0]
