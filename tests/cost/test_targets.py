"""The best batch of a layout under limits, against every batch tried one by one."""

import numpy as np
import pytest

from infecon_tui.cost.frontier.evaluate import evaluate
from infecon_tui.cost.frontier.search import Search
from infecon_tui.cost.frontier.targets import best_batches
from infecon_tui.cost.frontier.times import most_batch
from infecon_tui.cost.plan import Plan
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.spec.library import load
from infecon_tui.targets import Limits, kept
from infecon_tui.workload.transformer import Transformer


@pytest.mark.parametrize("tpot_s", [0.012, 0.02, 0.05])
@pytest.mark.parametrize("model", ["llama-3.1-70b", "qwen3-30b-a3b"])
def test_no_other_batch_is_better(model, tpot_s):
    search = Search(
        model=load(Transformer, model),
        hardware=load(Accelerator, "h100-sxm"),
        context_tok=8192.0,
        most_gpus=8,
    )
    ways, limits = search.layouts(), Limits(tpot_s=tpot_s)
    found = best_batches(search, ways, lambda some: kept(some, limits))
    most = most_batch(search, Plan.of(ways))
    for row, way in enumerate(ways):
        if most[row] < 1:
            assert np.isinf(found.tpot_s[row])
            continue
        batches = np.arange(1.0, most[row] + 1)
        every = evaluate(search, [way] * len(batches), batches)
        keep = kept(every, limits)
        if keep.any():
            least = every.usd_per_mtok[keep].min()
            assert found.usd_per_mtok[row] <= least * 1.01
            assert found.tpot_s[row] <= tpot_s * (1 + 1e-9)
        else:
            assert found.tpot_s[row] == pytest.approx(every.tpot_s.min(), rel=0.01)
