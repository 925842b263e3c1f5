"""Commands that show the catalogue: models and accelerators."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from infecon_tui.cli.parsing import command
from infecon_tui.errors import InfeconError

if TYPE_CHECKING:
    import argparse

    from infecon_tui.cli.parsing import Commands


def models(arguments: argparse.Namespace) -> int:
    """Lists the models, or prints one in full."""
    from infecon_tui.view.catalogue import models_table
    from infecon_tui.workload.transformer import Transformer

    return _catalogue(arguments, Transformer, models_table)


def hardware(arguments: argparse.Namespace) -> int:
    """Lists the accelerators, or prints one in full."""
    from infecon_tui.hardware.accelerator import Accelerator
    from infecon_tui.view.catalogue import hardware_table

    return _catalogue(arguments, Accelerator, hardware_table)


def _catalogue(arguments: argparse.Namespace, cls: Any, table: Any) -> int:
    from infecon_tui.cli.output import emit, spec_table
    from infecon_tui.spec.library import SCHEMAS, load
    from infecon_tui.spec.write import tree_of

    if arguments.id is None:
        specs, faults = every_spec(cls)
        emit(arguments.format, table=table(specs))
        for fault in faults:
            print(f"infecon-tui: {fault}", file=sys.stderr)
        return 2 if faults else 0
    spec = load(cls, arguments.id)
    emit(arguments.format, table=spec_table(spec), tree={"schema": SCHEMAS[cls], **tree_of(spec)})
    return 0


def every_spec(cls: Any) -> tuple[list[Any], list[InfeconError]]:
    """Every spec that can be read; one broken file of the user's does not hide the others."""
    from infecon_tui.spec.library import ids, load

    specs, faults = [], []
    for name in ids(cls):
        try:
            specs.append(load(cls, name))
        except InfeconError as error:
            faults.append(error)
    return specs, faults


def add_commands(sub: Commands) -> None:
    """Adds these commands."""
    for name, run, what in (
        ("models", models, "models"),
        ("hardware", hardware, "accelerators"),
    ):
        made = command(sub, name, run, f"the {what} of the catalogue, or one in full")
        made.add_argument("id", nargs="?", help="show this one")
