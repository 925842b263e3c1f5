"""What a step is of: layouts and loads of rows, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infecon_tui.cost.case import Layout
    from infecon_tui.cost.ledger import Indices, Rowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Layouts of rows, as floats: degrees of tensor, pipeline, expert, attention-data and decode context
    parallelism.
    """

    tensor: Rowed
    pipeline: Rowed
    expert: Rowed
    data: Rowed
    context: Rowed = 1.0

    @classmethod
    def of(cls, ways: Sequence[Layout]) -> Plan:
        """Layouts, one a row."""
        return cls(
            tensor=np.array([float(way.tensor) for way in ways]),
            pipeline=np.array([float(way.pipeline) for way in ways]),
            expert=np.array([float(way.expert) for way in ways]),
            data=np.array([float(way.attention_data) for way in ways]),
            context=np.array([float(way.context) for way in ways]),
        )

    def at(self, rows: Indices) -> Plan:
        """The layouts at some rows."""
        return Plan(
            tensor=self.tensor[rows],
            pipeline=self.pipeline[rows],
            expert=self.expert[rows],
            data=self.data[rows],
            context=np.broadcast_to(self.context, np.shape(self.tensor))[rows],
        )

    @property
    def ranks(self) -> Rowed:
        """Accelerators of one stage."""
        return self.tensor * self.data


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Rows alike in model, accelerator, engine and way of serving: layouts, batches, lengths and contexts.

    `cached` tokens of each prompt are in the prefix cache.
    """

    plan: Plan
    batch: Rowed
    isl: Rowed
    osl: Rowed
    context: Rowed
    cached: Rowed = 0.0

    def at(self, rows: Indices) -> Rows:
        """Some of the rows."""
        count = np.shape(self.batch)
        return Rows(
            plan=self.plan.at(rows),
            batch=self.batch[rows],
            isl=self.isl[rows],
            osl=self.osl[rows],
            context=self.context[rows],
            cached=np.broadcast_to(self.cached, count)[rows],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What a step holds: sequences that get a token, their context, and tokens of prompts.

    Counts are of the instance and of one of its micro-batches. `keys` are the positions that a token
    of a prompt sees on average; `prompts` the prompts that end in the step. `tokens` are those that
    each sequence brings: one to go on from, and the drafted ones to be verified.
    """

    sequences: Rowed
    context: Rowed
    prompt: Rowed = 0.0
    keys: Rowed = 0.0
    prompts: Rowed = 0.0
    tokens: Rowed = 1.0

    @property
    def decoded(self) -> Rowed:
        """Tokens of the sequences."""
        return self.sequences * self.tokens

    @property
    def rows(self) -> Rowed:
        """All tokens of the step."""
        return self.sequences * self.tokens + self.prompt
