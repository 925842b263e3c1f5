"""Messages between the accelerators of an instance: all-reduce, all-to-all, hand-over of a stage.

`ranks` and `message_bytes` may be arrays. Engines sum small messages in one shot inside the fast domain
(every rank reads those of all others), larger ones in two, and the largest through a library; the
fastest is taken, as they choose. Beyond the domain a ring of domains follows over the network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.hardware.fabric import HostBus, Mesh, Torus

if TYPE_CHECKING:
    from infecon_tui.cost.ledger import Rowed
    from infecon_tui.cost.machine import Machine

_FUSED = ("trtllm", "vllm", "sglang", "sglang-early")
"""Engines whose all-reduces are TensorRT-LLM's where these run, by default: SGLang on Hopper and Blackwell
(its pull requests 23402 and 28789), vLLM since it fuses them with norms there (pull requests 24248, 37755).
They write to one another's memory over NVLink, and do not run over a bus.
"""


class Wires:
    """The links of one accelerator; `custom` says that an engine has all-reduces of its own, and `engine`
    whose they are.

    Engines got them together with CUDA graphs; without graphs a library does all of it.
    """

    def __init__(self, machine: Machine, *, custom: bool = True, engine: str = "") -> None:
        self.custom = custom
        part = machine.accelerator
        self.reached = machine.kernels.messages
        self.link_Bps = part.scale_up.link_Bps
        self.domain = float(part.scale_up.domain or np.inf)
        self.network_Bps = part.scale_out.link_Bps if part.scale_out else self.link_Bps
        self.kind = type(part.scale_up)
        fused = self.reached.fused if engine in _FUSED and self.kind is not HostBus else None
        self.sums = fused or self.reached

    def all_reduce_s(self, message_bytes: Rowed, ranks: Rowed) -> Rowed:
        """Sum over ranks, left on each of them."""
        inside = np.minimum(ranks, self.domain)
        outside = np.maximum(np.ceil(ranks / self.domain), 1.0)
        within = self._inside_s(message_bytes, inside)
        reached = self.reached
        ring = 2 * message_bytes / inside * (outside - 1) / outside
        over = 2 * reached.network_start_s * np.log2(np.maximum(outside, 1.0)) + ring / (
            reached.network * self.network_Bps
        )
        return np.where(inside > 1, within, 0.0) + np.where(outside > 1, over, 0.0)

    def _inside_s(self, message_bytes: Rowed, ranks: Rowed) -> Rowed:
        sums, link = self.sums, self._link_Bps(ranks)
        turns = 2 * message_bytes * (ranks - 1) / np.maximum(ranks, 1.0)
        if not self.custom:
            return self._library_s(turns, ranks, link)
        start = sums.start_s + sums.rank_s * ranks
        one = message_bytes * (ranks - 1) / (sums.one_shot * link)
        two = sums.second_s + turns / (sums.two_shot * link)
        own = start + np.minimum(one, two)
        if self.reached.library_link is None:
            return own
        return np.minimum(own, self._library_s(turns, ranks, link))

    def _library_s(self, turns: Rowed, ranks: Rowed, link: Rowed) -> Rowed:
        """Of bytes that every rank sends in all turns."""
        reached = self.reached
        start = reached.library_s + reached.library_rank_s * ranks
        return start + turns / (reached.library_share * link)

    def _link_Bps(self, ranks: Rowed) -> Rowed:
        """What a rank can use of its links: a mesh only those to its partners; a bus is shared."""
        if self.kind is Mesh:
            return self.link_Bps * (ranks - 1) / max(self.domain - 1, 1.0) + 1e-9
        if self.kind is HostBus:
            return self.link_Bps * (2 / np.maximum(ranks, 2.0)) ** self.reached.crowding
        if self.kind is Torus:
            return self.link_Bps / 2 + 0.0 * ranks
        return self.link_Bps + 0.0 * ranks

    def exchange_s(self, sent_bytes: Rowed, ranks: Rowed) -> Rowed:
        """All-to-all in which a rank sends `sent_bytes` altogether, evenly to all."""
        inside = np.minimum(ranks, self.domain)
        share_out = 1 - inside / np.maximum(ranks, 1.0)
        reached = self.reached
        near = sent_bytes * (1 - 1 / np.maximum(ranks, 1.0) - share_out)
        near_s = near / (reached.exchange * self._link_Bps(inside))
        far_s = sent_bytes * share_out / (reached.network * self.network_Bps)
        start = reached.exchange_start_s + np.where(share_out > 0, reached.network_start_s, 0.0)
        return np.where(ranks > 1, start + np.maximum(near_s, far_s), 0.0)

    def gather_s(self, message_bytes: Rowed, ranks: Rowed) -> Rowed:
        """All-gather of `message_bytes` in all: half of an all-reduce's turns."""
        return np.where(np.asarray(ranks) > 1, self.all_reduce_s(message_bytes / 2, ranks), 0.0)

    def hand_over_s(self, message_bytes: Rowed, ranks: Rowed) -> tuple[Rowed, Rowed]:
        """From a stage of `ranks` to the next: inside the fast domain, and over the network.

        Every rank sends its part of `message_bytes` to its partner, and those that get one gather the
        whole again, as vLLM and SGLang do.
        """
        reached, own = self.reached, message_bytes / ranks
        near = 2 * reached.start_s + own / (reached.library_share * self.link_Bps)
        far = reached.network_start_s + own / (reached.network * self.network_Bps)
        gathered = self.gather_s(message_bytes, ranks)
        return near + gathered, far + gathered
