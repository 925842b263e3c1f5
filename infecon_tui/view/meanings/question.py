"""What the numbers of a workload, a layout and a goal mean."""

from __future__ import annotations

from infecon_tui.view.meanings.meaning import SAME, Meaning

QUESTION: tuple[Meaning, ...] = (
    Meaning(
        "workload.context",
        "KV read in a step = context x bytes per position x b (eq. 34); arithmetic 4 dh H L l b (eq. 37)",
        "what each layer's kind of attention reads of it: all, a window, the top k",
        "long contexts make the cache bind, and shrink the batch that fits",
    ),
    Meaning(
        "workload.isl",
        "only through the mean context, ISL + OSL/2",
        "prompt tokens run between decode steps, (batch - 1)/OSL prompts to a step, and set TTFT",
        "long prompts with short outputs are bound by arithmetic, not by HBM",
    ),
    Meaning(
        "workload.osl",
        "only through the mean context, ISL + OSL/2",
        "how many steps share the cost of a prompt",
        "longer outputs dilute the prompts' share of a step",
    ),
    Meaning(
        "workload.cached",
        "not counted: there are no prompts",
        "a prompt computes ISL - cached tokens, each of which attends to the cached ones as well",
        "first tokens come sooner, prompts take less of a step, and input gets cheaper; memory stays",
    ),
    Meaning(
        "workload.demand",
        "a point is allowed if b / TPOT <= demand",
        SAME,
        "little traffic cannot fill large batches, so it cannot be served at the least cost",
    ),
    Meaning(
        "engine",
        "not counted: the paper's kernels are nobody's",
        "its host's time, its way with prompts and its kernels; refused where its documents list none for the "
        "vendor, the kind of attention, or the format of the weights on that generation of GPU",
        "what is not documented is let pass: `other`, a vendor's own engine, is refused nothing",
    ),
    Meaning(
        "layout.tp",
        "T = N / PP; 1D: rings over T, 2D: over sqrt(T) (section 3.3)",
        "each rank has its part of every matrix; two all-reduces a layer",
        "faster tokens, until the messages cost more than the reads they spare",
    ),
    Meaning(
        "layout.pp",
        "PP stages of L / PP layers, b / PP sequences each; PP - 1 hand-overs",
        "a token takes PP beats of the slowest stage and micro-batch: ceil(L / PP) layers or the head, "
        "ceil(b / PP) sequences, and the prompts of whichever stage has them",
        "more room and fewer messages than TP, no faster tokens; prompts leave bubbles behind them",
    ),
    Meaning(
        "layout.ep",
        "EP = min(T, E), dispatch and combine over min(k, EP) ranks",
        "each rank keeps some experts whole; tokens are sent to them and back",
        "reads of few, whole experts instead of slices of all; pays for it in messages and imbalance",
    ),
    Meaning(
        "layout.dp",
        "not counted (attention scale-down is the paper's way)",
        "ranks with whole attention layers and sequences of their own; experts shared by all",
        "spares copies of latent caches; costs reading attention's weights once more per rank",
    ),
    Meaning(
        "layout.cp",
        "not counted: the paper's caches have no copies",
        "CP of TP ranks keep 1/CP of each cache: queries are gathered, each attends to its stripe, outputs are "
        "merged; vLLM needs TP / KV heads >= CP, a latent cache TP >= CP, SGLang a latent cache",
        "more and longer sequences where TP makes copies of the cache, for three more messages a layer",
    ),
    Meaning(
        "layout.pools",
        "not counted: there are no prompts",
        "two: x prefill instances keep y decoding ones full, x = ceil(y b ISL time / (TPOT OSL)); cost and "
        "GPUs are of both, TTFT has the sending of keys and values",
        "tokens no prompt disturbs, at the price of sending caches and of whole numbers of instances",
    ),
    Meaning(
        "layout.chunk",
        "not counted: there are no prompts",
        "a prompt takes ceil(new tokens / chunk) steps; activations are sized for a chunk",
        "small chunks spread prompts over steps, so that pipelines have no bubbles and tokens come evenly; "
        "too small ones read the weights for little work, and first tokens come later",
    ),
    Meaning(
        "layout.memory_utilization",
        "not counted: weights and cache may fill the whole memory",
        "largest batch = (share x HBM - weights - activations) / cache of one sequence",
        "larger batches fit, until the runtime and its graphs have no room left",
    ),
    Meaning(
        "layout.batch",
        "tokens of a step; HBM reads of weights are shared by them, arithmetic is not (eq. 1)",
        SAME,
        "cost falls with it until arithmetic or the cache binds (critical batch w C / (2 B))",
    ),
    Meaning(
        "layout.gpus",
        "N; the least latency of the toy stands at N* GPUs (eq. 13)",
        "TP x PP x DP",
        "faster until messages bind; cost never falls with it beyond what memory needs",
    ),
    Meaning(
        "goal.exponent",
        "preferred = largest speed^a / cost (eq. 45)",
        SAME,
        "0 prefers the cheapest point, large ones the fastest; the paper's is 3",
    ),
    Meaning(
        "speculation.acceptance",
        "tokens of a pass V = (1 - alpha^gamma) / (1 - alpha) (eq. 46)",
        "tokens of a cycle = 1 + a + a (a d) + a (a d) (a d^2) + ..., a the acceptance and d its decay",
        "pays while steps are bound by reads; large batches pay arithmetic for rejected tokens",
    ),
    Meaning(
        "speculation.decay",
        "not counted: every token has the same chance",
        "the i-th token of a draft is accepted with acceptance x decay^(i-1)",
        "below 1 long drafts pay less; heads made for one token decay faster than models",
    ),
    Meaning(
        "speculation.heads",
        "not counted: only a draft model drafts",
        "one layer alike the model's last that keeps a cache (eagle: its experts as one feed-forward as wide "
        "as those a token meets), a product of 2 d by d before it, the model's embeddings and head",
        "parameters follow from the model's own dimensions, whether or not its checkpoint has such a head",
    ),
    Meaning(
        "speculation.draft_tokens",
        "the fastest length of those, or no draft (section 4.1)",
        "the same for every layout and batch, where the engine drafts and the drafter fits beside the cache",
        "short drafts for large batches, long ones for small batches and high acceptance",
    ),
)
