"""The options that describe a scenario, and the scenario that they give."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse

    from infecon_tui.scenario import Scenario

PUBLISHED = ("toy", "paper", "published")
"""Fidelities of the paper."""

# Options that are short for a path: `--context 100k` is `--set workload.context=100k`.
SHORT: tuple[tuple[str, str, str, str], ...] = (
    ("--fidelity", "fidelity", "LEVEL", "toy, paper, published or deployment"),
    (
        "--engine",
        "engine",
        "NAME",
        "serving engine of a deployment: vllm, sglang, trtllm, lmdeploy",
    ),
    ("--weights", "model.precision.weights", "FORMAT", "weights in bf16, fp8, int8, fp4 or int4"),
    ("--experts", "model.precision.experts", "FORMAT", "routed experts in another format"),
    ("--kv-cache", "model.precision.kv_cache", "FORMAT", "KV cache in a format, such as fp8"),
    ("--price", "hardware.price", "USD/H", "rent of one accelerator for an hour, such as 2.5"),
    ("--scale-to", "scale_to", "PARAMS", "scale the model to a size, such as 400B (published)"),
    ("--context", "workload.context", "TOKENS", "positions a new token attends to, such as 100k"),
    ("--isl", "workload.isl", "TOKENS", "mean tokens of a prompt, in place of --context"),
    ("--osl", "workload.osl", "TOKENS", "mean tokens of an output, in place of --context"),
    ("--cached", "workload.cached", "SHARE", "of a prompt, in the prefix cache: 40%%, or tokens"),
    ("--demand", "workload.demand", "TOK/S", "tokens per second over all users, such as 10k"),
    ("--draft", "speculation.draft", "ID", "draft model for speculative decoding"),
    ("--heads", "speculation.heads", "KIND", "heads that draft instead: mtp or eagle (deployment)"),
    ("--acceptance", "speculation.acceptance", "SHARE", "chance that a drafted token is accepted"),
    ("--decay", "speculation.decay", "SHARE", "factor on it for every further drafted token"),
    ("--draft-tokens", "speculation.draft_tokens", "A-B", "lengths of draft to try, such as 2-5"),
    ("--gpus", "layout.gpus", "N", "fix the accelerators of an instance"),
    ("--batch", "layout.batch", "N", "fix the batch"),
    ("--tp", "layout.tp", "N", "fix the tensor parallelism of a deployment"),
    ("--pp", "layout.pp", "N", "fix its pipeline stages"),
    ("--ep", "layout.ep", "N", "fix its expert parallelism"),
    ("--dp", "layout.dp", "N", "fix its ranks of data-parallel attention"),
    ("--cp", "layout.cp", "N", "stripe the cache over so many tensor ranks while decoding"),
    ("--chunk", "layout.chunk", "TOKENS", "most tokens of prompts in one step, such as 512"),
    ("--pools", "layout.pools", "one|two", "prompts in a pool of their own (two) or not"),
    (
        *("--memory-utilization", "layout.memory_utilization", "SHARE"),
        "share of a GPU's memory that a deployment's engine plans with, such as 0.95",
    ),
    ("--tpot-target", "goal.tpot", "TIME", "longest time per output token, such as 30ms"),
    ("--ttft-target", "goal.ttft", "TIME", "longest time to the first token (deployment)"),
    ("--cost-target", "goal.cost", "USD", "highest cost of a million output tokens"),
    ("--gpus-at-hand", "goal.gpus_at_hand", "N", "accelerators there are"),
    ("--basis", "cost.basis", "BASIS", "accelerators are rented (by the hour) or owned"),
    ("--capital", "cost.capital", "USD", "what buying one costs, such as 30k (its list price)"),
    ("--life", "cost.life", "YEARS", "years until an owned accelerator is paid off"),
    ("--electricity", "cost.electricity", "USD/KWH", "price of electricity, such as 0.08"),
    ("--utilization", "cost.utilization", "SHARE", "share of an owner's hours that are sold"),
    ("--exponent", "goal.exponent", "A", "the preferred point has the largest speed^A / cost"),
)


def add_scenario(command: argparse.ArgumentParser) -> None:
    """Gives a command the options that describe a scenario."""
    command.add_argument("scenario", nargs="?", type=Path, metavar="SCENARIO.yaml")
    command.add_argument(
        "--model", metavar="ID", help="a model's id, or a file: YAML, or a checkpoint's config.json"
    )
    command.add_argument("--hardware", metavar="ID", help="an accelerator's id, or a file")
    for flag, path, metavar, text in SHORT:
        command.add_argument(flag, dest=path, metavar=metavar, help=text)
    command.add_argument(
        "--whole", action="store_true", help="whole GPUs and sequences only (fractions are allowed)"
    )
    command.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="PATH=VALUE",
        help="change any number, such as hardware.hbm.bandwidth='3.6 TB/s'; may be repeated",
    )


def _start(given: dict[str, Any]) -> Scenario:
    """What options change: what the explorer opens on, or the paper's question where it is meant."""
    from infecon_tui.spec.scenario_file import default_scenario, opening_scenario

    paper = any((given[key] or "").startswith("paper/") for key in ("model", "hardware"))
    if given["fidelity"] in PUBLISHED or (paper and not given["fidelity"]):
        return default_scenario()
    return opening_scenario()


def scenario_of(arguments: argparse.Namespace) -> Scenario:
    """The scenario that a command line describes. Raises InfeconError."""
    from infecon_tui.errors import InfeconError
    from infecon_tui.spec.scenario_file import edited, load_scenario

    given = vars(arguments)
    scenario = load_scenario(arguments.scenario) if arguments.scenario else _start(given)
    changes = [(path, given[path]) for path in ("model", "hardware") if given[path]]
    changes += [(path, given[path]) for _, path, _, _ in SHORT if given[path] is not None]
    changes += [("layout.whole", "yes")] if arguments.whole else []
    for text in arguments.set:
        path, equals, value = text.partition("=")
        if not equals:
            raise InfeconError(f"--set {text}: expected PATH=VALUE")
        changes.append((path.strip(), value))
    for path, value in changes:
        scenario = edited(scenario, path, value)
    return scenario
