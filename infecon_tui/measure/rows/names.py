"""Models, accelerators and engines as sources spell them, to the ids of the catalogue.

Normalising comes first (`spellings`): case, vendors, number formats, release dates and words such as
`Instruct` are taken off. What is left and still differs stands in `names.yaml`, the only table of names.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from infecon_tui.errors import did_you_mean
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.measure.rows.spellings import Part, form_fits, keys_of, model_key, part_name
from infecon_tui.spec.library import ids, load
from infecon_tui.spec.nodes import Mapping, Scalar, Sequence, parse_yaml, read_text
from infecon_tui.workload.transformer import Transformer

if TYPE_CHECKING:
    from infecon_tui.cost.case import Sampling

TABLE = Path(__file__).with_name("names.yaml")

_SAME_MEMORY = 0.13
"""Memory is quoted in GB and GiB, whole and less what firmware keeps: within this it is one part."""


class Names:
    """Looks names up in the catalogue as it is now, the user's own specs included."""

    def __init__(self) -> None:
        table = parse_yaml(read_text(TABLE), TABLE.name)
        model_ids, part_ids = ids(Transformer), ids(Accelerator)
        self._models = {model_key(text): name for text, name in _pairs(table, "models", model_ids)}
        self._engines = _listed(table, "engines", "family")
        self._prompts = _listed(table, "prompts", "tokens")
        self._samplings = _listed(table, "samplings", "sampling")
        self._spreads = _listed(table, "spreads", "spread")
        self._rounds = _listed(table, "rounds", "rounds")
        self._machines = _machines(table, part_ids)
        self._part_ids = [name for name in part_ids if "/" not in name]
        # What the table says a name means comes before the ids that hold its words.
        self._parts = [
            (int(bool(part.form)), name, part) for name, part in _aliased(table, part_ids)
        ]
        self._parts += [(1, name, part_name(name)) for name in self._part_ids]
        self._model_ids = model_ids
        self._all_parts = part_ids
        self._found: dict[tuple[str, str], str | None] = {}
        for name in (name for name in model_ids if "/" not in name):
            self._models.setdefault(model_key(name), name)
        self._names_known = False

    def model(self, *spellings: str) -> str | None:
        """The id of a model by the first spelling that leads to one, or None."""
        return next((found for text in spellings if (found := self._model(text))), None)

    def _model(self, text: str) -> str | None:
        text = text.strip()
        if ("m", text) not in self._found:
            self._found["m", text] = self._looked_up(text) if text else None
        return self._found["m", text]

    def _looked_up(self, text: str) -> str | None:
        if text in self._model_ids:
            return text
        found = next((self._models[key] for key in keys_of(text) if key in self._models), None)
        if found is None and not self._names_known:
            self._learn_names()
            return next((self._models[key] for key in keys_of(text) if key in self._models), None)
        return found

    def _learn_names(self) -> None:
        """Adds the names inside the spec files, read only once an id has not been enough."""
        self._names_known = True
        for name in (name for name in self._model_ids if "/" not in name):
            if title := load(Transformer, name).name:
                self._models.setdefault(model_key(title), name)

    def accelerator(self, text: str, source: str = "") -> str | None:
        """The id of an accelerator, or None: a variant the catalogue lacks is not replaced by another. Some
        `source`s are known to mean a certain one by a name that is of several.
        """
        text, lower = text.strip(), source.lower()
        for name, spelled, part_id in self._machines:
            if text == spelled and name in lower:
                return part_id
        if ("a", text) not in self._found:
            self._found["a", text] = self._part(text) if text else None
        return self._found["a", text]

    def _part(self, text: str) -> str | None:
        if text in self._all_parts:
            return text
        asked = part_name(text)
        fitting = [
            (len(part.words), _rank(part.form), order, -_capacity_gb(name), name)
            for order, name, part in self._parts
            if part.words <= asked.words
            and form_fits(asked.form, part.form)
            and _memory_fits(asked.memory_gb, name)
        ]
        fitting.sort(key=lambda entry: (-entry[0], *entry[1:]))
        return fitting[0][-1] if fitting else None

    def engine(self, text: str) -> str:
        """The family of an engine: `vllm`, `sglang`, `trtllm`, `lmdeploy` or `other`."""
        plain = _plain(text)
        return next((family for word, family in self._engines if word in plain), "other")

    def prompt_tok(self, source: str) -> float | None:
        """Mean tokens of a prompt of a source that names its dataset only, or None."""
        return _number(self._prompts, source)

    def answer_spread(self, source: str) -> float | None:
        """How far a source's answers differ in length, as a share of their mean, or None."""
        return _number(self._spreads, source)

    def rounds(self, source: str) -> float | None:
        """Requests that each of a source's benchmark clients sends, one after another, or None."""
        return _number(self._rounds, source)

    def sampling(self, source: str) -> Sampling:
        """How a source's harness draws tokens; greedily unless it is known to do otherwise."""
        return "sorted" if _meant(self._samplings, source) == "sorted" else "greedy"

    def near_accelerator(self, text: str) -> str:
        """`; did you mean …?` for an accelerator that is not there."""
        return did_you_mean(text, self._part_ids)


def _meant(entries: list[tuple[str, str]], source: str) -> str | None:
    """Of the first entry whose name stands in a source's."""
    lower = source.lower()
    return next((meaning for word, meaning in entries if word in lower), None)


def _number(entries: list[tuple[str, str]], source: str) -> float | None:
    found = _meant(entries, source)
    return None if found is None else float(found)


def _rank(form: str) -> int:
    """What an unspecified form means: the module that the part is mostly sold as."""
    return 1 if form in ("pcie", "nvl") else 0


def _capacity_gb(name: str) -> float:
    return load(Accelerator, name).hbm.capacity_bytes / 1e9


def _memory_fits(asked_gb: float | None, name: str) -> bool:
    if asked_gb is None:
        return True
    capacity = _capacity_gb(name)
    return abs(asked_gb / capacity - 1) <= _SAME_MEMORY or asked_gb == round(capacity / 1.073741824)


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _pairs(table: Mapping, section: str, known: list[str]) -> list[tuple[str, str]]:
    """The entries of a section whose id is in the catalogue."""
    node = table.get(section)
    assert isinstance(node, Mapping)
    return [
        (name.text, value.text)
        for name, value in node.items
        if isinstance(value, Scalar) and value.text in known
    ]


def _machines(table: Mapping, known: list[str]) -> list[tuple[str, str, str]]:
    """What sources spell how, and the part that they mean, of those in the catalogue."""
    ids = _listed(table, "machines", "accelerator")
    spelled = dict(_listed(table, "machines", "spelled"))
    return [(name, spelled[name], part_id) for name, part_id in ids if part_id in known]


def _aliased(table: Mapping, known: list[str]) -> list[tuple[str, Part]]:
    return [(name, part_name(text)) for text, name in _pairs(table, "accelerators", known)]


def _listed(table: Mapping, section: str, key: str) -> list[tuple[str, str]]:
    """The names of a section and what each stands for, in order."""
    node = table.get(section)
    assert isinstance(node, Sequence)
    found = []
    for item in node.items:
        assert isinstance(item, Mapping)
        word, meaning = item.get("name"), item.get(key)
        assert isinstance(word, Scalar)
        assert isinstance(meaning, Scalar)
        found.append((word.text, meaning.text))
    return found
