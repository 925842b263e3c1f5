"""The indexer of sparse attention: a few narrow heads over the whole context pick what is attended to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infecon_tui.cost.ledger import Rowed
    from infecon_tui.workload.attention import Indexer


def index_work(index: Indexer | None, keys: Rowed) -> Rowed:
    """FLOP a new token, none without an indexer."""
    return 2 * index.heads * index.position_elements * keys if index else 0.0


def index_read(index: Indexer | None, keys: Rowed) -> Rowed:
    """Elements that a sequence's step reads of the indexer's cache."""
    return index.position_elements * keys if index else 0.0
