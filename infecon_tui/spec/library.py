"""Finds specs by id: shipped with the program, in the user's directory, at a path, or inline.

An id is the file's place under its folder: `models/paper/H100.yaml` is `paper/H100`. A spec of the
user's with the id of a shipped one takes its place. A model may also be a checkpoint's config.json, or
the folder that holds one.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, TypeVar

from infecon_tui.errors import InfeconError, Problem, SpecError, did_you_mean, harmless
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.spec.absent import absent
from infecon_tui.spec.families import over_family
from infecon_tui.spec.nodes import Mapping, Node, Scalar, describe, parse_yaml, read_text
from infecon_tui.spec.place import is_file, place, shortened
from infecon_tui.spec.read import record_of
from infecon_tui.workload.transformer import Transformer

Spec = TypeVar("Spec", Transformer, Accelerator)

FOLDERS: dict[type, str] = {Transformer: "models", Accelerator: "hardware"}
FAMILIES = "families"
FILES = (".yaml", ".yml", ".json")
"""How the name of a file ends that is meant as one."""
CONFIG = "config.json"
OPENING = Path("scenarios/opening.yaml")
PUBLISHED = "published"
"""Stands for the measurements that are shipped: what others published of their deployments."""
SCHEMAS: dict[type, str] = {Transformer: "infecon/model/1", Accelerator: "infecon/hardware/1"}


def shipped_root() -> Path:
    """Where the specs of this installation are: beside the package in a checkout, inside it in a wheel."""
    inside = Path(__file__).parent.parent / "_specs"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "specs"


def user_root() -> Path:
    """Where a user's own specs are; `INFECON_SPECS` names another place."""
    if named := os.environ.get("INFECON_SPECS"):
        return Path(named)
    from platformdirs import user_config_path

    return user_config_path("infecon-tui") / "specs"


def ids(cls: type) -> list[str]:
    """Every id there is, sorted, the paper's inputs last."""
    found = {
        path.relative_to(root).with_suffix("").as_posix()
        for root in _folders(FOLDERS[cls])
        for path in root.rglob("*.yaml")
    }
    # What a terminal would obey can be no name on a screen.
    named = filter(str.isprintable, found)
    return sorted(named, key=lambda name: ("/" in name, name.lower()))


def _folders(name: str) -> list[Path]:
    return [root / name for root in (user_root(), shipped_root())]


def opening_file() -> Path:
    """The scenario that the explorer opens on: the user's, or the shipped one."""
    own = user_root() / OPENING
    return own if own.is_file() else shipped_root() / OPENING


def measurements_file(name: str) -> Path:
    """The file of measurements at a path; `published` without such a file is the shipped one."""
    own = place(name)
    shipped = shipped_root() / "measured" / f"{PUBLISHED}.csv"
    return shipped if name == PUBLISHED and not is_file(own) else own


def load(cls: type[Spec], name: str) -> Spec:
    """The spec of an id, or of the file at a path. Raises SpecError or InfeconError."""
    path = _located(cls, name)
    title = name if _is_id(cls, name) else _title(path)
    return _read(cls, path, title, path.stat().st_mtime_ns)


def known(cls: type[Spec], name: str) -> Spec | None:
    """The library's spec of an id, or None: a path is no id, for it means nothing elsewhere."""
    try:
        return load(cls, name) if _is_id(cls, name) else None
    except InfeconError:
        return None


def _is_id(cls: type, name: str) -> bool:
    return any(is_file(root / f"{name}.yaml") for root in _folders(FOLDERS[cls]))


def _located(cls: type, name: str) -> Path:
    if not name or name.startswith(("/", ".", "~")) or name.endswith(FILES):
        path = _inside(place(name))
        read_text(path)
        return path
    for root in _folders(FOLDERS[cls]):
        if is_file(path := root / f"{name}.yaml"):
            return path
    if "/" in name and is_file(path := _inside(place(name))):
        return path
    kind = "model" if cls is Transformer else "hardware"
    told = absent(FOLDERS[cls], name) or _near_id(name, ids(cls))
    raise InfeconError(f"no {kind} '{shortened(name)}'{told}")


def _inside(path: Path) -> Path:
    """The config.json of a folder that holds a checkpoint, or the path as it is."""
    config = path / CONFIG
    return config if is_file(config) else path


def _title(path: Path) -> str:
    """What a file is about: its stem, or the checkpoint's name where it is only a config.json."""
    if path.name != CONFIG:
        return harmless(path.stem)
    folder = path.absolute().parent
    if folder.parent.name == "snapshots":  # In the cache of Hugging Face, under a commit's hash.
        return harmless(folder.parent.parent.name.rpartition("--")[2])
    return harmless(folder.name)


def _near_id(name: str, known: list[str]) -> str:
    plain = name.lower().replace("_", "-")
    parts = [other for other in known if plain in other.lower().replace("_", "-")]
    if parts:
        return f"; did you mean {' or '.join(repr(part) for part in parts[:3])}?"
    return (
        did_you_mean(name, known) or "; the ids are listed by `infecon-tui models` and `hardware`"
    )


_READ: dict[tuple[str, Path, str, int], Any] = {}
"""Specs already read, by kind, file, id and the file's time of change."""


def _read(cls: type[Spec], path: Path, name: str, mtime_ns: int) -> Spec:
    key = (cls.__name__, path, name, mtime_ns)
    if key not in _READ:
        _READ[key] = from_node(cls, parse_yaml(read_text(path), str(path)), str(path), name)
    found: Spec = _READ[key]
    return found


def from_node(cls: type[Spec], root: Mapping, file: str, name: str) -> Spec:
    """A spec from a tree whose `schema:` says that it is one; its id defaults to `name`."""
    if cls is Transformer and root.get("schema") is None:
        from infecon_tui.spec.huggingface import is_config, transformer_of

        if is_config(root):
            made: Any = transformer_of(root, file, name)
            model: Spec = made
            return model
    check_schema(root, SCHEMAS[cls], file)
    if cls is Accelerator:
        root = over_family(root, file, _folders(FAMILIES))
    given = {} if root.get("id") else {"id": name}
    return record_of(cls, root.without("schema"), file, given)


def check_schema(root: Mapping, expected: str, file: str) -> None:
    """Raises SpecError unless the tree says that it is of this schema."""
    said = root.get("schema")
    if isinstance(said, Scalar) and said.text == expected:
        return
    line = said.line if said else root.line
    found = f", found {describe(said)}" if said else ""
    raise SpecError(file, [Problem(line, "schema", f"expected {expected!r}{found}")])


def resolve(cls: type[Spec], node: Node, file: str) -> Spec:
    """A spec given in another file: as an id, a path (from that file's folder), or inline."""
    if isinstance(node, Mapping):
        return from_node(cls, node, file, "inline")
    if not isinstance(node, Scalar):
        kind = FOLDERS[cls]
        raise SpecError(file, [Problem(node.line, kind, f"expected an id, found {describe(node)}")])
    try:
        return load(cls, _beside(node.text, file))
    except SpecError:
        raise
    except InfeconError as error:
        raise SpecError(file, [Problem(node.line, "", str(error))]) from None


def _beside(name: str, file: str) -> str:
    """A relative path to a file is meant from the folder of the file that names it."""
    if not name.endswith(FILES) or place(name).is_absolute():
        return name
    return str(Path(file).parent / name)
