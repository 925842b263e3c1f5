"""How a benchmark's columns spread a model over accelerators: instances, their layout, their batch."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infecon_tui.cost.case import Layout
    from infecon_tui.hardware.accelerator import Accelerator
    from infecon_tui.measure.rows.table import Row
    from infecon_tui.workload.transformer import Transformer

_DECODE_POOL = re.compile(
    r"decode (?P<workers>\d+) workers? tp(?P<tp>\d+) ep(?P<ep>\d+) dpattn=(?P<dp>\w+) on (?P<gpus>\d+) GPU"
)
_RESERVED = 0.88
"""Share of the memory that weights and cache may fill: what engines leave by default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """One instance of a deployment; `batch` is the instance's, `instances` how many there are."""

    layout: Layout
    batch: float
    instances: float
    assumed: str = ""


def placed(row: Row, model: Transformer, part: Accelerator) -> Placed | str:
    """The instance that a row measured, or why it cannot be told."""
    purity = row.texts.get("purity", "")
    if purity == "serving_disagg":
        return _decode_pool(row)
    gpus = row.number("n_gpus")
    batch, said = row.number("batch_or_concurrency"), ""
    if gpus is None:
        return "number of accelerators not given"
    if batch is None and purity != "serving_offline":
        batch, said = running(row), "sequences by Little's law"
        if batch is None:
            return "batch not given"
    if row.texts.get("kind", "").lower() == "batch per gpu" and batch is not None:
        batch *= gpus
    found = _instance(row, model, part, int(gpus), batch or 0.0)
    if isinstance(found, str) or not said:
        return found
    return replace(found, assumed="; ".join(text for text in (said, found.assumed) if text))


def running(row: Row) -> float | None:
    """Sequences that decode at a time, where a server's clients are not counted: tokens that all of them got
    in a second, times the seconds that one waited for each (Little's law).
    """
    total, tpot_ms = row.number("tok_s_total"), row.number("tpot_ms")
    return total * tpot_ms / 1e3 if total and tpot_ms else None


def _instance(
    row: Row, model: Transformer, part: Accelerator, gpus: int, batch: float
) -> Placed | str:
    """Replicas share the load evenly; attention ranks beside each other belong to one instance."""
    from infecon_tui.cost.case import Layout

    pipeline = int(row.number("pp") or 1)
    data, expert = int(row.number("dp") or 1), int(row.number("ep") or 1)
    tensor, assumed = _tensor(row, model, part, gpus, pipeline, data)
    one = tensor * pipeline
    together = data > 1 and expert > 1
    if together and one * data > gpus and tensor % data == 0:
        # The engine counts its data-parallel ranks inside the tensor-parallel degree.
        tensor, one = tensor // data, one // data
    size = one * data if together else one
    if size > gpus or gpus % size:
        return "layout does not add up to the accelerators"
    if expert > size:
        return "more expert ranks than accelerators"
    instances = gpus // size
    layout = Layout(
        gpus=size,
        tensor=tensor,
        pipeline=pipeline,
        expert=max(expert, 1),
        attention_data=data if together else 1,
    )
    # A fraction of a sequence is a load that leaves replicas idle: the busy ones hold one.
    share = max(batch / instances, min(batch, 1.0))
    return Placed(layout=layout, batch=share, instances=instances, assumed=assumed)


def _tensor(
    row: Row, model: Transformer, part: Accelerator, gpus: int, pipeline: int, data: int
) -> tuple[int, str]:
    """The tensor-parallel degree: as given, by cores of one chip, or what fills the accelerators."""
    given = row.number("tp")
    if given is not None:
        tensor = int(given)
        return (gpus if tensor > gpus and tensor % gpus == 0 else tensor), ""
    if row.number("batch_or_concurrency") is None:
        return _least_tensor(model, part, gpus), "tensor parallel over the fewest that hold it"
    return max(gpus // (pipeline * data), 1), "tensor parallel over all" if gpus > 1 else ""


def _least_tensor(model: Transformer, part: Accelerator, gpus: int) -> int:
    """The least power of two of accelerators whose memory holds the weights and as much cache."""
    needed = 1.25 * model.weight_bytes / (_RESERVED * part.hbm.capacity_bytes)
    tensor = 1
    while tensor < needed and 2 * tensor <= gpus and gpus % (2 * tensor) == 0:
        tensor *= 2
    return tensor


def _decode_pool(row: Row) -> Placed | str:
    """One decode worker of a deployment with prefill elsewhere; its size stands in the notes.

    Without the number of workers a row does not say how many of its clients' requests one of them holds.
    """
    from infecon_tui.cost.case import Layout

    notes, batch = row.texts.get("notes", ""), row.number("batch_or_concurrency")
    if batch is None:
        return "batch not given"
    if not (pool := _DECODE_POOL.search(notes)):
        return "layout of the decode pool not given"
    workers, gpus = int(pool["workers"]), int(pool["gpus"])
    tensor, expert, by_data = int(pool["tp"]), int(pool["ep"]), pool["dp"].lower() == "true"
    if not workers or not gpus:
        return "layout of the decode pool not given"
    size = gpus // workers
    if gpus % workers or (not by_data and size != tensor):
        return "layout does not add up to the accelerators"
    layout = Layout(
        gpus=size,
        tensor=1 if by_data else tensor,
        expert=size if by_data else min(max(expert, 1), size),
        attention_data=size if by_data else 1,
    )
    return Placed(layout=layout, batch=max(batch / workers, min(batch, 1.0)), instances=workers)
