"""The scenario files last saved or opened, the newest first: one JSON file beside the session."""

from __future__ import annotations

import json
from pathlib import Path

from infecon_tui.errors import InfeconError
from infecon_tui.spec.place import is_file

SCHEMA = "infecon/recent/1"
MOST = 20


class Recent:
    """The list as the file holds it; it is read again each time, for another explorer may add to it."""

    def __init__(self, directory: Path) -> None:
        self.path = directory / "recent.json"

    @property
    def files(self) -> tuple[Path, ...]:
        """The files, the newest first; none where the list cannot be read."""
        try:
            tree = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return ()
        names = tree.get("files") if isinstance(tree, dict) else None
        if not isinstance(names, list) or tree.get("schema") != SCHEMA:
            return ()
        return tuple(Path(name) for name in names if isinstance(name, str) and name)[:MOST]

    @property
    def newest(self) -> Path | None:
        """The newest file that is still there."""
        return next((path for path in self.files if is_file(path)), None)

    def add(self, file: Path) -> None:
        """Puts a file first. Raises InfeconError."""
        from infecon_tui.spec.write import write_atomically

        path = file.expanduser().absolute()
        files = (path, *(other for other in self.files if other != path))[:MOST]
        tree = {"schema": SCHEMA, "files": [str(name) for name in files]}
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InfeconError(f"{self.path.parent}: {error.strerror}") from None
        text = json.dumps(tree, indent=1, ensure_ascii=False) + "\n"
        write_atomically(self.path, text, overwrite=True)
