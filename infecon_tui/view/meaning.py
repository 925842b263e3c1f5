"""What a quantity or a view means: its formula with its number, where it comes from, what moves it.

Equation numbers are those of arXiv 2506.04645. An entry is one row of MEANINGS; rows are matched by
the end of a path, views and metrics by name.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Meaning:
    """Formula at the published fidelities, formula of a deployment, and what moves what.

    `name` is the end of a path (`hbm.bandwidth`), or `view frontier`, or `metric tpot`.
    """

    name: str
    published: str
    deployment: str
    moves: str


_SAME = ""
MEANINGS: tuple[Meaning, ...] = (
    # Model
    Meaning(
        "d_model",
        "parameters grow with it: per layer (up + down) d ff + attention (eq. 20); messages are d "
        "words a token (eq. 43)",
        "widths of every matrix product, of norms and of each all-reduce",
        "a wider model reads more weights and sends longer messages in every step",
    ),
    Meaning(
        "vocab",
        "embeddings 2 V d; the head is read in every step, w V d bytes (eq. 31)",
        "the output head is one product of d x V over the tensor ranks, then sampling over V",
        "matters most for small models with large vocabularies",
    ),
    Meaning(
        "layers.count",
        "TPOT holds 4 L kernel launches and L times a layer's all-reduces (eqs. 43, 44)",
        "every layer adds its kernels, its messages and its cache",
        "latency that nothing hides grows with the layers: deep models cannot be made fast by GPUs alone",
    ),
    Meaning(
        "attention.heads",
        "projections (H + 2H/g) dh d + H dh d (eq. 20)",
        "cut by TP, which must divide them",
        "more heads: more weights to read, more arithmetic over the cache",
    ),
    Meaning(
        "attention.kv_heads",
        "KV cache of a position: (2H/g) dh L a bytes (eq. 34)",
        "as published; repeated on every rank once TP is larger",
        "the KV cache is proportional to it, and so are large batches and long contexts",
    ),
    Meaning(
        "attention.d_head",
        "in eqs. 20 and 34",
        _SAME,
        "proportional to attention's weights and cache",
    ),
    Meaning(
        "attention.latent_kv",
        "KV cache of a position: c_kv L a bytes",
        "the latent and the rotary key of a position are kept once, on every tensor rank: "
        "data-parallel attention spares the copies",
        "the KV cache is proportional to it",
    ),
    Meaning(
        "feed_forward.d_ff",
        "L E (up + down) d ff parameters (eq. 20)",
        "the widest products of a layer; cut by TP",
        "most of a dense model's weights, and so most of TPOT at small batches",
    ),
    Meaning(
        "feed_forward.experts",
        "all experts fill memory; a step of b tokens touches E (1 - (1 - 1/s)^b) of them, s = E/k (eq. 32)",
        "as published, with the spread of real routing and the load of the fullest rank",
        "more experts: more memory and more weights to read per step until the batch touches all",
    ),
    Meaning(
        "feed_forward.active_experts",
        "arithmetic per token is 2 x active parameters (eq. 38)",
        "each token visits k experts: arithmetic, and k copies of it in the exchange under EP",
        "fewer active experts: less arithmetic, and a larger batch until arithmetic binds",
    ),
    Meaning(
        "precision.weights",
        "w bytes per weight in eqs. 31 to 35; the peak is that of the format",
        "stored bytes with the scales of blocks; arithmetic at the format's peak where the machine has one",
        "halving it halves the reads that bind small batches; the full model gives less than the toy's 26 %",
    ),
    Meaning(
        "precision.activations",
        "a bytes of KV cache and messages (eqs. 34, 43)",
        "bytes of messages; of the cache too unless it has its own format",
        "halving it halves messages and the KV cache",
    ),
    Meaning(
        "precision.kv_cache",
        "counted as activations",
        "bytes of a cached element",
        "halving it doubles the sequences that fit and halves what attention reads",
    ),
    # Hardware
    Meaning(
        "hbm.capacity",
        "N HBM >= w P + KV",
        "room = utilisation x capacity - weights - activations, over the cache of a sequence",
        "decides how few GPUs hold the model, and how large the batch becomes",
    ),
    Meaning(
        "hbm.bandwidth",
        "HBM time = bytes / (N B), bytes = KV + L (ff + qkv + proj) + w V d (eq. 31)",
        "every kernel reads at a share of it that was measured for its kind",
        "what binds most decoding; the greatest speed grows with about its cube root (section 2.2.3)",
    ),
    Meaning("hbm.efficiency", "B = peak x this (eq. 31)", _SAME, "as the bandwidth itself"),
    Meaning("arithmetic.efficiency", "C = peak x this (eq. 36)", _SAME, "as the peak itself"),
    Meaning(
        "scale_up.link",
        "bandwidth term of an all-reduce in a node, max(0, R/m - 1) m bytes / (R x link/2 x f) (eq. 41)",
        "one-shot all-reduces send (R - 1) copies, two-shot 2 (R - 1)/R, at a measured share of it",
        "matters at large batches and for prompts; small messages are bound by their start",
    ),
    Meaning(
        "scale_up.domain",
        "m nodes = ceil(N/n): between nodes latencies log2 m and the slower link come in (eq. 40)",
        "layouts whose TP or EP stays inside it use its links; others go over the network",
        "a larger domain moves the wall at which more GPUs stop to help",
    ),
    Meaning(
        "scale_out.link",
        "(m - 1) bytes / (R x link/2 x f) (eq. 41)",
        "messages between domains at a measured share of it",
        "matters for instances of several nodes only",
    ),
    Meaning(
        "hardware.launch",
        "4 L t_launch in every step (eq. 44)",
        "replaced by the floors of the single kernels",
        "a floor under TPOT: four kernels of 4 us in 80 layers are 1.3 ms, on four GPUs as on four hundred",
    ),
    Meaning(
        "hardware.price",
        "cost = TPOT N / b x price (eq. 2)",
        "cost = TPOT x GPUs / batch x price",
        "cost is proportional to it; the preferred point stays",
    ),
    Meaning(
        "hardware.tdp", "not used", "watts = limit x (idle + share of each cause)", "energy only"
    ),
    Meaning(
        "kernels.steps.ahead",
        "not counted",
        "host time between two steps, with a step scheduled while another runs",
        "a floor under TPOT of small, fast models",
    ),
    Meaning(
        "kernels.messages.start",
        "the paper has NCCL's latencies (eqs. 23, 40 to 42)",
        "start of a one-shot all-reduce; two of them a layer",
        "TPOT at small batches holds 2 L of it once TP > 1",
    ),
    # Workload
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
        "workload.demand",
        "a point is allowed if b / TPOT <= demand",
        _SAME,
        "little traffic cannot fill large batches, so it cannot be served at the least cost",
    ),
    # Parallelism
    Meaning(
        "layout.tp",
        "T = N / PP; 1D: rings over T, 2D: over sqrt(T) (section 3.3)",
        "each rank has its part of every matrix; two all-reduces a layer",
        "faster tokens, until the messages cost more than the reads they spare",
    ),
    Meaning(
        "layout.pp",
        "PP stages of L / PP layers, b / PP sequences each; PP - 1 hand-overs",
        "as published, with whole layers to a stage",
        "more room and rate, no faster tokens",
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
        "layout.batch",
        "tokens of a step; HBM reads of weights are shared by them, arithmetic is not (eq. 1)",
        _SAME,
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
        _SAME,
        "0 prefers the cheapest point, large ones the fastest; the paper's is 3",
    ),
    Meaning(
        "speculation.acceptance",
        "tokens of a pass V = (1 - alpha^gamma) / (1 - alpha) (eq. 46)",
        "tokens of a cycle = 1 + alpha + alpha^2 + ...",
        "pays while steps are bound by reads; large batches pay arithmetic for rejected tokens",
    ),
    # Metrics
    Meaning(
        "metric cost",
        "TPOT N / b x 1e6 x price / 3600, USD per million output tokens (eq. 2)",
        _SAME,
        "batch, price, and whatever binds the step",
    ),
    Meaning(
        "metric speed", "1 / TPOT of one request", _SAME, "what binds the step; GPUs up to a point"
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
        _SAME,
        "the batch",
    ),
    Meaning(
        "metric mbu", "bytes of a step / (N x peak HBM x TPOT)", _SAME, "small batches raise it"
    ),
    Meaning(
        "metric throughput", "b / TPOT / N, tokens per second and GPU", _SAME, "the inverse of cost"
    ),
    # Views
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
        "the same, the dashed roof at what single kernels reach",
        "on the slope HBM binds; the flat part is arithmetic; far below both it is latency",
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
        _SAME,
        "flat while weights bind, proportional once the cache does",
    ),
    Meaning(
        "view why",
        "the terms of eq. 29; arithmetic and HBM overlap, the shorter one hidden",
        "seconds of a mean step by cause, which add up to TPOT",
        "the longest bar is what to change",
    ),
)


def meaning_of(name: str) -> Meaning | None:
    """The entry of a path, or of `view …` and `metric …`; the longest end that is known."""
    found = [m for m in MEANINGS if name == m.name or f".{name}".endswith(f".{m.name}")]
    return max(found, key=lambda meaning: len(meaning.name), default=None)


def formula_of(meaning: Meaning, fidelity: str) -> str:
    """The formula at a fidelity."""
    if fidelity == "deployment":
        return meaning.deployment or meaning.published
    return meaning.published
