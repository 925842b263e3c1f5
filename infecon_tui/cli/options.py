"""The command line: which commands there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui import __version__
from infecon_tui.cli import answers, catalogue, compare, explain, files, takeaway
from infecon_tui.cli.parsing import Parser
from infecon_tui.tui.options import HELP, spelled

if TYPE_CHECKING:
    import argparse

GROUPS = (answers, explain, compare, catalogue, files, takeaway)
"""Modules that each add their commands, in the order of the help."""


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = Parser(
        prog="infecon-tui",
        description="Explore how fast and how cheaply a language model can be served.",
        epilog="Without a command the terminal explorer opens: infecon-tui [SCENARIO.yaml] "
        + " ".join(f"[{spelled(name)}]" for name in HELP)
        + ". The manual: infecon-tui docs | man -l -",
    )
    top.add_argument("--version", action="version", version=f"infecon-tui {__version__}")
    sub = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for group in GROUPS:
        group.add_commands(sub)
    return top
