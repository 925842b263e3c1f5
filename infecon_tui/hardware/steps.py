"""What a step costs beside its large kernels: small ones, sampling, and the host."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from infecon_tui.slots import Info, duration, share


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """What a step costs beside its large kernels.

    The host's time is what no kernel hides: engines that schedule the next step while one runs
    (`ahead`), those that wait for its tokens (`waiting`), and the first generation (`first`), which takes
    `first_server` times as long where its server shares a process with it.
    """

    vector_s: Annotated[
        float, duration("fixed time of a norm, activation or rotation", "vector kernel floor")
    ] = 2e-6
    vector_hbm: Annotated[
        float, share("share of HBM bandwidth of vector kernels", "vector HBM share")
    ] = 0.8
    sort_floor_s: Annotated[
        float, duration("sampling by sorting, whatever the batch", "sampling sort floor")
    ] = 0.18e-3
    sort_s: Annotated[
        float,
        duration(
            "sorting 1000 entries of one sequence's vocabulary, for top-p and top-k",
            "sampling sort",
        ),
    ] = 0.14e-6
    eager_s: Annotated[
        float, duration("host time to start a kernel without a graph", "eager launch")
    ] = 30e-6
    ahead_s: Annotated[
        float, duration("host time a step, scheduled ahead", "host, scheduled ahead")
    ] = 0.2e-3
    ahead_sequence_s: Annotated[
        float, duration("more of it for every running sequence", "host a sequence, scheduled ahead")
    ] = 0.5e-6
    waiting_s: Annotated[float, duration("host time a step, waiting", "host, waiting")] = 0.5e-3
    waiting_sequence_s: Annotated[
        float, duration("more of it for every running sequence", "host a sequence, waiting")
    ] = 6e-6
    first_s: Annotated[
        float, duration("host time a step, first engines", "host, first engines")
    ] = 4e-3
    first_sequence_s: Annotated[
        float, duration("more of it for every running sequence", "host a sequence, first engines")
    ] = 0.125e-3
    first_workers_s: Annotated[
        float,
        duration("messages to tensor ranks in a step, first engines", "host, messages to ranks"),
    ] = 2.4e-3
    first_worker_sequence_s: Annotated[
        float,
        duration(
            "more of them for every running sequence and doubling of the ranks",
            "host a sequence, messages to ranks",
        ),
    ] = 0.06e-3
    first_server: Annotated[
        float,
        Info(
            help="times that, where a server runs in the same process",
            low=1,
            label="host share of the server",
        ),
    ] = 2.0
