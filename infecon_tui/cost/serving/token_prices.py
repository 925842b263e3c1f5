"""What input and output tokens cost each: they share the time of the same accelerators.

An output token pays for its part of a step that holds no prompts. All that the prompts beside it add to
the mean step, waiting of pipeline stages included, is paid by their tokens, cached ones counted among
them. So cost = output price + input price x input tokens entering for every output token. A batch of one
meets no other's prompt: there the input pays for the time of a prompt alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from infecon_tui.cost.frontier.search import Search
    from infecon_tui.cost.ledger import Array, Rowed
    from infecon_tui.cost.serving.serve import Served


def priced(search: Search, served: Served, batch: Array, gpus: Array) -> dict[str, Array]:
    """USD per million input and output tokens; NaN for input where prompts are not counted.

    `gpus` are an instance's, infinite where its batch does not fit.
    """
    mtok_usd = gpus * 1e6 * search.usd_per_s(served.watts)
    each = np.full(len(batch), np.nan)
    if search.serving == "steady" and search.isl:
        times = served.tpot_s, served.decode_s, served.prompt_s
        each = input_seconds(*times, batch, search.isl, search.osl)
    return {
        "input_usd_per_mtok": each * mtok_usd,
        "output_usd_per_mtok": served.decode_s / batch * mtok_usd,
    }


def input_seconds(
    tpot_s: Rowed, decode_s: Rowed, prompt_s: Rowed, batch: Rowed, isl: Rowed, osl: Rowed
) -> Array:
    """An instance's seconds for one token of a prompt.

    `tpot_s` is the mean step at a steady `batch`, `decode_s` one without prompts, `prompt_s` a prompt alone.
    """
    entering = entering_of(batch, isl, osl)
    added_s = np.maximum(np.asarray(tpot_s) - decode_s, 0.0)
    shared = added_s / np.maximum(entering, 1e-300)
    alone = np.asarray(prompt_s) / np.maximum(isl, 1.0)
    found: Array = np.where(entering > 0, shared, alone)
    return found


def entering_of(batch: Rowed, isl: Rowed, osl: Rowed) -> Rowed:
    """Input tokens that enter with a step: each sequence meets the prompts of all the others once."""
    return np.maximum(np.asarray(batch) - 1.0, 0.0) / osl * isl
