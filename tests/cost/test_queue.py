"""Waiting for a first token among others, against queues walked event by event."""

import numpy as np
import pytest
from deployment_cases import ask, case

from infecon_tui.cost.serving.queue import Steady, apart_s, mixed_s

PLAIN_S, PROMPT_S = 0.02, 0.06
COUNT = 40_000


def steady(busy, **changes):
    """Others' prompts take a share of the time; a mean step holds what came during one."""
    mean_s = PLAIN_S / (1 - busy)
    at = {
        "others": 1e6,
        "plain_s": PLAIN_S,
        "mean_s": mean_s,
        "prompts": busy * mean_s / PROMPT_S,
        "alone_s": 0.055,
        "chunks": 1.0,
        "lanes": 1.0,
    }
    return Steady(**(at | changes))


def arrivals(busy):
    random = np.random.default_rng(7)
    return np.cumsum(random.exponential(PROMPT_S / busy, COUNT)).tolist()


def walked_mixed(busy):
    """Every step takes the prompts that came during the one before it, and their tokens are out at its end."""
    came, now, next_one, waits = arrivals(busy), 0.0, 0, []
    while next_one < COUNT:
        first = next_one
        while next_one < COUNT and came[next_one] <= now:
            next_one += 1
        now += PLAIN_S + PROMPT_S * (next_one - first)
        waits += [now - at for at in came[first:next_one]]
    return np.mean(waits)


def walked_apart(busy):
    """Prompts go one by one, each before the next decode step; that one runs when none waits."""
    now, waits = 0.0, []
    for at in arrivals(busy):
        while now < at:
            now += PLAIN_S
        now += PROMPT_S
        waits.append(now - at)
    return np.mean(waits)


@pytest.mark.parametrize("busy", [0.05, 0.2, 0.4, 0.6, 0.8])
def test_prompts_that_share_steps(busy):
    assert mixed_s(steady(busy)) == pytest.approx(walked_mixed(busy), rel=0.04)


@pytest.mark.parametrize("busy", [0.05, 0.2, 0.4, 0.6, 0.8])
def test_prompts_in_steps_of_their_own(busy):
    at = steady(busy, alone_s=PROMPT_S)
    assert apart_s(at) == pytest.approx(walked_apart(busy), rel=0.04)


def test_one_client_waits_for_nobody():
    alone = steady(0.0, prompts=0.0)
    assert mixed_s(alone) == pytest.approx(0.055 + PLAIN_S / 2)
    assert apart_s(alone) == pytest.approx(0.055 + PLAIN_S / 2)


def test_stages_take_requests_in_turn():
    assert mixed_s(steady(0.3, lanes=4.0)) < mixed_s(steady(0.3))


@pytest.mark.parametrize("first_token_s", [mixed_s, apart_s])
def test_nobody_waits_for_more_prompts_than_others_have(first_token_s):
    full = steady(0.999, others=3.0)
    assert first_token_s(full) <= 4 * PROMPT_S + 2 * PLAIN_S


@pytest.mark.parametrize("engine", ["vllm", "sglang"])
@pytest.mark.parametrize("osl", [1.0, 8.0, 512.0])
def test_short_answers_wait_for_all_the_others_prompts_at_most(engine, osl):
    alone = ask(case(engine=engine, batch=1.0, isl=4096.0, osl=osl)).ttft_s
    for batch in (2.0, 8.0, 32.0):
        one = case(engine=engine, serving="steady", batch=batch, isl=4096.0, osl=osl)
        assert alone <= ask(one).ttft_s <= batch * 1.1 * alone


@pytest.mark.parametrize("engine", ["vllm", "vllm-waiting", "sglang", "trtllm"])
@pytest.mark.parametrize("serving", ["steady", "closed_loop"])
def test_more_clients_wait_longer(engine, serving):
    ttft = [
        ask(case(engine=engine, serving=serving, batch=float(2**power), isl=4096.0)).ttft_s
        for power in range(8)
    ]
    assert ttft == sorted(ttft)
    assert ttft[-1] > 1.3 * ttft[0]
