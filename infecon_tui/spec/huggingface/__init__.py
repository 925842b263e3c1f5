"""Models as Hugging Face describes them: a checkpoint's `config.json` to a spec of our own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui.spec.huggingface.architectures import family_of, kinds_of
from infecon_tui.spec.huggingface.config import Config, inner_of
from infecon_tui.spec.huggingface.precision import precision_of
from infecon_tui.workload.transformer import Layers, Transformer

if TYPE_CHECKING:
    from infecon_tui.spec.nodes import Mapping

_MARKS = ("model_type", "architectures")
"""Keys that only a config.json has."""


def is_config(root: Mapping) -> bool:
    """Whether a tree is a checkpoint's config.json rather than a spec of our own."""
    return root.get("schema") is None and any(root.get(key) is not None for key in _MARKS)


def transformer_of(root: Mapping, file: str, name: str) -> Transformer:
    """The model that a config.json describes. Raises SpecError with every problem found in it."""
    inner = inner_of(root)
    family = family_of(inner, file)
    config = Config(inner, root, file, family)
    kinds = kinds_of(config)
    made = Transformer(
        id=name,
        d_model=config.whole("hidden_size"),
        vocab=config.whole("vocab_size"),
        tied_embeddings=config.flag("tie_word_embeddings"),
        layers=tuple(
            Layers(count=count, attention=attention, feed_forward=feed_forward)
            for (attention, feed_forward), count in kinds.items()
        ),
        precision=precision_of(config, experts=any(part.expert_params(1) for _, part in kinds)),
        max_context=config.whole_or_none("max_position_embeddings"),
        notes=_notes(config, vision=inner is not root),
        sources=_sources(config),
    )
    for part in (part for pair in kinds for part in pair):
        for message in part.problems():
            config.contradict("", message)
    config.check()
    return made


def _notes(config: Config, *, vision: bool) -> str:
    """What the file describes and the spec leaves out."""
    left_out = []
    if vision:
        left_out.append("what is beside the language model (vision, audio)")
    if config.whole_or_none("num_nextn_predict_layers", "num_mtp_layers"):
        left_out.append("layers for multi-token prediction")
    return f"Left out: {'; '.join(left_out)}." if left_out else ""


def _sources(config: Config) -> tuple[tuple[str, str], ...]:
    said = f"config.json of {config.title}"
    return tuple((key, said) for key in ("d_model", "vocab", "layers", "precision", "max_context"))
