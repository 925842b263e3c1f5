"""What a step is of: layouts and loads of rows, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infecon_tui.cost.ledger import Rowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Layouts of rows, as floats: degrees of tensor, pipeline, expert and attention-data parallelism."""

    tensor: Rowed
    pipeline: Rowed
    expert: Rowed
    data: Rowed

    @property
    def ranks(self) -> Rowed:
        """Accelerators of one stage."""
        return self.tensor * self.data


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
