"""One accelerator: how fast it computes and reads, how it is linked, what an hour of it costs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from infecon_tui.hardware.draw import Draw
from infecon_tui.hardware.fabric import Fabric, Network
from infecon_tui.hardware.kernels import Kernels
from infecon_tui.slots import Info, share

# A format that a part does not compute in runs at the peak of the next wider one that it has.
_WIDER = {
    "int4": ("int4", "fp4", "int8", "fp8", "bf16", "fp16"),
    "fp4": ("fp4", "fp8", "int8", "bf16", "fp16"),
    "int8": ("int8", "fp8", "bf16", "fp16"),
    "fp8": ("fp8", "int8", "bf16", "fp16"),
    "bf16": ("bf16", "fp16"),
    "fp16": ("fp16", "bf16"),
    "fp32": ("tf32", "fp32"),
}


def _peak(text: str, label: str) -> Info:
    return Info(help=text, above=0, none="none", label=f"{label} peak")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arithmetic:
    """Dense peak rates by number format, and the share of them that kernels reach."""

    fp32_flops: Annotated[float | None, _peak("peak in fp32, vector units", "fp32")] = None
    tf32_flops: Annotated[float | None, _peak("dense tensor peak in tf32", "tf32")] = None
    fp16_flops: Annotated[float | None, _peak("dense tensor peak in fp16", "fp16")] = None
    bf16_flops: Annotated[float | None, _peak("dense tensor peak in bf16", "bf16")] = None
    fp8_flops: Annotated[float | None, _peak("dense tensor peak in fp8", "fp8")] = None
    int8_flops: Annotated[float | None, _peak("dense tensor peak in int8", "int8")] = None
    fp4_flops: Annotated[float | None, _peak("dense tensor peak in fp4", "fp4")] = None
    int4_flops: Annotated[float | None, _peak("dense tensor peak in int4", "int4")] = None
    efficiency: Annotated[
        float,
        share("share of the peak that large matrix products reach", "compute efficiency"),
    ] = 0.7

    def peak_flops(self, number_format: str) -> float | None:
        """Peak FLOP/s in a format, or in the next wider one the part has; None when it has neither."""
        rates = (getattr(self, f"{name}_flops") for name in _WIDER[number_format])
        return next((rate for rate in rates if rate is not None), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hbm:
    """Device memory, whatever its technology."""

    capacity_bytes: Annotated[float, Info(help="memory of one accelerator", above=0, label="HBM")]
    bandwidth_Bps: Annotated[
        float, Info(help="peak rate of reading it", above=0, label="HBM bandwidth")
    ]
    efficiency: Annotated[
        float,
        share("share of the peak that long reads reach", "HBM efficiency"),
    ] = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class Accelerator:
    """One accelerator as its vendor sells it; `sources` names where each number was read.

    `generation` is its vendor's word for the architecture, by which engines say what they have kernels for.
    """

    id: Annotated[str, Info(hidden=True)]
    name: Annotated[str, Info(hidden=True)] = ""
    vendor: Annotated[str, Info(hidden=True)] = ""
    generation: Annotated[str, Info(hidden=True)] = ""
    released: Annotated[str, Info(hidden=True)] = ""
    hbm: Hbm
    arithmetic: Arithmetic
    scale_up: Fabric
    scale_out: Network | None = None
    kernels: Annotated[
        Kernels | None, Info(help="what kernels and messages of serving engines reach")
    ] = None
    launch_s: Annotated[
        float,
        Info(help="time to start one kernel, four kernels a layer", low=0, label="kernel launch"),
    ] = 4e-6
    price_usd_per_hour: Annotated[
        float | None,
        Info(help="rent of one accelerator for an hour", low=0, none="unknown", label="price"),
    ] = None
    list_price_usd: Annotated[
        float | None,
        Info(help="price of buying one, alone", low=0, none="unknown", label="list price"),
    ] = None
    tdp_W: Annotated[
        float | None, Info(help="board power limit", above=0, none="unknown", label="power limit")
    ] = None
    notes: Annotated[str, Info(hidden=True)] = ""
    sources: Annotated[tuple[tuple[str, str], ...], Info(hidden=True)] = field(default=())

    @property
    def draw(self) -> Draw:
        """What it draws by what it does; as most parts where the spec does not say."""
        return (self.kernels or Kernels()).draw
