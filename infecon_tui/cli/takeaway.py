"""What a user takes away: pictures and data of a plot, launch commands, the manual."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from infecon_tui.cli.answers import solved, status
from infecon_tui.cli.parsing import command
from infecon_tui.cli.scenario_options import add_scenario, scenario_of
from infecon_tui.errors import InfeconError

if TYPE_CHECKING:
    import argparse

    from infecon_tui.cli.parsing import Commands

TO_STDOUT = "txt"
"""How a plot is printed where no file and no format is named."""


def plot(arguments: argparse.Namespace) -> int:
    """Writes one plot, in the format of the file's suffix or as `--format` says."""
    from infecon_tui.cli.output import PRINTED
    from infecon_tui.export import for_file, named
    from infecon_tui.view.plots.figures import FIGURES
    from infecon_tui.view.records import captioned

    to_file = arguments.output is not None and str(arguments.output) != PRINTED
    if to_file and arguments.format is None:
        exporter = for_file("figure", arguments.output)
    else:
        exporter = named("figure", arguments.format or TO_STDOUT)
    answer = solved(arguments)
    figure = captioned(FIGURES[arguments.figure].build(answer), answer.scenario)
    return max(status(answer), _delivered(exporter.make(figure), arguments))


def launch(arguments: argparse.Namespace) -> int:
    """Writes the launch command of the scenario's preferred deployment."""
    from infecon_tui.export import engine_of, for_engine, launch_text
    from infecon_tui.solve import solve

    scenario = scenario_of(arguments)
    name = engine_of(scenario, arguments.for_engine)
    return _delivered(launch_text(solve(for_engine(scenario, name)), name), arguments)


def docs(arguments: argparse.Namespace) -> int:
    """Prints the manual, or a part of it."""
    from infecon_tui.cli.manual import FORMS, PARTS
    from infecon_tui.cli.output import write

    part = "all" if arguments.all else arguments.part
    form = arguments.format or ("roff" if part == "man" else "markdown")
    write(FORMS[form](PARTS[part]()))
    return 0


def _delivered(content: str | bytes, arguments: argparse.Namespace) -> int:
    """Writes to the file that was named, or prints."""
    from infecon_tui.cli.output import saved, write

    if arguments.output is not None:
        return saved(arguments.output, content, force=arguments.force)
    if isinstance(content, bytes):
        raise InfeconError("a picture of this format needs a file: -o FILE")
    write(content)
    return 0


def add_commands(sub: Commands) -> None:
    """Adds these commands."""
    from infecon_tui.cli.manual import PART_NAMES, figure_names

    made = command(sub, "plot", plot, "write a plot as SVG, PNG, text, CSV or JSON", ())
    made.add_argument("figure", choices=figure_names())
    _add_output(made, "where to write; the suffix is the format (printed as text)")
    made.add_argument(
        "--format", choices=("svg", "png", "txt", "csv", "json"), help="in place of a suffix"
    )
    add_scenario(made)
    made = command(sub, "launch", launch, "the launch command of a deployment for an engine", ())
    made.add_argument(
        "for_engine",
        choices=("vllm", "sglang", "trtllm"),
        metavar="ENGINE",
        help="vllm, sglang or trtllm",
    )
    _add_output(made, "where to write (printed)")
    add_scenario(made)
    made = command(sub, "docs", docs, "the manual: a man page, the keys, the paths of values", ())
    made.add_argument("part", nargs="?", choices=PART_NAMES, default="man", help="(%(default)s)")
    made.add_argument("--all", action="store_true", help="everything")
    made.add_argument(
        "--format",
        choices=("roff", "markdown"),
        help="how to print (man: roff, the others: markdown)",
    )


def _add_output(made: argparse.ArgumentParser, text: str) -> None:
    made.add_argument("-o", "--output", type=Path, metavar="FILE", help=text)
    made.add_argument("--force", action="store_true", help="overwrite an existing file unasked")
