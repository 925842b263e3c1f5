"""Pipeline stages: worked out by hand, against a ring walked event by event, and as laws."""

from dataclasses import replace

import numpy as np
import pytest
from deployment_cases import H100, ask, case
from hypothesis import given
from hypothesis import strategies as st

from infecon_tui.cost.ledger import Ledger
from infecon_tui.cost.machine import Machine
from infecon_tui.cost.memory import cache_bytes, fullest_share, weight_bytes
from infecon_tui.cost.messages import Wires
from infecon_tui.cost.plan import Load, Plan
from infecon_tui.cost.step.pipeline import Pass, lanes_of, largest_part, mixed, one_after_another
from infecon_tui.cost.step.rates import Habits
from infecon_tui.cost.step.stepper import Stepper
from infecon_tui.spec.library import load
from infecon_tui.workload.transformer import Transformer

LLAMA = load(Transformer, "llama-3.1-70b")


def plan(tensor=1.0, pipeline=1.0):
    return Plan(tensor=tensor, pipeline=pipeline, expert=1.0, data=1.0)


def flat(seconds, stages, host=0.0):
    """A micro-batch that spends the same time in each stage."""
    work = Ledger()
    work.add("x", "weights", seconds)
    return Pass(work, seconds, seconds / stages, host)


def walked(stages, often, longer, rounds=3000):
    """The mean round of a ring, event by event: micro-batches in order, one in a stage at a time."""
    chance = np.random.default_rng(1)
    free, done = [0.0] * stages, [0.0] * stages
    for _ in range(rounds):
        for lane in range(stages):
            takes, now = 1.0 + longer * (chance.random() < often), done[lane]
            for stage in range(stages):
                now = free[stage] = max(now, free[stage]) + takes
            done[lane] = now
    return max(done) / rounds


@pytest.mark.parametrize("stages", [2, 4, 8])
@pytest.mark.parametrize(("often", "longer"), [(0.02, 5.0), (0.14, 5.0), (0.14, 1.0), (0.6, 5.0)])
def test_the_common_pace_is_near_a_walked_ring(stages, often, longer):
    plain, other = flat(float(stages), stages), flat((1 + longer) * stages, stages)
    found = mixed(plan(pipeline=float(stages)), float(stages), plain, other, often).total_s
    assert 0.97 < found / walked(stages, often, longer) < 1.12


def test_micro_batches_are_of_whole_sequences():
    assert largest_part(plan(pipeline=4.0), 10.0) == 3.0
    assert largest_part(plan(pipeline=4.0), 3.0) == 1.0
    assert largest_part(plan(), 63.7) == 63.7
    assert lanes_of(plan(pipeline=4.0), 3.0) == 3.0


def test_a_pipeline_fills_and_drains():
    """Four chunks of 8 s through 4 stages: 8 s for the first, and 2 s more for each that follows."""
    total = one_after_another(plan(pipeline=4.0), flat(8.0, 4), 4.0)
    assert total.total_s == pytest.approx(8.0 + 3 * 2.0)
    assert one_after_another(plan(), flat(8.0, 1), 4.0).total_s == pytest.approx(32.0)


def test_a_prompt_of_many_chunks_gains_from_stages():
    """64K tokens are 8 chunks: 8 passes through one stage, the time of 8 + 3 of four quarters."""
    one, four = (
        ask(case(layout={"tensor": 8, "pipeline": stages}, isl=65536.0)).ttft_s for stages in (1, 4)
    )
    assert four / one == pytest.approx((8 + 3) / 32, rel=0.1)


def test_stages_hold_whole_layers():
    """80 layers in 3 stages are 27, 27 and 26: the cache of the fullest is 27 of 80."""
    three = plan(pipeline=3.0)
    assert fullest_share(LLAMA, three) == 27 / 80
    assert cache_bytes(LLAMA, three, 1.0) == pytest.approx(27 * 4096)
    one_end = 128256 * 8192
    layers = LLAMA.params - 2 * one_end
    assert weight_bytes(LLAMA, three) == pytest.approx(2 * (layers * 27 / 80 + one_end))


def test_the_last_stage_has_the_head():
    """Eight stages of 10 layers; the last also has the head, so that the others wait for it."""
    stepper = Stepper(LLAMA, Machine(H100), plan(tensor=2.0, pipeline=8.0))
    work, work_s, beat_s = stepper.stages(Load(sequences=32.0, context=2048.0))
    parts = work.by_operator()
    head = parts["head"] + parts["sampling"]
    hop = parts["hand-over"]
    assert work_s == pytest.approx(work.total_s)
    inner = work_s - head - hop
    assert beat_s > inner / 8 + head
    assert beat_s == pytest.approx(inner / 8 + head, rel=0.02)


def test_hand_overs_by_hand():
    """32 rows of two vectors of 8192 in 16 bits, 2.1 MB, half of it from each of two ranks.

    Inside a node 2 x 4.3 us and 1.05 MB at 0.8 of 450 GB/s; between nodes 17 us and 0.85 of 50 GB/s.
    """
    wires = Wires(Machine(H100))
    size = 32 * 2 * 8192 * 2.0
    near, far = wires.hand_over_s(size, 2.0)
    gathered = wires.gather_s(size, 2.0)
    assert near - gathered == pytest.approx(8.6e-6 + size / 2 / (0.8 * 450e9))
    assert far - gathered == pytest.approx(17e-6 + size / 2 / (0.85 * 50e9))


def test_one_stage_is_a_step_and_its_host():
    """Nothing of the above touches an instance of one stage."""
    one = case(batch=61.5)
    stepper = Stepper(LLAMA, Machine(H100), plan(tensor=8.0), Habits(engine="vllm"))
    work = stepper.step(Load(sequences=61.5, context=1024 + 256.0))
    found = ask(one)
    assert found.tpot_s == work.total_s + 0.2e-3 + 61.5 * 0.5e-6
    assert found.causes.get("bubbles", 0.0) == 0


@given(
    st.sampled_from([1, 2, 4, 8]),
    st.sampled_from([2, 3, 4, 8]),
    st.integers(1, 300),
    st.sampled_from(["decode", "steady", "closed_loop"]),
    st.sampled_from(["vllm", "sglang", "vllm-first"]),
)
def test_causes_add_up_and_nothing_waits_less_than_not_at_all(tensor, stages, batch, way, engine):
    found = ask(
        case(
            layout={"tensor": tensor, "pipeline": stages},
            batch=float(batch),
            serving=way,
            engine=engine,
        )
    )
    assert sum(found.causes.values()) == pytest.approx(found.tpot_s)
    assert min(found.causes.values()) >= 0
    assert sum(found.operators.values()) == pytest.approx(found.tpot_s)


@given(
    st.sampled_from([1, 2, 8]),
    st.sampled_from(["llama-3.1-70b", "qwen3-235b-a22b"]),
    st.sampled_from(["vllm", "sglang", "vllm-waiting"]),
    st.sampled_from(["decode", "steady"]),
    st.integers(1, 4),
)
def test_more_stages_than_sequences_never_speed_a_token(tensor, model, engine, way, batch):
    one = {"model": model, "batch": float(batch), "engine": engine, "serving": way}
    made = [
        ask(case(**one, layout={"tensor": tensor, "pipeline": stages}))
        for stages in (1, 2, 4, 8)
        if stages == 1 == batch or stages > batch
    ]
    times = [answer.tpot_s for answer in made]
    assert times == sorted(times)


def test_small_chunks_leave_no_bubbles():
    """A prompt of 2048 in chunks of 256 is in every micro-batch; whole, it is in one and holds up seven."""
    asked = case(
        layout={"tensor": 2, "pipeline": 8}, batch=288.0, isl=2048.0, osl=256.0, serving="steady"
    )
    whole, cut = (ask(replace(asked, step_tokens=tokens)) for tokens in (8192.0, 256.0))
    assert whole.causes["bubbles"] > 0.5 * whole.tpot_s
    assert cut.causes["bubbles"] < 0.1 * cut.tpot_s
    assert cut.tpot_s < whole.tpot_s / 2


@given(st.sampled_from([256, 512, 1024, 4096, 8192]), st.floats(16, 16_000))
def test_a_prompt_alone_is_no_sooner_in_smaller_chunks(chunk, isl):
    asked = case(isl=isl, serving="steady", batch=1.0)
    small, large = (ask(replace(asked, step_tokens=tokens)) for tokens in (chunk, 2.0 * chunk))
    assert small.ttft_s >= large.ttft_s * (1 - 1e-9)


def test_the_opening_layout_by_hand():
    """Llama 70B on TP 2 and 8 stages, 285 sequences of 2048 + 256 tokens: once thought the best.

    A stage holds 10 of 80 layers, a rank half of them, and a micro-batch 36 sequences.
    Decoding, a stage takes 4 GEMMs a layer over 8.6 GB of weights at 0.85 of 3.35 TB/s, 3.0 ms; the
    cache of 36 x 2176 positions of 20 KB at 0.87, 0.55 ms; 20 all-reduces and 70 kernels, some 0.6 ms;
    the last stage a head of 1.05 GB, 0.37 ms, and the host 0.2 ms: 4.8 ms a beat.
    With a prompt of 2048 beside them, 2 x 2084 x 4.28e9 FLOP at 0.78 of 989 TFLOP/s take 23 ms, the
    prompt's attention 1 ms, 20 all-reduces of 34 MB at 333 GB/s 2 ms, norms and activations 2 ms, and
    cache, head, starts and host another 2 ms: 30 ms a beat.
    A round sees 284 / 256 prompts enter eight micro-batches: one holds a prompt with a chance of 0.139,
    and any of those under way in 1 - 0.861^8 = 70 % of the time: 8 (0.3 x 4.8 + 0.7 x 30) ms = 180 ms.
    """
    asked = case(
        layout={"tensor": 2, "pipeline": 8}, batch=285.0, isl=2048.0, osl=256.0, serving="steady"
    )
    assert ask(asked).tpot_s == pytest.approx(0.180, rel=0.05)
    decoding = ask(replace(asked, serving="decode", context_tok=2176.0))
    assert decoding.tpot_s == pytest.approx(8 * 4.8e-3, rel=0.05)
