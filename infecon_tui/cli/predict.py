"""Configurations evaluated at once, at every level of the paper."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from infecon_tui.cli.predict_file import Configuration, spec_id
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.papers.erdil2025 import Question, tpot_s
from infecon_tui.papers.erdil2025.inputs import model_of, part_of
from infecon_tui.spec.library import load
from infecon_tui.view.records import Column, Table
from infecon_tui.workload.transformer import Transformer

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
