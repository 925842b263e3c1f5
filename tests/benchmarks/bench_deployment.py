"""Medians of the deployment frontier of one scenario, all layouts and batches, warm, in one thread.

    python tests/benchmarks/bench_deployment.py

Budgets: 16 ms for a dense model, 30 ms for DeepSeek-V3, and with a head that drafts up to five tokens
twice that. The last line is a matrix product of fixed size
in the same run, to compare machines by.
"""

from __future__ import annotations

import os
from itertools import product

# One thread, said before numpy starts its own.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import numpy as np  # noqa: E402
from timing import median_ms  # noqa: E402

from infecon_tui.cost.frontier.search import Search, frontier  # noqa: E402
from infecon_tui.cost.serving.drafters import head_of  # noqa: E402
from infecon_tui.cost.serving.speculate import Drafting  # noqa: E402
from infecon_tui.hardware.accelerator import Accelerator  # noqa: E402
from infecon_tui.spec.library import load  # noqa: E402
from infecon_tui.workload.transformer import Transformer  # noqa: E402

CASES = (
    ("llama-3.1-8b", "h100-sxm", "vllm", 16),
    ("llama-3.1-70b", "h100-sxm", "vllm", 16),
    ("llama-3.1-70b", "gb200-nvl72", "sglang", 16),
    ("qwen3-235b-a22b", "h200-sxm", "vllm", 30),
    ("deepseek-v3", "h100-sxm", "vllm", 30),
    ("deepseek-v3", "h200-sxm", "sglang", 30),
    ("deepseek-v3", "gb200-nvl72", "trtllm", 30),
)


def main() -> None:
    for model, part, engine, budget in CASES:
        kind = "mtp" if model.startswith("deepseek") else "eagle"
        head = Drafting(drafter=head_of(load(Transformer, model), kind), head=True)
        for lengths, drafting in product(((None, None), (2048.0, 256.0)), (None, head)):
            search = Search(
                model=load(Transformer, model),
                hardware=load(Accelerator, part),
                engine=engine,
                context_tok=2176.0,
                isl=lengths[0],
                osl=lengths[1],
                drafting=drafting,
            )
            took = median_ms(lambda search=search: frontier(search))
            what = "decode" if search.isl is None else "with prompts"
            who = kind if drafting else "-"
            ways, points = len(search.layouts()), len(frontier(search))
            print(f"{model:16} {part:12} {engine:7} {what:13} {who:5} {ways:4} layouts "
                  f"{points:4} points {took:6.1f} ms of {budget * (2 if drafting else 1)}")  # fmt: skip
    square = np.ones((600, 600))
    print(f"matrix product of 600 x 600: {median_ms(lambda: square @ square):.1f} ms")


if __name__ == "__main__":
    main()
