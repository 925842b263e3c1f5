"""Watts of one accelerator from what it does: idle draw, and shares of a step that read or compute."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infecon_tui.cost.ledger import Array, Ledger, Rowed
    from infecon_tui.cost.machine import Machine
    from infecon_tui.cost.points import Points

IDLE_SHARE = 0.15
"""Of the power limit, drawn while waiting."""
BUSY_SHARE = {
    "weights": 0.65,
    "cache": 0.65,
    "traffic": 0.65,
    "arithmetic": 0.85,
    "launch": 0.3,
    "messages": 0.3,
    "host": 0.05,
    "bubbles": 0.05,
}
"""Of the power limit, drawn above idle while a step's time goes to a cause.

From the power that NVIDIA aiconfigurator's tables give beside single matrix products (H200, B200, GB200):
those bound by arithmetic draw the limit, those that only read weights 0.55 to 0.85 of it.
"""


def watts(machine: Machine, step: Ledger) -> Rowed | None:
    """Mean draw over a step; None when the spec has no power limit."""
    limit = machine.accelerator.tdp_W
    if limit is None:
        return None
    total = step.total_s
    drawn = sum(BUSY_SHARE[cause] * seconds for cause, seconds in step.by_cause().items())
    return limit * (IDLE_SHARE + drawn / total)


PARTS = {
    "idle": (),
    "arithmetic": ("arithmetic",),
    "HBM": ("weights", "cache", "traffic"),
    "network": ("messages",),
    "other": ("launch", "host", "bubbles"),
}
"""What a token's energy goes to, and the causes whose draw above idle belongs to each."""


def joules_by_part(points: Points, limit_W: float) -> dict[str, Array]:
    """Joules of an output token by part, over all accelerators; they sum to all of it.

    What the model's own steps do not draw is the drafter's, or that of the pool that takes prompts.
    """
    found: dict[str, Array] = {}
    decoding = points.tensor * points.attention_data * points.pipeline * points.decode_instances
    for part, causes in PARTS.items():
        busy = sum(BUSY_SHARE[cause] * getattr(points, f"{cause}_s") for cause in causes)
        drawn = busy if causes else IDLE_SHARE * points.tpot_s
        found[part] = limit_W * decoding * drawn / points.batch
    rest = points.joules_per_tok - sum(found.values())
    apart = points.prefill_instances > 0
    if (apart | (points.draft_tokens > 0)).any():
        found["prefill pool" if apart.any() else "drafting"] = rest.clip(min=0.0)
    return found
