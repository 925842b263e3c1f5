"""What lies over the explorer has in common that it is written to a file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from infecon_tui.errors import InfeconError
from infecon_tui.tui.widgets.questions import TextQuestion

if TYPE_CHECKING:
    from collections.abc import Callable

    from infecon_tui.tui.app import InfeconApp
    from infecon_tui.tui.screens.base import KeyScreen
    from infecon_tui.tui.widgets.status_line import StatusLine
    from infecon_tui.view.records import Figure, Table

_SUFFIX = {"figure": "svg", "table": "csv"}


def write_over(
    screen: KeyScreen,
    line: StatusLine,
    kind: Literal["figure", "table"],
    record: Figure | Table,
) -> None:
    """Asks on a line for a file to write the record to; its suffix is the format."""
    takeaway = cast("InfeconApp", screen.app).main.takeaway
    name = f"infecon-{record.key.replace('_', '-')}.{_SUFFIX[kind]}"
    word = "plot" if kind == "figure" else "table"
    _ask(screen, line, word, name, lambda path: takeaway.content_of(kind, record, path))


def write_words(screen: KeyScreen, line: StatusLine, title: str, text: str) -> None:
    """Asks on a line for a file to write a page to, which is text."""
    name = "-".join(re.findall(r"[a-z0-9]+", title.lower()))
    _ask(screen, line, "page", f"infecon-{name}.txt", lambda _: text)


def _ask(
    screen: KeyScreen,
    line: StatusLine,
    word: str,
    name: str,
    content: Callable[[Path], str | bytes],
) -> None:
    main = cast("InfeconApp", screen.app).main

    def written(name: str) -> None:
        if not name:
            return
        try:
            made = content(Path(name))
        except InfeconError as error:
            line.say(str(error), "bad")
        else:
            main.files.put(name, made, line=line)

    line.ask(TextQuestion(f"write the {word} as", name, written, verb="write"))
