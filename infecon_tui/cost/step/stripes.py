"""Decode context parallelism: a cache striped over the tensor ranks that would hold copies of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.cost.step.mixing import mixing
from infecon_tui.workload.attention.heads import KeyValueHeads, LatentHeads

if TYPE_CHECKING:
    from infecon_tui.cost.ledger import Rowed
    from infecon_tui.cost.step.mixing import Mixing

_PASSED_BYTES, _SUM_BYTES = 2.0, 4.0
"""Of an element of a query or an output, and of the sum by which partial outputs are merged (fp32)."""


def striped(
    kind: object, d_model: int, tensor: Rowed, keys: Rowed, prompt_keys: Rowed, context: Rowed
) -> Mixing:
    """As `mixing`, with the cache striped over `context` tensor ranks where the kind has one.

    They gather their queries, each attends to its stripe, and they merge what comes of it (vLLM's
    `decode_context_parallel_size`, SGLang's `dcp-size`). Prompts are worked on as without it.
    """
    own = mixing(kind, d_model, tensor, keys, prompt_keys)
    if not np.any(np.asarray(context) > 1) or not isinstance(kind, KeyValueHeads | LatentHeads):
        return own
    wide = mixing(kind, d_model, tensor / context, keys, prompt_keys)
    heads = kind.heads / tensor
    if isinstance(kind, LatentHeads):
        asked, given = kind.latent_kv + kind.d_rope, kind.latent_kv
    else:
        asked, given = kind.d_head, kind.value_width
    return replace(
        own,
        read=wide.read / context,
        work=wide.work / context,
        queries=wide.queries,
        passed_bytes=tuple(
            heads * context * size
            for size in (asked * _PASSED_BYTES, given * _PASSED_BYTES, _SUM_BYTES)
        ),
    )
