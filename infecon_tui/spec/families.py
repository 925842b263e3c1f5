"""What accelerators have in common, said once: a spec with `like: hopper` lies over that family's file.

A family's file is a part of a spec, with sources of its own, and may lie over another family's. What a spec
gives stands before what its family gives at the same path, and takes the place of its source there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui.errors import Problem, SpecError, did_you_mean
from infecon_tui.spec.nodes import Mapping, Node, Scalar, Sequence, describe, parse_yaml, read_text
from infecon_tui.spec.place import is_file

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import NoReturn

SCHEMA = "infecon/family/1"
_LIKE, _SOURCES = "like", "sources"


def over_family(root: Mapping, file: str, folders: Iterable[Path]) -> Mapping:
    """The tree with all that it leaves to its family; what comes from there has the line of `like`.

    Families are looked for in the folders, in their order. Raises SpecError.
    """
    like, known = root.get(_LIKE), _families(folders)
    if like is None:
        return root
    if not isinstance(like, Scalar):
        _fail(file, like.line, f"expected a family, found {describe(like)}")
    base = _family(like, file, known, ())
    return _over(root.without(_LIKE), _moved(base, like.line), "")


def _families(folders: Iterable[Path]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.yaml")):
            found.setdefault(path.stem, path)
    return found


def _family(like: Scalar, file: str, known: dict[str, Path], over: tuple[str, ...]) -> Mapping:
    """The whole tree of a family; `over` are those that lie over it."""
    name = like.text
    if name not in known or not is_file(known[name]):
        hint = did_you_mean(name, known) or f"; there are {', '.join(sorted(known))}"
        _fail(file, like.line, f"no family '{name}'{hint}")
    if name in over:
        _fail(file, like.line, f"'{name}' is like itself")
    path = str(known[name])
    root = parse_yaml(read_text(known[name]), path)
    schema, below = root.get("schema"), root.get(_LIKE)
    if not isinstance(schema, Scalar) or schema.text != SCHEMA:
        line = schema.line if schema else root.line
        raise SpecError(path, [Problem(line, "schema", f"expected {SCHEMA!r}")])
    own = root.without("schema", _LIKE)
    if below is None:
        return own
    if not isinstance(below, Scalar):
        _fail(path, below.line, f"expected a family, found {describe(below)}")
    return _over(own, _family(below, path, known, (*over, name)), "")


def _fail(file: str, line: int, message: str) -> NoReturn:
    raise SpecError(file, [Problem(line, _LIKE, message)])


def _over(own: Mapping, base: Mapping, path: str) -> Mapping:
    """Both trees as one; where both give a value, the first one's."""
    given = dict(zip(own.keys(), own.items, strict=True))
    items = []
    for name, node in base.items:
        mine = given.pop(name.text, None)
        if mine is None:
            items.append((name, node))
        elif isinstance(mine[1], Mapping) and isinstance(node, Mapping):
            here = f"{path}.{name.text}" if path else name.text
            below = _unclaimed(node, own) if here == _SOURCES else node
            items.append((mine[0], _over(mine[1], below, here)))
        else:
            items.append(mine)
    return Mapping(own.line, (*given.values(), *items))


def _unclaimed(sources: Mapping, own: Mapping) -> Mapping:
    """The family's sources but for those of single values that the spec gives itself."""
    return sources.without(*(name.text for name, _ in sources.items if _gives(own, name.text)))


def _gives(own: Mapping, path: str) -> bool:
    """Whether a tree has a single value at a path."""
    node: Node | None = own
    for key in path.split("."):
        node = node.get(key) if isinstance(node, Mapping) else None
    return isinstance(node, Scalar)


def _moved(node: Mapping, line: int) -> Mapping:
    """The same tree on one line."""
    return Mapping(
        line, tuple((Scalar(line, name.text), _placed(child, line)) for name, child in node.items)
    )


def _placed(node: Node, line: int) -> Node:
    if isinstance(node, Mapping):
        return _moved(node, line)
    if isinstance(node, Sequence):
        return Sequence(line, tuple(_placed(item, line) for item in node.items))
    return Scalar(line, node.text, node.null)
