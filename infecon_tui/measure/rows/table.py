"""A benchmark file in CSV: its columns, its rows, and what is wrong with either.

A missing column that is needed is one error for the whole file. A bad cell only costs its own row.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from infecon_tui.errors import Problem, SpecError, did_you_mean
from infecon_tui.spec.nodes import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_BYTES = 256 * 2**20

TEXTS = (
    "id",
    "source",
    "engine",
    "engine_version",
    "model",
    "hf_id",
    "gpu",
    "kind",
    "purity",
    "spec_dec",
    "notes",
    "tier",
    "date",
)
NUMBERS = (
    *("weight_bits", "act_bits", "kv_bits", "n_gpus", "tp", "pp", "ep", "dp"),
    *("batch_or_concurrency", "isl", "osl"),
    *("step_ms", "tpot_ms", "itl_ms", "e2e_s", "tok_s_user", "tok_s_total", "tok_s_per_gpu"),
    *("ttft_ms", "power_w_per_gpu"),
)
NEEDED = ("model", "gpu", "n_gpus", "batch_or_concurrency", "isl", "osl")
MEASURES = ("step_ms", "tpot_ms")
"""At least one of these columns must be there; the others only fill gaps."""

_WHOLE = ("n_gpus", "tp", "pp", "ep", "dp")
_MAY_BE_ZERO = ("isl", "ep", "dp", "ttft_ms", "power_w_per_gpu")
_MOST = 1e9


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file: texts and numbers by column; a blank cell is not in `numbers`."""

    line: int
    texts: dict[str, str]
    numbers: dict[str, float]
    fault: str = ""

    def number(self, column: str) -> float | None:
        """The number in a column; None when the cell is blank or the column is not there."""
        return self.numbers.get(column)


def read_rows(path: Path) -> list[Row]:
    """The rows of a benchmark file. Raises SpecError when it is no such file."""
    file = str(path)
    reader = csv.reader(io.StringIO(read_text(path, MOST_BYTES), newline=""), strict=True)
    rows = _lines(reader, file)
    header = next(rows, None)
    if header is None:
        raise SpecError(file, [Problem(0, "", "is empty; expected the columns of a benchmark")])
    columns = [name.strip().lower() for name in header[1]]
    _check(columns, file, header[0])
    texts = [(at, name) for at, name in enumerate(columns) if name in TEXTS]
    numbers = [(at, name) for at, name in enumerate(columns) if name in NUMBERS]
    return [_row(line, cells, len(columns), texts, numbers) for line, cells in rows]


def _lines(reader: Iterator[list[str]], file: str) -> Iterator[tuple[int, list[str]]]:
    """The lines that hold anything, each with its number in the file."""
    while True:
        line = getattr(reader, "line_num", 0) + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise SpecError(file, [Problem(line, "", f"not CSV: {error}")]) from None
        if any(cell.strip() for cell in cells):
            yield line, cells


def _check(columns: list[str], file: str, line: int) -> None:
    """Raises SpecError when a needed column is not there or one is there twice."""
    problems = _missing(columns, line)
    if not any(name in columns for name in MEASURES):
        near = did_you_mean("tpot_ms", columns) or did_you_mean("step_ms", columns)
        said = f"expected one of these columns; found {_listed(columns)}{near}"
        problems.append(Problem(line, " or ".join(MEASURES), said))
    known = [name for name in columns if name in TEXTS or name in NUMBERS]
    problems += [
        Problem(line, name, f"this column is there {known.count(name)} times")
        for name in dict.fromkeys(known)
        if known.count(name) > 1
    ]
    if problems:
        raise SpecError(file, problems)


def _missing(columns: list[str], line: int) -> list[Problem]:
    """Needed columns that are not there: those with a near match each, the others together."""
    unknown = [name for name in columns if name not in TEXTS and name not in NUMBERS]
    near = {name: did_you_mean(name, unknown) for name in NEEDED if name not in columns}
    problems = [
        Problem(line, name, f"no such column; found {_listed(columns)}{hint}")
        for name, hint in near.items()
        if hint
    ]
    lacking = [name for name, hint in near.items() if not hint]
    if lacking:
        what = "no such columns" if len(lacking) > 1 else "no such column"
        said = f"{what}; found {_listed(columns)}{_separated(columns)}"
        problems.append(Problem(line, ", ".join(lacking), said))
    return problems


def _separated(columns: list[str]) -> str:
    """What to say of a header that looks as if something else than commas separated it."""
    signs = {";": "semicolons", "\t": "tabs", "|": "bars"}
    found = next((word for sign, word in signs.items() if sign in "".join(columns)), "")
    return f"; expected commas between columns, not {found}" if found else ""


def _listed(columns: list[str]) -> str:
    shown = [name[:24] or "(no name)" for name in columns[:12]]
    more = f" and {len(columns) - 12} more" if len(columns) > 12 else ""
    return ", ".join(shown) + more


def _row(
    line: int,
    cells: list[str],
    width: int,
    text_columns: list[tuple[int, str]],
    number_columns: list[tuple[int, str]],
) -> Row:
    if len(cells) != width and any(cell.strip() for cell in cells[width:]):
        return Row(line, {}, {}, "more cells than columns")
    texts = {name: cells[at].strip() for at, name in text_columns if at < len(cells)}
    numbers: dict[str, float] = {}
    for at, name in number_columns:
        text = cells[at].strip() if at < len(cells) else ""
        if not text:
            continue
        fault, value = _number(text, name)
        if fault:
            return Row(line, texts, {}, f"{fault} in {name}")
        numbers[name] = value
    return Row(line, texts, numbers)


def _number(text: str, column: str) -> tuple[str, float]:
    """What is wrong with a cell, if anything, and its number."""
    try:
        value = float(text)
    except ValueError:
        return "not a number", 0.0
    if not value >= 0 or (value == 0 and column not in _MAY_BE_ZERO):
        return "not above zero", value
    if value > _MOST:
        return "too large a number", value
    return ("not a whole number" if column in _WHOLE and value != int(value) else ""), value
