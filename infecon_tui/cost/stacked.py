"""Accelerators that differ in numbers only, as one whose numbers are columns of a value a row."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from _typeshed import DataclassInstance

Record = TypeVar("Record", bound="DataclassInstance")


def shape_of(record: Any) -> tuple[object, ...]:
    """All of a record that is not a fractional number: records of one shape can be stacked."""
    if isinstance(record, float):
        return (float,)
    if not is_dataclass(record):
        return (record,)
    inner = (shape_of(getattr(record, field.name)) for field in fields(record))
    return (type(record), *inner)


def stacked(rows: Sequence[Record]) -> Record:
    """Records of one shape as one: numbers in which they differ become columns."""
    kinds = {id(row): row for row in rows}
    if len(kinds) == 1:
        return rows[0]
    order = {key: index for index, key in enumerate(kinds)}
    return _joined(list(kinds.values()), np.array([order[id(row)] for row in rows]))


def _joined(kinds: list[Record], at: Any) -> Record:
    first, changed = kinds[0], {}
    for field in fields(first):
        values = [getattr(kind, field.name) for kind in kinds]
        if is_dataclass(values[0]):
            changed[field.name] = _joined(values, at)
        elif any(value != values[0] for value in values):
            changed[field.name] = np.array(values)[at]
    return replace(first, **changed) if changed else first


def repeated(record: Record, count: int) -> Record:
    """The record with every value of its columns `count` times in a row."""
    changed: dict[str, Any] = {}
    for field in fields(record):
        value = getattr(record, field.name)
        if isinstance(value, np.ndarray):
            changed[field.name] = np.repeat(value, count)
        elif is_dataclass(value) and not isinstance(value, type):
            changed[field.name] = repeated(value, count)
    return replace(record, **changed) if changed else record
