"""What an hour of an accelerator costs: the rent of its spec, or what owning it takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from infecon_tui.slots import Info, share

Basis = Literal["rented", "owned"]

USUAL_CAPITAL_USD = 30_000.0
"""Taken for accelerators without a list price: that of an H100."""


def _factor(text: str, label: str) -> Info:
    return Info(help=text, low=1, high=10, step="linear", by=0.05, label=label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """How accelerators are paid for. Rented ones cost their price; the rest is for those owned.

    Whence the defaults: `surround`: quotations for 1,024 H100 with their servers and network in August
    2024 came to 49.2k USD for each of them, 1.6 times its list price. `server_power`: an NVIDIA DGX H100
    draws 10.2 kW at most, 1.8 times its eight limits of 700 W. `hosting`: colocation is offered at 150
    to 250 USD/kW/month. Life, interest, electricity, PUE and utilization are assumed: usual in 2025.
    """

    basis: Annotated[Basis, Info(help="rented by the hour, or owned", label="accelerators are")] = (
        "rented"
    )
    capital_usd: Annotated[
        float | None,
        Info(help="price of one accelerator alone", low=0, none="list price", label="capital"),
    ] = None
    surround: Annotated[
        float,
        _factor(
            "an accelerator with its share of server, network and storage, as a multiple of itself",
            "server and network",
        ),
    ] = 1.6
    life_years: Annotated[
        float,
        Info(help="years until it is paid off", above=0, high=30, step="linear", by=1),
    ] = 4.0
    interest: Annotated[
        float, share("yearly interest on the capital not yet paid off", zero=True)
    ] = 0.1
    electricity_usd_per_kwh: Annotated[
        float, Info(help="price of electricity", low=0, step="linear", by=0.01)
    ] = 0.08
    pue: Annotated[float, _factor("power of the building for each watt of its servers", "PUE")] = (
        1.25
    )
    server_power: Annotated[
        float, _factor("power of a server for each watt of its accelerators", "server power")
    ] = 1.8
    hosting_usd_per_kw_month: Annotated[
        float,
        Info(
            help="space, cooling and staff, by the power that servers may draw",
            low=0,
            step="linear",
            by=10,
        ),
    ] = 150.0
    utilization: Annotated[
        float, share("share of the hours that are sold; the others cost as much")
    ] = 0.6
