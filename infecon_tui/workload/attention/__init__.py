"""The kinds of attention and of what takes its place. One kind is one record in one file.

A record holds its YAML keys, counts its weights and its cache, and names what contradicts itself.
Counts are per layer; `d_model` is the width of the residual stream. Norms, biases and other vectors
are left out: together they are below 0.1 % of any model.
"""

from __future__ import annotations

from infecon_tui.workload.attention.chunked import Chunked
from infecon_tui.workload.attention.compressed import Compressed
from infecon_tui.workload.attention.cross_layer import CrossLayer
from infecon_tui.workload.attention.factorised import Factorised
from infecon_tui.workload.attention.gated_delta import GatedDelta
from infecon_tui.workload.attention.grouped import GroupedQuery
from infecon_tui.workload.attention.indexer import Indexer
from infecon_tui.workload.attention.kda import KimiDelta
from infecon_tui.workload.attention.latent import Latent
from infecon_tui.workload.attention.lightning import Lightning
from infecon_tui.workload.attention.mamba1 import Mamba1
from infecon_tui.workload.attention.mamba2 import Mamba2
from infecon_tui.workload.attention.sliding import SlidingWindow
from infecon_tui.workload.attention.sparse_grouped import SparseGrouped
from infecon_tui.workload.attention.sparse_latent import SparseLatent

Attention = (
    GroupedQuery
    | SlidingWindow
    | Chunked
    | SparseGrouped
    | CrossLayer
    | Factorised
    | Latent
    | SparseLatent
    | Compressed
    | GatedDelta
    | KimiDelta
    | Lightning
    | Mamba1
    | Mamba2
)
"""The kinds of attention; this union is their registry."""

__all__ = [
    "Attention",
    "Chunked",
    "Compressed",
    "CrossLayer",
    "Factorised",
    "GatedDelta",
    "GroupedQuery",
    "Indexer",
    "KimiDelta",
    "Latent",
    "Lightning",
    "Mamba1",
    "Mamba2",
    "SlidingWindow",
    "SparseGrouped",
    "SparseLatent",
]
