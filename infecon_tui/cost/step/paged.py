"""vLLM's first paged attention, where it had no other: a block of threads a query head, which reads all keys.

Its other form splits a sequence over several blocks and merges what they find. vLLM took the first one where
there was one part of 512 positions only, or more than 512 query heads of all sequences together, up to 8192
positions (vllm/attention/ops/paged_attn.py, releases 0.2 to 0.5: `use_v1`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.workload.attention.heads import KeyValueHeads

if TYPE_CHECKING:
    from infecon_tui.cost.plan import Load
    from infecon_tui.cost.step.mixing import Mixing
    from infecon_tui.cost.step.rates import Rates

_PART, _LONGEST = 512, 8192
_MANY_HEADS = 512


def as_paged(rates: Rates, kind: object, work: Mixing, load: Load) -> Mixing:
    """A layer's work where the engine has no other attention. Query heads of a group that run on dies with
    caches of their own read the keys of the group each for itself, at that kernel's share of the bandwidth.
    """
    if not rates.habits.paged or not isinstance(kind, KeyValueHeads):
        return work
    heads = kind.heads / rates.plan.tensor * load.sequences
    first = (load.context <= _PART) | (heads > _MANY_HEADS)
    reached = rates.machine.kernels.attention
    _, share = rates.reads
    slower = np.minimum(work.queries, reached.paged_caches) * share / reached.paged_hbm
    return replace(work, read=work.read * np.where(first & (load.context <= _LONGEST), slower, 1.0))
