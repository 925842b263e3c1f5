"""Micro-batches on their way round a pipeline: what stages that wait for one another add to a step.

An instance of several stages keeps as many micro-batches under way, each of whole sequences; one passes
every stage, then the host, and then starts again. Round such a ring the slowest part sets the beat.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.cost.ledger import Ledger

if TYPE_CHECKING:
    from infecon_tui.cost.ledger import Rowed
    from infecon_tui.cost.plan import Plan


@dataclass(frozen=True, slots=True)
class Pass:
    """One micro-batch on its way: `work` through all stages, `work_s` in all, `beat_s` in the slowest of
    them, and `host_s`, the host's time around it that no kernel hides: each stage waits for it once a
    micro-batch.
    """

    work: Ledger
    work_s: Rowed
    beat_s: Rowed
    host_s: Rowed

    def round_s(self, lanes: Rowed) -> Rowed:
        """From one start of a micro-batch to its next, with `lanes` like it under way.

        It passes every stage itself, and no stage can take fewer than all of them.
        """
        own_s = self.work_s + self.host_s
        return np.maximum(own_s, lanes * (self.beat_s + self.host_s))

    def enter(self, total: Ledger, times: Rowed, hosts: Rowed) -> Rowed:
        """Adds the work `times` over and the host's `hosts` times; the seconds of both."""
        total.merge(self.work, times)
        total.add("host", "host", self.host_s * hosts)
        return self.work_s * times + self.host_s * hosts


def lanes_of(plan: Plan, sequences: Rowed) -> Rowed:
    """Micro-batches under way: one a stage, where there are as many sequences."""
    return np.minimum(plan.pipeline, np.maximum(np.floor(sequences), 1.0))


def largest_part(plan: Plan, sequences: Rowed) -> Rowed:
    """Sequences of the largest micro-batch: a whole number of them, where there is more than one."""
    lanes = lanes_of(plan, sequences)
    return np.where(lanes > 1, np.ceil(sequences / lanes), sequences)


def mixed(plan: Plan, lanes: Rowed, plain: Pass, other: Pass, often: Rowed) -> Ledger:
    """The mean round where each pass is `other`, the longer one, with chance `often`.

    Micro-batches become long independently of each other, and while one of them is under way all the
    others keep its pace: that happens in 1 - (1 - often)^lanes of the time. Walking a ring of 2 to 8
    stages event by event, without this common pace, gives 0 to 10 % less.
    """
    total, hosts = Ledger(), _hosts(plan, lanes)
    busy_s = plain.enter(total, 1 - often, hosts * (1 - often))
    busy_s = busy_s + other.enter(total, often, hosts * often)
    if _staged(plan):
        slow = 1 - (1 - often) ** lanes
        least = plain.round_s(lanes)
        around = least * (1 - slow) + np.maximum(other.round_s(lanes), least) * slow
        _wait(total, plan, around - busy_s)
    return total


def alone(plan: Plan, lanes: Rowed, one: Pass) -> Ledger:
    """A round of micro-batches that are all alike."""
    total = Ledger()
    busy_s = one.enter(total, 1.0, _hosts(plan, lanes))
    if _staged(plan):
        _wait(total, plan, one.round_s(lanes) - busy_s)
    return total


def one_after_another(plan: Plan, one: Pass, count: Rowed) -> Ledger:
    """`count` micro-batches through an empty pipeline: it fills with the first and drains with the last."""
    total, stages = Ledger(), plan.pipeline
    busy_s = one.enter(total, 1 + (count - 1) / stages, count)
    if _staged(plan):
        apart_s = one.beat_s + one.host_s
        _wait(total, plan, one.work_s + one.host_s + (count - 1) * apart_s - busy_s)
    return total


def _staged(plan: Plan) -> bool:
    return bool(np.any(np.asarray(plan.pipeline) > 1))


def _hosts(plan: Plan, lanes: Rowed) -> Rowed:
    """How often a stage waits for the host in a round: a pipeline that is full, for every micro-batch."""
    return np.where(lanes < plan.pipeline, 1.0, plan.pipeline)


def _wait(total: Ledger, plan: Plan, idle_s: Rowed) -> None:
    """Enters what no work fills; an instance of one stage waits for none."""
    waits = np.asarray(plan.pipeline) > 1
    total.add("pipeline", "bubbles", np.where(waits, np.maximum(idle_s, 0.0), 0.0))
