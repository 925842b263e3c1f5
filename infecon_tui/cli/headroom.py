"""`infecon-tui headroom`: measured deployments beside the frontier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui.cli.scenario_options import scenario_of
from infecon_tui.measure.evaluate import compare
from infecon_tui.measure.headroom import headroom
from infecon_tui.measure.headroom_views import (
    headroom_figure,
    headroom_table,
    headroom_tree,
    headroom_words,
)
from infecon_tui.measure.rows.table import read_rows

if TYPE_CHECKING:
    import argparse

    from infecon_tui.measure.headroom import Headroom


def run(arguments: argparse.Namespace) -> int:
    """Places a file's rows beside their frontiers, writes the plot, prints. Status 1: no row compared."""
    from infecon_tui.cli.output import emit, write

    base = scenario_of(arguments)
    rows = read_rows(arguments.file)
    found = headroom(compare(rows, parts={base.hardware.id: base.hardware}), base)
    status = _drawn(arguments, found)
    emit(arguments.format, table=headroom_table(found), tree=headroom_tree(found))
    if arguments.format == "table":
        write("".join(f"{line}\n" for line in headroom_words(found)))
    return max(status, 0 if found.groups else 1)


def _drawn(arguments: argparse.Namespace, found: Headroom) -> int:
    """Writes the plot that was asked for, before anything is printed to a reader that may leave."""
    if arguments.plot is None:
        return 0
    from infecon_tui.cli.output import saved
    from infecon_tui.export import for_file

    figure = headroom_figure(found, "How far is what was measured from the frontier?")
    content = for_file("figure", arguments.plot).make(figure)
    return saved(arguments.plot, content, force=arguments.force)
