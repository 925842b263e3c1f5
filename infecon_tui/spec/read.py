"""A tree of nodes to frozen records: every problem of a file at once, each with its line."""

from __future__ import annotations

from dataclasses import is_dataclass
from typing import Any, TypeVar, get_args, get_origin

from infecon_tui.errors import Problem, SpecError, UnitError, did_you_mean
from infecon_tui.slots import Slot, members, slots_of
from infecon_tui.spec.nodes import Mapping, Node, Scalar, Sequence, describe
from infecon_tui.values import value_of

Record = TypeVar("Record")
_FAILED = object()


def record_of(
    cls: type[Record], root: Mapping, file: str, given: dict[str, Any] | None = None
) -> Record:
    """The record a tree describes; `given` holds fields that the file does not name (its id)."""
    reader = _Reader()
    made = reader.record(cls, root, "", given or {})
    if reader.problems:
        raise SpecError(file, sorted(reader.problems, key=lambda problem: problem.line))
    assert isinstance(made, cls)
    return made


class _Reader:
    """Collects problems while it goes on, so that a user sees all of them in one run."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def fail(self, line: int, path: str, message: str) -> object:
        self.problems.append(Problem(line, path, message))
        return _FAILED

    def record(self, cls: type, node: Node, path: str, given: dict[str, Any]) -> Any:
        if not isinstance(node, Mapping):
            return self.fail(node.line, path, f"expected keys and values, found {describe(node)}")
        slots = {slot.key: slot for slot in slots_of(cls)}
        values = dict(given)
        misspelt = self._unknown(node, slots, given, path)
        for name, child in node.items:
            if name.text in slots and slots[name.text].name not in given:
                slot = slots[name.text]
                values[slot.name] = self.value(slot, slot.type, child, _join(path, slot.key))
        for slot in slots.values():
            if slot.required and slot.name not in values and slot.key not in misspelt:
                self.fail(node.line, _join(path, slot.key), "is missing")
                values[slot.name] = _FAILED
        return self._made(cls, values, node, path, bool(misspelt))

    def _unknown(
        self, node: Mapping, slots: dict[str, Slot], given: dict[str, Any], path: str
    ) -> set[str]:
        """Reports keys that no field has; returns the fields they were probably meant for."""
        free = [key for key, slot in slots.items() if slot.name not in given]
        meant: set[str] = set()
        for name, _ in node.items:
            if name.text in free:
                continue
            near = did_you_mean(name.text, [key for key in free if node.get(key) is None])
            meant |= {key for key in free if f"'{key}'" in near}
            said = near or f"; expected one of {', '.join(free)}"
            self.fail(name.line, _join(path, name.text), f"no such key{said}")
        return meant

    def _made(
        self, cls: type, values: dict[str, Any], node: Node, path: str, misspelt: bool
    ) -> Any:
        if misspelt or any(_holds_failure(value) for value in values.values()):
            return _FAILED
        made = cls(**values)
        found = made.problems() if hasattr(made, "problems") else ()
        for message in found:
            self.fail(node.line, path, message)
        return _FAILED if found else made

    def value(self, slot: Slot, kind: Any, node: Node, path: str) -> Any:
        options = members(kind)
        records: list[Any] = [option for option in options if is_dataclass(option)]
        if isinstance(node, Scalar) and node.null and type(None) in options:
            return None
        if len(records) > 1:
            return self._kind(records, node, path)
        if records:
            return self.record(records[0], node, path, {})
        if get_origin(kind) is tuple and is_dataclass(get_args(kind)[0]):
            return self._records(get_args(kind)[0], node, path)
        if get_origin(kind) is tuple and get_args(kind)[-1] is ...:
            return self._pairs(node, path)
        return self._scalar(slot, node, path)

    def _scalar(self, slot: Slot, node: Node, path: str) -> Any:
        if not isinstance(node, Scalar) or (node.null and not slot.optional):
            return self.fail(node.line, path, f"expected one value, found {describe(node)}")
        try:
            return value_of(slot, node.text)
        except UnitError as error:
            return self.fail(node.line, path, str(error))

    def _kind(self, records: list[Any], node: Node, path: str) -> Any:
        """One of several record classes, told apart by `kind:`."""
        if not isinstance(node, Mapping):
            return self.fail(node.line, path, f"expected keys and values, found {describe(node)}")
        named = {record.kind: record for record in records}
        kind = node.get("kind")
        said = kind.text if isinstance(kind, Scalar) else ""
        if said not in named:
            listed = " | ".join(named)
            found = f", found {describe(kind)}" if kind else ""
            line = kind.line if kind else node.line
            return self.fail(
                line, path, f"expected kind: {listed}{found}{did_you_mean(said, named)}"
            )
        return self.record(named[said], node.without("kind"), path, {})

    def _records(self, cls: type, node: Node, path: str) -> Any:
        if not isinstance(node, Sequence) or not node.items:
            return self.fail(node.line, path, f"expected a list, found {describe(node)}")
        return tuple(self.record(cls, item, f"{path}.{i}", {}) for i, item in enumerate(node.items))

    def _pairs(self, node: Node, path: str) -> Any:
        """A mapping of words to texts, such as `sources:`."""
        if not isinstance(node, Mapping):
            return self.fail(node.line, path, f"expected keys and values, found {describe(node)}")
        pairs = []
        for name, child in node.items:
            if not isinstance(child, Scalar):
                return self.fail(child.line, _join(path, name.text), "expected a text")
            pairs.append((name.text, child.text))
        return tuple(pairs)


def _holds_failure(value: Any) -> bool:
    return value is _FAILED or (isinstance(value, tuple) and any(item is _FAILED for item in value))


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
