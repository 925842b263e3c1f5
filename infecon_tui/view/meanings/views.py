"""What metrics and views mean."""

from __future__ import annotations

from infecon_tui.view.meanings.meaning import SAME, Meaning

VIEWS: tuple[Meaning, ...] = (
    Meaning(
        "metric cost",
        "TPOT N / b x 1e6 x price / 3600, USD per million output tokens (eq. 2)",
        SAME,
        "batch, price, and whatever binds the step",
    ),
    Meaning(
        "metric ttft",
        "not counted: there are no prompts",
        "wait for the step under way + prefill of ISL - cached tokens (+ sending the cache to a second pool)",
        "arithmetic; more GPUs to a prompt; pipeline stages for prompts of many chunks",
    ),
    Meaning(
        "metric input",
        "not counted: there are no prompts",
        "GPU time that prompts add to a mean step, waiting included, over the input tokens entering with it",
        "arithmetic of the prompts; the prefix cache; bubbles. Cost = output + input x ISL / OSL, nearly",
    ),
    Meaning(
        "metric output",
        "the whole cost",
        "GPU time of a step without prompts, over its batch",
        "batch, cache and whatever binds a step that only decodes",
    ),
    Meaning(
        "metric speed", "1 / TPOT of one request", SAME, "what binds the step; GPUs up to a point"
    ),
    Meaning(
        "metric tpot",
        "4 L t_launch + network + max(HBM, arithmetic) (eq. 29)",
        "sum over kernels of max(bytes / rate, FLOP / rate) and their floors, messages, host, prompts",
        "see `x`: time by cause",
    ),
    Meaning(
        "metric mfu",
        "FLOP of a step / (N x peak x TPOT), the peak before any cap",
        SAME,
        "the batch",
    ),
    Meaning(
        "metric mbu", "bytes of a step / (N x peak HBM x TPOT)", SAME, "small batches raise it"
    ),
    Meaning(
        "metric throughput", "b / TPOT / N, tokens per second and GPU", SAME, "the inverse of cost"
    ),
    Meaning(
        "metric energy",
        "not known: published models have no watts",
        "watts of a GPU x GPUs x TPOT / batch; watts = limit x (idle + what reading, computing, waiting add)",
        "the batch: idle and weights are shared by its tokens; arithmetic and cache are each token's own",
    ),
    Meaning(
        "view frontier",
        "least cost over all instance sizes, batches and pipelines at every speed; no point of it is "
        "beaten in both",
        "least cost over every layout the engine can run and every batch that fits",
        "left: large batches, cheap; right: more GPUs and small batches, fast and dear",
    ),
    Meaning(
        "view roofline",
        "FLOP/s per GPU over FLOP per byte; the roof is min(peak, intensity x bandwidth), dashed at the caps",
        "the same with the operators of prompts and of decoding as dots, the dashed roof at what single "
        "kernels reach; roofs of other formats end in ridges of their own",
        "on the slope HBM binds, on the flat part arithmetic; far below both latency",
    ),
    Meaning(
        "view batch",
        "TPOT and its causes with the chosen GPUs, the batch turned",
        "TPOT and its causes with the chosen layout, the batch turned",
        "flat while weights bind, then rising with the cache and with arithmetic",
    ),
    Meaning(
        "view parallelism",
        "TPOT and its causes at the chosen batch, the GPUs turned",
        "the fastest layout of every size at the chosen batch",
        "falls while reads are spread, rises where messages leave the node",
    ),
    Meaning(
        "view context",
        "TPOT and its causes at the chosen point, the context turned (eqs. 34, 37)",
        SAME,
        "flat while weights bind, proportional once the cache does",
    ),
    Meaning(
        "metric drafted",
        "gamma drafted tokens, V tokens of a pass (eq. 46)",
        "tokens drafted at a time, and output tokens of a cycle: a step for each drafted one, a step over all",
        "acceptance, and how much cheaper the drafter's step is",
    ),
    Meaning(
        "view speculation",
        "not drawn: the published model has no length of draft to hold",
        "TPOT without a draft over TPOT with one, at the chosen layout, the batch turned",
        "above 1 it pays; it falls where arithmetic, not reads, binds verifying",
    ),
    Meaning(
        "view draft",
        "not drawn: the published model has no length of draft to hold",
        "TPOT at the chosen layout and batch, the tokens drafted at a time turned",
        "the lowest point is the best length; beyond it refused tokens cost too much",
    ),
    Meaning(
        "view memory",
        "weights and the cache of a micro-batch, on all GPUs alike (section 3.4)",
        "bytes of the fullest GPU: weights as sharded, activations of a step, cache of every sequence",
        "shorter contexts, fewer bits of the cache and more GPUs make room for more",
    ),
    Meaning(
        "view prefill",
        "not counted: there are no prompts",
        "TTFT and its parts at the chosen layout and batch, the length of the prompt turned",
        "flat while starts and the queue bind; in proportion once arithmetic does, steeper with attention; a "
        "cached prefix shifts it to the right",
    ),
    Meaning(
        "view energy",
        "nothing: published models have no watts",
        "joules of an output token along the frontier; idle, arithmetic, HBM, network and other sum to all",
        "left: many tokens share the idle watts; right: few do, and each pays for more",
    ),
    Meaning(
        "view why",
        "the terms of eq. 29; arithmetic and HBM overlap, the shorter one hidden; what moves it: each number "
        "a tenth larger, GPUs and batch held",
        "seconds of a mean step by cause, which add up to TPOT; what moves it: each number a tenth larger, "
        "layout and batch held; layouts: each at its best batch under the targets",
        "the longest bar is what to change; X turns every number, T tries all layouts",
    ),
)
