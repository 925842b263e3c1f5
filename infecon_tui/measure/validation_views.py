"""The errors of predictions as tables: overall, by group, of power, row by row."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from infecon_tui.measure import first_tokens
from infecon_tui.measure.first_tokens import first_token_errors
from infecon_tui.measure.power import COLUMN, PowerErrors, power_errors
from infecon_tui.measure.rows.plausible import why
from infecon_tui.measure.statistics import Errors, grouped, overall, worst
from infecon_tui.units import three
from infecon_tui.view.records import Column, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infecon_tui.measure.evaluate import Outcome, Result

_ERRORS = (
    Column(key="rows", title="rows"),
    Column(key="median_ape", title="median error", help="median of |predicted/measured - 1|"),
    Column(key="p90_ape", title="90th percentile"),
    Column(key="bias", title="bias", help="median of predicted/measured - 1"),
)
_FEW = 3
"""Groups of fewer rows are left out of the table for eyes, never of the other formats."""


def validation_tree(result: Result) -> dict[str, Any]:
    """The result for programs; `catalogue` counts the rows whose model and accelerator are known."""
    known, missed = result.in_catalogue
    return {
        "rows": len(result.outcomes),
        "predicted": len(result.compared),
        "skipped": result.skipped,
        "catalogue": {"rows": known, "skipped": missed, "share": missed / known if known else 0.0},
        "overall": asdict(overall(result)),
        "groups": {
            name: {key: asdict(errors) for key, errors in members.items()}
            for name, members in grouped(result).items()
        },
        "power": {
            name: {key: asdict(errors) for key, errors in members.items()}
            for name, members in power_errors(result).items()
        },
        "ttft": {
            name: {key: asdict(errors) for key, errors in members.items()}
            for name, members in first_token_errors(result).items()
        },
        "worst": [{**_record(outcome), "why": why(outcome)} for outcome in worst(result)],
    }


def summary_table(result: Result, fewest: int = _FEW) -> Table:
    """The errors overall and by group."""
    groups = {"all": {"": overall(result)}, **grouped(result)}
    return _errors_table("validation", "Validation", "by", groups, fewest)


def first_tokens_table(groups: dict[str, dict[str, Errors]], fewest: int = _FEW) -> Table:
    """The errors of times to the first token, overall and by group."""
    return _errors_table("ttft", "First tokens", "TTFT by", groups, fewest)


def _errors_table(
    key: str, title: str, by: str, groups: dict[str, dict[str, Errors]], fewest: int
) -> Table:
    lines = [
        (name, group, errors)
        for name, members in groups.items()
        for group, errors in members.items()
        if errors.rows >= fewest or not group
    ]
    columns = (
        Column(key="by", title=by, left=True),
        Column(key="group", title="group", left=True),
        *_ERRORS,
    )
    values = tuple((by, key, e.rows, e.median_ape, e.p90_ape, e.bias) for by, key, e in lines)
    texts = tuple(
        (by, key, str(e.rows), _percent(e.median_ape), _percent(e.p90_ape), _percent(e.bias, "+"))
        for by, key, e in lines
    )
    return Table(key=key, title=title, columns=columns, rows=texts, values=values)


def _percent(value: float | None, sign: str = "") -> str:
    return "" if value is None else f"{100 * value:{sign}.1f} %"


def power_table(powers: dict[str, dict[str, PowerErrors]], fewest: int = _FEW) -> Table:
    """Watts of a GPU and joules of a token against those measured, overall and by group."""
    columns = (
        Column(key="by", title="power by", left=True),
        Column(key="group", title="group", left=True),
        Column(key="rows", title="rows"),
        Column(key="watts_ape", title="watts", help="median of |predicted/measured - 1|"),
        Column(key="watts_bias", title="bias"),
        Column(key="joules_ape", title="joules a token", help="watts and time together"),
        Column(key="joules_bias", title="bias"),
    )
    values = tuple(
        (
            by,
            key,
            e.watts.rows,
            e.watts.median_ape,
            e.watts.bias,
            e.joules.median_ape,
            e.joules.bias,
        )
        for by, members in powers.items()
        for key, e in members.items()
        if e.watts.rows >= fewest or not key
    )
    rows = tuple(
        (
            *(by, key, str(count)),
            *(_percent(watts), _percent(over, "+"), _percent(joules), _percent(more, "+")),
        )
        for by, key, count, watts, over, joules, more in values
    )
    return Table(key="power", title="Power", columns=columns, rows=rows, values=values)


_WORST = (
    Column(key="line", title="line", help="of the file"),
    Column(key="model", title="model", left=True),
    Column(key="hardware", title="hardware", left=True),
    Column(key="error", title="error", help="of the prediction, over what was measured"),
    Column(key="measured_ms", title="measured", unit="ms", help="per output token"),
    Column(key="predicted_ms", title="predicted", unit="ms", help="per output token"),
    Column(key="engine", title="engine", left=True),
    Column(key="layout", title="layout", left=True),
    Column(key="batch", title="batch"),
    Column(key="isl", title="ISL"),
    Column(key="osl", title="OSL"),
    Column(
        key="why", title="why", left=True, help="what takes most of the step, and what is unusual"
    ),
)
"""What is told of a row, what matters most first."""


def worst_table(result: Result) -> Table:
    """The rows that are furthest off, and why."""
    return _told(worst(result), "Worst rows")


def rows_table(result: Result) -> Table:
    """Every compared row, those furthest off first."""
    return _told(worst(result, len(result.compared)), "Rows")


def _told(outcomes: Sequence[Outcome], title: str) -> Table:
    keys = tuple(column.key for column in _WORST)
    records = [{**_record(outcome), "why": why(outcome)} for outcome in outcomes]
    values = tuple(tuple(record[key] for key in keys) for record in records)
    rows = tuple(
        tuple(
            _percent(v, "+") if k == "error" else _cell(k, v)
            for k, v in zip(keys, row, strict=True)
        )
        for row in values
    )
    return Table(key="worst", title=title, columns=_WORST, rows=rows, values=values)


def _cell(key: str, value: Any) -> str:
    if not isinstance(value, float):
        return str(value)
    return three(value) if key.endswith("_ms") else f"{value:.4g}"


def skipped_text(result: Result) -> str:
    """How many rows were predicted, and why the others were not."""
    known, missed = result.in_catalogue
    lines = [
        (
            f"{len(result.compared)} of {len(result.outcomes)} rows predicted; of {known} whose model and "
            f"accelerator are in the catalogue {missed} were skipped."
        )
    ]
    lines += [f"{count:8d}  {reason}" for reason, count in result.skipped.items()]
    return "\n".join(lines) + "\n"


def predictions_table(result: Result) -> Table:
    """One line a row of the file, in its order; skipped rows with their reason."""
    records = [_record(outcome) for outcome in result.outcomes]
    columns = tuple(Column(key=key, title=key) for key in _KEYS)
    values = tuple(tuple(record.get(key) for key in _KEYS) for record in records)
    return Table(key="predictions", title="Predictions", columns=columns, rows=(), values=values)


_KEYS = (
    *("line", "id", "model", "hardware", "engine", "layout", "gpus", "instances", "batch", "isl"),
    *("osl", "serving", "measured", "measured_ms", "predicted_ms", "error", "fits", "cause"),
    *("measured_W", "predicted_W", "measured_ttft_ms", "predicted_ttft_ms", "assumed", "skipped"),
)


def _record(outcome: Outcome) -> dict[str, Any]:
    row, question = outcome.row, outcome.question
    record: dict[str, Any] = {"line": row.line, "id": row.texts.get("id", "")}
    record |= {"model": row.texts.get("model", ""), "hardware": row.texts.get("gpu", "")}
    record["skipped"] = outcome.skipped
    if question is None:
        return record
    case = question.case
    record |= {
        "model": question.model_id,
        "hardware": question.part_id,
        "engine": case.engine,
        "layout": layout_text(case.layout),
        "gpus": case.layout.gpus,
        "instances": question.instances,
        "batch": case.batch,
        "isl": case.isl,
        "osl": case.osl,
        "serving": case.serving,
        "measured": question.quantity,
        "measured_ms": 1e3 * question.measured_s,
        "measured_W": row.number(COLUMN),
        "measured_ttft_ms": row.number(first_tokens.COLUMN),
        "assumed": question.assumed,
    }
    if not outcome.skipped:
        record |= {
            "predicted_ms": 1e3 * outcome.predicted_s,
            "error": outcome.error,
            "fits": outcome.fits,
            "cause": outcome.cause,
            "predicted_W": outcome.predicted_W,
            "predicted_ttft_ms": 1e3 * outcome.predicted_ttft_s,
        }
    return record


def layout_text(layout: Any) -> str:
    """`TP8 EP8`: the degrees that are above one."""
    degrees = (("TP", "tensor"), ("PP", "pipeline"), ("EP", "expert"), ("DPA", "attention_data"))
    shown = [
        f"{sign}{getattr(layout, name)}" for sign, name in degrees if getattr(layout, name) > 1
    ]
    return " ".join(shown) or "1"
