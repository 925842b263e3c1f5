"""Enters what layers have in common: products with weights, vector kernels, sums over ranks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.cost.machine import gemm_bound
from infecon_tui.formats import HIDDEN_BYTES

if TYPE_CHECKING:
    from infecon_tui.cost.ledger import Ledger, Rowed
    from infecon_tui.cost.machine import Machine, Rate
    from infecon_tui.cost.step.mixing import Product


def product(
    ledger: Ledger, name: str, rate: Rate, rows: Rowed, one: Product, when: Rowed = 1.0
) -> None:
    """A product of `rows` tokens with weights, in the rows of the ledger where `when` is 1."""
    gemm_bound(rate, rows, one.n, one.k, one.copies).enter(ledger, name, "weights", when)
    ledger.add(name, "launch", rate.floor_s * when)


def vector(
    ledger: Ledger, name: str, machine: Machine, rows: Rowed, elements: Rowed, count: int = 1
) -> None:
    """`count` norms, activations or rotations that move `elements` for every row."""
    traffic(ledger, name, machine, count * rows * elements * HIDDEN_BYTES)
    ledger.add(name, "launch", count * machine.kernels.steps.vector_s)
    ledger.starts = ledger.starts + count


def traffic(ledger: Ledger, name: str, machine: Machine, moved_bytes: Rowed) -> None:
    """What vector kernels read and write."""
    seconds = moved_bytes / (machine.kernels.steps.vector_hbm * machine.hbm_Bps)
    ledger.add(name, "traffic", seconds)
    ledger.work(seconds, 0.0)


def summed(ledger: Ledger, seconds: Rowed) -> None:
    """An all-reduce of the residual stream."""
    ledger.add("all-reduce", "messages", seconds)
    ledger.starts = ledger.starts + (np.asarray(seconds) > 0)
