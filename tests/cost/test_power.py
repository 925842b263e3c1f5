"""Watts from what memory and matrix units do, beside one another."""

from dataclasses import fields, replace

import pytest
from deployment_cases import H100, ask, case

from infecon_tui.cost.ledger import Ledger
from infecon_tui.cost.machine import Bound, Machine
from infecon_tui.cost.power import watts
from infecon_tui.hardware.draw import Draw
from infecon_tui.knobs import replaced

MACHINE = Machine(H100)
IDLE_W, READING_W, COMPUTING_W = 105.0, 350.0, 595.0
"""Of the H100's 700 W: 0.15, 0.5 and 0.85."""


def kernel(memory_s, arithmetic_s, count=1.0):
    ledger = Ledger()
    Bound(memory_s, arithmetic_s).enter(ledger, "products", "weights", count)
    return ledger


def test_a_kernel_that_only_reads_by_hand():
    assert watts(MACHINE, kernel(1.0, 0.0)) == pytest.approx(IDLE_W + READING_W)


def test_a_kernel_that_only_computes_draws_the_limit():
    assert watts(MACHINE, kernel(0.0, 1.0)) == pytest.approx(700.0)


def test_arithmetic_behind_reading_draws_too():
    """A tenth as long: the roofline's bound is the reading, within its rounded corner."""
    assert watts(MACHINE, kernel(1.0, 0.1)) == pytest.approx(
        IDLE_W + READING_W + 0.1 * COMPUTING_W, rel=1e-4
    )


def test_no_more_than_the_limit():
    assert watts(MACHINE, kernel(1.0, 1.0)) == 700.0


def test_waiting_draws_little_and_costs_joules_all_the_same():
    busy = kernel(1.0, 0.0)
    waits = kernel(1.0, 0.0)
    waits.add("host", "host", 1.0)
    drawn = watts(MACHINE, waits)
    assert drawn == pytest.approx(IDLE_W + READING_W / 2 + 0.05 * 700 / 2)
    assert 2 * drawn > watts(MACHINE, busy)


def test_work_counts_as_often_as_it_is_merged():
    once, many = kernel(2.0, 1.0, count=3.0), Ledger()
    many.merge(once, 5.0)
    assert (many.reading_s, many.computing_s) == (30.0, 15.0)


def test_a_larger_batch_draws_more_while_weights_bind():
    drawn = [
        ask(case("llama-3.1-8b", batch=float(2**n), layout={"tensor": 1})).watts for n in range(8)
    ]
    assert drawn == sorted(drawn)
    assert drawn[-1] > 1.2 * drawn[0]


@pytest.mark.parametrize("name", [field.name for field in fields(Draw)])
@pytest.mark.parametrize("layout", [{"tensor": 8}, {"tensor": 4, "pipeline": 2}])
def test_every_share_adds(name, layout):
    one = case(layout=layout, batch=8.0)
    path = f"kernels.draw.{name}"
    more = replaced(H100, path, getattr(H100.draw, name) + 0.02)
    assert ask(replace(one, hardware=more)).watts > ask(one).watts
