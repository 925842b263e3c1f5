"""Frozen records to YAML text that reads back as the same record; files written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any

import yaml

from infecon_tui.errors import InfeconError
from infecon_tui.slots import slots_of
from infecon_tui.values import exact_text


def tree_of(record: Any, *, keep: tuple[str, ...] = ()) -> dict[str, Any]:
    """A record as plain mappings and lists; fields at their default are left out unless in `keep`."""
    tree: dict[str, Any] = {"kind": record.kind} if hasattr(record, "kind") else {}
    defaults = {field.name: field for field in record.__dataclass_fields__.values()}
    for slot in slots_of(type(record)):
        value = getattr(record, slot.name)
        if slot.key in keep or not _is_default(defaults[slot.name], value):
            tree[slot.key] = _plain(slot, value)
    return tree


def _is_default(field: Any, value: Any) -> bool:
    if callable(field.default_factory):
        return bool(field.default_factory() == value)
    return bool(field.default == value and type(field.default) is type(value))


def _plain(slot: Any, value: Any) -> Any:
    if is_dataclass(value):
        return tree_of(value)
    if isinstance(value, tuple) and value and is_dataclass(value[0]):
        return [tree_of(item) for item in value]
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return dict(value)
    if value is None:
        return None
    text = exact_text(slot, value)
    return value if isinstance(value, (bool, int, float)) and text == str(value) else text


def yaml_text(tree: dict[str, Any]) -> str:
    """A tree as YAML, in its own order, one key a line."""
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return str(yaml.dump(tree, Dumper=dumper, sort_keys=False, allow_unicode=True, width=100))


def write_atomically(path: Path, content: str | bytes, *, overwrite: bool = False) -> None:
    """Writes a file whole or not at all; an existing one only when told. Raises InfeconError."""
    temporary = None
    try:
        _check_place(path, overwrite=overwrite)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        _place(temporary, path, overwrite=overwrite)
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise InfeconError(f"{path}: {reason}; nothing was written") from None
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)


def _check_place(path: Path, *, overwrite: bool) -> None:
    if path.is_dir():
        raise InfeconError(f"{path}: is a directory; name a file in it")
    if path.exists() and not overwrite:
        raise InfeconError(f"{path}: exists already; nothing was written")
    if path.exists() and not os.access(path, os.W_OK):
        raise InfeconError(f"{path}: permission denied; nothing was written")


def _place(temporary: str, path: Path, *, overwrite: bool) -> None:
    if overwrite:
        Path(temporary).replace(path)
    else:
        os.link(temporary, path)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
