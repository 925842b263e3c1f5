"""The frontier of the published model, found in milliseconds.

The notebook tries 400 batches, 400 sizes and 11 pipelines. Here the pipeline axis is removed. With
r = b/N, the sequences per GPU, cost is TPOT/r times the price, so at fixed r the cheapest point is the
fastest one, and the frontier is a curve over r alone. A pipeline of PP stages has T = N/PP GPUs and
mu = b/PP sequences a stage, so r = mu/T too: TPOT = F(T, rT) + (N/T - 1) * send, where F knows nothing
of PP. So at each r one looks for the best T, with the smallest N that holds it in memory; with a draft,
for the best pair of T and T' (the draft's own), which share N.

The search goes from a coarse lattice of (T, r) to a finer one that has the cliffs of ceil(T/n) as rows,
then along r with each point's T moved a little, and last over many r with the T of their neighbours.
Where the pipeline is allowed it is continuous; the notebook's eleven lengths are among its values.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from infecon_tui.papers.erdil2025.evaluate import (
    Place,
    Points,
    assembled,
    draft_question,
    fast_stage_s,
    needed_bytes,
    send_s,
)
from infecon_tui.papers.erdil2025.records import Array, Question
from infecon_tui.papers.erdil2025.speculate import accepted_tokens
from infecon_tui.pareto import pareto

SLACK = 1 + 1e-12
"""Keeps a point that sits on a bound from falling off it by rounding."""

KEPT = 10
"""Candidates of each side that are paired when a draft is searched for."""

SLOWEST = 0.01
"""The frontier goes down to this share of the fastest speed, as in the notebook."""


@dataclass(frozen=True, slots=True)
class Found:
    """Columns of r and draft length: the least TPOT, and the T, T' and N that give it."""

    r: Array
    gamma: Array
    tpot_s: Array
    degree: Array
    draft_degree: Array
    gpus: Array

    def take(self, which: Array) -> Found:
        """Some of the columns."""
        return Found(*(getattr(self, name)[which] for name in self.__slots__))

    def or_better(self, other: Found) -> Found:
        """Column by column the faster of the two."""
        faster = other.tpot_s < self.tpot_s
        pairs = ((getattr(other, name), getattr(self, name)) for name in self.__slots__)
        return Found(*(np.where(faster, a, b) for a, b in pairs))


@dataclass(frozen=True, slots=True)
class _Side:
    """One model's pass over candidates (rows) and columns: T, seconds, send, smallest N."""

    degree: Array
    taken: Array
    send: Array
    gpus: Array

    def kept(self, count: int) -> _Side:
        """The best candidates of each column, when there are more than `count`."""
        if len(self.taken) <= count:
            return self
        score = self.taken + (self.gpus / self.degree - 1) * self.send
        rows = np.argpartition(score, count, axis=0)[:count]
        arrays = (self.degree, self.taken, self.send, self.gpus)
        return _Side(*(np.take_along_axis(array, rows, 0) for array in arrays))

    def columns(self, index: Array) -> _Side:
        """The columns at some indices."""
        arrays = (self.degree, self.taken, self.send, self.gpus)
        return _Side(*(array[:, index] for array in arrays))


def _side(question: Question, degree: Array, r: Array) -> _Side:
    """Every candidate T at every r; infinite where the smallest N that holds it is not allowed."""
    microbatch = np.maximum(degree * r, 1.0)
    least = needed_bytes(question, microbatch) / question.part.hbm_bytes * SLACK
    gpus = np.maximum(degree, least)
    allowed = (degree * r >= 1 / SLACK) & (gpus <= question.most_stages * degree * SLACK)
    allowed &= (gpus <= question.max_gpus * SLACK) & (degree >= 1 / SLACK)
    taken = fast_stage_s(question, degree, microbatch)
    shape = taken.shape
    return _Side(
        np.broadcast_to(degree, shape),
        np.where(allowed, taken, np.inf),
        np.broadcast_to(send_s(question, degree, microbatch), shape),
        np.broadcast_to(gpus, shape),
    )


def best_at(
    question: Question, r: Array, gamma: Array, degree: Array, draft: _Side | None
) -> Found:
    """The best candidate T (rows of `degree`) of each column, with the best T' of the draft's.

    `gamma` is 0 in columns without a draft.
    """
    verified = replace(question, queries=np.maximum(gamma, 1.0))
    target = _side(verified, degree, r)
    alone = _alone(question, target, r, gamma)
    if draft is None:
        return alone
    drafted = np.flatnonzero(gamma > 0)
    if not len(drafted):
        return alone
    pair = _paired(
        question,
        target.columns(drafted).kept(KEPT),
        draft.columns(drafted).kept(KEPT),
        gamma[drafted],
        r[drafted],
    )
    for name in Found.__slots__:
        getattr(alone, name)[drafted] = getattr(pair, name)
    return alone


def _alone(question: Question, side: _Side, r: Array, gamma: Array) -> Found:
    tpot = side.taken + (side.gpus / side.degree - 1) * side.send
    tpot = np.where(_demanded(question, r, side.gpus, tpot), tpot, np.inf)
    row = tpot.argmin(0)[None]
    tpot, degree, gpus = (
        np.take_along_axis(array, row, 0)[0] for array in (tpot, side.degree, side.gpus)
    )
    return Found(r.copy(), gamma.copy(), tpot, degree, degree.copy(), gpus)


def _paired(question: Question, target: _Side, draft: _Side, gamma: Array, r: Array) -> Found:
    """Least TPOT over pairs of T and T' that share N, the smallest that holds both."""
    assert question.speculation is not None
    gpus = np.maximum(target.gpus[:, None], draft.gpus[None])
    stages, draft_stages = gpus / target.degree[:, None], gpus / draft.degree[None]
    verifying = target.taken[:, None] + (stages - 1) * target.send[:, None]
    drafting = draft.taken[None] + (draft_stages - 1) * draft.send[None]
    tokens = accepted_tokens(question.speculation.acceptance, gamma)
    tpot = (verifying + gamma * drafting) / tokens
    allowed = stages <= question.most_stages * SLACK
    allowed &= draft_stages <= draft_question(question).most_stages * SLACK
    allowed &= _demanded(question, r, gpus, tpot)
    flat = np.where(allowed, tpot, np.inf).reshape(-1, len(r))
    pair = flat.argmin(0)[None]
    rows, draft_rows = pair // len(draft.taken), pair % len(draft.taken)
    return Found(
        r,
        gamma,
        np.take_along_axis(flat, pair, 0)[0],
        np.take_along_axis(target.degree, rows, 0)[0],
        np.take_along_axis(draft.degree, draft_rows, 0)[0],
        np.take_along_axis(gpus.reshape(-1, len(r)), pair, 0)[0],
    )


def _demanded(question: Question, r: Array, gpus: Array, tpot: Array) -> Array:
    """Whether no more tokens are made than are wanted, and the batch is one that is looked at."""
    batch, most = r * gpus, question.max_gpus * question.model.sparsity
    return (batch <= question.demand_tok_s * tpot * SLACK) & (batch <= most * SLACK)


COARSE_DEGREES, COARSE_RATIOS = 48, 64
MEDIUM_DEGREES, MEDIUM_RATIOS = 36, 96
MOST_CLIFFS = 48
DENSE_RATIOS = 700
NEAR = 0.05
WIDTHS = (0.12, 0.036, 0.011)
OFFSETS = np.array([-1.0, -0.6, -0.3, 0.0, 0.3, 0.6, 1.0])[:, None]


def free_search(question: Question) -> Points:
    """Points along the frontier when neither GPUs nor batch are fixed, not yet filtered."""
    found = _coarse(question)
    if found is None:
        return assembled(question, Place(*(np.zeros(0),) * 3))
    found = _medium(question, found)
    for width in WIDTHS:
        found = _moved(question, found, width)
    return placed(question, _dense(question, found))


def _lattice(question: Question, degree: Array, r: Array) -> Found:
    """The best of the same candidates for all r and all draft lengths."""
    lengths = [0.0]
    draft = None
    if question.speculation is not None:
        speculation = question.speculation
        lengths += list(range(speculation.least_tokens, speculation.most_tokens + 1))
        side = _side(draft_question(question), degree[:, None], r).kept(KEPT)
        draft = side.columns(np.tile(np.arange(len(r)), len(lengths)))
    gamma = np.repeat(np.array(lengths), len(r))
    return best_at(question, np.tile(r, len(lengths)), gamma, degree[:, None], draft)


def _coarse(question: Question) -> Found | None:
    """The part of the plane that the frontier crosses, or None when nothing fits at all."""
    most = question.max_gpus
    degree = np.geomspace(1.0, most, COARSE_DEGREES)
    r = np.geomspace(1 / most, most * question.model.sparsity, COARSE_RATIOS)
    found = _lattice(question, degree, r)
    best = _useful(found)
    if not len(best):
        return _smallest(question)
    # One step further on both sides, as the ends of the frontier lie between the lattice's points.
    step = r[1] / r[0]
    low, high = found.r[best].min() / step, found.r[best].max() * step
    inside = (found.r >= low / SLACK) & (found.r <= high * SLACK) & np.isfinite(found.tpot_s)
    return found.take(np.flatnonzero(inside))


def _smallest(question: Question) -> Found | None:
    """A place that the coarse lattice can miss: few instances, few batches."""
    degree = np.geomspace(1.0, question.max_gpus, 16 * COARSE_DEGREES)
    r = np.geomspace(1 / question.max_gpus, question.max_gpus, 8 * COARSE_RATIOS)
    found = _lattice(replace(question, speculation=None), degree, r)
    best = _useful(found)
    return found.take(best) if len(best) else None


def _useful(found: Found) -> Array:
    """Indices of the columns that no other dominates, within the notebook's range of speeds."""
    speed = 1 / found.tpot_s
    best = pareto(speed, found.tpot_s / found.r)
    return best[speed[best] >= 0.9 * SLOWEST * speed[best[-1:]].max(initial=0.0)]


def _rows(question: Question, low: float, high: float) -> Array:
    """Candidates for T: evenly spaced, and just before the cliffs where another node is needed."""
    even = np.geomspace(low, high, MEDIUM_DEGREES)
    node = question.part.gpus_per_node
    nodes = np.unique(np.round(np.geomspace(1, max(np.ceil(high / node), 1), MOST_CLIFFS))) * node
    cliffs = [nodes, nodes ** (1 / 0.8), nodes ** (1 / 0.6)]
    if question.model.experts > 1:
        cliffs.append(nodes * question.model.experts)
    edges = np.concatenate(cliffs)
    edges = edges[(edges >= low) & (edges <= high)]
    if len(edges) > MOST_CLIFFS:
        edges = edges[np.linspace(0, len(edges) - 1, MOST_CLIFFS).astype(int)]
    return np.unique(np.concatenate((even, edges / SLACK)))


def _medium(question: Question, coarse: Found) -> Found:
    """The same on a finer lattice within the part that matters."""
    step = question.max_gpus ** (1 / (COARSE_DEGREES - 1))
    both = np.concatenate((coarse.degree, coarse.draft_degree))
    rows = _rows(question, max(both.min() / step, 1.0), min(both.max() * step, question.max_gpus))
    r = np.geomspace(coarse.r.min(), coarse.r.max(), MEDIUM_RATIOS)
    # Batches of one on each row, where the fastest points are; and where experts begin to spread.
    edges = [1 / rows] + (
        [2 * question.model.sparsity / rows] if question.model.experts > 1 else []
    )
    inside = [edge[(edge >= r[0]) & (edge <= r[-1])] * SLACK for edge in edges]
    found = _lattice(question, rows, np.unique(np.concatenate((r, *inside))))
    return found.take(np.flatnonzero(np.isfinite(found.tpot_s)))


def _corners(question: Question, r: Array) -> list[Array]:
    """Values of T that depend on r: the smallest instance without a pipeline, batches of one."""
    model, hbm = question.model, question.part.hbm_bytes
    room = hbm - model.kv_bytes_per_position * question.context * r
    least = model.weights_bytes / np.maximum(room, hbm * 1e-9) * (SLACK * SLACK)
    corners = [np.clip(least, 1.0, question.max_gpus), np.maximum(1 / r * SLACK, 1.0)]
    if model.experts > 1:
        spread = 2 * model.sparsity / r
        corners += [np.maximum(spread * SLACK, 1.0), np.maximum(spread / SLACK / SLACK, 1.0)]
    return corners


def _moved(question: Question, found: Found, width: float) -> Found:
    """Each column with its T moved by up to `width` (in log), and at its corners."""
    factors = np.exp(width * OFFSETS)
    degree = np.concatenate((found.degree * factors, np.stack(_corners(question, found.r))))
    moved = best_at(
        question,
        found.r,
        found.gamma,
        np.maximum(degree, 1.0),
        _draft_side(question, np.maximum(found.draft_degree * factors, 1.0), found.r),
    )
    return found.or_better(moved)


def _draft_side(question: Question, degree: Array, r: Array) -> _Side | None:
    return None if question.speculation is None else _side(draft_question(question), degree, r)


def _dense(question: Question, found: Found) -> Found:
    """Many r along the frontier, each with the T of its neighbours and between them."""
    line = found.take(_useful(found)[::-1])
    cost, tpot = np.log(line.tpot_s / line.r), np.log(line.tpot_s)
    along = np.concatenate(([0.0], np.cumsum(np.abs(np.diff(cost)) + 0.1 * np.abs(np.diff(tpot)))))
    position = np.interp(np.linspace(0.0, along[-1], DENSE_RATIOS), along, np.arange(len(along)))
    left = np.minimum(position.astype(int), len(along) - 1)
    right = np.minimum(left + 1, len(along) - 1)
    share = position - left

    def between(values: Array) -> Array:
        return np.asarray(values[left] * (values[right] / values[left]) ** share)

    def candidates(values: Array, columns: Array) -> Array:
        rows = (values[left], values[right], between(values))
        return np.maximum(np.stack(rows)[:, columns], 1.0)

    r, parts = between(line.r), [line]
    everywhere, switching = np.arange(len(r)), np.flatnonzero(line.gamma[left] != line.gamma[right])
    for columns, side in ((everywhere, left), (switching, right)):
        draft = _draft_side(question, candidates(line.draft_degree, columns), r[columns])
        degree, gamma = candidates(line.degree, columns), line.gamma[side][columns]
        parts.append(best_at(question, r[columns], gamma, degree, draft))
    return _filled(question, _joined(parts))


def _joined(parts: list[Found]) -> Found:
    return Found(*(np.concatenate([getattr(f, n) for f in parts]) for n in Found.__slots__))


def _filled(question: Question, found: Found) -> Found:
    """Two more points between any two neighbours, where T is that of both or, at a jump, of one."""
    line = found.take(_useful(found)[::-1])
    here, there = line.take(np.arange(len(line.r) - 1)), line.take(np.arange(1, len(line.r)))
    parts = [line]
    near = np.abs(np.log(there.degree / here.degree)) < NEAR
    near &= np.abs(np.log(there.draft_degree / here.draft_degree)) < NEAR
    for share in (1 / 3, 2 / 3):

        def between(name: str, share: float = share) -> Array:
            a, b = getattr(here, name), getattr(there, name)
            return np.asarray(a * (b / a) ** share)

        r = between("r")
        degree, draft_degree = (
            np.where(near, between(name), getattr(here, name))
            for name in ("degree", "draft_degree")
        )
        draft = _draft_side(question, draft_degree[None], r)
        parts.append(best_at(question, r, here.gamma, degree[None], draft))
    return _joined(parts)


def placed(question: Question, found: Found) -> Points:
    """The points behind what was found."""
    found = found.take(pareto(1 / found.tpot_s, found.tpot_s / found.r))
    stages = np.maximum(found.gpus / found.degree, 1.0)
    batch = np.maximum(found.r * found.gpus, stages)
    place = Place(found.gpus, batch, stages)
    if question.speculation is None:
        return assembled(question, place)
    drafting = Place(found.gpus, batch, np.maximum(found.gpus / found.draft_degree, 1.0))
    return assembled(question, place, drafting, found.gamma)
