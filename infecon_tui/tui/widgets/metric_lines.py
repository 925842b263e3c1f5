"""The figures of merit as lines: as many as fit, the decisive ones always, with less beside them if need be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len

from infecon_tui.tui.widgets.cells import fitted
from infecon_tui.view.describe import squeezed

if TYPE_CHECKING:
    from infecon_tui.tui.widgets.cells import Piece
    from infecon_tui.view.records import Change, Metric

TONES = {"plain": "value", "good": "good", "warning": "warning", "bad": "bad", "muted": "muted"}
SIGNS = {"good": ("✓ ", "+ "), "warning": ("! ", "! "), "bad": ("✗ ", "x ")}
_PLAIN = str.maketrans({"×": "x", "÷": "/", "∞": "inf"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """Cells between metrics, whether targets stand behind their values, how many metrics tell changes.

    A `terse` one leaves out what can be told without, and cuts layouts to `words` cells.
    """

    space: int = 2
    limits: bool = False
    changes: int = 3
    terse: bool = False
    words: int = 99


FULL = Detail(space=3, limits=True, changes=99)
_LESS = (
    FULL,
    Detail(limits=True, changes=99),
    Detail(changes=99),
    Detail(),
    Detail(terse=True),
    Detail(terse=True, words=18),
    Detail(terse=True, words=18, changes=1),
    Detail(terse=True, words=16, changes=0),
)
"""What is told beside the values, from all of it on down."""
_PLAIN_BY = {"speed": "label", "layout": "label", "binds": "unit"}
"""What says nothing that the rest of a metric does not say."""


def metric_rows(
    metrics: tuple[Metric, ...], width: int, count: int, *, ascii_only: bool
) -> list[list[Piece]]:
    """The metrics over so many lines, with as much detail as leaves room for the decisive ones."""
    least = sum(metric.decisive for metric in metrics)
    rows: list[list[Piece]] = []
    for detail in _LESS:
        rows, told = _flowed(metrics, width, count, detail, ascii_only=ascii_only)
        if told >= least:
            break
    return rows


def _flowed(
    metrics: tuple[Metric, ...], width: int, count: int, detail: Detail, *, ascii_only: bool
) -> tuple[list[list[Piece]], int]:
    """Lines filled one after the other, and how many metrics they hold."""
    rows: list[list[Piece]] = [[(" ", "text")]]
    left = width
    for told, metric in enumerate(metrics):
        pieces = _metric(metric, detail, changed=told < detail.changes, ascii_only=ascii_only)
        length = sum(cell_len(text) for text, _ in pieces)
        if length > left:
            if len(rows) == count:
                return rows, told
            rows.append([(" ", "text")])
            left = width
        rows[-1] += [*pieces, (" " * detail.space, "text")]
        left -= length + detail.space
    return rows, len(metrics)


def pieces_of(metrics: tuple[Metric, ...], *, ascii_only: bool) -> list[Piece]:
    """The metrics in one line, as long as it gets."""
    gap = (" " * FULL.space, "text")
    made = [_metric(m, FULL, changed=True, ascii_only=ascii_only) for m in metrics]
    return [piece for pieces in made for piece in (*pieces, gap)]


def _metric(metric: Metric, detail: Detail, *, changed: bool, ascii_only: bool) -> list[Piece]:
    """`TPOT ✓ 49.8/50 ms ▼12 %`."""
    needless = _PLAIN_BY.get(metric.key, "") if detail.terse else ""
    sign, role = SIGNS.get(metric.tone), TONES[metric.tone]
    value = metric.value
    if metric.key == "layout" and cell_len(value) > detail.words:
        value = squeezed(value)
        value = fitted(
            value, min(cell_len(value), detail.words), ellipsis="~" if ascii_only else "…"
        )
    change = metric.change if changed else None
    return [
        ("" if needless == "label" else f"{metric.label} ", "muted"),
        (f"{sign[ascii_only]}{value}" if sign else value, "strong" if role == "value" else role),
        ("" if needless == "unit" else _tail(metric, detail), "muted"),
        *([_change(change, detail, ascii_only=ascii_only)] if change else []),
    ]


def _tail(metric: Metric, detail: Detail) -> str:
    """The target and the unit; a target in another unit comes behind that of the value."""
    unit = f"{'' if metric.unit == '%' else ' '}{metric.unit}" if metric.unit else ""
    limit = f"/{metric.limit}" if metric.limit and detail.limits else ""
    return f"{unit}{limit}" if " " in limit else f"{limit}{unit}"


def _change(change: Change, detail: Detail, *, ascii_only: bool) -> Piece:
    """` ▼12 %`; in ASCII ` -12 %`."""
    text, role = change_piece(change, ascii_only=ascii_only)
    return (f" {text.replace(' ', '') if detail.terse else text}", role)


def change_piece(change: Change | None, *, ascii_only: bool) -> Piece:
    """`▼12 %`; in ASCII `-12 %`; nothing for none."""
    if change is None:
        return ("", "text")
    signs = "-+" if ascii_only else "▼▲"
    sign = signs[change.sign > 0] if change.sign else ""
    role = TONES[change.tone]
    text = change.text.translate(_PLAIN) if ascii_only else change.text
    return (f"{sign}{text}", "text" if role == "value" else role)
