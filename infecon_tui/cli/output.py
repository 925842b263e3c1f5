"""Views as text: a table for eyes; JSON, CSV and YAML for programs."""

from __future__ import annotations

import io
import json
import math
import sys
from typing import TYPE_CHECKING, Any

from infecon_tui.errors import harmless
from infecon_tui.view.lines import lines_table

if TYPE_CHECKING:
    from pathlib import Path

    from infecon_tui.solve import Answer
    from infecon_tui.view.records import Table


PRINTED = "-"
"""The name of a file that stands for the standard output."""

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
        from infecon_tui.export.sheet import table_csv

        return table_csv(table)
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
        shown.add_row(*map(harmless, row))
    text = io.StringIO()
    tty = sys.stdout.isatty()
    console = Console(
        file=text, width=None if tty else 160, force_terminal=tty, highlight=False, markup=False
    )
    console.print(shown)
    if table.note:
        console.print(harmless(table.note))
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


def spec_table(spec: Any) -> Table:
    """Every number of a spec with where it was read."""
    from infecon_tui.knobs import leaves, source_of

    sources = dict(spec.sources)
    rows = [(knob.path, knob.text, source_of(knob.path, sources)) for knob in leaves(spec)]
    return lines_table(spec.id, ("path", "value", "source"), rows, note=spec.notes)


def saved(path: Path, content: str | bytes, *, force: bool) -> int:
    """Writes a file, asking before it replaces one; without anybody to ask, the answer is no.

    `-` is the standard output, as elsewhere.
    """
    from infecon_tui.spec.write import write_atomically

    if str(path) == PRINTED:
        if isinstance(content, str):
            write(content)
        else:
            sys.stdout.buffer.write(content)
        return 0
    exists = path.exists() and not path.is_dir()
    if exists and not force and sys.stdin.isatty():
        reply = input(f"{path} exists. Overwrite? [y/N] ")
        if reply.strip().lower() not in ("y", "yes"):
            print("nothing was written", file=sys.stderr)
            return 1
        force = True
    write_atomically(path, content, overwrite=force)
    print(f"wrote {path}", file=sys.stderr)
    return 0
