"""A transformer as groups of identical layers: its parameters and its cache."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from infecon_tui.formats import BYTES_OF, Format
from infecon_tui.slots import Info
from infecon_tui.workload.attention import Attention
from infecon_tui.workload.feedforward import FeedForward


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """Layers that are all alike. A layer may lack attention or feed-forward (hybrid stacks)."""

    count: Annotated[
        int, Info(help="how many layers of this kind", low=1, label="layers", step="linear")
    ]
    attention: Attention | None = None
    feed_forward: FeedForward | None = None
    parallel: Annotated[
        bool, Info(help="attention and feed-forward side by side, one all-reduce less")
    ] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """Number formats that a model is served in."""

    weights: Annotated[Format, Info(help="number format of the weights")] = "bf16"
    experts: Annotated[
        Format | None, Info(help="number format of the routed experts", none="as weights")
    ] = None
    activations: Annotated[Format, Info(help="number format of activations and KV cache")] = "bf16"
    kv_cache: Annotated[
        Format | None,
        Info(help="number format of the KV cache", none="as activations", label="KV cache"),
    ] = None

    blocks: Annotated[
        bool, Info(help="its 8-bit checkpoint scales weights by blocks", hidden=True)
    ] = False

    @property
    def cache(self) -> Format:
        """The KV cache's format."""
        return self.kv_cache or self.activations


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What the developer says of the model's size, to check the dimensions against."""

    params: Annotated[float | None, Info(help="all parameters", hidden=True)] = None
    active_params: Annotated[float | None, Info(help="parameters a token meets", hidden=True)] = (
        None
    )
    beside_params: Annotated[
        float, Info(help="parameters in the published count that this spec leaves out", hidden=True)
    ] = 0.0
    note: Annotated[str, Info(hidden=True)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transformer:
    """A language model's dimensions; `sources` names where they were read."""

    id: Annotated[str, Info(hidden=True)]
    name: Annotated[str, Info(hidden=True)] = ""
    developer: Annotated[str, Info(hidden=True)] = ""
    released: Annotated[str, Info(hidden=True)] = ""
    d_model: Annotated[
        int, Info(help="width of the residual stream", low=1, step="pow2", label="hidden size")
    ]
    vocab: Annotated[
        int,
        Info(
            help="entries of the vocabulary; 0 leaves the embeddings out", low=0, label="vocabulary"
        ),
    ]
    tied_embeddings: Annotated[
        bool, Info(help="one matrix for input and output embeddings", label="tied embeddings")
    ] = False
    extra_params: Annotated[
        int,
        Info(help="other weights that every token meets: hyper-connections", low=0, hidden=True),
    ] = 0
    table_params: Annotated[
        int,
        Info(
            help="weights that are looked up and not multiplied: tables of n-grams or of layers",
            low=0,
            high=10**13,
            hidden=True,
        ),
    ] = 0
    layers: tuple[Layers, ...]
    precision: Precision = field(default_factory=Precision)
    max_context: Annotated[
        int | None, Info(help="longest context it was made for", low=1, none="unknown", hidden=True)
    ] = None
    published: Published = field(default_factory=Published)
    notes: Annotated[str, Info(hidden=True)] = ""
    sources: Annotated[tuple[tuple[str, str], ...], Info(hidden=True)] = ()

    @property
    def embedding_params(self) -> int:
        """Input embedding and output head."""
        return (1 if self.tied_embeddings else 2) * self.vocab * self.d_model

    @property
    def params(self) -> int:
        """All weights; norms, biases and other vectors are left out."""
        inner = sum(
            group.count * part.params(self.d_model)
            for group in self.layers
            for part in (group.attention, group.feed_forward)
            if part is not None
        )
        return inner + self.embedding_params + self.extra_params + self.table_params

    @property
    def active_params(self) -> int:
        """Weights that one token meets, embeddings included."""
        attention = sum(
            g.count * g.attention.params(self.d_model) for g in self.layers if g.attention
        )
        inner = sum(
            g.count * g.feed_forward.active_params(self.d_model)
            for g in self.layers
            if g.feed_forward
        )
        return attention + inner + self.embedding_params + self.extra_params

    @property
    def weight_bytes(self) -> float:
        """Bytes of all weights in the formats they are served in; scales of blocks are left out."""
        experts = sum(
            g.count * g.feed_forward.expert_params(self.d_model)
            for g in self.layers
            if g.feed_forward
        )
        formats = self.precision
        rest = (self.params - experts) * BYTES_OF[formats.weights]
        return rest + experts * BYTES_OF[formats.experts or formats.weights]

    @property
    def layer_count(self) -> int:
        """Layers of all groups together."""
        return sum(group.count for group in self.layers)

    def cache_elements(self, positions: float) -> float:
        """Elements kept for one sequence of this many positions, over all layers."""
        return sum(
            g.count * g.attention.cache_elements(positions) for g in self.layers if g.attention
        )
