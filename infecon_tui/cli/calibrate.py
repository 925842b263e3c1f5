"""`infecon-tui calibrate`: an accelerator's efficiencies from measurements of it."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from infecon_tui.errors import InfeconError
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.measure.calibrate import Calibration, calibrate
from infecon_tui.measure.cases import Cases, Question
from infecon_tui.measure.table import read_rows
from infecon_tui.spec.library import SCHEMAS, load
from infecon_tui.view.records import Column, Table

if TYPE_CHECKING:
    import argparse

    from infecon_tui.measure.evaluate import Predict


def run(arguments: argparse.Namespace, predict: Predict | None = None) -> int:
    """Fits, says what moved and what that changed, and writes the overlay."""
    from infecon_tui.cli.output import emit, saved
    from infecon_tui.spec.write import tree_of, yaml_text

    part = load(Accelerator, arguments.hardware)
    questions = questions_on(arguments, part)
    found = calibrate(
        questions, part, paths=arguments.fit, holdout=arguments.holdout, predict=predict
    )
    if arguments.format in ("table", "csv"):
        emit(arguments.format, table=moved_table(found))
    else:
        emit(arguments.format, tree=calibration_tree(found))
    if arguments.output is None:
        return 0
    tree = tree_of(found.hardware)
    text = yaml_text({"schema": SCHEMAS[Accelerator], **tree})
    return saved(arguments.output, text, force=arguments.force)


def questions_on(arguments: argparse.Namespace, part: Accelerator) -> list[Question]:
    """The rows of the file that were measured on this accelerator. Raises InfeconError for none."""
    cases = Cases()
    known = [
        item
        for row in read_rows(arguments.file)
        if isinstance(item := cases.question(row), Question)
    ]
    mine = [item for item in known if item.part_id == part.id and _tells_speed(item)]
    if not mine:
        there = ", ".join(sorted({item.part_id for item in known})) or "none that is known"
        raise InfeconError(f"{arguments.file}: no row of {part.id}; accelerators in it: {there}")
    print(f"fitting {part.id} to {len(mine)} rows ...", file=sys.stderr)
    return mine


def _tells_speed(question: Question) -> bool:
    """Rows whose batch the cache limited, or that give only the largest rate, tell of memory instead."""
    return question.quantity != "rate" and question.purity != "serving_kv_limited"


def moved_table(found: Calibration) -> Table:
    """What moved, from where to where, and the errors before and after."""
    from infecon_tui.knobs import at

    columns = (
        Column(key="value", title="value", left=True),
        Column(key="before", title="before"),
        Column(key="after", title="after"),
        Column(key="factor", title="factor", help="after/before"),
        Column(key="uncertainty", title="uncertain by", help="one standard deviation, as a factor"),
    )
    values = tuple(
        (m.path, m.before, m.after, m.after / m.before, m.uncertainty) for m in found.moved
    )
    rows = tuple(
        (
            m.path,
            f"{m.before:.4g}",
            at(found.hardware, m.path).text,
            f"{m.after / m.before:.3f}",
            "at its bound" if m.at_bound else f"{100 * (m.uncertainty - 1):.1f} %",
        )
        for m in found.moved
    )
    note = "\n".join(_notes(found))
    return Table(
        key="calibration", title="Calibration", columns=columns, rows=rows, values=values, note=note
    )


def _notes(found: Calibration) -> list[str]:
    judged = f"{found.held_out_rows} rows held out" if found.held_out_rows else "the fitted rows"
    before, after = found.before, found.after
    return [
        (
            f"error on {judged} (fitted to {found.fitted_rows}): median {_of(before.median_ape)} before, "
            f"{_of(after.median_ape)} after; 90th percentile {_of(before.p90_ape)} before, "
            f"{_of(after.p90_ape)} after; bias {_of(before.bias)} before, {_of(after.bias)} after"
        ),
        "the values above, and those written, are fitted to all rows",
    ]


def _of(value: float | None) -> str:
    return "unknown" if value is None else f"{100 * value:.1f} %"


def calibration_tree(found: Calibration) -> dict[str, Any]:
    """The calibration for programs."""
    return {
        "hardware": found.hardware.id,
        "fitted_rows": found.fitted_rows,
        "held_out_rows": found.held_out_rows,
        "moved": [asdict(moved) for moved in found.moved],
        "before": asdict(found.before),
        "after": asdict(found.after),
    }
