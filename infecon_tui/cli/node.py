"""`infecon-tui node`: the accelerators of this machine, and what they reach."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from infecon_tui.errors import InfeconError
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.knobs import at
from infecon_tui.measure.node import TOOLS, Local, local
from infecon_tui.spec.library import SCHEMAS, load
from infecon_tui.units import BYTES, WATTS, show
from infecon_tui.view.records import Column, Table

if TYPE_CHECKING:
    import argparse

    from infecon_tui.measure.bench import Bench


def run(arguments: argparse.Namespace) -> int:
    """Prints what is here; with `--measure` fits and prints it. Status 1: nothing is here."""
    from infecon_tui.cli.output import emit

    if arguments.measure:
        return _measure(arguments)
    found = local()
    emit(arguments.format, table=node_table(found), tree=[_tree(one) for one in found])
    return 0 if found else 1


def _measure(arguments: argparse.Namespace) -> int:
    from infecon_tui.cli.output import emit, saved
    from infecon_tui.measure.bench import measured
    from infecon_tui.spec.write import tree_of, yaml_text

    before = load(Accelerator, arguments.hardware or _known(local()))
    print(f"measuring matrix products as {before.id} ...", file=sys.stderr)
    found = measured(before, arguments.device)
    emit(arguments.format, table=bench_table(before, found), tree=_bench_tree(found))
    if arguments.output is None:
        return 0
    text = yaml_text({"schema": SCHEMAS[Accelerator], **tree_of(found.hardware)})
    return saved(arguments.output, text, force=arguments.force)


def _known(found: list[Local]) -> str:
    """The catalogue's id of what is here. Raises InfeconError without one."""
    if not found:
        raise InfeconError(f"no accelerator found here ({_tools()}); name one with --hardware")
    if not found[0].id:
        raise InfeconError(
            f"{found[0].name}: not in the catalogue{found[0].hint}; name one with --hardware"
        )
    return found[0].id


def _tools() -> str:
    return ", ".join(tool.command[0] for tool in TOOLS)


def node_table(found: list[Local]) -> Table:
    """A row for every kind of accelerator."""
    columns = (
        Column(key="name", title="accelerator", left=True),
        Column(key="count", title="count"),
        Column(key="memory_bytes", title="memory"),
        Column(key="power_W", title="power limit"),
        Column(key="id", title="in the catalogue", left=True),
    )
    values = tuple((one.name, one.count, one.memory_bytes, one.power_W, one.id) for one in found)
    rows = tuple(
        (
            one.name,
            str(one.count),
            "" if one.memory_bytes is None else show(one.memory_bytes, BYTES),
            "" if one.power_W is None else show(one.power_W, WATTS),
            one.id or f"no{one.hint}",
        )
        for one in found
    )
    note = "" if found else f"no accelerator found on this machine ({_tools()})"
    return Table(key="node", title="Node", columns=columns, rows=rows, values=values, note=note)


def _tree(one: Local) -> dict[str, Any]:
    return {
        "name": one.name,
        "count": one.count,
        "memory_bytes": one.memory_bytes,
        "power_W": one.power_W,
        "id": one.id or None,
    }


def _bench_tree(found: Bench) -> dict[str, Any]:
    from infecon_tui.measure.bench import FITTED

    return {
        "hardware": found.hardware.id,
        "median_ape": found.median_ape,
        "values": {path: at(found.hardware, path).value for path in FITTED},
        "products": [asdict(one) for one in found.products],
    }


def bench_table(before: Accelerator, found: Bench) -> Table:
    """What was fitted, beside what the spec had."""
    from infecon_tui.measure.bench import FITTED

    columns = (
        Column(key="value", title="value", left=True),
        Column(key="before", title="before"),
        Column(key="after", title="measured"),
    )
    pairs = [(path, at(before, path), at(found.hardware, path)) for path in FITTED]
    return Table(
        key="bench",
        title="Measured",
        columns=columns,
        rows=tuple((path, old.text, new.text) for path, old, new in pairs),
        values=tuple((path, old.value, new.value) for path, old, new in pairs),
        note=f"{len(found.products)} products in bf16, {100 * found.median_ape:.1f} % off in the median",
    )
