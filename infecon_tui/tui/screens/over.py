"""What tables and plots over the explorer have in common: they are written to a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from infecon_tui.errors import InfeconError
from infecon_tui.tui.widgets.questions import TextQuestion

if TYPE_CHECKING:
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
    main = cast("InfeconApp", screen.app).main

    def written(name: str) -> None:
        if not name:
            return
        try:
            content = main.takeaway.content_of(kind, record, Path(name))
        except InfeconError as error:
            line.say(str(error), "bad")
        else:
            main.files.put(name, content, line=line)

    name = f"infecon-{record.key.replace('_', '-')}.{_SUFFIX[kind]}"
    word = "plot" if kind == "figure" else "table"
    line.ask(TextQuestion(f"write the {word} as", name, written, verb="write"))
