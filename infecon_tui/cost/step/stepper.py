"""Seconds of one step of an instance: its layers, its head and its host, for many rows at once.

A step holds `sequences` that each bring one token (or several, of which all but one are drafted and
verified here) and `prompt` tokens of prompts. All rows share a model and an accelerator; layouts, loads
and lengths are arrays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.cost.ledger import Ledger
from infecon_tui.cost.step.head import enter_head
from infecon_tui.cost.step.layer import enter_layers
from infecon_tui.cost.step.rates import Habits, Rates
from infecon_tui.formats import HIDDEN_BYTES

if TYPE_CHECKING:
    from infecon_tui.cost.ledger import Rowed
    from infecon_tui.cost.machine import Machine
    from infecon_tui.cost.plan import Load, Plan
    from infecon_tui.workload.transformer import Transformer

_HANDED = 2
"""Vectors that a stage hands on for every token: the output of its last layer and the residual stream."""


class Stepper:
    """A model on an accelerator under an engine's habits; `step` enters the seconds of a step."""

    def __init__(
        self, model: Transformer, machine: Machine, plan: Plan, habits: Habits | None = None
    ) -> None:
        self.rates = Rates(model, machine, plan, habits or Habits())

    def step(self, load: Load) -> Ledger:
        """One pass: every layer, the head, and hand-overs between stages."""
        return self.stages(load)[0]

    def stages(self, load: Load) -> tuple[Ledger, Rowed, Rowed]:
        """One pass, its seconds, and those of its slowest stage."""
        total = Ledger()
        enter_layers(total, self.rates, load)
        if not np.any(np.asarray(self.rates.plan.pipeline) > 1):
            enter_head(total, self.rates, load)
            once_s = total.total_s
            return total, once_s, once_s
        inner_s, head = total.total_s, Ledger()
        enter_head(head, self.rates, load)
        head_s = head.total_s
        total.merge(head)
        passed_s, slowest_s = self._hand_over(total, load)
        beat_s = self._beat_s(inner_s, head_s) + slowest_s
        return total, inner_s + head_s + passed_s, beat_s

    def _beat_s(self, inner_s: Rowed, head_s: Rowed) -> Rowed:
        """Of the fullest stage, or of the last: it has the head, and no layer more than its share."""
        count, stages = np.maximum(self.rates.model.layer_count, 1), self.rates.plan.pipeline
        fullest, last = np.ceil(count / stages), np.floor(count / stages)
        return np.maximum(inner_s * (fullest / count), inner_s * (last / count) + head_s)

    def _hand_over(self, total: Ledger, load: Load) -> tuple[Rowed, Rowed]:
        """Enters the hand-overs of a pass; their seconds, and those of the slowest of them."""
        plan, wires = self.rates.plan, self.rates.wires
        rows = load.rows / plan.data
        sent = rows * self.rates.model.d_model * HIDDEN_BYTES * _HANDED
        near, far = wires.hand_over_s(sent, plan.tensor)
        hops = plan.pipeline - 1
        across = np.minimum(np.ceil(plan.ranks * plan.pipeline / wires.domain) - 1, hops)
        passed_s = near * (hops - across) + far * across
        total.add("hand-over", "messages", passed_s)
        return passed_s, np.where(hops > 0, np.where(across > 0, far, near), 0.0)
