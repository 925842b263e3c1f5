"""Paths as people type them: too long, of a home that is not known, in folders that may not be read."""

from __future__ import annotations

from pathlib import Path

from infecon_tui.errors import InfeconError

_SHOWN = 60


def shortened(name: str) -> str:
    """A name as messages show it."""
    return name if len(name) <= _SHOWN else f"{name[:_SHOWN]}…"


def place(name: str) -> Path:
    """The path of a name, `~` being the home directory. Raises InfeconError for what can be no path."""
    shown = shortened(name)
    try:
        path = Path(name).expanduser()
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return path
    except OSError as error:
        raise InfeconError(f"{shown}: {(error.strerror or str(error)).lower()}") from None
    except (ValueError, RuntimeError) as error:
        raise InfeconError(f"{shown}: {error}") from None
    return path


def is_file(path: Path) -> bool:
    """Whether there is a file that may be looked at."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
