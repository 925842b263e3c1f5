"""The figures of merit of the chosen point, in the order in which they decide."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from infecon_tui.targets import limits_of, within
from infecon_tui.units import BYTES, JOULES, SECONDS, split, three
from infecon_tui.view.describe import bound_words, cycle_tokens, layout, number
from infecon_tui.view.records import Metric, Tone

if TYPE_CHECKING:
    from infecon_tui.solve import Answer, Points

_LIMITED = {"tpot": "tpot_s", "ttft": "ttft_s", "cost": "usd_per_mtok", "gpus": "gpus"}
"""Metrics that targets are for, in the order of the limits, with their fields of points."""
_DECISIVE = ("cost", "ttft", "tpot", "speed", "gpus", "batch", "layout", "memory", "binds")
"""Metrics that come first, in this order."""
FULL = 0.9
"""From this share of its memory on, a GPU is shown as nearly full."""


def headline(answer: Answer, index: int | None = None) -> tuple[Metric, ...]:
    """The metrics of a point of the frontier; by default the preferred one."""
    at = answer.chosen if index is None else index
    if at is None:
        return (_metric("verdict", "", answer.verdict, tone="bad"),)
    points = answer.points
    capacity = answer.scenario.hardware.hbm.capacity_bytes
    metrics = (
        *_merits(points, at),
        *_place(points, at),
        *_use(points, at, capacity),
        *_drafted(answer, at),
        *_energy(points, at),
        *_prices(points, at),
    )
    first = {key: place for place, key in enumerate(_DECISIVE)}
    ordered = sorted(metrics, key=lambda metric: first.get(metric.key, len(first)))
    return tuple(_judged(metric, points, at, answer) for metric in ordered)


def _judged(metric: Metric, points: Points, at: int, answer: Answer) -> Metric:
    """Marked as kept or missed where the goal has a target for it."""
    limit = dict(zip(_LIMITED, limits_of(answer.scenario.goal), strict=True)).get(metric.key)
    if limit is None or math.isinf(limit):
        return metric
    value = getattr(points, _LIMITED[metric.key])[at]
    tone: Tone = "good" if within(value, limit) else "bad"
    return replace(metric, tone=tone, limit=_limit(metric, limit))


def _limit(metric: Metric, limit: float) -> str:
    """The target as it stands behind the value: without its unit where that is the same."""
    if metric.key not in ("tpot", "ttft"):
        return f"{limit:.3g}" if metric.key == "cost" else f"{limit:g}"
    number, unit = split(limit, SECONDS, 3)
    return number if unit == metric.unit else f"{number} {unit}"


def _metric(
    key: str, label: str, value: str, unit: str = "", text: str = "", tone: Tone = "plain"
) -> Metric:
    decisive = key in _DECISIVE
    return Metric(
        key=key, label=label, value=value, unit=unit, help=text, tone=tone, decisive=decisive
    )


def _merits(p: Points, at: int) -> tuple[Metric, ...]:
    tpot, unit = split(float(p.tpot_s[at]), SECONDS, 3)
    cost, speed = three(float(p.usd_per_mtok[at])), f"{p.speed_tok_s[at]:.1f}"
    return (
        _metric("cost", "cost", cost, "USD/Mtok", "per million output tokens"),
        _metric("speed", "speed", speed, "tok/s", "of one request, 1/TPOT"),
        _metric("tpot", "TPOT", tpot, unit, "time per output token"),
    )


def _place(p: Points, at: int) -> tuple[Metric, ...]:
    gpus, batch = number(float(p.gpus[at])), number(float(p.batch[at]))
    each = p.batch[at] / p.tpot_s[at] / p.gpus[at]
    return (
        _metric("gpus", "GPUs", gpus, "", "of one instance"),
        _metric("batch", "batch", batch, "", "sequences decoded together"),
        _metric("layout", "layout", layout(p, at), "", "how the GPUs are used"),
        _metric("throughput", "throughput", f"{each:.4g}", "tok/s/GPU", "over all requests"),
    )


def _drafted(answer: Answer, at: int) -> tuple[Metric, ...]:
    """Tokens drafted at a time and what a cycle makes of them, where anything is drafted."""
    drafted = float(answer.points.draft_tokens[at])
    if not drafted:
        return ()
    made = f"for {cycle_tokens(answer, at):.3g} tok/cycle"
    text = "drafted tokens, and the output tokens that a cycle makes with them"
    return (_metric("drafted", "drafted", f"{drafted:.0f}", made, text),)


def _prices(p: Points, at: int) -> tuple[Metric, ...]:
    """The first token, and input and output alone, where prompts are counted."""
    from infecon_tui.cost.frontier.points import Points as DeployedPoints

    if not isinstance(p, DeployedPoints) or math.isnan(p.input_usd_per_mtok[at]):
        return ()
    first, first_unit = split(float(p.ttft_s[at]), SECONDS, 3)
    dear, told = three(float(p.input_usd_per_mtok[at])), three(float(p.output_usd_per_mtok[at]))
    return (
        _metric("ttft", "TTFT", first, first_unit, "time to the first token, without a queue"),
        _metric("input", "input", dear, "USD/Mtok", "per million input tokens"),
        _metric("output", "output", told, "USD/Mtok", "per million output tokens, prompts apart"),
    )


def _use(p: Points, at: int, capacity_bytes: float) -> tuple[Metric, ...]:
    used = float(p.memory_bytes[at] / p.gpus[at]) / capacity_bytes
    total, unit = split(capacity_bytes, BYTES, 3)
    memory = f"{used * float(total):.3g}/{total}"
    kind, share = bound_words(p, at)
    mfu, mbu = three(100 * float(p.mfu[at])), three(100 * float(p.mbu[at]))
    tone: Tone = "warning" if used > FULL else "plain"
    return (
        _metric("mfu", "MFU", mfu, "%", "model FLOP utilisation"),
        _metric("mbu", "MBU", mbu, "%", "memory bandwidth utilisation"),
        _metric("memory", "HBM", memory, unit, "weights and KV cache on one GPU", tone),
        _metric("binds", "bound by", kind, share, "what takes most of a step"),
    )


def _energy(p: Points, at: int) -> tuple[Metric, ...]:
    """Joules of a token, where the engine and the spec know the watts."""
    from infecon_tui.cost.frontier.points import Points as DeployedPoints

    if not isinstance(p, DeployedPoints) or math.isnan(p.joules_per_tok[at]):
        return ()
    value, unit = split(float(p.joules_per_tok[at]), JOULES, 3)
    text = f"of all GPUs; {p.watts[at]:.0f} W each"
    return (_metric("energy", "energy", value, f"{unit}/tok", text),)
