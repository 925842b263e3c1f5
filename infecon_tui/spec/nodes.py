"""A YAML file as a tree that remembers its lines. Nothing in a file is ever run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from infecon_tui.errors import Problem, SpecError

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES = 2**20
MOST_DEPTH = 32
MOST_NODES = 50_000
_TOO_DEEP = "is nested too deeply"
_PLAIN_TAGS = ("str", "int", "float", "bool", "null", "map", "seq", "timestamp")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value, as it is written in the file."""

    line: int
    text: str
    null: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of nodes."""

    line: int
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with their own lines, and their nodes."""

    line: int
    items: tuple[tuple[Scalar, Node], ...]

    def get(self, key: str) -> Node | None:
        """The node under a key."""
        return next((node for name, node in self.items if name.text == key), None)

    def keys(self) -> list[str]:
        """The keys in the order of the file."""
        return [name.text for name, _ in self.items]

    def without(self, *keys: str) -> Mapping:
        """The mapping less some keys."""
        return Mapping(self.line, tuple(item for item in self.items if item[0].text not in keys))


Node = Scalar | Sequence | Mapping


def describe(node: Node) -> str:
    """What a node is, for messages: `'3 GB'`, `a list`, `a mapping`, `nothing`."""
    if isinstance(node, Scalar):
        shown = node.text if len(node.text) <= 40 else node.text[:37] + "..."
        return "nothing" if node.null else repr(shown)
    return "a list" if isinstance(node, Sequence) else "a mapping"


def read_text(path: Path, most_bytes: int = MOST_BYTES) -> str:
    """The text of a file a user named. Raises SpecError for every way in which that can fail."""
    file = str(path)
    try:
        if path.is_dir():
            raise SpecError(file, [Problem(0, "", "is a directory; expected a file")])
        # Read to the limit and not to the size on record: devices have none, and files grow.
        with path.open("rb") as opened:
            read = opened.read(most_bytes + 1)
        if len(read) > most_bytes:
            size = max(path.stat().st_size, len(read))
            said = f"is {size / 1e6:.3g} MB; at most {most_bytes / 1e6:.0f} MB are read"
            raise SpecError(file, [Problem(0, "", said)])
        return read.decode("utf-8-sig")
    except FileNotFoundError:
        raise SpecError(file, [Problem(0, "", "no such file")]) from None
    except UnicodeDecodeError as error:
        said = f"is not text in UTF-8 (byte {error.start})"
        raise SpecError(file, [Problem(0, "", said)]) from None
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or str(error)
        raise SpecError(file, [Problem(0, "", said.lower())]) from None


def parse_yaml(text: str, file: str) -> Mapping:
    """The tree of one YAML document, which must be a mapping. Raises SpecError."""
    try:
        root = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if "nesting depth" in (error.problem or ""):  # PyYAML from 6.0.4 on; before, RecursionError
            raise SpecError(file, [Problem(0, "", _TOO_DEEP)]) from None
        said = "; ".join(part for part in (error.problem, error.context) if part)
        problem = Problem(mark.line + 1 if mark else 0, "", f"not YAML: {said}")
        raise SpecError(file, [problem]) from None
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        said = f"is not text: half a character ({text[error.start]!r})"
        raise SpecError(file, [Problem(line, "", said)]) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, max(text.find(chr(error.character)), 0)) + 1
        said = f"not YAML: character #x{error.character:04x} is not allowed"
        raise SpecError(file, [Problem(line, "", said)]) from None
    except RecursionError:
        raise SpecError(file, [Problem(0, "", _TOO_DEEP)]) from None
    if root is None:
        raise SpecError(file, [Problem(0, "", "is empty")])
    if not isinstance(root, yaml.MappingNode):
        line = root.start_mark.line + 1
        found = describe(_Builder(file).node(root, "", 0))
        raise SpecError(file, [Problem(line, "", f"expected keys and values, found {found}")])
    return _Builder(file).mapping(root, "", 0)


class _Builder:
    """Turns YAML nodes into ours, refusing tags, duplicate keys and trees that are made to explode."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.count = 0

    def node(self, node: yaml.Node, path: str, depth: int) -> Node:
        self._guard(node, path, depth)
        line = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path, depth)
        if isinstance(node, yaml.SequenceNode):
            inner = (self.node(item, f"{path}.{i}", depth + 1) for i, item in enumerate(node.value))
            return Sequence(line, tuple(inner))
        return Scalar(line, str(node.value), node.tag.endswith(":null"))

    def mapping(self, node: yaml.MappingNode, path: str, depth: int) -> Mapping:
        self._guard(node, path, depth)
        return Mapping(node.start_mark.line + 1, tuple(self._items(node, path, depth)))

    def _items(
        self, node: yaml.MappingNode, path: str, depth: int
    ) -> Iterator[tuple[Scalar, Node]]:
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                self._fail(line, path, "a key must be a word")
            name = str(key.value)
            here = f"{path}.{name}" if path else name
            if name in seen:
                self._fail(line, here, f"is given twice, first on line {seen[name]}")
            seen[name] = line
            yield Scalar(line, name), self.node(value, here, depth + 1)

    def _guard(self, node: yaml.Node, path: str, depth: int) -> None:
        self.count += 1
        line = node.start_mark.line + 1
        if depth > MOST_DEPTH:
            self._fail(line, path, _TOO_DEEP)
        if self.count > MOST_NODES:
            self._fail(line, path, f"holds more than {MOST_NODES} values")
        tag = node.tag.removeprefix("tag:yaml.org,2002:")
        if tag not in _PLAIN_TAGS:
            self._fail(line, path, f"YAML tags are not allowed, found !{tag.removeprefix('!')}")

    def _fail(self, line: int, path: str, message: str) -> None:
        raise SpecError(self.file, [Problem(line, path, message)])
