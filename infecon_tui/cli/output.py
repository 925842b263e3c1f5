"""Views as text: a table for eyes; JSON, CSV and YAML for programs."""

from __future__ import annotations

import csv
import io
import json
import math
import sys
from typing import TYPE_CHECKING, Any

from infecon_tui.view.records import Column, Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from infecon_tui.solve import Answer


PLAIN = str.maketrans({"·": ",", "–": "-", "×": "x", "∞": "inf", "µ": "u", "…": "..."})
"""What stands for a sign where the output cannot hold it."""


def emit(form: str, *, table: Table | None = None, tree: Any = None) -> None:
    """Prints a view in a format."""
    write(rendered(form, table=table, tree=tree))


def write(text: str) -> None:
    """Prints a text, in plain letters where the output's encoding has no others."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = text.translate(PLAIN).encode(encoding, "replace").decode(encoding)
    sys.stdout.write(text)


def rendered(form: str, *, table: Table | None = None, tree: Any = None) -> str:
    """A view in a format; without a tree, JSON and YAML hold the table's rows as records."""
    if form == "table" and table is not None:
        return _text_table(table)
    if form == "csv" and table is not None:
        return _csv(table)
    if tree is None and table is not None:
        keys = [column.key for column in table.columns]
        tree = [dict(zip(keys, row, strict=True)) for row in table.values]
    if form == "yaml":
        from infecon_tui.spec.write import yaml_text

        return yaml_text(finite(tree))
    return json.dumps(finite(tree), indent=1, ensure_ascii=False) + "\n"


def finite(value: Any) -> Any:
    """A tree without infinities, which JSON lacks: they become null."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    return [finite(item) for item in value] if isinstance(value, (list, tuple)) else value


def _csv(table: Table) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.key for column in table.columns])
    for row in finite(table.values):
        writer.writerow(["" if cell is None else cell for cell in row])
    return text.getvalue()


def _text_table(table: Table) -> str:
    from rich.console import Console
    from rich.table import Table as RichTable

    shown = RichTable(box=None, pad_edge=False, header_style="bold", show_edge=False)
    for column in table.columns:
        title = (
            f"{column.title}\n{column.unit}" if any(c.unit for c in table.columns) else column.title
        )
        shown.add_column(title, justify="left" if column.left else "right", overflow="fold")
    for row in table.rows:
        shown.add_row(*row)
    text = io.StringIO()
    tty = sys.stdout.isatty()
    console = Console(
        file=text, width=None if tty else 160, force_terminal=tty, highlight=False, markup=False
    )
    console.print(shown)
    if table.note:
        console.print(table.note)
    return text.getvalue()


def frontier_tree(answer: Answer) -> dict[str, Any]:
    """The frontier for programs: every point sorted by speed, the fastest and the preferred one."""
    from infecon_tui.spec.scenario_file import scenario_tree
    from infecon_tui.view.tables import point_values

    points = [point_values(answer.points, index) for index in range(len(answer.points.tpot_s))]
    return {
        "scenario": scenario_tree(answer.scenario),
        "notes": list(answer.notes),
        "verdict": answer.verdict,
        "missed": answer.missed,
        "fastest": points[-1] if points else None,
        "preferred": points[answer.chosen] if answer.chosen is not None else None,
        "points": points,
    }


def point_tree(answer: Answer) -> dict[str, Any]:
    """One point for programs, with its time by cause and its memory."""
    from infecon_tui.spec.scenario_file import scenario_tree
    from infecon_tui.view.describe import shares
    from infecon_tui.view.tables import point_values

    at = answer.chosen
    tree: dict[str, Any] = {
        "scenario": scenario_tree(answer.scenario),
        "notes": list(answer.notes),
        "verdict": answer.verdict,
        "missed": answer.missed,
        "point": None,
    }
    if at is None:
        return tree
    tree["point"] = point_values(answer.points, at)
    tree["causes_s"] = {name: seconds for name, seconds, _ in shares(answer.points, at)}
    tree["memory_bytes"] = float(answer.points.memory_bytes[at])
    return tree


def point_table(answer: Answer) -> Table:
    """One point as lines: its figures of merit, its time by cause, its memory."""
    from infecon_tui.view.explain import causes, memory
    from infecon_tui.view.headline import headline

    rows = (
        [(m.label, m.value, m.unit) for m in headline(answer)] if answer.chosen is not None else []
    )
    rows += [
        (f"time: {name}", text, f"{100 * share:.0f} %") for name, share, text in causes(answer)
    ]
    rows += [
        (f"memory: {name}", text, f"{100 * share:.0f} %") for name, share, text in memory(answer)
    ]
    return lines_table("point", ("quantity", "value", "unit"), rows, note=answer.verdict)


def spec_table(spec: Any) -> Table:
    """Every number of a spec with where it was read."""
    from infecon_tui.knobs import leaves

    sources = dict(spec.sources)
    rows = [(knob.path, knob.text, _source(knob.path, sources)) for knob in leaves(spec)]
    return lines_table(spec.id, ("path", "value", "source"), rows, note=spec.notes)


def _source(path: str, sources: dict[str, str]) -> str:
    while path and path not in sources:
        path = path.rpartition(".")[0]
    return sources.get(path, "")


def lines_table(
    key: str, titles: tuple[str, ...], rows: Sequence[tuple[str, ...]], note: str = ""
) -> Table:
    """A table of texts."""
    columns = tuple(Column(key=title, title=title, left=True) for title in titles)
    return Table(
        key=key, title=key, columns=columns, rows=tuple(rows), values=tuple(rows), note=note
    )


def saved(path: Path, text: str, *, force: bool) -> int:
    """Writes a file, asking before it replaces one; without anybody to ask, the answer is no."""
    from infecon_tui.spec.write import write_atomically

    exists = path.exists() and not path.is_dir()
    if exists and not force and sys.stdin.isatty():
        reply = input(f"{path} exists. Overwrite? [y/N] ")
        if reply.strip().lower() not in ("y", "yes"):
            print("nothing was written", file=sys.stderr)
            return 1
        force = True
    write_atomically(path, text, overwrite=force)
    print(f"wrote {path}", file=sys.stderr)
    return 0
