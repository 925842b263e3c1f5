"""What the numbers of a price mean, rented or owned."""

from __future__ import annotations

from infecon_tui.view.meanings.meaning import SAME, Meaning

COST: tuple[Meaning, ...] = (
    Meaning(
        "cost.basis",
        "rented: the price of the spec. owned: (capital + hosting + electricity) / utilization",
        SAME,
        "a rent is paid whatever is drawn; an owner's electricity follows the watts of a layout",
    ),
    Meaning(
        "cost.capital",
        "capital x surround x interest / (1 - (1 + interest)^-life) / 8766, USD an hour",
        SAME,
        "most of an owner's price",
    ),
    Meaning(
        "cost.surround",
        "capital of one accelerator with its share of server, network and storage, over its own",
        SAME,
        "proportional to the capital's part",
    ),
    Meaning(
        "cost.electricity",
        "kW at the power limit x server x PUE x this",
        "kW drawn in a mean step x server x PUE x this",
        "a few cents an hour beside dollars of capital; it never decides between two layouts alone",
    ),
    Meaning(
        "cost.pue",
        "watts at the wall = watts x server x PUE",
        SAME,
        "electricity of what is owned, watts at the wall of all",
    ),
    Meaning(
        "cost.hosting",
        "power limit x server, in kW, x this x 12 / 8766, USD an hour",
        SAME,
        "paid for the power that may be drawn, not for what is",
    ),
    Meaning(
        "cost.utilization",
        "USD per hour sold = USD per hour / utilization",
        SAME,
        "half of the hours sold is twice the cost",
    ),
)
