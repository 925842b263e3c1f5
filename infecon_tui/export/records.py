"""What a launch command says, whatever the engine."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from infecon_tui.cost.case import Layout
    from infecon_tui.formats import Format


Role = Literal["whole", "prefill", "decode"]
"""What instances do: all of it, or one side of two pools."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafting:
    """What drafts, so many tokens at a time: `draft` a model, `mtp` the model's own head, or an `eagle` head.

    `checkpoint` is the model or the head; None for one that is part of the model.
    """

    kind: str
    checkpoint: str | None
    tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """Instances that are started alike: their checkpoint, layout, hosts, batch, lengths and formats.

    `batch` is of one instance, `step_tokens` the most tokens of a step of it.
    `quantize` and `cache` are the formats to ask for, or None where the checkpoint's and the engine's own
    are meant. `remarks` are what no flag says.
    """

    model: str
    engine: str
    layout: Layout
    nodes: int
    batch: int
    max_tokens: int
    step_tokens: int
    memory_share: float
    quantize: Format | None
    cache: Format | None
    drafting: Drafting | None
    subject: str
    remarks: tuple[str, ...]
    role: Role = "whole"
    instances: int = 1

    @property
    def ranks(self) -> int:
        """GPUs of one pipeline stage."""
        return self.layout.tensor * self.layout.attention_data

    @property
    def batch_per_rank(self) -> int:
        """Sequences of each data-parallel rank."""
        return math.ceil(self.batch / self.layout.attention_data)
