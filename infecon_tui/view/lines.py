"""Tables of texts: one point in lines, and whatever else is lines of words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui.view.records import Column, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infecon_tui.solve import Answer


def point_table(answer: Answer) -> Table:
    """One point as lines: its figures of merit, its time by cause and by operator, its memory."""
    from infecon_tui.view.explain import causes, memory, operators
    from infecon_tui.view.headline import headline

    rows = (
        [(m.label, m.value, m.unit) for m in headline(answer)] if answer.chosen is not None else []
    )
    bars = (("time", causes), ("operator", operators), ("memory", memory))
    rows += [
        (f"{what}: {name}", text, f"{100 * share:.0f} %")
        for what, parts in bars
        for name, share, text in parts(answer)
    ]
    return lines_table("point", ("quantity", "value", "unit"), rows, note=answer.verdict)


def lines_table(
    key: str, titles: tuple[str, ...], rows: Sequence[tuple[str, ...]], note: str = ""
) -> Table:
    """A table of texts."""
    columns = tuple(Column(key=title, title=title, left=True) for title in titles)
    return Table(
        key=key, title=key, columns=columns, rows=tuple(rows), values=tuple(rows), note=note
    )
