"""How layers are stacked and what each is, from the keys of a config.json."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui.slots import slots_of
from infecon_tui.workload.attention import (
    Attention,
    GroupedQuery,
    Indexer,
    Latent,
    SlidingWindow,
    SparseLatent,
)
from infecon_tui.workload.feedforward import Dense, FeedForward, MixtureOfExperts

if TYPE_CHECKING:
    from infecon_tui.spec.huggingface.config import Config

_EXPERTS = ("n_routed_experts", "num_experts", "num_local_experts")
_ACTIVE = ("num_experts_per_tok", "experts_per_token")


# Which of so many layers look at a window only


def no_layer(_config: Config, count: int) -> list[bool]:
    """None of them."""
    return [False] * count


def every_layer(_config: Config, count: int) -> list[bool]:
    """All of them."""
    return [True] * count


def where_asked_for(config: Config, count: int) -> list[bool]:
    """Qwen's configs name a window that nothing uses unless they say so."""
    return [config.flag("use_sliding_window")] * count


def upper_layers(config: Config, count: int) -> list[bool]:
    """Qwen2's: those from `max_window_layers` on."""
    first = config.whole("max_window_layers", low=0)
    return [used and layer >= first for layer, used in enumerate(where_asked_for(config, count))]


def all_but_every_nth(config: Config, count: int) -> list[bool]:
    """Windows, and every n-th layer looks at all positions."""
    pattern = config.whole("sliding_window_pattern", "_sliding_window_pattern")
    return [(layer + 1) % pattern != 0 for layer in range(count)]


# Which of so many layers have experts


def from_first(config: Config, count: int) -> list[bool]:
    """DeepSeek's: the first few are dense."""
    first, every = config.whole("first_k_dense_replace", low=0), config.whole("moe_layer_freq")
    return [layer >= first and layer % every == 0 for layer in range(count)]


def by_step(config: Config, count: int) -> list[bool]:
    """Qwen's: every n-th, less those that are named."""
    step, dense = config.whole("decoder_sparse_step"), config.numbers("mlp_only_layers")
    return [(layer + 1) % step == 0 and layer not in dense for layer in range(count)]


# Parts of a layer


def grouped(config: Config, *, window: bool) -> Attention:
    """Heads of keys and values, with the window that the file names where there is one."""
    heads = config.whole("num_attention_heads")
    kv_heads = config.whole_or_none("num_key_value_heads", low=1) or heads
    d_head = config.whole_or_none("head_dim", low=1) or _even_share(config, heads)
    positions = config.whole_or_none("sliding_window") if window else None
    if positions:
        return SlidingWindow(heads=heads, kv_heads=kv_heads, d_head=d_head, window=positions)
    return GroupedQuery(heads=heads, kv_heads=kv_heads, d_head=d_head)


def _even_share(config: Config, heads: int) -> int:
    width = config.whole("hidden_size")
    if width % heads:
        said = f"is missing, and {heads} heads do not divide hidden_size ({width})"
        config.contradict("head_dim", said)
    return max(width // heads, 1)


def latent(config: Config, *, window: bool) -> Attention:
    """MLA, which has no windows."""
    del window
    d_head, d_value = config.whole("qk_nope_head_dim"), config.whole("v_head_dim")
    return Latent(
        heads=config.whole("num_attention_heads"),
        d_head=d_head,
        d_rope=config.whole("qk_rope_head_dim", low=0),
        d_value=None if d_value == d_head else d_value,
        latent_kv=config.whole("kv_lora_rank"),
        latent_query=config.whole_or_none("q_lora_rank", low=1),
    )


def sparse_latent(config: Config, *, window: bool) -> Attention:
    """MLA to the positions that an indexer picks."""
    whole = latent(config, window=window)
    indexer = Indexer(heads=config.whole("index_n_heads"), d_head=config.whole("index_head_dim"))
    shared = {slot.name: getattr(whole, slot.name) for slot in slots_of(Latent)}
    return SparseLatent(**shared, top_k=config.whole("index_topk"), indexer=indexer)


def dense_of(config: Config) -> FeedForward:
    """One multi-layer perceptron."""
    return Dense(d_ff=config.whole("intermediate_size"))


def experts_of(config: Config) -> FeedForward:
    """Routed experts, and shared ones as wide as each of them."""
    return MixtureOfExperts(
        experts=config.whole(*_EXPERTS),
        active_experts=config.whole(*_ACTIVE),
        d_ff=config.whole(*config.family.expert_width),
        shared_experts=config.whole_or_none("n_shared_experts") or 0,
    )
