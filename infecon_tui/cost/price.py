"""Dollars of an accelerator's hour, and its watts at the wall. Every number may be an array."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.hardware.cost import USUAL_CAPITAL_USD

if TYPE_CHECKING:
    from infecon_tui.cost.ledger import Rowed
    from infecon_tui.hardware.accelerator import Accelerator
    from infecon_tui.hardware.cost import Cost

HOURS_A_YEAR = 8766.0
UNKNOWN_USD = 1.0
"""An hour's rent where the spec has none."""


def usd_per_hour(cost: Cost, part: Accelerator, watts: Rowed | None = None) -> Rowed:
    """Of one accelerator for an hour that is sold.

    `watts` is what it draws; without them, its power limit. A part without a limit is counted without
    electricity and hosting.
    """
    if cost.basis == "rented":
        return UNKNOWN_USD if part.price_usd_per_hour is None else part.price_usd_per_hour
    limit = 0.0 if part.tdp_W is None else part.tdp_W
    drawn = limit if watts is None or part.tdp_W is None else watts
    hosted_kw = limit * cost.server_power / 1000
    hosting = hosted_kw * cost.hosting_usd_per_kw_month * 12 / HOURS_A_YEAR
    electricity = wall_watts(cost, drawn) / 1000 * cost.electricity_usd_per_kwh
    return (capital_usd_per_hour(cost, part) + hosting + electricity) / cost.utilization


def capital_usd(cost: Cost, part: Accelerator) -> float:
    """What one accelerator is bought for: as asked, else its list price, else a usual one."""
    if cost.capital_usd is not None:
        return cost.capital_usd
    return USUAL_CAPITAL_USD if part.list_price_usd is None else part.list_price_usd


def capital_usd_per_hour(cost: Cost, part: Accelerator) -> Rowed:
    """Capital and interest in equal parts over the life (an annuity)."""
    return capital_usd(cost, part) * cost.surround * _yearly(cost) / HOURS_A_YEAR


def _yearly(cost: Cost) -> Rowed:
    """The part of the capital that is due every year."""
    interest, years = np.asarray(cost.interest), cost.life_years
    paid = -np.expm1(-years * np.log1p(interest))
    free = interest <= 0
    return np.where(free, 1 / years, interest / np.where(free, 1.0, paid))[()]


def wall_watts(cost: Cost, watts: Rowed) -> Rowed:
    """Watts that a building draws for an accelerator with its part of the server."""
    return watts * cost.server_power * cost.pue
