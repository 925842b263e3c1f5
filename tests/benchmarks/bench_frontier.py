"""Medians of the published model's frontier, warm, in one process and one thread.

    python tests/benchmarks/bench_frontier.py

Budgets: 25 ms with pipelining, 80 ms with speculative decoding. The last column is a matrix product of
fixed size in the same run, to compare machines by.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

# One thread, said before numpy starts its own.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(variable, "1")
sys.path.append(str(Path(__file__).parents[1] / "reference" / "erdil2025"))

import numpy as np  # noqa: E402
from make_grid import question_of  # noqa: E402
from timing import median_ms  # noqa: E402

from infecon_tui.papers.erdil2025 import frontier, tpot_s  # noqa: E402

CASES = (
    ("Llama_3_70B_8_bit", "H100", 0, None, None),
    ("Llama_3_405B", "H100", 0, None, None),
    ("DeepSeek_V3", "H800", 0, None, None),
    ("GPT_4", "H20", 8000, None, None),
    ("Llama_3_70B", "H100", 1000, 1e4, None),
    ("Llama_3_70B", "H100", 0, None, "Llama_3_8B"),
    ("Llama_3_405B", "H100", 0, None, "Llama_3_8B"),
    ("DeepSeek_V3", "H100", 0, None, "Llama_3_8B"),
    ("Mistral_Large_2", "H100", 10_000, 1e5, "Llama_3_8B_MQA"),
)


def main() -> None:
    """One line a case."""
    keys = ("model", "accelerator", "context", "demand_tok_s", "draft")
    square = np.random.default_rng(0).random((400, 400))
    print(
        f"{'model':20}{'part':7}{'context':>8}{'demand':>9}  {'draft':15}{'ms':>7}{'points':>8}{'product':>9}"
    )
    for case in CASES:
        asked = question_of(
            dict(zip(keys, case, strict=True)) | {"acceptance": 0.8, "draft_tokens": [2, 5]}
        )
        model, part, context, demand, draft = case
        taken, product = (
            median_ms(lambda asked=asked: frontier(asked)),
            median_ms(lambda: square @ square),
        )
        print(
            f"{model:20}{part:7}{context:8}{demand or '-':>9}  {draft or '-':15}"
            f"{taken:7.1f}{len(frontier(asked)):8}{product:9.2f}"
        )
    gpus, batch = np.geomspace(2, 1e4, 100)[:, None], np.geomspace(1, 1e4, 100)
    alone = question_of(
        dict(zip(keys, CASES[0], strict=True)) | {"acceptance": 0.8, "draft_tokens": [2, 5]}
    )
    print(
        f"10,000 points of the notebook's own path: {median_ms(lambda: tpot_s(alone, gpus, batch)):.0f} ms"
    )


if __name__ == "__main__":
    main()
