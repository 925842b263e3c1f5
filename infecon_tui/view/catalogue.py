"""The catalogue as tables: what one compares before picking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui.formats import BYTES_OF
from infecon_tui.units import BYTES, BYTES_PER_S, FLOPS, USD_PER_HOUR, show
from infecon_tui.view.records import Column, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infecon_tui.hardware.accelerator import Accelerator
    from infecon_tui.workload.transformer import Transformer

MODEL_COLUMNS = (
    Column(key="id", title="id", left=True),
    Column(key="name", title="name", left=True),
    Column(key="params", title="params"),
    Column(key="active_params", title="active"),
    Column(key="layers", title="layers"),
    Column(key="d_model", title="d_model"),
    Column(key="attention", title="attention", left=True),
    Column(key="experts", title="experts"),
    Column(key="kv_bytes_per_token", title="KV/token"),
    Column(key="weights", title="weights", left=True),
)

HARDWARE_COLUMNS = (
    Column(key="id", title="id", left=True),
    Column(key="name", title="name", left=True),
    Column(key="bf16_flops", title="bf16"),
    Column(key="fp8_flops", title="fp8"),
    Column(key="fp4_flops", title="fp4"),
    Column(key="hbm_bytes", title="HBM"),
    Column(key="hbm_Bps", title="bandwidth"),
    Column(key="link_Bps", title="link"),
    Column(key="fabric", title="fabric", left=True),
    Column(key="usd_per_hour", title="price"),
)


def models_table(models: Sequence[Transformer]) -> Table:
    """One line a model."""
    values = tuple(_model_values(model) for model in models)
    rows = tuple(
        (
            str(row[0]),
            str(row[1]),
            show(model.params, digits=3),
            show(model.active_params, digits=3),
            str(row[4]),
            str(row[5]),
            str(row[6]),
            str(row[7] or ""),
            show(_cache_bytes(model), BYTES, 3),
            str(row[9]),
        )
        for model, row in zip(models, values, strict=True)
    )
    return Table(key="models", title="Models", columns=MODEL_COLUMNS, rows=rows, values=values)


def _model_values(model: Transformer) -> tuple[float | int | str | None, ...]:
    kinds = dict.fromkeys(group.attention.kind for group in model.layers if group.attention)
    experts = [getattr(group.feed_forward, "experts", 0) for group in model.layers]
    return (
        model.id,
        model.name,
        model.params,
        model.active_params,
        model.layer_count,
        model.d_model,
        "+".join(kinds),
        max(experts),
        _cache_bytes(model),
        model.precision.weights,
    )


def _cache_bytes(model: Transformer) -> float:
    """Growth of the cache with one more token, at a long context."""
    grown = model.cache_elements(1_000_001) - model.cache_elements(1_000_000)
    return grown * BYTES_OF[model.precision.cache]


def hardware_table(parts: Sequence[Accelerator]) -> Table:
    """One line an accelerator."""
    values = tuple(_hardware_values(part) for part in parts)
    units = (FLOPS, FLOPS, FLOPS, BYTES, BYTES_PER_S, BYTES_PER_S)
    rows = tuple(
        (
            str(row[0]),
            str(row[1]),
            *(
                "" if v is None else show(float(v), u, 4)
                for v, u in zip(row[2:8], units, strict=True)
            ),
            str(row[8]),
            "" if row[9] is None else show(float(row[9]), USD_PER_HOUR, 3),
        )
        for row in values
    )
    return Table(
        key="hardware", title="Hardware", columns=HARDWARE_COLUMNS, rows=rows, values=values
    )


def _hardware_values(part: Accelerator) -> tuple[float | str | None, ...]:
    return (
        part.id,
        part.name,
        part.arithmetic.bf16_flops or part.arithmetic.fp16_flops,
        part.arithmetic.fp8_flops,
        part.arithmetic.fp4_flops,
        part.hbm.capacity_bytes,
        part.hbm.bandwidth_Bps,
        part.scale_up.link_Bps,
        f"{part.scale_up.kind} {part.scale_up.domain or ''}".strip(),
        part.price_usd_per_hour,
    )
