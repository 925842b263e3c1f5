"""The architectures of config.json that are understood, one row each: which layers they stack.

Defaults are those of the classes in Hugging Face's `transformers` that published files leave out.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from infecon_tui.errors import Problem, SpecError, did_you_mean
from infecon_tui.spec.huggingface import stacking as stack
from infecon_tui.spec.nodes import Mapping, Scalar, Sequence, describe
from infecon_tui.workload.attention import Attention
from infecon_tui.workload.feedforward import FeedForward

if TYPE_CHECKING:
    from collections.abc import Callable

    from infecon_tui.spec.huggingface.config import Config

Kinds = tuple[Attention, FeedForward]
"""What one layer is."""

MOST_LAYERS = 10_000
FULL, SLIDING = "full_attention", "sliding_attention"


@dataclass(frozen=True, kw_only=True)
class Family:
    """How one architecture stacks its layers; `defaults` are numbers its class has unasked."""

    name: str
    attention: Callable[..., Attention] = stack.grouped
    window: Callable[[Config, int], list[bool]] = stack.no_layer
    sparse: Callable[[Config, int], list[bool]] = stack.no_layer
    expert_width: tuple[str, ...] = ("moe_intermediate_size",)
    defaults: dict[str, int] = field(default_factory=dict)

    def default(self, keys: tuple[str, ...]) -> int | None:
        """The class's own number under one of these keys."""
        return next((self.defaults[key] for key in keys if key in self.defaults), None)


_QWEN = {"max_window_layers": 28, "use_sliding_window": 0}
_GEMMA = {"tie_word_embeddings": 1, "head_dim": 256}
_GEMMA_3 = {
    "vocab_size": 262_208,
    "hidden_size": 2304,
    "intermediate_size": 9216,
    "num_hidden_layers": 26,
    "num_attention_heads": 8,
    "num_key_value_heads": 4,
    "max_position_embeddings": 131_072,
    "sliding_window": 4096,
    "sliding_window_pattern": 6,
}
_DEEPSEEK = {"moe_layer_freq": 1}

_FAMILIES = (
    Family(name="llama"),
    Family(name="mistral", window=stack.every_layer, defaults={"sliding_window": 4096}),
    Family(
        name="mixtral",
        window=stack.every_layer,
        sparse=stack.every_layer,
        expert_width=("intermediate_size",),
    ),
    Family(name="phi3", window=stack.every_layer),
    Family(name="qwen2", window=stack.upper_layers, defaults=_QWEN),
    Family(name="qwen3", window=stack.upper_layers, defaults=_QWEN | {"head_dim": 128}),
    Family(
        name="qwen3_moe",
        window=stack.where_asked_for,
        sparse=stack.by_step,
        defaults={"decoder_sparse_step": 1, "use_sliding_window": 0},
    ),
    Family(name="gemma", defaults=_GEMMA),
    Family(
        name="gemma2",
        window=stack.all_but_every_nth,
        defaults=_GEMMA | {"sliding_window": 4096, "sliding_window_pattern": 2},
    ),
    Family(name="gemma3_text", window=stack.all_but_every_nth, defaults=_GEMMA | _GEMMA_3),
    Family(
        name="gpt_oss",
        window=stack.all_but_every_nth,
        sparse=stack.every_layer,
        expert_width=("intermediate_size",),
        defaults={"sliding_window_pattern": 2},
    ),
    Family(name="glm4_moe", sparse=stack.from_first, defaults={"moe_layer_freq": 1}),
    Family(
        name="deepseek_v2",
        attention=stack.latent,
        sparse=stack.from_first,
        defaults=_DEEPSEEK | {"first_k_dense_replace": 0},
    ),
    Family(name="deepseek_v3", attention=stack.latent, sparse=stack.from_first, defaults=_DEEPSEEK),
    Family(
        name="deepseek_v32",
        attention=stack.sparse_latent,
        sparse=stack.from_first,
        defaults=_DEEPSEEK,
    ),
    Family(name="kimi_k2", attention=stack.latent, sparse=stack.from_first, defaults=_DEEPSEEK),
)
FAMILIES = {family.name: family for family in _FAMILIES}
"""Every `model_type` that is understood."""


def family_of(inner: Mapping, file: str) -> Family:
    """The row of a config.json. Raises SpecError, naming the architecture that has none."""
    key = "model_type" if inner.get("model_type") is not None else "architectures"
    node = inner.get(key)
    shown = node.items[0] if isinstance(node, Sequence) and node.items else node
    said = shown.text if isinstance(shown, Scalar) else ""
    for name, family in FAMILIES.items():
        if said in (name, name.removesuffix("_text")) or _plain(said) == _plain(name):
            return family
    found = describe(shown) if shown is not None else "nothing"
    # What was found comes first: the list is longer than a line of the screen.
    message = (
        f"{found} is not understood{did_you_mean(said, FAMILIES)}; expected {' | '.join(FAMILIES)}"
        "; write other models as YAML (`infecon-tui models ID --format yaml` prints one)"
    )
    line = node.line if node is not None else inner.line
    raise SpecError(file, [Problem(line, key, message)])


def _plain(name: str) -> str:
    """`DeepseekV3ForCausalLM` and `deepseek_v3` alike."""
    return name.lower().split("for", 1)[0].replace("_", "").removesuffix("text")


def kinds_of(config: Config) -> dict[Kinds, int]:
    """The kinds of layers, each with how many there are, in the order of their first."""
    family = config.family
    count = config.whole("num_hidden_layers", high=MOST_LAYERS)
    windows, sparse = _windows(config, count), family.sparse(config, count)
    attentions = {window: family.attention(config, window=window) for window in set(windows)}
    forwards = {
        has: stack.experts_of(config) if has else stack.dense_of(config) for has in set(sparse)
    }
    pairs = zip(windows, sparse, strict=True)
    return dict(Counter((attentions[window], forwards[has]) for window, has in pairs))


def _windows(config: Config, count: int) -> list[bool]:
    """Which layers look at a window only: as the file lists them, or by the rule of the family."""
    family = config.family
    types = (
        config.words("layer_types", (FULL, SLIDING), count)
        if family.attention is stack.grouped
        else None
    )
    return family.window(config, count) if types is None else [t == SLIDING for t in types]
