"""Every accelerator's kernels and messages against a sample of the tables of that very accelerator.

`tests/reference/kernels` says where the rows are from. A few numbers stand for thousands of kernels of many
shapes: of each group of rows the median is held, to a tenth or so, and single rows only loosely.
"""

import csv
from collections import defaultdict
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from infecon_tui.cost.ledger import Ledger
from infecon_tui.cost.machine import Machine, gemm_bound
from infecon_tui.cost.messages import Wires
from infecon_tui.cost.plan import Load, Plan
from infecon_tui.cost.step.experts import enter_experts
from infecon_tui.cost.step.layer import enter_attention
from infecon_tui.cost.step.mixing import mixing
from infecon_tui.cost.step.rates import Habits, Rates
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.spec.library import load
from infecon_tui.workload.attention import GroupedQuery, Latent
from infecon_tui.workload.feedforward import MixtureOfExperts
from infecon_tui.workload.transformer import Layers, Precision, Transformer

TABLES = Path(__file__).parents[1] / "reference" / "kernels"
FORMATS = {
    "bfloat16": "bf16",
    "fp8": "fp8",
    "fp8_block": "fp8",
    "nvfp4": "fp4",
    "w4a16_mxfp4": "fp4",
    "w4a8_mxfp4_mxfp8": "fp4",
}
MEDIAN = 0.13
"""How far the median of a group's predictions may be from its measurements."""
OWN_MEDIANS = {
    # These tables time quantising of the input by a kernel that engines join to the norm before it.
    ("products", "trtllm", "fp8"): (0.55, 1.15),
    ("products", "trtllm", "nvfp4"): (0.6, 1.15),
    # One number for three engines, of which TensorRT-LLM's needs the most and SGLang's the least.
    ("products", "vllm", "nvfp4"): (0.8, 1.2),
    # Between these kernels and FlashInfer's, which take less with thousands of tokens.
    ("experts", "", "nvfp4"): (0.8, 1.2),
    # Ranks that wait for one another beside experts of which each of eight holds one.
    ("experts", "", "w4a8_mxfp4_mxfp8"): (0.7, 1.2),
}
WORST = 4.5
"""Times that a single row may be off."""


@cache
def machine(part):
    return Machine(load(Accelerator, part))


def model(attention=None, feed_forward=None, d_model=4096, **formats):
    layer = Layers(count=1, attention=attention, feed_forward=feed_forward)
    return Transformer(
        id="x", d_model=d_model, vocab=0, layers=(layer,), precision=Precision(**formats)
    )


def plan(tensor=1.0, expert=1.0):
    return Plan(tensor=np.array([tensor]), pipeline=1.0, expert=np.array([expert]), data=1.0)


def product_s(row):
    one = machine(row["part"])
    weights = FORMATS[row["format"]]
    rate = one.gemm_rate(weights)
    if row["format"] == "fp8_block":
        rate = one.block_rate(weights, tuned=True)
    m, n, k = (float(row[name]) for name in "mnk")
    return rate.floor_s + gemm_bound(rate, m, n, k).seconds


def attention_s(row, attention, engine=""):
    formats = {"kv_cache": FORMATS[row["cache"]]}
    rates = Rates(model(attention, **formats), machine(row["part"]), plan(), Habits(engine=engine))
    load = Load(
        sequences=np.array([float(row["batch"])]), context=np.array([float(row["context"])])
    )
    ledger = Ledger()
    work = mixing(attention, 4096, 1.0, load.context, load.context)
    enter_attention(ledger, rates, work, load)
    return ledger.by_operator()["attention"]


def decode_attention_s(row):
    heads, kv_heads = int(row["heads"]), int(row["kv_heads"])
    kind = GroupedQuery(heads=heads, kv_heads=kv_heads, d_head=128)
    return attention_s(row, kind, row["engine"])


def latent_attention_s(row):
    kind = Latent(heads=int(row["heads"]), d_head=128, latent_kv=512, d_rope=64, latent_query=1536)
    return attention_s(row, kind)


def experts_s(row):
    kind = MixtureOfExperts(
        experts=int(row["experts"]), active_experts=int(row["active"]), d_ff=int(row["d_ff"])
    )
    weights = FORMATS[row["format"]]
    made = model(None, kind, int(row["d_model"]), experts=weights)
    made = replace(made, precision=replace(made.precision, blocks=row["format"] == "fp8_block"))
    tensor, expert = float(row["tp"]), float(row["ep"])
    ledger = Ledger()
    rates = Rates(made, machine(row["part"]), plan(tensor * expert, expert), Habits())
    enter_experts(ledger, rates, kind, np.array([float(row["tokens"])]))
    return ledger.total_s


def all_reduce_s(row):
    # The table is of vLLM's and SGLang's own kernels, which they no longer use where TensorRT-LLM's run.
    engine = "trtllm" if row["engine"] == "trtllm" else ""
    wires = Wires(machine(row["part"]), engine=engine)
    return wires.all_reduce_s(float(row["bytes"]), float(row["ranks"]))


PREDICTED = {
    "products": product_s,
    "decode_attention": decode_attention_s,
    "latent_attention": latent_attention_s,
    "experts": experts_s,
    "all_reduce": all_reduce_s,
}


def groups():
    """Rows of every table by accelerator, engine and format."""
    found = defaultdict(list)
    for table in PREDICTED:
        with (TABLES / f"{table}.csv").open(newline="") as lines:
            for row in csv.DictReader(lines):
                form = row.get("format") or row.get("cache") or ""
                found[table, row["part"], row.get("engine", ""), form].append(row)
    return found


GROUPS = groups()


@pytest.mark.parametrize("key", GROUPS, ids="-".join)
def test_kernels_take_what_their_tables_say(key):
    table, _, engine, form = key
    ratios = np.array(
        [float(np.ravel(PREDICTED[table](row))[0]) * 1e6 / float(row["us"]) for row in GROUPS[key]]
    )
    low, high = OWN_MEDIANS.get((table, engine, form), (1 - MEDIAN, 1 + MEDIAN))
    assert low <= np.median(ratios) <= high
    assert np.abs(np.log(ratios)).max() < np.log(WORST)


def test_every_accelerator_with_tables_is_held():
    parts = {part for _, part, _, _ in GROUPS}
    assert {"h200-sxm", "b300-sxm", "gb300-nvl72", "gb200-nvl72", "b200-sxm", "h100-sxm"} <= parts
