"""The figures of merit of the chosen point, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui.units import BYTES, SECONDS, split
from infecon_tui.view.describe import binds, layout, number, shares
from infecon_tui.view.records import Metric

if TYPE_CHECKING:
    from infecon_tui.solve import Answer


def headline(answer: Answer, index: int | None = None) -> tuple[Metric, ...]:
    """The metrics of a point of the frontier; by default the preferred one."""
    at = answer.chosen if index is None else index
    if at is None:
        return (Metric(key="verdict", label="", value=answer.verdict, tone="bad"),)
    p = answer.points
    tpot, tpot_unit = split(float(p.tpot_s[at]), SECONDS, 3)
    gpus = float(p.gpus[at])
    used = float(p.memory_bytes[at]) / gpus
    have = answer.scenario.hardware.hbm.capacity_bytes
    total, total_unit = split(have, BYTES, 3)
    memory = f"{used / have * float(total):.3g}"
    cause = binds(p, at)
    share = max(part for _, _, part in shares(p, at))
    return (
        Metric(
            key="cost",
            label="cost",
            value=f"{p.usd_per_mtok[at]:.3g}",
            unit="USD/Mtok",
            help="per million output tokens",
        ),
        Metric(
            key="speed",
            label="speed",
            value=f"{p.speed_tok_s[at]:.1f}",
            unit="tok/s",
            help="of one request, 1/TPOT",
        ),
        Metric(key="tpot", label="TPOT", value=tpot, unit=tpot_unit, help="time per output token"),
        Metric(key="gpus", label="GPUs", value=number(gpus), help="of one instance"),
        Metric(
            key="batch",
            label="batch",
            value=number(float(p.batch[at])),
            help="sequences decoded together",
        ),
        Metric(key="layout", label="layout", value=layout(p, at)),
        Metric(
            key="throughput",
            label="throughput",
            value=f"{p.batch[at] / p.tpot_s[at] / gpus:.4g}",
            unit="tok/s/GPU",
            help="over all requests, of one GPU",
        ),
        Metric(
            key="mfu",
            label="MFU",
            value=f"{100 * p.mfu[at]:.3g}",
            unit="%",
            help="model FLOP utilisation",
        ),
        Metric(
            key="mbu",
            label="MBU",
            value=f"{100 * p.mbu[at]:.3g}",
            unit="%",
            help="memory bandwidth utilisation",
        ),
        Metric(
            key="memory",
            label="HBM",
            value=f"{memory}/{total}",
            unit=total_unit,
            tone="warning" if used > 0.9 * have else "plain",
            help="weights and KV cache on one GPU",
        ),
        Metric(
            key="binds",
            label="bound by",
            value=f"{cause} {100 * share:.0f} %",
            help="the largest cause of TPOT",
        ),
    )
