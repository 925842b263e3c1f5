"""A config.json read key by key: what it says, or what its class takes where it says nothing.

Every fault is collected, so that a user sees all of them in one run; a number that could not be read
counts as 1 until then.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from infecon_tui.errors import Problem, SpecError, did_you_mean
from infecon_tui.spec.nodes import Mapping, Node, Scalar, Sequence, describe

if TYPE_CHECKING:
    from infecon_tui.spec.huggingface.architectures import Family

MOST = 10**9
"""No width, count or length of a model is larger."""
_INNER = ("text_config", "language_config", "llm_config")
"""Where models that also see or hear keep the language model."""
_WHOLE = re.compile(r"\d{1,18}(\.0*)?$")
_NEAR = 0.85
"""How alike a misspelt key must be: many of these keys resemble each other."""


def inner_of(root: Mapping) -> Mapping:
    """The part that describes the language model: the file itself, or one mapping in it."""
    found = (root.get(key) for key in _INNER)
    return next((node for node in found if isinstance(node, Mapping)), root)


class Config:
    """The keys of one model; `root` is the whole file where the model is a part of it."""

    def __init__(self, inner: Mapping, root: Mapping, file: str, family: Family) -> None:
        self.inner, self.root, self.file, self.family = inner, root, file, family
        self._problems: dict[tuple[int, str], Problem] = {}
        self._contradictions: dict[str, Problem] = {}
        self._asked: set[str] = set()

    @property
    def title(self) -> str:
        """The class of the model, as the file names it."""
        classes = self.root.get("architectures")
        if isinstance(classes, Sequence) and classes.items:
            first = classes.items[0]
            return first.text if isinstance(first, Scalar) else self.family.name
        return self.family.name

    def fail(self, node: Node | None, key: str, message: str) -> None:
        """Remembers one fault, once."""
        line = (node or self.inner).line
        self._problems.setdefault((line, key), Problem(line, key, message))

    def contradict(self, key: str, message: str) -> None:
        """Remembers what numbers say against each other, to be told when each of them is readable."""
        self._contradictions[message] = Problem(self.inner.line, key, message)

    def check(self) -> None:
        """Raises SpecError with all that was found, or else with what contradicts itself."""
        found = list((self._problems or self._contradictions).values())
        if found:
            raise SpecError(self.file, sorted(found, key=lambda problem: problem.line))

    def node(self, *keys: str) -> tuple[str, Node | None]:
        """The first of these keys that is given, with its node; None where the file says nothing."""
        self._asked.update(keys)
        for key in keys:
            found = self.inner.get(key)
            if found is not None and not (isinstance(found, Scalar) and found.null):
                return key, found
        return keys[0], None

    def whole(self, *keys: str, low: int = 1, high: int = MOST) -> int:
        """A whole number under one of several names."""
        found = self.whole_or_none(*keys, low=low, high=high)
        if found is None:
            self._missing(keys[0])
        return 1 if found is None else found

    def whole_or_none(self, *keys: str, low: int = 0, high: int = MOST) -> int | None:
        """A whole number, or None where neither the file nor its class has one."""
        key, node = self.node(*keys)
        if node is None:
            return None if self._says_none(keys) else self.family.default(keys)
        text = node.text if isinstance(node, Scalar) else ""
        if _WHOLE.match(text) and low <= int(float(text)) <= high:
            return int(float(text))
        self.fail(
            node, key, f"expected a whole number from {low} to {high}, found {describe(node)}"
        )
        return 1

    def _says_none(self, keys: tuple[str, ...]) -> bool:
        return any(isinstance(node := self.inner.get(key), Scalar) and node.null for key in keys)

    def _missing(self, key: str) -> None:
        others = [name for name in self.inner.keys() if name not in self._asked]  # noqa: SIM118
        near = did_you_mean(key, others, _NEAR)
        self.fail(None, key, f"is missing; {self.title} needs it{near}")

    def flag(self, key: str) -> bool:
        """A yes or no, of the model or of the file around it."""
        found = next((n for n in (self.inner.get(key), self.root.get(key)) if n is not None), None)
        if found is None or (isinstance(found, Scalar) and found.null):
            return bool(self.family.default((key,)))
        text = found.text.lower() if isinstance(found, Scalar) else ""
        if text not in ("true", "false"):
            self.fail(found, key, f"expected true or false, found {describe(found)}")
        return text == "true"

    def words(self, key: str, allowed: tuple[str, ...], count: int) -> tuple[str, ...] | None:
        """One word of these for every layer, or None where the file has no such list."""
        _, node = self.node(key)
        if node is None:
            return None
        items = node.items if isinstance(node, Sequence) else ()
        if len(items) != count:
            found = f"{len(items)} of them" if items else describe(node)
            self.fail(node, key, f"expected a list of {count}, one a layer, found {found}")
            return (allowed[0],) * count
        return tuple(self._word(key, item, allowed) for item in items)

    def _word(self, key: str, node: Node, allowed: tuple[str, ...]) -> str:
        text = node.text if isinstance(node, Scalar) else ""
        if text in allowed:
            return text
        listed, near = " | ".join(allowed), did_you_mean(text, allowed)
        self.fail(node, key, f"expected {listed}, found {describe(node)}{near}")
        return allowed[0]

    def numbers(self, key: str) -> frozenset[int]:
        """The whole numbers of a list; none where there is no list."""
        _, node = self.node(key)
        if node is None:
            return frozenset()
        items = node.items if isinstance(node, Sequence) else (node,)
        texts = [item.text if isinstance(item, Scalar) else "" for item in items]
        if not all(_WHOLE.match(text) for text in texts):
            self.fail(node, key, f"expected a list of whole numbers, found {describe(node)}")
            return frozenset()
        return frozenset(int(float(text)) for text in texts)
