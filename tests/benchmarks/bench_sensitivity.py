"""Medians of what moves cost and speed at one point, and of one question asked backwards; warm.

    python tests/benchmarks/bench_sensitivity.py

Budget: 100 ms for all numbers of a scenario, at either fidelity.
"""

from __future__ import annotations

import os
from time import perf_counter

# One thread, said before numpy starts its own.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import numpy as np  # noqa: E402
from timing import median_ms  # noqa: E402

from infecon_tui.sensitivity.ask import ask  # noqa: E402
from infecon_tui.sensitivity.held import held_at  # noqa: E402
from infecon_tui.sensitivity.target import targets_in  # noqa: E402
from infecon_tui.sensitivity.turned import sensitivity, turnable  # noqa: E402
from infecon_tui.solve import solve  # noqa: E402
from infecon_tui.spec.scenario_file import default_scenario, edited  # noqa: E402

MODELS = ("llama-3.1-70b", "deepseek-v3", "gpt-oss-120b", "glm-5.3")


def backwards(scenario: object) -> tuple[float, int]:
    """Milliseconds and scenarios solved of one question, nothing cached."""
    solve.cache_clear()
    start = perf_counter()
    asked = ask(scenario, "hardware.hbm.bandwidth", targets_in("tpot 6ms"))
    return 1e3 * (perf_counter() - start), asked.tries


def main() -> None:
    for fidelity in ("published", "deployment"):
        for model in MODELS if fidelity == "deployment" else MODELS[:2]:
            scenario = edited(edited(default_scenario(), "model", model), "hardware", "h200-sxm")
            scenario = edited(scenario, "fidelity", fidelity)
            if fidelity == "deployment":
                scenario = edited(edited(scenario, "workload.isl", "2k"), "workload.osl", "256")
            held = held_at(solve(scenario))
            numbers = len(turnable(held)[0])
            took = median_ms(lambda held=held: sensitivity(held))
            asked, tries = backwards(scenario)
            print(f"{model:14} {fidelity:10} {numbers:3} numbers {took:6.1f} ms of 100; "
                  f"asked backwards {asked:6.0f} ms, {tries} scenarios")  # fmt: skip
    square = np.ones((600, 600))
    print(f"matrix product of 600 x 600: {median_ms(lambda: square @ square):.1f} ms")


if __name__ == "__main__":
    main()
