"""The published model's own records, in the paper's symbols: a model and an accelerator.

Symbol table (paper -> here): L layers, d d_model, ff d_ff, H heads, g group_size, dh d_head, E experts,
k active_experts, V vocab, w weight_bytes, a activation_bytes, s sparsity, c_kv latent_kv, c_q latent_query,
C peak_flops * arithmetic_cap, B hbm_Bps * hbm_cap, n gpus_per_node. Inside this package N is the number of
GPUs, b the batch, q the tokens per sequence in one pass, mu = b/PP, T = N/PP, sigma the scale-down.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Level = Literal["toy", "paper", "published"]
TensorLayout = Literal["auto", "1d", "2d"]
MOST_GPUS = 2.0**18
"""The notebook's largest instance; its largest batch is this times the sparsity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A transformer with one attention and one feed-forward; sizes may be fractional after scaling."""

    d_model: float
    d_ff: float
    up_matrices: int
    down_matrices: int
    layers: int
    experts: float
    active_experts: float
    heads: float
    group_size: float
    d_head: float
    vocab: float
    parallel_attention: bool = False
    weight_bytes: float = 2.0
    activation_bytes: float = 2.0
    latent_kv: float | None = None
    latent_query: float | None = None

    @property
    def kv_heads(self) -> float:
        """Heads of keys and of values, counted separately: 2H/g."""
        return 2 * self.heads / self.group_size

    @property
    def sparsity(self) -> float:
        """Notebook. s = floor(E/k)."""
        return self.experts // self.active_experts

    @property
    def feedforward_params(self) -> float:
        """Notebook. L*E*(up+down)*d*ff."""
        matrices = self.up_matrices + self.down_matrices
        return self.layers * self.experts * matrices * self.d_model * self.d_ff

    @property
    def attention_params(self) -> float:
        """Notebook. The projections; with latent attention also down- and up-projection."""
        d, heads, width = self.d_model, self.heads, self.d_head
        if self.latent_kv is None:
            layer = (heads + self.kv_heads) * width * d + heads * width * d
        else:
            c_kv, c_q = self.latent_kv, self.latent_query or 0
            layer = 2 * c_kv * d + c_q * d
            layer += 2 * heads * width * c_kv + heads * width * c_q + heads * width * d
        return self.layers * layer

    @property
    def embedding_params(self) -> float:
        """Notebook. Input and output embedding."""
        return 2 * self.vocab * self.d_model

    @property
    def total_params(self) -> float:
        """All weights."""
        return self.feedforward_params + self.attention_params + self.embedding_params

    @property
    def active_params(self) -> float:
        """Notebook. Weights a token meets, with its floor division by the sparsity."""
        active = self.feedforward_params // self.sparsity
        return self.attention_params + active + self.embedding_params

    @property
    def kv_bytes_per_position(self) -> float:
        """Cache of one sequence for one position."""
        if self.latent_kv is not None:
            return self.latent_kv * self.layers * self.activation_bytes
        return self.kv_heads * self.d_head * self.layers * self.activation_bytes

    @property
    def weights_bytes(self) -> float:
        """All weights at their precision."""
        return self.weight_bytes * self.total_params


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One accelerator. `peak_flops` is at the precision of the weights and before the cap."""

    peak_flops: float
    arithmetic_cap: float
    hbm_Bps: float
    hbm_bytes: float
    hbm_cap: float
    intranode_allreduce_Bps: float
    internode_allreduce_Bps: float
    gpus_per_node: int
    usd_per_hour: float
    launch_s: float
    torus: bool = False

    @property
    def flops(self) -> float:
        """C: the reachable rate."""
        return self.peak_flops * self.arithmetic_cap

    @property
    def Bps(self) -> float:
        """B: the reachable rate of reading HBM."""
        return self.hbm_Bps * self.hbm_cap


@dataclass(frozen=True, slots=True, kw_only=True)
class Speculation:
    """A draft model on the same GPUs; `draft_part` has the peak of the draft's own precision."""

    draft: Model
    draft_part: Part
    acceptance: float
    least_tokens: int = 2
    most_tokens: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of the published model. `context` and `queries` may be arrays for `tpot_s`.

    `gpus` and `batch` fix the instance and the batch; `whole` allows integers only; `max_gpus` is the
    largest instance that is looked at.
    """

    model: Model
    part: Part
    fidelity: Level = "published"
    context: Any = 0.0
    queries: Any = 1
    demand_tok_s: float = math.inf
    speculation: Speculation | None = None
    pipeline: bool = True
    scaledown: bool = True
    tensor: TensorLayout = "auto"
    gpus: float | None = None
    batch: float | None = None
    whole: bool = False
    max_gpus: float = MOST_GPUS

    @property
    def most_stages(self) -> float:
        """The longest pipeline: the layers, or none at all."""
        return float(self.model.layers) if self.pipeline and self.fidelity == "published" else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One pass of a microbatch through one pipeline stage's share, times the stages: F(T, mu).

    Arrays of one shape. `arithmetic_s` and `hbm_s` run side by side, the longer one counts.
    `send_*` is what each further stage adds.
    """

    arithmetic_s: Array
    hbm_s: Array
    network_latency_s: Array
    network_bandwidth_s: Array
    launch_s: Array
    attention_fraction: Array
    tensor_2d: Array
    send_latency_s: Array
    send_bandwidth_s: Array
