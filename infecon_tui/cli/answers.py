"""Commands that print a scenario's answer: its frontier, one point, its layouts, a sweep; and export it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from infecon_tui.cli import NO_ANSWER, OK
from infecon_tui.cli.parsing import command
from infecon_tui.cli.scenario_options import add_scenario, scenario_of

if TYPE_CHECKING:
    import argparse

    from infecon_tui.cli.parsing import Commands
    from infecon_tui.solve import Answer


def solved(arguments: argparse.Namespace) -> Answer:
    """The answer to the scenario of a command line; what is to be said of it goes to stderr."""
    from infecon_tui.solve import solve

    answer = solve(scenario_of(arguments))
    for note in answer.notes:
        print(f"note: {note}", file=sys.stderr)
    for said in filter(None, (answer.verdict, answer.missed)):
        print(said, file=sys.stderr)
    return answer


def status(answer: Answer) -> int:
    """The exit status of a command that shows an answer."""
    return NO_ANSWER if answer.chosen is None or answer.missed else OK


def frontier(arguments: argparse.Namespace) -> int:
    """Prints the frontier: thinned as a table, every point in the other formats."""
    from infecon_tui.cli.output import emit, frontier_tree
    from infecon_tui.view.tables import all_points, frontier_table

    answer = solved(arguments)
    if arguments.format == "table":
        emit("table", table=frontier_table(answer, most=30))
    elif arguments.format == "csv":
        emit("csv", table=all_points(answer.points))
    else:
        emit(arguments.format, tree=frontier_tree(answer))
    return status(answer)


def point(arguments: argparse.Namespace) -> int:
    """Prints one point of the frontier: the preferred one, which is the only one when all is fixed."""
    from infecon_tui.cli.output import emit, point_tree
    from infecon_tui.view.lines import point_table

    answer = solved(arguments)
    emit(arguments.format, table=point_table(answer), tree=point_tree(answer))
    return status(answer)


def layouts(arguments: argparse.Namespace) -> int:
    """Prints every layout at its best under the goal's targets."""
    from infecon_tui.cli.output import emit
    from infecon_tui.view.layouts import has_best, layouts_table

    table = layouts_table(scenario_of(arguments))
    emit(arguments.format, table=table)
    return OK if has_best(table) else NO_ANSWER


def sweep(arguments: argparse.Namespace) -> int:
    """Prints the preferred point with one number turned."""
    from infecon_tui.cli.output import emit
    from infecon_tui.view.plots.prefill import prefill_table
    from infecon_tui.view.plots.speculation import speculation_table
    from infecon_tui.view.plots.sweeps import sweep_table

    answer, kind = solved(arguments), arguments.kind
    own = {"speculation": speculation_table, "isl": prefill_table}
    table = own[kind](answer) if kind in own else sweep_table(answer, kind)
    emit(arguments.format, table=table)
    return status(answer)


def export(arguments: argparse.Namespace) -> int:
    """Writes a scenario as YAML, or its frontier as JSON or CSV."""
    from infecon_tui.cli.output import frontier_tree, rendered, saved, write
    from infecon_tui.spec.scenario_file import scenario_yaml
    from infecon_tui.view.tables import all_points

    if arguments.format == "yaml":
        text = scenario_yaml(scenario_of(arguments))
    else:
        answer = solved(arguments)
        everything = all_points(answer.points)
        text = rendered(arguments.format, table=everything, tree=frontier_tree(answer))
    if arguments.output is None:
        write(text)
        return 0
    return saved(arguments.output, text, force=arguments.force)


def add_commands(sub: Commands) -> None:
    """Adds these commands."""
    for name, run, text in (
        ("frontier", frontier, "the least cost at every speed, and the layout behind it"),
        ("point", point, "everything about one point: the preferred, or --gpus and --batch"),
        ("layouts", layouts, "every layout of a deployment at its best, and why all but one lose"),
    ):
        add_scenario(command(sub, name, run, text))
    made = command(
        sub, "sweep", sweep, "the preferred point as its batch, GPUs, context, ISL or draft change"
    )
    made.add_argument("kind", choices=("batch", "parallelism", "context", "isl", "speculation"))
    add_scenario(made)
    text, formats = "write the scenario as YAML, or its frontier", ("yaml", "json", "csv")
    made = command(sub, "export", export, text, formats)
    add_scenario(made)
    made.add_argument("-o", "--output", type=Path, metavar="FILE", help="where to write (stdout)")
    made.add_argument("--force", action="store_true", help="overwrite an existing file unasked")
