"""The editor's group of costs: what is shown of a rent, and of what is owned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui.units import YEARS, show

if TYPE_CHECKING:
    from infecon_tui.scenario import Scenario

_RENTED_ONLY = ("hardware.price",)
_OWNED_ONLY = (
    "hardware.list_price",
    "cost.capital",
    "cost.surround",
    "cost.life",
    "cost.interest",
    "cost.electricity",
    "cost.hosting",
    "cost.utilization",
)
_WATTS_ONLY = ("cost.pue", "cost.server_power")
"""What tells the watts at the wall, which the published models only have in an owner's price."""


def unpaid_paths(scenario: Scenario) -> tuple[str, ...]:
    """Paths that change nothing on the scenario's basis of cost."""
    if scenario.cost.basis == "owned":
        return _RENTED_ONLY
    return _OWNED_ONLY if scenario.fidelity == "deployment" else (*_OWNED_ONLY, *_WATTS_ONLY)


def rent(scenario: Scenario) -> str:
    """What an hour costs, or that it is not paid by the hour."""
    if scenario.cost.basis == "owned":
        return "owned"
    price = scenario.hardware.price_usd_per_hour
    return f"{price:g} USD/h" if price is not None else "no price"


def cost_summary(scenario: Scenario) -> str:
    """`rented · 2.59 USD/h`, or `owned · 4 years · 60 % sold`."""
    cost = scenario.cost
    if cost.basis == "rented":
        return f"rented · {rent(scenario)}"
    return f"owned · {show(cost.life_years, YEARS)} · {100 * cost.utilization:g} % sold"
