"""The record of one pass that the three fidelities share, each cause in seconds."""

from __future__ import annotations

from typing import NamedTuple

from infecon_tui.papers.erdil2025.records import Array


class Stage(NamedTuple):
    """One pass of mu sequences through T GPUs, for given tensor layout and scale-down.

    Arrays that broadcast against each other. `arithmetic_s` and `hbm_s` run side by side: only the
    longer one counts. `attention_fraction` is 1/sigma, the share of the GPUs that attention uses.
    """

    arithmetic_s: Array
    hbm_s: Array
    network_s: Array
    network_latency_s: Array
    launch_s: Array
    attention_fraction: Array
    tensor_2d: Array
