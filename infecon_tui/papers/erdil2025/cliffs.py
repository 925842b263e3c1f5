"""Where TPOT jumps along T, and the smooth pieces between.

One GPU more than fills a node makes every all-reduce span one node more: TPOT is a row of smooth
pieces in T, each with its least value inside or at its right end. With experts a piece falls in two
where T/r sequences become enough to hold the experts apart.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from infecon_tui.papers.erdil2025.levels import memory_gpus
from infecon_tui.papers.erdil2025.published import SCALE_DOWNS
from infecon_tui.papers.erdil2025.records import Array, Question

Indices = np.ndarray[Any, np.dtype[np.intp]]

UNDER = 1 - 1e-12
"""Steps to the near side of a jump, well clear of rounding."""
OVER = 1 + 3e-12
"""Steps from the near side of a jump to its far side."""
_TORUS_PIECE = 0.25
"""Width of a piece in ln T where there are no jumps."""
_ALL_NODES = 64
"""So many nodes and fewer: each is looked at. Beyond, one more hardly matters and some are left out."""


def cliffs(question: Question) -> Array:
    """Every T on the near side of a jump: full nodes, for all GPUs or for some of them."""
    part, model, most = question.part, question.model, question.max_gpus
    if question.fidelity == "toy":
        return np.zeros(0)
    general = question.fidelity == "published"
    wide = general and model.experts > 1
    first = np.array([1.0] * general)
    ends = np.array([float(model.experts)] * wide)
    if part.torus:
        # No jumps; pieces all the same, so that more than the best T of a line is followed.
        some = np.geomspace(2.0, most, int(np.log(most / 2) / _TORUS_PIECE) + 2)
        return np.concatenate([first, np.union1d(ends * UNDER, some)])
    nodes = _nodes(most / part.gpus_per_node) * part.gpus_per_node
    full = [ends, nodes]
    if general and question.scaledown:
        steps = SCALE_DOWNS - 1
        full += [nodes ** (steps / (steps - step)) for step in range(1, steps)]
    if wide:
        full.append(nodes * model.experts)
    found = np.unique(np.concatenate(full))
    found = found[(found > 1) & (found <= most)]
    found = found[np.append(True, found[1:] > found[:-1] * (1 + 1e-9))[: len(found)]]
    return np.concatenate([first, found * UNDER])


def _nodes(most: float) -> Array:
    some = np.floor(np.logspace(0, np.log2(max(most, 2.0)), 600, base=2))
    return np.unique(np.concatenate([np.arange(1, _ALL_NODES + 1), some[some > _ALL_NODES]]))


def rough_lattice(ends: Array, least: float, most: float, step: float) -> Array:
    """T from `least` to `most`, about `step` apart in ln T, on the near sides of jumps."""
    even = _even(least, most, step)
    below = np.append(0.0, ends)[np.searchsorted(ends, even, side="right")]
    return np.unique(np.where(below > even * np.exp(-step), below, even).clip(least, most))


def lattice(ends: Array, least: float, most: float, step: float) -> Array:
    """T from `least` to `most`: both sides of jumps, and no wider than about `step` in ln T.

    Far sides are left out where the next jump is near, and jumps that are almost one.
    """
    even = _even(least, most, step)
    inside = ends[(ends >= least) & (ends <= most)]
    if not len(inside):
        return even
    apart = np.floor(np.log(inside) / (step / 10))
    inside = inside[np.append(apart[1:] > apart[:-1], True)]
    beyond = inside[np.append(inside[1:], np.inf) > inside * np.exp(step / 2)] * OVER
    at = np.searchsorted(inside, even)
    below = even / inside[np.maximum(at - 1, 0)]
    above = inside[np.minimum(at, len(inside) - 1)] / even
    near = np.minimum(np.where(at > 0, below, np.inf), np.where(at < len(inside), above, np.inf))
    return np.sort(np.concatenate([even[near > np.exp(step / 3)], inside, beyond]))


def _even(least: float, most: float, step: float) -> Array:
    count = max(2, int(np.ceil(np.log(most / least) / step)) + 1)
    return np.asarray(least * (most / least) ** np.linspace(0.0, 1.0, count))


class Limits(NamedTuple):
    """What bounds T on lines of constant r, besides jumps."""

    question: Question
    ends: Array

    @property
    def switch(self) -> float:
        """Sequences of a microbatch from which on the experts are held apart; 0 without experts."""
        model = self.question.model
        general = self.question.fidelity == "published" and model.experts > 1
        return 2 * model.sparsity if general else 0.0

    @property
    def least(self) -> float:
        """The smallest T that the fidelity knows: below one GPU only where the paper allows it."""
        if self.question.fidelity == "published":
            return 1.0
        return min(1.0, float(memory_gpus(self.question, 0.0)))

    @property
    def first_special(self) -> int:
        """Number of the first of the `special` pieces, each a piece of its own."""
        return 2 * len(self.ends) + 2

    def special(self, r: Array) -> Array:
        """T of one sequence a microbatch; of just enough memory with one stage and with all; of `switch`.

        `r` is a column; so are the results, side by side, infinite where there is no such T.
        """
        fixed = float(memory_gpus(self.question, 0.0))
        share = (memory_gpus(self.question, 1.0) - fixed) / r
        found = [r * OVER]
        for stages in (1.0, self.question.most_stages):
            room = stages - share
            enough = np.where(room > 0, fixed / np.where(room > 0, room, 1.0), 0.0) * OVER
            found.append(np.where(enough > r * OVER, enough, 0.0))
        if self.switch:
            found += [self.switch * r * OVER, self.switch * r * UNDER]
        special = np.concatenate(found, axis=1)
        return np.where(special < self.least, np.inf, special)

    def slope(self, piece: Indices) -> Any:
        """How T of a special piece goes with r: d ln T / d ln r; 0 where it is not known."""
        at = piece - self.first_special
        return np.where((at == 0) | (at >= 3), 1.0, 0.0)

    def piece(self, degree: Array, r: Array) -> Indices:
        """Number of the smooth piece that holds T."""
        return np.searchsorted(self.ends, degree) * 2 + (degree < self.switch * r)

    def bracket(self, degree: Array, r: Array, step: float) -> tuple[Array, Array]:
        """T to both sides of T, `step` away in ln T but within its piece."""
        at = np.searchsorted(self.ends, degree)
        before = np.maximum(np.append(0.0, self.ends)[at] * OVER, degree * np.exp(-step))
        after = np.minimum(np.append(self.ends, np.inf)[at], degree * np.exp(step))
        if self.switch:
            switch = self.switch * r
            together = degree < switch
            before = np.where(together, before, np.maximum(before, switch * OVER))
            after = np.where(together, np.minimum(after, switch * UNDER), after)
        before = np.maximum(before, np.maximum(r * OVER, self.least))
        return np.minimum(before, degree), np.maximum(after, degree)


def limits(question: Question) -> Limits:
    """The bounds of T for a model, an accelerator and a fidelity."""
    return Limits(question, cliffs(question))
