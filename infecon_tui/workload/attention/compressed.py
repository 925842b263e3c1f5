"""Attention to a short window and to compressed older positions (DeepSeek-V4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from infecon_tui.slots import Info
from infecon_tui.workload.attention.heads import D_HEAD, HEADS, lesser
from infecon_tui.workload.attention.indexer import Indexer


@dataclass(frozen=True, slots=True, kw_only=True)
class Compressed:
    """Multi-query attention whose one head is key and value at once, over few entries.

    Each query reads the last `window` positions and entries that stand for `compression` positions
    each: all of them, or the `top_k` that an indexer picks. With an indexer the entries overlap, so
    that their compressor is twice as wide; the indexer's keys have a compressor of their own.
    """

    kind: ClassVar = "compressed"
    heads: Annotated[int, HEADS]
    d_head: Annotated[int, D_HEAD]
    latent_query: Annotated[int, Info(help="width of the compressed query", low=1)]
    latent_output: Annotated[int, Info(help="width of a group's compressed output", low=1)]
    output_groups: Annotated[int, Info(help="groups of heads with an output of their own", low=1)]
    window: Annotated[int, Info(help="latest positions read as they are", low=1, step="pow2")]
    compression: Annotated[
        int | None, Info(help="older positions to one entry", low=1, none="window only")
    ] = None
    top_k: Annotated[int | None, Info(help="entries read", low=1, none="all")] = None
    indexer: Indexer | None = None

    def problems(self) -> tuple[str, ...]:
        """What is wrong with these numbers together."""
        found = []
        if self.heads % self.output_groups:
            groups = self.output_groups
            found.append(f"heads ({self.heads}) is not divisible by output_groups ({groups})")
        if (self.top_k is None) != (self.indexer is None):
            found.append("top_k and indexer go together: give both or neither")
        if self.indexer and not self.compression:
            found.append("an indexer picks compressed entries: compression is missing")
        return tuple(found)

    def params(self, d_model: int) -> int:
        """Weights of low-rank query, key, grouped low-rank output, compressor and indexer."""
        query = self.latent_query * (d_model + self.heads * self.d_head)
        output = self.latent_output * (self.heads * self.d_head + self.output_groups * d_model)
        return query + d_model * self.d_head + output + self._compressor_params(d_model)

    def _compressor_params(self, d_model: int) -> int:
        """Values and gates of the entries and of the indexer's keys; places inside an entry."""
        if not self.compression:
            return 0
        one = 2 * d_model + self.compression
        if not self.indexer:
            return one * self.d_head
        queries = self.indexer.query_params(self.latent_query, d_model)
        return 2 * one * (self.d_head + self.indexer.d_head) + queries

    def cache_elements(self, positions: float) -> float:
        """The window, and one entry (and key of the indexer) for every `compression` positions."""
        entries = positions / self.compression if self.compression else 0
        index = self.indexer.d_head if self.indexer else 0
        return lesser(positions, self.window) * self.d_head + entries * (self.d_head + index)
