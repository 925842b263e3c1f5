"""Section 3.3: seconds of a collective operation under NCCL's protocols, and on a torus.

A `Cost` holds what depends on the ranks alone, one pair of latency and seconds per byte for each
protocol, so that a lattice of ranks and message sizes works the ranks out once. All broadcasts.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from infecon_tui.papers.erdil2025.records import Array, Part


class Protocol(NamedTuple):
    """One of NCCL's protocols, with the constants of its tuning table (versions 2.18 to 2.22).

    `bandwidth` is the share of the link that it reaches; a message pays `rank_s` for every rank of a
    node beyond the first, `node_s` for every doubling of the nodes, and `base_s` once.
    """

    bandwidth: float
    rank_s: float
    node_s: float
    base_s: float


LL = Protocol(0.5, 0.6e-6, 5e-6, 6.8e-6)
LL128 = Protocol(0.95, 1.25e-6, 8.5e-6, 14e-6)
SIMPLE = Protocol(1.0, 28e-6, 28e-6, 0.0)
PROTOCOLS = (LL, LL128, SIMPLE)

TORUS_HOP_S = 1e-6
"""Latency of one hop on a torus, section 3.3.3."""


class Cost(NamedTuple):
    """Latency and seconds per byte of each protocol, for given ranks and nodes."""

    latency_s: tuple[Array, ...]
    s_per_byte: tuple[Array, ...]


def all_reduce(part: Part, ranks: Array, nodes: Array) -> Cost:
    """Eq. 25 and 26. An all-reduce of `ranks` GPUs on `nodes` nodes: data passes twice."""
    return _cost(part, ranks, nodes, passes=2.0)


def all_to_all(part: Part, ranks: Array, nodes: Array) -> Cost:
    """Notebook. All-to-all and point-to-point: data passes once, half the latency and half the bytes."""
    return _cost(part, ranks, nodes, passes=1.0)


def _cost(part: Part, ranks: Array, nodes: Array, passes: float) -> Cost:
    alone = ranks <= 1
    if part.torus:
        hops = ranks - 1
        per_byte = passes / 2 * hops / (ranks * part.internode_allreduce_Bps)
        return Cost(
            (np.where(alone, 0.0, passes * hops * TORUS_HOP_S),), (np.where(alone, 0.0, per_byte),)
        )
    beside = ranks / nodes - 1
    inside = nodes * np.maximum(0.0, beside) / (ranks * part.intranode_allreduce_Bps)
    between = (nodes - 1) / (ranks * part.internode_allreduce_Bps)
    per_byte = np.where(alone, 0.0, passes / 2 * np.maximum(inside, between))
    doublings = np.log2(nodes)
    latencies = (
        passes * (protocol.rank_s * beside + protocol.node_s * doublings) + protocol.base_s
        for protocol in PROTOCOLS
    )
    return Cost(
        tuple(np.where(alone, 0.0, latency) for latency in latencies),
        tuple(per_byte / protocol.bandwidth for protocol in PROTOCOLS),
    )


def seconds(cost: Cost, nbytes: Array) -> Array:
    """Under the best protocol."""
    best: Array | None = None
    for latency, per_byte in zip(cost.latency_s, cost.s_per_byte, strict=True):
        taken = nbytes * per_byte
        taken += latency
        best = taken if best is None else np.minimum(best, taken, out=best)
    assert best is not None
    return best


def latency_part(cost: Cost, nbytes: Array) -> Array:
    """The latency within `seconds`: that of the best protocol."""
    totals = np.stack(
        [nbytes * p + lat for lat, p in zip(cost.latency_s, cost.s_per_byte, strict=True)]
    )
    latencies = np.stack([np.broadcast_to(latency, totals.shape[1:]) for latency in cost.latency_s])
    return np.take_along_axis(latencies, totals.argmin(0)[None], 0)[0]
