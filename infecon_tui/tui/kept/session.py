"""What is kept between two runs: the scenario, its past, how it was looked at. One JSON file.

Explorers that run at once have a session each; each is the next one's to start on that slot.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infecon_tui.errors import InfeconError
from infecon_tui.tui.kept.pins import kept

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from infecon_tui.scenario import Scenario
    from infecon_tui.tui.kept.pins import Board
    from infecon_tui.tui.kept.state import History

SCHEMA = "infecon/session/1"
MOST_STEPS = 30
MOST_AT_ONCE = 9
"""Explorers with a session of their own; more share the last one's."""
MOST_ASIDE = 100
"""Damaged sessions that are kept; from then on only the latest is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The scenario of now and its neighbours as YAML, the latest last; then what the screen shows.

    `pins` is as `infecon_tui.tui.kept.pins.kept` gives it; what of it cannot be read is left out later.
    """

    scenario: str = ""
    past: tuple[str, ...] = ()
    future: tuple[str, ...] = ()
    shade: str = "dark"
    view: dict[str, Any] = field(default_factory=dict)
    pins: Any = ()
    against: str = ""


def state_directory(environ: Mapping[str, str] = os.environ) -> Path:
    """Where the session and copies are kept; `INFECON_STATE` names another place."""
    if named := environ.get("INFECON_STATE"):
        return Path(named)
    from platformdirs import user_state_path

    return user_state_path("infecon-tui")


def session_file(directory: Path, number: int = 1) -> Path:
    """A session inside the state directory."""
    return directory / f"session{f'-{number}' if number > 1 else ''}.json"


@contextmanager
def claimed(directory: Path) -> Iterator[int]:
    """The number of the first session that no running explorer has, ours while this lasts."""
    number, lock = _claim(directory)
    yield number
    if lock is not None:
        os.close(lock)


def _claim(directory: Path) -> tuple[int, int | None]:
    for number in range(1, MOST_AT_ONCE):
        try:
            directory.mkdir(parents=True, exist_ok=True)
            lock = os.open(session_file(directory, number).with_suffix(".lock"), os.O_CREAT)
        except OSError:  # A place that cannot be written.
            return number, None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
        except OSError:  # One that knows no locks.
            return number, lock
        else:
            return number, lock
    return MOST_AT_ONCE, None


def load(directory: Path, number: int = 1) -> tuple[Session, str]:
    """The session, and a message when its file was damaged; a damaged file is set aside.

    One that was never kept begins as the first does.
    """
    path = session_file(directory, number)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return load(directory) if number > 1 else (Session(), "")
    except UnicodeDecodeError as error:
        return Session(), set_aside(path, f"it is not text in UTF-8, byte {error.start}")
    except OSError as error:
        return Session(), set_aside(path, (error.strerror or str(error)).lower())
    try:
        return _read(json.loads(text)), ""
    except json.JSONDecodeError as error:
        fault = f"line {error.lineno} is not JSON: {error.msg.lower()}"
        return Session(), set_aside(path, fault)
    except (ValueError, TypeError, RecursionError) as error:
        return Session(), set_aside(path, str(error))


def _read(tree: Any) -> Session:
    said = tree.pop("schema", None) if isinstance(tree, dict) else None
    if said != SCHEMA:
        found = f", found {said!r}" if isinstance(said, str) else ""
        raise ValueError(f"expected schema {SCHEMA}{found}")
    known = {one.name for one in fields(Session)}
    if unknown := [key for key in tree if key not in known]:
        raise ValueError(f"no such key {unknown[0]!r}")
    if not all(isinstance(tree.get(key, ()), list | tuple) for key in ("past", "future")):
        raise ValueError("past and future must be lists")
    texts = (tree.get("scenario", ""), *tree.get("past", ()), *tree.get("future", ()))
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("scenarios must be texts")
    if tree.get("shade", "dark") not in ("dark", "light"):
        raise ValueError("shade must be dark or light")
    if not isinstance(tree.get("view", {}), dict):
        raise ValueError("view must be a mapping")
    tree = {**tree, "past": tuple(tree.get("past", ())), "future": tuple(tree.get("future", ()))}
    return Session(**tree)


def set_aside(path: Path, reason: str) -> str:
    """Renames a session so that a new one can be written; a message that says so."""
    names = ("", *(f"-{number}" for number in range(2, MOST_ASIDE)))
    places = [path.with_suffix(f".damaged{name}.json") for name in names]
    aside = next((place for place in places if not place.exists()), places[-1])
    try:
        path.replace(aside)
    except OSError:
        return f"the last session cannot be read ({reason})"
    return f"the last session cannot be read ({reason}); it is kept as {aside}"


def save(directory: Path, session: Session, number: int = 1) -> None:
    """Writes the session whole or not at all. Raises InfeconError."""
    from infecon_tui.spec.write import write_atomically

    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InfeconError(f"{directory}: {error.strerror}") from None
    text = json.dumps({"schema": SCHEMA} | asdict(session), indent=1, ensure_ascii=False)
    write_atomically(session_file(directory, number), text + "\n", overwrite=True)


def session_of(history: History, board: Board, shade: str, view: dict[str, Any]) -> Session:
    """What to keep of a history, its pins and a view."""
    return Session(
        scenario=yaml_of(history.present),
        past=tuple(yaml_of(scenario) for scenario in history.past[-MOST_STEPS:]),
        future=tuple(yaml_of(scenario) for scenario in history.future[:MOST_STEPS]),
        shade=shade,
        view=view,
        pins=kept(board),
        against=board.against,
    )


def present_of(session: Session, file: str) -> Scenario | None:
    """The scenario that a session holds, or None when it holds none. Raises InfeconError."""
    from infecon_tui.spec.scenario_file import scenario_from_yaml

    return scenario_from_yaml(session.scenario, file) if session.scenario else None


def neighbours_of(session: Session, file: str) -> tuple[tuple[Scenario, ...], tuple[Scenario, ...]]:
    """The scenarios before and after; those that cannot be read any more cut them short."""
    past = _readable(reversed(session.past), file)
    return tuple(reversed(past)), tuple(_readable(session.future, file))


def _readable(texts: Iterable[str], file: str) -> list[Scenario]:
    from infecon_tui.spec.scenario_file import scenario_from_yaml

    found: list[Scenario] = []
    for text in texts:
        try:
            found.append(scenario_from_yaml(text, file))
        except InfeconError:
            break
    return found


@lru_cache(256)
def yaml_of(scenario: Scenario) -> str:
    """The scenario as YAML; remembered, for a session holds the same ones again and again."""
    from infecon_tui.spec.scenario_file import scenario_yaml

    return scenario_yaml(scenario)
