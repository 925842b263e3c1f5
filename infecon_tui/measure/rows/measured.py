"""What a row measured: seconds of an output token, and what they cover."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from infecon_tui.measure.rows.table import Row

Quantity = Literal["step", "whole", "rate"]
"""What a row measured for one output token: a decode `step`; the `whole` run, prefill included, over
its output tokens; or an instance's `rate` at the largest load, batch unknown."""

WHOLE_TOLERANCE = 0.01


def measured(row: Row) -> tuple[float, Quantity] | str:
    """Seconds for one output token and what they cover, by the best of the row's columns.

    `step_ms` comes first, then `tpot_ms`; then, of what else was measured, a rate at a known batch, a
    median step, a whole run. Loads without a known batch are compared by their rate.
    """
    purity = row.texts.get("purity", "")
    if purity == "serving_offline":
        return _rate(row)
    for column in ("step_ms", "tpot_ms"):
        if (value := row.number(column)) is not None:
            whole = purity.startswith("e2e_batch") and is_whole(row, value / 1e3)
            return value / 1e3, "whole" if whole else "step"
    batch, total = row.number("batch_or_concurrency"), row.number("tok_s_total")
    if batch and total and purity in ("steady_decode", "pure_decode"):
        return batch / total, "step"
    if (itl := row.number("itl_ms")) is not None:
        return itl / 1e3, "step"
    if (whole_s := _whole_s(row)) is not None:
        return whole_s, "whole" if purity.startswith("e2e_batch") else "step"
    if (speed := row.number("tok_s_user")) is not None:
        return 1 / speed, "step"
    return "no measured time"


def _rate(row: Row) -> tuple[float, Quantity] | str:
    total = row.number("tok_s_total")
    if total is None and row.number("tok_s_per_gpu") and row.number("n_gpus"):
        total = row.numbers["tok_s_per_gpu"] * row.numbers["n_gpus"]
    return (1 / total, "rate") if total else "no measured time"


def _whole_s(row: Row) -> float | None:
    """Seconds of a whole run for each output token of a sequence."""
    seconds, osl = row.number("e2e_s"), row.number("osl")
    if seconds and osl:
        return seconds / osl
    batch, total = row.number("batch_or_concurrency"), row.number("tok_s_total")
    return batch / total if batch and total else None


def is_whole(row: Row, value_s: float) -> bool:
    """Whether a step is really a whole run over its tokens: then it equals that arithmetic."""
    whole = _whole_s(row)
    return whole is not None and abs(value_s / whole - 1) < WHOLE_TOLERANCE
