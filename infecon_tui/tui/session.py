"""What is kept between two runs: the scenario, its past, how it was looked at. One JSON file."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infecon_tui.errors import InfeconError
from infecon_tui.tui.pins import kept

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from infecon_tui.scenario import Scenario
    from infecon_tui.tui.pins import Board
    from infecon_tui.tui.state import History

SCHEMA = "infecon/session/1"
MOST_STEPS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The scenario of now and its neighbours as YAML, the latest last; then what the screen shows.

    `pins` is as `infecon_tui.tui.pins.kept` gives it; what of it cannot be read is left out later.
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


def session_file(directory: Path) -> Path:
    """The session inside the state directory."""
    return directory / "session.json"


def load(directory: Path) -> tuple[Session, str]:
    """The session, and a message when its file was damaged; a damaged file is set aside."""
    path = session_file(directory)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Session(), ""
    except (OSError, UnicodeDecodeError) as error:
        return Session(), _set_aside(path, str(error))
    try:
        return _read(json.loads(text)), ""
    except (ValueError, TypeError, RecursionError) as error:
        return Session(), _set_aside(path, str(error))


def _read(tree: Any) -> Session:
    if not isinstance(tree, dict) or tree.pop("schema", None) != SCHEMA:
        raise ValueError(f"expected schema {SCHEMA}")
    texts = (tree.get("scenario", ""), *tree.get("past", ()), *tree.get("future", ()))
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("scenarios must be texts")
    if tree.get("shade", "dark") not in ("dark", "light"):
        raise ValueError("shade must be dark or light")
    if not isinstance(tree.get("view", {}), dict):
        raise ValueError("view must be a mapping")
    tree = {**tree, "past": tuple(tree.get("past", ())), "future": tuple(tree.get("future", ()))}
    return Session(**tree)


def set_aside(directory: Path, reason: str) -> str:
    """Renames the session so that a new one can be written; a message that says so."""
    return _set_aside(session_file(directory), reason)


def _set_aside(path: Path, reason: str) -> str:
    aside = path.with_suffix(".damaged.json")
    try:
        path.replace(aside)
    except OSError:
        return f"the last session cannot be read ({reason})"
    return f"the last session cannot be read ({reason}); it is kept as {aside}"


def save(directory: Path, session: Session) -> None:
    """Writes the session whole or not at all. Raises InfeconError."""
    from infecon_tui.spec.write import write_atomically

    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InfeconError(f"{directory}: {error.strerror}") from None
    text = json.dumps({"schema": SCHEMA} | asdict(session), indent=1, ensure_ascii=False)
    write_atomically(session_file(directory), text + "\n", overwrite=True)


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
