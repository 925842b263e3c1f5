"""What the numbers of an accelerator mean."""

from __future__ import annotations

from infecon_tui.view.meanings.meaning import SAME, Meaning

HARDWARE: tuple[Meaning, ...] = (
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
    Meaning("hbm.efficiency", "B = peak x this (eq. 31)", SAME, "as the bandwidth itself"),
    Meaning("arithmetic.efficiency", "C = peak x this (eq. 36)", SAME, "as the peak itself"),
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
        "cost is proportional to it while rented; the preferred point stays",
    ),
    Meaning(
        "hardware.tdp",
        "electricity and hosting of what is owned",
        "watts = limit x (idle + what reading, computing and waiting add), the limit at most",
        "energy; cost only of what is owned",
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
)
