"""Commands that read a file of configurations or measurements, or measure; what they do is in other modules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from infecon_tui.cli.parsing import command, measurements, share
from infecon_tui.cli.scenario_options import PUBLISHED, add_scenario

if TYPE_CHECKING:
    import argparse

    from infecon_tui.cli.parsing import Commands


def reproduce(arguments: argparse.Namespace) -> int:
    """Computes every published curve and number; status 1 when one is missed."""
    from infecon_tui.cli.reproduce import run

    return run(arguments.format, arguments.only)


def predict(arguments: argparse.Namespace) -> int:
    """Evaluates a file of configurations."""
    from infecon_tui.cli.output import emit
    from infecon_tui.cli.predict import predicted, predictions_table
    from infecon_tui.cli.predict_file import read_points

    points = read_points(arguments.points)
    results = predicted(points, arguments.fidelity)
    emit(arguments.format, table=predictions_table(points, results), tree=results)
    return 0


def validate(arguments: argparse.Namespace) -> int:
    """Predicts a file of measurements and says how far off the predictions are."""
    from infecon_tui.cli.validate import run

    return run(arguments)


def calibrate(arguments: argparse.Namespace) -> int:
    """Fits an accelerator's efficiencies to a file of measurements."""
    from infecon_tui.cli.calibrate import run

    return run(arguments)


def headroom(arguments: argparse.Namespace) -> int:
    """Says how far measured deployments are from the frontier."""
    from infecon_tui.cli.headroom import run

    return run(arguments)


def node(arguments: argparse.Namespace) -> int:
    """Lists the accelerators of this machine, or measures what they reach."""
    from infecon_tui.cli.node import run

    return run(arguments)


def add_commands(sub: Commands) -> None:
    """Adds these commands."""
    made = command(
        sub,
        "reproduce",
        reproduce,
        "the paper's curves and numbers, computed and compared",
    )
    made.add_argument("--only", metavar="WORD", help="only claims whose name holds this word")
    made = command(sub, "predict", predict, "evaluate a file of configurations")
    made.add_argument("points", type=Path, metavar="POINTS.json|.csv")
    made.add_argument("--fidelity", choices=PUBLISHED, help="only this level (all)")
    for made in (_add_validate(sub), _add_calibrate(sub), _add_headroom(sub), _add_node(sub)):
        made.add_argument("--force", action="store_true", help="overwrite existing files unasked")


def _add_validate(sub: Commands) -> argparse.ArgumentParser:
    made = command(
        sub, "validate", validate, "predictions beside a file of measurements, and errors"
    )
    made.add_argument(
        *("file",),
        nargs="?",
        type=measurements,
        default="published",
        metavar="FILE.csv",
        help="measurements (those that are shipped, which others published)",
    )
    made.add_argument(
        *("--hardware", "-H"),
        action="append",
        default=[],
        metavar="ID",
        help="take this one for rows of its id, such as a calibrated file; may be repeated",
    )
    made.add_argument(
        *("-o", "--output"), type=Path, metavar="FILE.csv", help="write a prediction for every row"
    )
    made.add_argument("--plot", type=Path, metavar="FILE.svg", help="draw predicted on measured")
    made.add_argument(
        "--why",
        action="append",
        default=[],
        metavar="WORD",
        help="where the error comes from also for groups whose name holds this word; may be repeated",
    )
    return made


def _add_calibrate(sub: Commands) -> argparse.ArgumentParser:
    made = command(sub, "calibrate", calibrate, "fit an accelerator's efficiencies to measurements")
    made.add_argument("file", type=measurements, metavar="FILE.csv")
    made.add_argument("--hardware", required=True, metavar="ID", help="the accelerator")
    made.add_argument(
        "--fit",
        action="append",
        default=[],
        metavar="PATH",
        help="a value to fit, such as hbm.efficiency; may be repeated (found from the rows)",
    )
    made.add_argument(
        *("--holdout",),
        type=share,
        default=0.25,
        metavar="SHARE",
        help="share of the rows to judge by, not fitted (%(default)s)",
    )
    made.add_argument(
        *("-o", "--output"), type=Path, metavar="FILE.yaml", help="write the accelerator as fitted"
    )
    return made


def _add_headroom(sub: Commands) -> argparse.ArgumentParser:
    made = command(
        sub,
        "headroom",
        headroom,
        "how far measured deployments are from the frontier of their own workload",
    )
    made.add_argument("file", type=measurements, metavar="FILE.csv")
    made.add_argument(
        "--plot", type=Path, metavar="FILE", help="draw them beside it: SVG, PNG, text, CSV, JSON"
    )
    add_scenario(made)
    return made


def _add_node(sub: Commands) -> argparse.ArgumentParser:
    made = command(sub, "node", node, "the accelerators of this machine, or what they reach")
    made.add_argument(
        "--measure", action="store_true", help="time matrix products with PyTorch and fit to them"
    )
    made.add_argument(
        "--hardware", metavar="ID", help="measure it as this one (what is found here)"
    )
    made.add_argument(
        "--device", default="cuda", metavar="NAME", help="PyTorch's name of it (%(default)s)"
    )
    made.add_argument(
        *("-o", "--output"),
        type=Path,
        metavar="FILE.yaml",
        help="write the accelerator as measured",
    )
    return made
