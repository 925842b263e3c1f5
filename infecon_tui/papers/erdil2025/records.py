"""The published model's own records, in the paper's symbols: a model, an accelerator, a question.

Symbols (paper -> here): L layers, d d_model, ff d_ff, H heads, g group_size, dh d_head, E experts,
k active_experts, V vocab, w weight_bytes, a activation_bytes, s sparsity, c_kv latent_kv,
c_q latent_query, C peak_flops * arithmetic_cap, B hbm_Bps * hbm_cap, n gpus_per_node. Inside this
package N is the GPUs of an instance, b the batch, q the tokens of a sequence in one pass, PP the
pipeline degree, T = N/PP, mu = b/PP, and sigma the attention's scale-down.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Rowed = Any
"""A number, or an array: degrees, batches and all that follows from them broadcast together."""
Fidelity = Literal["toy", "paper", "published"]
Tensor = Literal["auto", "1d", "2d"]

MOST_GPUS = 2.0**18
"""The notebook's largest instance; its largest batch is this times the sparsity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A transformer whose layers are all alike; sizes may be fractional once scaled."""

    d_model: float
    d_ff: float
    up_matrices: float
    down_matrices: float
    layers: float
    experts: float
    active_experts: float
    heads: float
    group_size: float
    d_head: float
    vocab: float
    parallel_attention: bool
    weight_bytes: float
    activation_bytes: float
    latent_kv: float | None = None
    latent_query: float | None = None

    @property
    def kv_heads(self) -> float:
        """2H/g: heads of keys and heads of values, counted separately."""
        return 2 * self.heads / self.group_size

    @property
    def sparsity(self) -> float:
        """Notebook. s = E/k, rounded down. Departs from the text, which does not round."""
        return self.experts // self.active_experts

    @property
    def matrices(self) -> float:
        """Weight matrices of one expert."""
        return self.up_matrices + self.down_matrices

    @property
    def feedforward_params(self) -> float:
        """Of all layers and experts."""
        return self.layers * self.experts * self.matrices * self.d_model * self.d_ff

    @property
    def attention_params(self) -> float:
        """Of all layers' projections; latent attention compresses and expands."""
        d, heads, width = self.d_model, self.heads, self.d_head
        if self.latent_kv is None:
            return self.layers * ((heads + self.kv_heads) * width * d + heads * width * d)
        c_kv = self.latent_kv
        c_q = 0 if self.latent_query is None else self.latent_query
        compress = 2 * c_kv * d + c_q * d
        expand = 2 * heads * width * c_kv + heads * width * c_q
        return self.layers * (compress + expand + heads * width * d)

    @property
    def embedding_params(self) -> float:
        """Of the input and the output embedding."""
        return 2 * self.vocab * self.d_model

    @property
    def total_params(self) -> float:
        """Eq. 20. All weights; departs from it in counting the input embedding too."""
        return self.attention_params + self.feedforward_params + self.embedding_params

    @property
    def active_params(self) -> float:
        """Eq. 21. Weights that a token meets; the notebook divides by s rounding down."""
        active = self.feedforward_params // self.sparsity
        return self.attention_params + active + self.embedding_params

    @property
    def kv_bytes_per_position(self) -> float:
        """Eq. 34. KV cache of one position of one sequence, in bytes."""
        if self.latent_kv is not None:
            return self.latent_kv * self.layers * self.activation_bytes
        return self.kv_heads * self.d_head * self.layers * self.activation_bytes

    @property
    def bytes_of_weights(self) -> float:
        """All weights at their precision."""
        return self.weight_bytes * self.total_params


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One accelerator.

    `peak_flops` is the peak at the precision of the weights, before its cap. All-reduce bandwidths
    are per GPU, half of its one-way link; `intranode_allreduce_Bps` may be infinite.
    """

    peak_flops: float
    arithmetic_cap: float
    hbm_Bps: float
    hbm_bytes: float
    hbm_cap: float
    intranode_allreduce_Bps: float
    internode_allreduce_Bps: float
    gpus_per_node: float
    usd_per_hour: float
    launch_s: float
    torus: bool

    @property
    def reachable_flops(self) -> float:
        """C: FLOP/s under the cap."""
        return self.peak_flops * self.arithmetic_cap

    @property
    def reachable_hbm_Bps(self) -> float:
        """B: bytes/s of HBM under the cap."""
        return self.hbm_Bps * self.hbm_cap


@dataclass(frozen=True, slots=True, kw_only=True)
class Speculation:
    """A draft model on the same GPUs, for the same batch.

    `draft_part` is the same accelerator with the peak of the draft's own weight precision.
    """

    draft: Model
    draft_part: Part
    acceptance: float
    least_tokens: int = 2
    most_tokens: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the published model is asked.

    `context` (tokens of input) and `queries` (tokens of a sequence in one pass) may be arrays for
    `tpot_s` and `evaluate`. `gpus` and `batch` pin the instance and its batch; `whole` allows only
    integers; `max_gpus` is the largest instance that a search looks at. `demand_tok_s` caps the
    tokens per second over all users. `step` is about the widest step of cost between neighbouring
    points of a frontier, in ln(cost).
    """

    model: Model
    part: Part
    fidelity: Fidelity
    context: Rowed = 0.0
    queries: Rowed = 1
    demand_tok_s: float = math.inf
    speculation: Speculation | None = None
    pipeline: bool = True
    scaledown: bool = True
    tensor: Tensor = "auto"
    gpus: float | None = None
    batch: float | None = None
    whole: bool = False
    max_gpus: float = MOST_GPUS
    step: float = 0.003

    @property
    def most_stages(self) -> float:
        """The longest pipeline: as many stages as layers, or one where there is no pipelining."""
        return float(self.model.layers) if self.pipeline and self.fidelity == "published" else 1.0

    @property
    def most_batch(self) -> float:
        """The notebook's largest batch."""
        return MOST_GPUS * self.model.sparsity

    def cache_bytes(self, sequences: ArrayLike) -> Array:
        """KV cache of `sequences` sequences at the full context."""
        return np.asarray(self.model.kv_bytes_per_position * self.context * np.asarray(sequences))
