"""Watts of one accelerator from what it does: idle draw, and what memory, matrix units and waiting add."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from infecon_tui.cost.frontier.points import Points
    from infecon_tui.cost.ledger import Array, Ledger, Rowed
    from infecon_tui.cost.machine import Machine
    from infecon_tui.hardware.accelerator import Accelerator
    from infecon_tui.hardware.draw import Draw

_MOST = 1.0
"""Of the limit, at which the clock gives way."""


def watts(machine: Machine, step: Ledger) -> Rowed | None:
    """Mean draw over a step; None when the spec has no power limit."""
    limit = machine.accelerator.tdp_W
    if limit is None:
        return None
    total, causes = step.total_s, step.by_cause()
    seconds = {name: causes.get(name, 0.0) for name in ("messages", "launch", "host", "bubbles")}
    seconds |= {"reading": step.reading_s, "computing": step.computing_s, "all": total}
    drawn = sum(_drawn_s(machine.accelerator.draw, seconds).values())
    return limit * np.minimum(drawn / total, _MOST)


def _drawn_s(draw: Draw, seconds: dict[str, Rowed]) -> dict[str, Rowed]:
    """Seconds at the limit that draw as much, by what a token's energy goes to."""
    waited = seconds["host"] + seconds["bubbles"]
    return {
        "idle": draw.idle * seconds["all"],
        "arithmetic": draw.computing * seconds["computing"],
        "HBM": draw.reading * seconds["reading"],
        "network": draw.messages * seconds["messages"],
        "other": draw.starting * seconds["launch"] + draw.waiting * waited,
    }


def joules_by_part(points: Points, part: Accelerator) -> dict[str, Array]:
    """Joules of an output token by what they go to, over all accelerators; they sum to all of it.

    What the model's own steps do not draw is the drafter's, or that of the pool that takes prompts.
    """
    assert part.tdp_W is not None
    names = ("messages", "launch", "host", "bubbles", "reading", "computing")
    seconds = {name: getattr(points, f"{name}_s") for name in names} | {"all": points.tpot_s}
    drawn = _drawn_s(part.draw, seconds)
    held = np.minimum(_MOST * points.tpot_s / sum(drawn.values()), 1.0)
    decoding = points.tensor * points.attention_data * points.pipeline * points.decode_instances
    each = part.tdp_W * decoding * held / points.batch
    found: dict[str, Array] = {name: each * share for name, share in drawn.items()}
    rest = points.joules_per_tok - sum(found.values())
    apart = points.prefill_instances > 0
    if (apart | (points.draft_tokens > 0)).any():
        found["prefill pool" if apart.any() else "drafting"] = rest.clip(min=0.0)
    return found
