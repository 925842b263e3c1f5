"""A file of configurations, evaluated at once: JSON in the oracle's form, or CSV.

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

import numpy as np

from infecon_tui.errors import InfeconError, Problem, SpecError, UnitError, did_you_mean
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.papers.erdil2025 import Question, tpot_s
from infecon_tui.papers.erdil2025.inputs import model_of, part_of
from infecon_tui.spec.library import ids, load
from infecon_tui.spec.nodes import read_text
from infecon_tui.units import parse
from infecon_tui.view.records import Column, Table
from infecon_tui.workload.transformer import Transformer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

LEVELS: dict[str, dict[str, Any]] = {
    "toy": {"fidelity": "toy"},
    "paper": {"fidelity": "paper"},
    "published_no_pipeline": {"fidelity": "published", "pipeline": False},
    "published_no_pipeline_no_scaledown": {
        "fidelity": "published",
        "pipeline": False,
        "scaledown": False,
    },
    "published": {"fidelity": "published"},
}
"""The levels a configuration is evaluated at, and what of the question each fixes."""

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
    reader = csv.DictReader(io.StringIO(text))
    if not reader.fieldnames:
        raise SpecError(file, [Problem(0, "", "is empty")])
    try:
        return [(reader.line_num, "", row) for row in reader]
    except csv.Error as error:
        raise SpecError(file, [Problem(reader.line_num, "", f"not CSV: {error}")]) from None


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


def predicted(points: list[Configuration], fidelity: str | None = None) -> list[dict[str, Any]]:
    """Each configuration with `tpot_s` by level, in the order given; infinity is infeasible."""
    levels = {
        name: fixed
        for name, fixed in LEVELS.items()
        if fidelity is None or fixed["fidelity"] == fidelity
    }
    results: list[dict[str, Any]] = [
        {**{key: getattr(point, key) for key in Configuration.__slots__}, "tpot_s": {}}
        for point in points
    ]
    for (model_id, part_id), members in _grouped(points).items():
        model = load(Transformer, spec_id(Transformer, model_id))
        part = part_of(load(Accelerator, spec_id(Accelerator, part_id)), model.precision.weights)
        columns = {
            key: np.array([getattr(points[i], key) for i in members])
            for key in ("n_gpu", "batch", "input_len", "seq_len")
        }
        for name, fixed in levels.items():
            question = Question(
                model=model_of(model).model,
                part=part,
                context=columns["input_len"],
                queries=columns["seq_len"],
                **fixed,
            )
            seconds = tpot_s(question, columns["n_gpu"], columns["batch"])
            for index, value in zip(members, seconds.tolist(), strict=True):
                results[index]["tpot_s"][name] = value
    return results


def _grouped(points: list[Configuration]) -> dict[tuple[str, str], list[int]]:
    """The indices of the points of each model on each accelerator."""
    groups: dict[tuple[str, str], list[int]] = {}
    for index, point in enumerate(points):
        groups.setdefault((point.model, point.gpu), []).append(index)
    return groups


def spec_id(cls: type, name: str) -> str:
    """The id a name stands for: the paper's inputs come first, as its own files name them."""
    known = ids(cls)
    for candidate in (f"paper/{name}", name):
        if candidate in known:
            return candidate
    if name.endswith((".yaml", ".yml")):
        return name
    short = [known_id.removeprefix("paper/") for known_id in known]
    kind = "model" if cls is Transformer else "hardware"
    raise InfeconError(f"no {kind} '{name}'{did_you_mean(name, short)}")


def predictions_table(points: list[Configuration], results: list[dict[str, Any]]) -> Table:
    """One line a configuration, a column a level, milliseconds on screen."""
    levels = list(results[0]["tpot_s"]) if results else []
    columns = (
        Column(key="model", title="model", left=True),
        Column(key="gpu", title="gpu", left=True),
        *(Column(key=key, title=key) for key in ("n_gpu", "batch", "input_len", "seq_len")),
        *(Column(key=f"{level}_tpot_s", title=level, unit="ms") for level in levels),
    )
    values = tuple(
        (p.model, p.gpu, p.n_gpu, p.batch, p.input_len, p.seq_len, *result["tpot_s"].values())
        for p, result in zip(points, results, strict=True)
    )
    rows = tuple(
        (*map(str, row[:2]), *(f"{n:g}" for n in row[2:6]), *(_milliseconds(t) for t in row[6:]))
        for row in values
    )
    return Table(key="predictions", title="Predictions", columns=columns, rows=rows, values=values)


def _milliseconds(seconds: float) -> str:
    return f"{1e3 * seconds:.4g}" if math.isfinite(seconds) else "does not fit"
