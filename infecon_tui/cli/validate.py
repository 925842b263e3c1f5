"""`infecon-tui validate`: the engine against a file of measurements."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.measure.evaluate import compare, engine_predict
from infecon_tui.measure.first_tokens import first_token_errors
from infecon_tui.measure.power import power_errors
from infecon_tui.measure.rows.table import read_rows
from infecon_tui.measure.validation_views import (
    first_tokens_table,
    power_table,
    predictions_table,
    skipped_text,
    summary_table,
    validation_tree,
    worst_table,
)
from infecon_tui.measure.why.missed import why_missed
from infecon_tui.measure.why.views import missed_table, missed_tree
from infecon_tui.spec.library import load

if TYPE_CHECKING:
    import argparse

    from infecon_tui.measure.evaluate import Predict, Result


def run(arguments: argparse.Namespace, predict: Predict | None = None) -> int:
    """Predicts a file's rows, prints the errors, writes what was asked for. Status 1: no row compared."""
    from infecon_tui.cli.output import emit, write

    rows = read_rows(arguments.file)
    if len(rows) > 2000:
        print(f"predicting {len(rows)} rows ...", file=sys.stderr)
    parts = [load(Accelerator, name) for name in arguments.hardware]
    result = compare(rows, predict or engine_predict(), parts={part.id: part for part in parts})
    status = _written(arguments, result)
    if arguments.format == "table":
        emit("table", table=summary_table(result))
        emit("table", table=worst_table(result))
        if whys := why_missed(result, arguments.why):
            emit("table", table=missed_table(whys))
        if firsts := first_token_errors(result):
            emit("table", table=first_tokens_table(firsts))
        if powers := power_errors(result):
            emit("table", table=power_table(powers))
        write(skipped_text(result))
    elif arguments.format == "csv":
        emit("csv", table=summary_table(result, fewest=0))
    else:
        missed = missed_tree(why_missed(result, arguments.why))
        emit(arguments.format, tree=validation_tree(result) | {"missed": missed})
    return max(status, 0 if result.compared else 1)


def _written(arguments: argparse.Namespace, result: Result) -> int:
    """Writes the files that were asked for, before anything is printed to a reader that may leave."""
    from infecon_tui.cli.output import rendered, saved

    status = 0
    if arguments.output is not None:
        text = rendered("csv", table=predictions_table(result))
        status = saved(arguments.output, text, force=arguments.force)
    if arguments.plot is not None:
        from infecon_tui.measure.picture import scatter_svg

        picture = scatter_svg(result, f"{arguments.file.name}: predicted against measured")
        status = max(status, saved(arguments.plot, picture, force=arguments.force))
    return status
