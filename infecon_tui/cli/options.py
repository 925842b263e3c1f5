"""The command line: which commands there are and what they take."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any, NoReturn

from infecon_tui import __version__
from infecon_tui.cli import commands
from infecon_tui.cli.scenario_options import PUBLISHED, add_scenario
from infecon_tui.cli.takeaway import add_commands
from infecon_tui.errors import did_you_mean

FORMATS = ("table", "json", "csv", "yaml")


_CHOICE = re.compile(r"invalid choice: '(.*?)' \(choose from (.*)\)$")
_QUOTED = re.compile(r"'?([\w-]+)'?")


class Parser(argparse.ArgumentParser):
    """Tells a mistake in one line, without the usage before it."""

    def error(self, message: str) -> NoReturn:
        choice = _CHOICE.search(message)
        if choice:
            message += did_you_mean(choice[1], _QUOTED.findall(choice[2]))
        self.exit(2, f"{self.prog}: {message} (see `{self.prog} --help`)\n")


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = Parser(
        prog="infecon-tui",
        description="Explore how fast and how cheaply a language model can be served.",
        epilog="Without a command the terminal explorer opens: infecon-tui [SCENARIO.yaml] "
        "[--fresh] [--ascii] [--no-mouse] [--color auto|truecolor|256|16|none] [--theme dark|light]. "
        "The manual: infecon-tui docs | man -l -",
    )
    top.add_argument("--version", action="version", version=f"infecon-tui {__version__}")
    sub = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_scenario_commands(sub)
    _add_explaining_commands(sub)
    _add_catalogue_commands(sub)
    _add_file_commands(sub)
    add_commands(sub, _command, add_scenario)
    return top


def _command(sub: Any, name: str, run: Any, text: str, formats: tuple[str, ...] = FORMATS) -> Any:
    command = sub.add_parser(name, help=text, description=text)
    command.set_defaults(run=run)
    if formats:
        command.add_argument(
            "--format", choices=formats, default=formats[0], help="how to print (%(default)s)"
        )
    return command


def _add_scenario_commands(sub: Any) -> None:
    for name, run, text in (
        ("frontier", commands.frontier, "the least cost at every speed, and the layout behind it"),
        (
            "point",
            commands.point,
            "everything about one point: the preferred, or --gpus and --batch",
        ),
    ):
        add_scenario(_command(sub, name, run, text))
    add_scenario(
        _command(
            sub,
            "layouts",
            commands.layouts,
            "every layout of a deployment at its best, and why all but one lose",
        )
    )
    explain = _command(
        sub, "explain", commands.explain, "what a value, metric or view means, and what it moves"
    )
    explain.add_argument("name", metavar="PATH|METRIC|VIEW", help="such as hardware.hbm.bandwidth")
    add_scenario(explain)
    sweep = _command(
        sub,
        "sweep",
        commands.sweep,
        "the preferred point as its batch, GPUs, context, ISL or draft change",
    )
    kinds = ("batch", "parallelism", "context", "isl", "speculation")
    sweep.add_argument("kind", choices=kinds)
    add_scenario(sweep)
    compare = _command(
        sub,
        "compare",
        commands.compare,
        "the preferred point on every accelerator, or of every model; deployment beside published",
    )
    compare.add_argument("what", choices=("hardware", "models", "fidelity"))
    compare.add_argument(
        "--sort", choices=("cost", "speed", "ttft", "fastest", "gpus", "energy"), default="cost"
    )
    compare.add_argument(
        "--models", nargs="+", metavar="ID", help="models to compare fidelities with (five)"
    )
    add_scenario(compare)
    export = _command(
        sub,
        "export",
        commands.export,
        "write the scenario as YAML, or its frontier",
        ("yaml", "json", "csv"),
    )
    add_scenario(export)
    export.add_argument("-o", "--output", type=Path, metavar="FILE", help="where to write (stdout)")
    export.add_argument("--force", action="store_true", help="overwrite an existing file unasked")


def _add_explaining_commands(sub: Any) -> None:
    turned = _command(
        sub, "sensitivity", commands.sensitivity, "what moves cost and speed most, and what binds"
    )
    turned.add_argument(
        *("--swing",),
        type=_swing,
        default=0.1,
        metavar="SHARE",
        help="how far every number swings to both sides, such as 20%% (10%%)",
    )
    turned.add_argument(
        "--free", action="store_true", help="choose layout and batch anew for every number (slower)"
    )
    add_scenario(turned)
    ask = _command(
        sub,
        "ask",
        commands.ask,
        "ask backwards: the value of one number that reaches a target",
        ("table", "json", "yaml"),
    )
    ask.add_argument("path", metavar="PATH", help="the number, such as hardware.hbm.bandwidth")
    for name, text in (
        ("tpot", "time per output token at most, such as 20ms"),
        ("speed", "tokens per second of one request at least"),
        ("cost", "USD per million output tokens at most"),
        ("ttft", "time to the first token at most (deployment)"),
    ):
        ask.add_argument(f"--{name}", metavar=name.upper(), help=text)
    ask.add_argument(
        "--held", action="store_true", help="hold the preferred point's layout and batch"
    )
    add_scenario(ask)


def _add_catalogue_commands(sub: Any) -> None:
    for name, run, what in (
        ("models", commands.models, "models"),
        ("hardware", commands.hardware, "accelerators"),
    ):
        command = _command(sub, name, run, f"the {what} of the catalogue, or one in full")
        command.add_argument("id", nargs="?", help="show this one")


def _add_file_commands(sub: Any) -> None:
    diff = _command(
        sub, "diff", commands.diff, "what differs between two scenarios, and what comes of it"
    )
    diff.add_argument("before", type=Path, metavar="A.yaml")
    diff.add_argument("after", type=Path, metavar="B.yaml")
    reproduce = _command(
        sub,
        "reproduce",
        commands.reproduce,
        "the paper's curves and numbers, computed and compared",
    )
    reproduce.add_argument("--only", metavar="WORD", help="only claims whose name holds this word")
    predict = _command(sub, "predict", commands.predict, "evaluate a file of configurations")
    predict.add_argument("points", type=Path, metavar="POINTS.json|.csv")
    predict.add_argument("--fidelity", choices=PUBLISHED, help="only this level (all)")
    _add_measurement_commands(sub)


def _add_measurement_commands(sub: Any) -> None:
    validate = _command(
        sub, "validate", commands.validate, "predictions beside a file of measurements, and errors"
    )
    validate.add_argument("file", type=Path, metavar="FILE.csv")
    validate.add_argument(
        *("--hardware", "-H"),
        action="append",
        default=[],
        metavar="ID",
        help="take this one for rows of its id, such as a calibrated file; may be repeated",
    )
    validate.add_argument(
        *("-o", "--output"), type=Path, metavar="FILE.csv", help="write a prediction for every row"
    )
    validate.add_argument(
        "--plot", type=Path, metavar="FILE.svg", help="draw predicted on measured"
    )
    calibrate = _command(
        sub, "calibrate", commands.calibrate, "fit an accelerator's efficiencies to measurements"
    )
    calibrate.add_argument("file", type=Path, metavar="FILE.csv")
    calibrate.add_argument("--hardware", required=True, metavar="ID", help="the accelerator")
    calibrate.add_argument(
        "--fit",
        action="append",
        default=[],
        metavar="PATH",
        help="a value to fit, such as hbm.efficiency; may be repeated (found from the rows)",
    )
    calibrate.add_argument(
        *("--holdout",),
        type=_share,
        default=0.25,
        metavar="SHARE",
        help="share of the rows to judge by, not fitted (%(default)s)",
    )
    calibrate.add_argument(
        *("-o", "--output"), type=Path, metavar="FILE.yaml", help="write the accelerator as fitted"
    )
    for command in (validate, calibrate, _headroom_command(sub), _node_command(sub)):
        command.add_argument(
            "--force", action="store_true", help="overwrite existing files unasked"
        )


def _headroom_command(sub: Any) -> Any:
    headroom = _command(
        sub,
        "headroom",
        commands.headroom,
        "how far measured deployments are from the frontier of their own workload",
    )
    headroom.add_argument("file", type=Path, metavar="FILE.csv")
    headroom.add_argument(
        "--plot", type=Path, metavar="FILE", help="draw them beside it: SVG, PNG, text, CSV, JSON"
    )
    add_scenario(headroom)
    return headroom


def _node_command(sub: Any) -> Any:
    node = _command(
        sub, "node", commands.node, "the accelerators of this machine, or what they reach"
    )
    node.add_argument(
        "--measure", action="store_true", help="time matrix products with PyTorch and fit to them"
    )
    node.add_argument(
        "--hardware", metavar="ID", help="measure it as this one (what is found here)"
    )
    node.add_argument(
        "--device", default="cuda", metavar="NAME", help="PyTorch's name of it (%(default)s)"
    )
    node.add_argument(
        *("-o", "--output"),
        type=Path,
        metavar="FILE.yaml",
        help="write the accelerator as measured",
    )
    return node


def _share(text: str) -> float:
    """A share of a whole: `0.25` or `25%`."""
    number = float(text.removesuffix("%").strip()) / (100 if text.endswith("%") else 1)
    if not 0 <= number < 1:
        raise argparse.ArgumentTypeError(f"expected a share below 1, found {text}")
    return number


def _swing(text: str) -> float:
    """A share above 0 and below 1."""
    share = _share(text)
    if share == 0:
        raise argparse.ArgumentTypeError("expected a share above 0")
    return share
