"""The `:` line as text: what it means, how it can go on, what to say of it. Pure; no Textual here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from infecon_tui.errors import InfeconError, did_you_mean
from infecon_tui.spec.place import place
from infecon_tui.tui.commands.registry import keys_of
from infecon_tui.tui.commands.words import PATHS, WORDS, actions
from infecon_tui.tui.fuzzy import best

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from infecon_tui.knobs import Knob

MOST = 40
"""The most ways to go on that are offered."""
_BY_NAME = {word.name: word for word in WORDS}
_FILES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("open", "save"), (".yaml", ".yml")),
    **dict.fromkeys(("write", "launch"), ()),
    **dict.fromkeys(("validate", "headroom", "calibrate"), (".csv",)),
}
"""Words that take a file, and the suffixes of those that they are for (all)."""
_SPEC_WORDS, _SPEC_FILES = ("model", "hardware", "draft"), (".yaml", ".yml", ".json")
"""Words that take an id, or else a file that begins as a path."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a line may name: the values of the scenario by path, and the names that words take."""

    knobs: Mapping[str, Knob]
    names: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """A line taken apart: a word of WORDS and what follows it, or an action of the registry."""

    word: str = ""
    rest: str = ""
    action: str = ""


def parse(text: str, known: Known) -> Said:
    """What a line says. Raises InfeconError with the nearest word where it says nothing."""
    text = text.strip().removeprefix(":").strip()
    name, _, rest = _assigned(text).partition(" ")
    rest = rest.strip()
    action = actions().get(name) or (keys_of("").get(name) if len(name) == 1 else None)
    if name in _BY_NAME and (rest or not action):
        return Said(name, rest)
    if action in _BY_NAME and rest:
        return Said(action, rest)
    if action and not rest:
        return Said(action=action)
    if path := path_of(name, known):
        return Said("set", f"{path} {rest}".strip())
    if action:
        raise InfeconError(f"{name} takes nothing, found {rest!r}")
    names = [*_BY_NAME, *actions(), *known.knobs]
    raise InfeconError(f"no command {name!r}{did_you_mean(name, names)}")


def _assigned(text: str) -> str:
    """`PATH=VALUE`, alone or after `set`, as `set PATH VALUE`."""
    bare = text.removeprefix("set ").strip()
    path, equals, value = bare.partition("=")
    if equals and path.strip() and " " not in path.strip():
        return f"set {path.strip()} {value.strip()}"
    return text


def path_of(name: str, known: Known) -> str:
    """The path that a name stands for: itself, or the only one that ends in it; else nothing."""
    if name in known.knobs:
        return name
    ending = [path for path in known.knobs if path.endswith(f".{name}")] if name else []
    return ending[0] if len(ending) == 1 else ""


def completions(text: str, known: Known) -> tuple[int, tuple[str, ...]]:
    """Where the last piece of a line begins, and what it can become, the best first."""
    words = text.lstrip(": ")
    lead = len(text) - len(words)
    name, space, rest = words.partition(" ")
    if not space:
        path, equals, value = words.partition("=")
        if equals:
            return lead + len(path) + 1, _matching(value, _values(path_of(path, known), known))
        return lead, _first(words, known)
    if name == "set" or (path_of(name, known) and name not in _BY_NAME):
        return _of_value(text, lead, words, known)
    if name in _SPEC_WORDS and rest.startswith(("/", "./", "../", "~")):
        return len(text) - len(rest), files_like(rest, _SPEC_FILES)
    if name in PATHS or name in known.names:
        return len(text) - len(rest), _matching(rest, known.names.get(name, ()))
    return _of_file(text, name, rest, known)


def _first(query: str, known: Known) -> tuple[str, ...]:
    """Words and actions, then paths; paths alone once there is a dot."""
    ends = [f"{word.name} " for word in WORDS]
    ends += [name for name in actions() if name not in _BY_NAME]
    paths = [f"{path} " for path in known.knobs]
    if "." in query:
        return _matching(query, paths)
    begin = [name for name in ends if name.startswith(query)]
    others = [name for name in _matching(query, ends) if name not in begin]
    return (*begin, *others, *_matching(query, paths))[:MOST] if query else tuple(ends)


def _of_value(text: str, lead: int, words: str, known: Known) -> tuple[int, tuple[str, ...]]:
    bare = words.removeprefix("set ").lstrip()
    at = lead + len(words) - len(bare)
    separator = "=" if "=" in bare else " "
    path, found, value = bare.partition(separator)
    if found:
        value = value.lstrip()
        return len(text) - len(value), _matching(value, _values(path_of(path, known), known))
    specs = [f"{name} " for name in ("model", "hardware", "speculation.draft")]
    return at, _matching(bare, [*(f"{path} " for path in known.knobs), *specs])


def _values(path: str, known: Known) -> tuple[str, ...]:
    """What a value can be where there are few."""
    if path not in known.knobs:
        return ()
    slot = known.knobs[path].slot
    kind: Any = slot.kind
    choices: tuple[str, ...] = ()
    if get_origin(kind) is Literal:
        choices = tuple(map(str, get_args(kind)))
    elif kind is bool:
        choices = ("yes", "no")
    return (*choices, slot.info.none) if slot.optional else choices


def _of_file(text: str, name: str, rest: str, known: Known) -> tuple[int, tuple[str, ...]]:
    if name not in _FILES:
        return len(text) - len(rest), ()
    engine, space, file = rest.partition(" ")
    if name == "launch" and not space:
        return len(text) - len(rest), _matching(rest, known.names.get("engines", ()))
    file = file if name == "launch" and engine else rest
    return len(text) - len(file), files_like(file, _FILES[name])


def files_like(begun: str, suffixes: tuple[str, ...]) -> tuple[str, ...]:
    """The files and folders that begin so."""
    folder, _, start = begun.rpartition("/")
    try:
        within = place(f"{folder}/" if folder or begun.startswith("/") else ".")
        entries = sorted(within.iterdir())
    except (InfeconError, OSError):
        return ()
    found = []
    for entry in entries:
        if not entry.name.startswith(start) or (entry.name.startswith(".") and not start):
            continue
        name = f"{folder}/{entry.name}" if "/" in begun else entry.name
        if entry.is_dir():
            found.append(f"{name}/")
        elif not suffixes or entry.suffix in suffixes:
            found.append(name)
    return tuple(found[:MOST])


def _matching(query: str, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(names[index] for index in best(query.strip(), names))[:MOST]
