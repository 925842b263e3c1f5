"""What a calibration moved, as a table, and as a tree for programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from infecon_tui.knobs import at, replaced
from infecon_tui.view.records import Column, Table

if TYPE_CHECKING:
    from infecon_tui.measure.calibration.calibrate import Calibration


_VAGUE = 1.3
"""Factor of uncertainty (one sigma) from which the rows hardly tell a value."""
_UNLIKE = 0.06
"""Distance from their middle, of one in ten, that noise of one stack does not have."""


def moved_table(found: Calibration) -> Table:
    """What moved, from where to where, and the errors before and after."""
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
            at(replaced(found.hardware, m.path, m.before), m.path).text,
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


def calibration_line(found: Calibration) -> str:
    """The median error before and after, in a few words."""
    judged = f"{found.held_out_rows} rows held out" if found.held_out_rows else "the fitted rows"
    before, after = _of(found.before.median_ape), _of(found.after.median_ape)
    return f"median error {before} before, {after} after, on {judged}"


def _notes(found: Calibration) -> list[str]:
    judged = f"{found.held_out_rows} rows held out" if found.held_out_rows else "the fitted rows"
    before, after, repeats = found.before, found.after, found.repeats
    apart = (
        f"{repeats.rows} rows repeat others and are {_of(repeats.median_ape)} from the middle of those alike "
        f"(median; 90th percentile {_of(repeats.p90_ape)}): no fit comes nearer to them"
    )
    if (repeats.p90_ape or 0.0) > _UNLIKE:
        apart += "; so far apart, they are of unlike stacks or settings that the file does not tell"
    return [
        (
            f"error on {judged} (fitted to {found.fitted_rows}): median {_of(before.median_ape)} before, "
            f"{_of(after.median_ape)} after; 90th percentile {_of(before.p90_ape)} before, "
            f"{_of(after.p90_ape)} after; bias {_of(before.bias)} before, {_of(after.bias)} after"
        ),
        *([apart] if repeats.rows else []),
        *_doubts(found),
        "the values above, and those written, are fitted to all rows",
    ]


def _doubts(found: Calibration) -> list[str]:
    """Values that the rows hardly tell, or only together with another."""
    vague = [one.path for one in found.moved if one.uncertainty > _VAGUE and not one.at_bound]
    pairs = {frozenset((one.path, one.tied)): one for one in found.moved if one.tied}
    said = [f"hardly told by these rows: {', '.join(vague)}"] if vague else []
    said += [
        f"told together only: {one.path} and {one.tied}, of which one can make up for the other"
        for one in pairs.values()
    ]
    return said


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
        "repeats": asdict(found.repeats),
    }
