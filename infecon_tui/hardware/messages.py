"""Collectives between accelerators: what each costs to start, and the share of the link it reaches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from infecon_tui.slots import Info, duration, share


@dataclass(frozen=True, slots=True, kw_only=True)
class AllReduce:
    """Sums inside the fast domain as one engine makes them, as `Messages` has them."""

    start_s: Annotated[float, duration("start of an all-reduce", "all-reduce start")]
    rank_s: Annotated[float, duration("more of it for every rank", "all-reduce start a rank")]
    one_shot: Annotated[float, share("share of the link in one shot", "one-shot link share")]
    second_s: Annotated[float, duration("start of the second shot", "second shot")]
    two_shot: Annotated[float, share("share of the link in two shots", "two-shot link share")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Messages:
    """Collectives between accelerators: a start that grows with the ranks, and a share of the link.

    Inside the fast domain engines sum small messages in one shot (every rank reads all others) and
    larger ones in two (scatter, then gather); `library` is NCCL or its like, used for the largest and by
    engines that have nothing of their own.
    """

    start_s: Annotated[float, duration("start of an all-reduce", "all-reduce start")] = 3.6e-6
    rank_s: Annotated[float, duration("more of it for every rank", "all-reduce start a rank")] = (
        0.08e-6
    )
    one_shot: Annotated[float, share("share of the link in one shot", "one-shot link share")] = 0.6
    second_s: Annotated[float, duration("start of the second shot", "second shot")] = 8e-6
    two_shot: Annotated[float, share("share of the link in two shots", "two-shot link share")] = (
        0.74
    )
    crowding: Annotated[
        float,
        Info(
            help="a shared bus (PCIe) gives each rank (2/ranks) to this power of the link",
            low=0,
            step="linear",
            by=0.1,
            label="bus crowding",
        ),
    ] = 1.0
    exchange_start_s: Annotated[
        float, duration("start of an all-to-all of tokens", "all-to-all start")
    ] = 14e-6
    exchange: Annotated[
        float, share("share of the link in an all-to-all", "all-to-all link share")
    ] = 0.6
    library_s: Annotated[float, duration("start of a library's all-reduce", "library start")] = (
        3.8e-6
    )
    library_rank_s: Annotated[
        float, duration("more of it for every rank", "library start a rank")
    ] = 1.7e-6
    library_link: Annotated[
        float | None,
        Info(
            help="share of the link in a library's messages",
            above=0,
            high=1,
            none="as in two shots",
            percent=True,
            step="linear",
            by=0.01,
            label="library link share",
        ),
    ] = None
    network_start_s: Annotated[
        float, duration("start of a message between nodes", "network start")
    ] = 17e-6
    network: Annotated[float, share("share of the network link", "network share")] = 0.85
    fused: Annotated[
        AllReduce | None,
        Info(help="sums in TensorRT-LLM's kernels, which FlashInfer gives to other engines"),
    ] = None

    @property
    def library_share(self) -> float:
        """Of the link, in a library's sums and in what it sends from one accelerator to another."""
        return self.two_shot if self.library_link is None else self.library_link
