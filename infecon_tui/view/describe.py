"""One point of a frontier in words: its layout, what binds it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infecon_tui.cost.frontier.points import Points as DeployedPoints
    from infecon_tui.papers.erdil2025 import Points as PublishedPoints
    from infecon_tui.solve import Answer, Points

Causes = tuple[tuple[str, str, str], ...]
CAUSES: Causes = (
    ("arithmetic_s", "arithmetic", "matrix products, at the capped peak"),
    ("hbm_s", "HBM", "reading weights and KV cache"),
    ("network_bandwidth_s", "network bandwidth", "bytes on the links"),
    ("network_latency_s", "network latency", "starting and passing on messages"),
    ("launch_s", "kernel launch", "four kernels a layer"),
)
DEPLOYED_CAUSES: Causes = (
    ("weights_s", "weights", "reading weights from HBM"),
    ("cache_s", "KV cache", "reading the cache from HBM"),
    ("traffic_s", "other HBM", "norms, activations and sampling"),
    ("arithmetic_s", "arithmetic", "matrix products and attention"),
    ("launch_s", "kernel launch", "starts and floors of kernels"),
    ("messages_s", "messages", "between GPUs: all-reduce, exchange, hand-over"),
    ("host_s", "host", "scheduling between steps"),
    ("bubbles_s", "bubbles", "pipeline stages that wait for slower ones"),
    ("draft_s", "drafting", "steps of the draft model or head"),
)
"""Field of points, name on screen and meaning of each cause of a step's time, in either engine."""


_KINDS = {
    **dict.fromkeys(("HBM", "weights", "KV cache", "other HBM"), "memory"),
    **dict.fromkeys(("network bandwidth", "network latency"), "network"),
}
"""Causes that bind together: reads of weights and cache take turns at the same memory."""
DOING = {
    "memory": "reading memory",
    "network": "messages between GPUs",
    "kernel launch": "starting kernels",
    "messages": "messages between GPUs",
    "host": "the host",
    "bubbles": "bubbles of the pipeline",
}
"""Causes as a sentence says them, where that differs from their names."""
_SECOND = 0.1
"""Share of a step from which a sentence tells of its second cause."""


def causes_of(points: Points) -> Causes:
    """The causes that an engine knows; drafting where anything is drafted."""
    from infecon_tui.cost.frontier.points import Points as DeployedPoints

    if not isinstance(points, DeployedPoints):
        return CAUSES
    return DEPLOYED_CAUSES if points.draft_tokens.any() else DEPLOYED_CAUSES[:-1]


def number(value: float) -> str:
    """A count that may be fractional: `8`, `24.3`."""
    return f"{value:.0f}" if value >= 100 or abs(value - round(value)) < 5e-3 else f"{value:.3g}"


def squeezed(words: str) -> str:
    """A layout in fewer cells: `TP1·EP8·DP8` of `TP 1 · EP 8 · DP 8`."""
    return re.sub(r"\b([A-Z]{2}) (\d+)", r"\1\2", words).replace(" · ", "·")


def place(points: Points, index: int) -> str:
    """`4 GPUs, batch 60`: how large a point is."""
    gpus = number(float(points.gpus[index]))
    return f"{gpus} GPU{'' if gpus == '1' else 's'}, {_batch(points, index)}"


def setup(points: Points, index: int) -> str:
    """`TP 4, batch 60`: how a point is run."""
    return f"{layout(points, index)}, {_batch(points, index)}"


def _batch(points: Points, index: int) -> str:
    return f"batch {number(float(points.batch[index]))}"


def layout(points: Points, index: int) -> str:
    """`TP 8 · EP 8`: what each GPU of an instance has its part of."""
    from infecon_tui.cost.frontier.points import Points as DeployedPoints

    if isinstance(points, DeployedPoints):
        return _deployed_layout(points, index)
    return _published_layout(points, index)


def _deployed_layout(points: DeployedPoints, index: int) -> str:
    """With two pools `2× TP 4 → 3× TP 8 · PP 2`: prefill instances, then those that decode."""
    decode = (
        *(points.tensor, points.pipeline, points.expert, points.attention_data),
        points.context_parallel,
    )
    made = degrees(*(float(values[index]) for values in decode))
    if points.draft_tokens[index]:
        made += f" · draft {points.draft_tokens[index]:.0f}"
    first = points.prefill_instances[index]
    if not first > 0:
        return made
    prefill = (
        points.prefill_tensor,
        points.prefill_pipeline,
        points.prefill_expert,
        points.prefill_data,
    )
    before = degrees(*(float(values[index]) for values in prefill))
    return f"{first:.0f}× {before} → {points.decode_instances[index]:.0f}× {made}"


def degrees(
    tensor: float, pipeline: float, expert: float, data: float, context: float = 1.0
) -> str:
    """`TP 8 · EP 8`: those above one, and TP."""
    parts = [f"TP {tensor:.0f}"]
    for name, degree in (("PP", pipeline), ("EP", expert), ("DP", data), ("CP", context)):
        if degree > 1:
            parts.append(f"{name} {degree:.0f}")
    return " · ".join(parts)


def _published_layout(points: PublishedPoints, index: int) -> str:
    """`TP 8 · PP 2 · 2D`: tensor and pipeline degrees, tensor layout, share of GPUs on attention."""
    pipeline = points.pipeline[index]
    parts = [f"TP {number(points.gpus[index] / pipeline)}"]
    if pipeline > 1.005:
        parts.append(f"PP {number(pipeline)}")
    parts.append("2D" if points.tensor_2d[index] else "1D")
    if points.attention_fraction[index] < 0.995:
        parts.append(f"attn {100 * points.attention_fraction[index]:.0f} %")
    if points.draft_tokens[index]:
        parts.append(f"draft {points.draft_tokens[index]:.0f}")
    return " · ".join(parts)


def cycle_tokens(answer: Answer, index: int) -> float:
    """Output tokens of one cycle of drafting and verifying; 1 where nothing is drafted."""
    from infecon_tui.papers.erdil2025.speculate import tokens_per_iteration

    points, asked = answer.points, answer.scenario.speculation
    made = getattr(points, "cycle_tok", None)
    if made is not None:
        return float(made[index])
    drafted = float(points.draft_tokens[index])
    return tokens_per_iteration(asked.acceptance, drafted) if drafted else 1.0


def shares(points: Points, index: int) -> list[tuple[str, float, float]]:
    """Name, seconds and share of the step of each cause."""
    whole = points.tpot_s[index]
    return [
        (name, float(getattr(points, field)[index]), float(getattr(points, field)[index] / whole))
        for field, name, _ in causes_of(points)
    ]


def kinds(points: Points, index: int) -> list[tuple[str, float, tuple[str, float]]]:
    """What binds a step, the most of it first: a kind of causes, its share, its largest cause and share."""
    found: dict[str, list[tuple[str, float]]] = {}
    for name, _, share in shares(points, index):
        found.setdefault(_KINDS.get(name, name), []).append((name, share))
    made = [
        (kind, sum(share for _, share in some), max(some, key=lambda one: one[1]))
        for kind, some in found.items()
    ]
    return sorted(made, key=lambda one: -one[1])


def binds(points: Points, index: int) -> str:
    """The largest cause of the kind that takes most of the step."""
    return kinds(points, index)[0][2][0]


def bound_words(points: Points, index: int) -> tuple[str, str]:
    """`memory` and `(KV cache 58 %)`, or `arithmetic` and `45 %`: what binds a step, and how much of it."""
    kind, _, (cause, share) = kinds(points, index)[0]
    percent = f"{100 * share:.0f} %"
    return kind, percent if cause == kind else f"({cause} {percent})"


def bound_sentence(points: Points, index: int) -> str:
    """`Bound by reading memory (61 % of TPOT, weights 40 %), then messages between GPUs (12 %)`."""
    first, second, *_ = kinds(points, index)
    kind, whole, (cause, share) = first
    most = "" if cause == kind else f", {cause} {100 * share:.0f} %"
    said = f"Bound by {DOING.get(kind, kind)} ({100 * whole:.0f} % of TPOT{most})"
    if second[1] >= _SECOND:
        said += f", then {DOING.get(second[0], second[0])} ({100 * second[1]:.0f} %)"
    return said


MERITS = ("preferred", "on target", "nearest")
"""What the answer's point is to the user."""


def merit(answer: Answer) -> str:
    """Of MERITS, what the point is: preferred without targets, and with them on target or nearest to it."""
    if not answer.scenario.goal.targeted:
        return MERITS[0]
    return MERITS[2] if answer.missed else MERITS[1]
