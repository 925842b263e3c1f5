"""A file of configurations for `predict`: JSON in the oracle's form, or CSV.

Each configuration names a model, an accelerator, the GPUs, the batch, the context and the tokens per
sequence in one pass. Names are looked up among the paper's inputs first, then in the catalogue.
"""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from infecon_tui.errors import InfeconError, Problem, SpecError, UnitError, did_you_mean
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.spec.library import FILES, ids
from infecon_tui.spec.nodes import read_text
from infecon_tui.spec.place import shortened
from infecon_tui.units import parse
from infecon_tui.workload.transformer import Transformer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

# Key of a configuration, the names it goes by, least value, default.
_NUMBERS: tuple[tuple[str, tuple[str, ...], float, float | None], ...] = (
    ("n_gpu", ("n_gpu", "gpus"), 0.0, None),
    ("batch", ("batch",), 0.0, None),
    ("input_len", ("input_len", "context"), 0.0, 0.0),
    ("seq_len", ("seq_len", "queries"), 1.0, 1.0),
)
_NAMES: tuple[tuple[str, tuple[str, ...], type], ...] = (
    ("model", ("model",), Transformer),
    ("gpu", ("gpu", "hardware", "accelerator"), Accelerator),
)


_ALL_NAMES = {name for one in _NUMBERS for name in one[1]} | {n for one in _NAMES for n in one[1]}


@dataclass(frozen=True, slots=True)
class Configuration:
    """One line of the file."""

    model: str
    gpu: str
    n_gpu: float
    batch: float
    input_len: float = 0.0
    seq_len: float = 1.0


def read_points(path: Path) -> list[Configuration]:
    """The configurations of a file. Raises SpecError with every problem in it."""
    file, most_bytes = str(path), 256 * 2**20
    text = read_text(path, most_bytes)
    rows = _csv_rows(text, file) if path.suffix.lower() == ".csv" else _json_rows(text, file)
    problems: list[Problem] = []
    named = cache(_misnamed)
    made = [_configuration(row, line, place, problems, named) for line, place, row in rows]
    if problems:
        raise SpecError(file, problems[:20])
    return [configuration for configuration in made if configuration is not None]


def _json_rows(text: str, file: str) -> list[tuple[int, str, dict[str, Any]]]:
    try:
        rows = json.loads(text)
    except json.JSONDecodeError as error:
        raise SpecError(
            file, [Problem(error.lineno, "", f"not JSON: {error.msg.lower()}")]
        ) from None
    except RecursionError:
        raise SpecError(file, [Problem(0, "", "is nested too deeply")]) from None
    if isinstance(rows, dict) and isinstance(rows.get("points"), list):
        rows = rows["points"]
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SpecError(file, [Problem(1, "", "expected a list of configurations")])
    return [(0, f"[{index}]", row) for index, row in enumerate(rows)]


def _csv_rows(text: str, file: str) -> list[tuple[int, str, dict[str, Any]]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), skipinitialspace=True, strict=True)
    try:
        _check_columns(reader.fieldnames or (), file)
        return [(reader.line_num, "", row) for row in reader]
    except csv.Error as error:
        raise SpecError(file, [Problem(reader.line_num, "", f"not CSV: {error}")]) from None


def _check_columns(columns: Sequence[str], file: str) -> None:
    """Raises SpecError when a column is missing that every configuration needs."""
    if not columns:
        raise SpecError(file, [Problem(0, "", "is empty")])
    listed = ", ".join(shortened(name) for name in columns[:12])
    needed = [(key, names) for key, names, _ in _NAMES]
    needed += [(key, names) for key, names, _, default in _NUMBERS if default is None]
    problems = [
        Problem(1, key, f"no such column; found {listed}{_near(dict.fromkeys(columns), names)}")
        for key, names in needed
        if not set(names) & set(columns)
    ]
    if problems:
        raise SpecError(file, problems)


def _configuration(
    row: dict[str, Any],
    line: int,
    place: str,
    problems: list[Problem],
    misnamed: Callable[[type, str], str],
) -> Configuration | None:
    values: dict[str, Any] = {}
    for key, names, cls in _NAMES:
        found = _found(row, names)
        if found is None:
            wrong = f"is missing{_near(row, names)}"
        elif isinstance(found, str) and found.strip():
            wrong = misnamed(cls, found.strip())
        else:
            wrong = f"expected a name, found {found!r}"
        if wrong:
            problems.append(Problem(line, place, f"{key}: {wrong}"))
        else:
            values[key] = found.strip()
    for key, names, least, default in _NUMBERS:
        try:
            values[key] = _number(_found(row, names), least, default)
        except UnitError as error:
            problems.append(Problem(line, place, f"{key}: {error}"))
    complete = len(values) == len(_NAMES) + len(_NUMBERS)
    return Configuration(**values) if complete else None


def _misnamed(cls: type, name: str) -> str:
    """What is wrong with a name, if anything."""
    try:
        spec_id(cls, name)
    except InfeconError as error:
        return str(error)
    return ""


def _found(row: dict[str, Any], names: Iterable[str]) -> Any:
    return next((row[name] for name in names if row.get(name) not in (None, "")), None)


def _near(row: dict[str, Any], names: tuple[str, ...]) -> str:
    known = {*_ALL_NAMES, *names}
    others = (str(key) for key in row if key not in known)
    return next((f"; is '{key}' meant to be it?" for key in others if did_you_mean(key, names)), "")


def _number(found: Any, least: float, default: float | None) -> float:
    if found is None and default is not None:
        return default
    if found is None or isinstance(found, (bool, list, dict)):
        raise UnitError(
            f"expected a number, found {found!r}" if found is not None else "is missing"
        )
    try:
        value = parse(found) if isinstance(found, str) else float(found)
    except (OverflowError, ValueError):
        raise UnitError("the number is too large") from None
    if not math.isfinite(value):
        raise UnitError(f"expected a finite number, found {value}")
    if value < least:
        raise UnitError(f"must be at least {least:g}, found {value:g}")
    if value == 0 and default is None:
        raise UnitError("must be above 0, found 0")
    return value


def spec_id(cls: type, name: str) -> str:
    """The id a name stands for: the paper's inputs come first, as its own files name them."""
    known = ids(cls)
    for candidate in (f"paper/{name}", name):
        if candidate in known:
            return candidate
    if name.endswith(FILES):
        return name
    short = [known_id.removeprefix("paper/") for known_id in known]
    kind = "model" if cls is Transformer else "hardware"
    raise InfeconError(f"no {kind} '{shortened(name)}'{did_you_mean(name, short)}")
