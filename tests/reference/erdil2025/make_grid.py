"""Writes grid.json: the notebook's own 400 x 400 search, point by point, over curves it did not publish.

Slow on purpose (some seconds a curve); the frontier tests compare the fast search with it.
"""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.papers.erdil2025 import Question, Speculation, tpot_s
from infecon_tui.papers.erdil2025.inputs import model_of, part_of
from infecon_tui.papers.erdil2025.speculate import speculated_tpot_s
from infecon_tui.pareto import pareto
from infecon_tui.spec.library import load
from infecon_tui.workload.transformer import Transformer

HERE = Path(__file__).parent
CURVES: tuple[tuple[str, str, float, float | None, str | None], ...] = (
    ("GPT_4", "H100", 0, None, None),
    ("GPT_4", "H20", 8000, None, None),
    ("Mixtral_8x22B", "H200", 0, None, None),
    ("Mixtral_8x7B", "H800", 1000, 1e4, None),
    ("DeepSeek_V3", "H100", 100_000, None, None),
    ("DeepSeek_V3", "H200", 0, 1e5, None),
    ("DeepSeek_V3", "H800", 0, None, None),
    ("Llama_3_405B", "H20", 32_000, None, None),
    ("PaLM_540B", "TPU_v4", 0, None, None),
    ("Llama_3_70B", "Groq_LPU", 0, None, None),
    ("GPT_3", "V100", 1000, None, None),
    ("Llama_3_8B", "H100", 0, 1e4, None),
    ("Llama_3_8B", "H100", 0, 1e3, None),
    ("Llama_3_70B", "H100", 0, 1e5, "Llama_3_8B"),
    ("DeepSeek_V3", "H100", 0, None, "Llama_3_8B"),
    ("Llama_3_405B_8_bit", "H200", 10_000, 1e4, "Llama_3_8B"),
)


def question_of(curve: dict[str, Any]) -> Question:
    """The question behind a curve, as `frontiers.json` and `grid.json` describe it."""
    model, part = load(Transformer, f"paper/{curve['model']}"), f"paper/{curve['accelerator']}"
    accelerator, speculation = load(Accelerator, part), None
    if curve["draft"]:
        draft = load(Transformer, f"paper/{curve['draft']}")
        least, most = curve["draft_tokens"]
        speculation = Speculation(
            draft=model_of(draft).model,
            draft_part=part_of(accelerator, draft.precision.weights),
            acceptance=curve["acceptance"],
            least_tokens=least,
            most_tokens=most,
        )
    return Question(
        model=model_of(model).model,
        part=part_of(accelerator, model.precision.weights),
        fidelity="published",
        context=curve["context"],
        demand_tok_s=curve["demand_tok_s"] or math.inf,
        speculation=speculation,
    )


def searched(question: Question, count: int = 400) -> list[list[float]]:
    """The notebook's search: rows of speed, cost, GPUs and batch, by ascending speed."""
    model, part = question.model, question.part
    most = question.max_gpus
    batches = np.geomspace(1, most * model.sparsity, count)
    kept = []
    for some in np.array_split(
        np.geomspace(model.bytes_of_weights / part.hbm_bytes, most, count), 40
    ):
        gpus, batch = (grid.ravel() for grid in np.meshgrid(some, batches, indexing="ij"))
        seconds = best_s(question, gpus, batch)
        seconds[batch > question.demand_tok_s * seconds] = np.inf
        cost = seconds * gpus / batch * 1e6 * part.usd_per_hour / 3600
        best = pareto(1 / seconds, cost)
        kept.append(np.stack([1 / seconds, cost, gpus, batch], axis=1)[best])
    rows = np.concatenate(kept)
    rows = rows[pareto(rows[:, 0], rows[:, 1])]
    return [[float(f"{x:.8g}") for x in row] for row in rows if row[0] >= rows[-1, 0] / 100]


def best_s(question: Question, gpus: Any, batch: Any) -> Any:
    """TPOT with the best number of drafted tokens, or none."""
    speculation, target = question.speculation, replace(question, speculation=None)
    seconds = tpot_s(target, gpus, batch)
    if speculation is None:
        return seconds
    draft = replace(target, model=speculation.draft, part=speculation.draft_part)
    draft_s = tpot_s(draft, gpus, batch)
    for tokens in range(speculation.least_tokens, speculation.most_tokens + 1):
        verifying = tpot_s(replace(target, queries=tokens), gpus, batch)
        tried = speculated_tpot_s(verifying, draft_s, speculation.acceptance, tokens)
        seconds = np.minimum(seconds, tried)
    return seconds


def main() -> None:
    """Every curve, one to a line."""
    keys = ("model", "accelerator", "context", "demand_tok_s", "draft")
    lines = []
    for curve in CURVES:
        asked = dict(zip(keys, curve, strict=True)) | {"acceptance": 0.8, "draft_tokens": [2, 5]}
        rows = searched(question_of(asked))
        thinned = rows[:: max(len(rows) // 75, 1)]
        lines.append(
            json.dumps(
                asked | {"rows": thinned if thinned[-1] == rows[-1] else [*thinned, rows[-1]]}
            )
        )
    (HERE / "grid.json").write_text("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__":
    main()
