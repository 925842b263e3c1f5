"""Commands that compare: one scenario on every accelerator, of every model, at two fidelities; two files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from infecon_tui.cli import NO_ANSWER, OK
from infecon_tui.cli.catalogue import every_spec
from infecon_tui.cli.parsing import command
from infecon_tui.cli.scenario_options import add_scenario, scenario_of

if TYPE_CHECKING:
    import argparse

    from infecon_tui.cli.parsing import Commands
    from infecon_tui.scenario import Scenario


def compare(arguments: argparse.Namespace) -> int:
    """Prints the scenario's preferred point on every accelerator, or of every model."""
    from infecon_tui.cli.output import emit
    from infecon_tui.hardware.accelerator import Accelerator
    from infecon_tui.view.compare import compared
    from infecon_tui.workload.transformer import Transformer

    scenario = scenario_of(arguments)
    if arguments.what == "fidelity":
        return _fidelities(scenario, arguments)
    specs, faults = every_spec(Accelerator if arguments.what == "hardware" else Transformer)
    others = [spec for spec in specs if not spec.id.startswith("paper/")]
    watched = sys.stderr.isatty()

    def told(name: str) -> None:
        if watched:
            print(f"\r\x1b[K{name}", end="", file=sys.stderr, flush=True)

    table = compared(scenario, others, arguments.sort, told)
    if watched:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
    emit(arguments.format, table=table)
    for fault in faults:
        print(f"infecon-tui: {fault}", file=sys.stderr)
    return 2 if faults else 0


def _fidelities(scenario: Scenario, arguments: argparse.Namespace) -> int:
    """Prints the deployment beside the published model, for some models."""
    from infecon_tui.cli.output import emit, write
    from infecon_tui.spec.library import load
    from infecon_tui.view.fidelity import MODELS, fidelity_table, without_reasons
    from infecon_tui.workload.transformer import Transformer

    models = [load(Transformer, name) for name in arguments.models or MODELS]
    table = fidelity_table(scenario, models)
    if arguments.format == "table":
        narrow, reasons = without_reasons(table)
        emit("table", table=narrow)
        write(f"\n{reasons}" if reasons else "")
    else:
        emit(arguments.format, table=table)
    return OK if any(row[2] is not None for row in table.values) else NO_ANSWER


def diff(arguments: argparse.Namespace) -> int:
    """Prints what differs between two scenario files, and what that does to the preferred point."""
    from infecon_tui.cli.output import emit
    from infecon_tui.solve import FINE
    from infecon_tui.spec.scenario_file import load_scenario
    from infecon_tui.view.difference import difference, difference_table, difference_tree

    before, after = load_scenario(arguments.before), load_scenario(arguments.after)
    found = difference(before, after, FINE)
    emit(arguments.format, table=difference_table(found), tree=difference_tree(found))
    for fault in found.faults:
        print(fault, file=sys.stderr)
    return NO_ANSWER if found.faults else OK


def add_commands(sub: Commands) -> None:
    """Adds these commands."""
    made = command(
        sub,
        "compare",
        compare,
        "the preferred point on every accelerator, or of every model; deployment beside published",
    )
    made.add_argument("what", choices=("hardware", "models", "fidelity"))
    made.add_argument(
        "--sort", choices=("cost", "speed", "ttft", "fastest", "gpus", "energy"), default="cost"
    )
    made.add_argument(
        "--models", nargs="+", metavar="ID", help="models to compare fidelities with (five)"
    )
    add_scenario(made)
    made = command(sub, "diff", diff, "what differs between two scenarios, and what comes of it")
    made.add_argument("before", type=Path, metavar="A.yaml")
    made.add_argument("after", type=Path, metavar="B.yaml")
