"""Section 3.3: seconds of a collective operation under NCCL's protocols, and on a torus.

A `Cost` holds what depends on the ranks alone, a latency and seconds per byte for each protocol, so
that a lattice of ranks and message sizes works the ranks out once. Everything broadcasts.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from infecon_tui.papers.erdil2025.records import Array, Part, Rowed


class Protocol(NamedTuple):
    """One of NCCL's protocols.

    `bandwidth` is the share of the link that it reaches. A pass over the data takes `rank_s` for
    every rank of a node beyond the first and `node_s` for every doubling of the nodes; `base_s` is
    paid once.
    """

    bandwidth: float
    rank_s: float
    node_s: float
    base_s: float


# Latencies of NCCL's tuning table (src/graph/tuning.cc: baseLat and hwLat of the tree algorithm),
# as the paper's notebook has them; eq. 23 is LL.
LL = Protocol(bandwidth=0.5, rank_s=0.6e-6, node_s=5e-6, base_s=6.8e-6)
LL128 = Protocol(bandwidth=0.95, rank_s=1.25e-6, node_s=8.5e-6, base_s=14e-6)
SIMPLE = Protocol(bandwidth=1.0, rank_s=28e-6, node_s=28e-6, base_s=0.0)
PROTOCOLS = (LL, LL128, SIMPLE)

TORUS_HOP_S = 1e-6
"""Notebook. Latency of one hop on a torus."""


class Cost(NamedTuple):
    """Seconds of an operation done so many `times`, each the best protocol's latency and time for its data.

    Latencies by protocol; `s_per_unit` of data at the full bandwidth, with the factors by which the
    protocols are slower. The unit is a byte until `carrying` says otherwise. Zero for a single rank.
    """

    latency_s: tuple[Rowed, ...]
    s_per_unit: Rowed
    slower: tuple[float, ...]
    times: float = 1

    def carrying(self, nbytes: Rowed, count: float = 1) -> Cost:
        """Of `count` operations one after the other, of `nbytes` bytes for every unit of data."""
        return self._replace(s_per_unit=self.s_per_unit * nbytes, times=count)


def all_reduce(part: Part, ranks: Rowed, nodes: Rowed) -> Cost:
    """Eq. 40 to 42. Of `ranks` GPUs on `nodes` nodes: the data passes twice.

    Departs from eq. 39, as the notebook does: the two bandwidth terms overlap, and the best of
    three protocols is taken.
    """
    return _cost(part, ranks, nodes, passes=2)


def all_to_all(part: Part, ranks: Rowed, nodes: Rowed) -> Cost:
    """Notebook. All-to-all and point-to-point: the data passes once."""
    return _cost(part, ranks, nodes, passes=1)


def _cost(part: Part, ranks: Rowed, nodes: Rowed, passes: int) -> Cost:
    apart = np.greater(ranks, 1)
    if part.torus:
        hops = (ranks - 1) * apart
        per_byte = hops / ranks * (passes / (2 * part.internode_allreduce_Bps))
        return Cost((passes * TORUS_HOP_S * hops,), per_byte, (1.0,))
    beside = ranks / nodes - 1
    inside = nodes * np.maximum(0.0, beside) / part.intranode_allreduce_Bps
    per_byte = np.maximum(inside, (nodes - 1) / part.internode_allreduce_Bps)
    per_byte *= passes / 2 / ranks
    beside *= passes * apart
    doublings = passes * np.log2(nodes)
    return Cost(
        tuple(p.rank_s * beside + p.node_s * doublings + p.base_s * apart for p in PROTOCOLS),
        per_byte,
        tuple(1 / p.bandwidth for p in PROTOCOLS),
    )


def _protocols(cost: Cost, units: Rowed) -> list[Array]:
    """Seconds of one operation under each protocol."""
    moving = cost.s_per_unit * units
    return [
        np.asarray(moving * slower + latency)
        for latency, slower in zip(cost.latency_s, cost.slower, strict=True)
    ]


def seconds(cost: Cost, units: Rowed) -> Array:
    """Under the best protocol."""
    best, *others = _protocols(cost, units)
    for other in others:
        best = np.minimum(best, other)
    return np.asarray(best * cost.times)


def latency_of(cost: Cost, units: Rowed) -> Array:
    """The latency within `seconds`: that of the best protocol."""
    best, *others = _protocols(cost, units)
    least = cost.latency_s[0] + np.zeros(best.shape)
    for other, latency in zip(others, cost.latency_s[1:], strict=True):
        least = np.where(other < best, latency, least)
        best = np.minimum(best, other)
    return np.asarray(least * cost.times)
