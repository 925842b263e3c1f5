"""`infecon-tui calibrate`: an accelerator's efficiencies from measurements of it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.measure.calibration.calibrate import calibrate, questions_on
from infecon_tui.measure.calibration.views import calibration_tree, moved_table
from infecon_tui.spec.library import SCHEMAS, load

if TYPE_CHECKING:
    import argparse

    from infecon_tui.measure.evaluate import Predict


def run(arguments: argparse.Namespace, predict: Predict | None = None) -> int:
    """Fits, says what moved and what that changed, and writes the overlay."""
    from infecon_tui.cli.output import emit, saved
    from infecon_tui.spec.write import tree_of, yaml_text

    part = load(Accelerator, arguments.hardware)
    questions = questions_on(arguments.file, part)
    print(f"fitting {part.id} to {len(questions)} rows ...", file=sys.stderr)
    found = calibrate(
        questions, part, paths=arguments.fit, holdout=arguments.holdout, predict=predict
    )
    emit(arguments.format, table=moved_table(found), tree=calibration_tree(found))
    if arguments.output is None:
        return 0
    tree = tree_of(found.hardware)
    text = yaml_text({"schema": SCHEMAS[Accelerator], **tree})
    return saved(arguments.output, text, force=arguments.force)
