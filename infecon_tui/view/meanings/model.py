"""What the numbers of a model mean."""

from __future__ import annotations

from infecon_tui.view.meanings.meaning import SAME, Meaning

MODEL: tuple[Meaning, ...] = (
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
        SAME,
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
)
