"""The groups of the editors: what belongs to each, and what stands beside its heading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui.units import BYTES, SECONDS, show
from infecon_tui.view.editor.costs import cost_summary, rent

if TYPE_CHECKING:
    from collections.abc import Callable

    from infecon_tui.scenario import Scenario

GROUPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("model", "Model", ("model.precision.", "scale_to")),
    (
        "hardware",
        "Hardware",
        (
            *("hardware.hbm.", "hardware.scale_up.", "hardware.scale_out.", "hardware.launch."),
            *(f"hardware.arithmetic.{name}." for name in ("bf16", "fp8", "fp4", "efficiency")),
        ),
    ),
    ("layout", "Parallelism", ("layout.",)),
    ("workload", "Workload", ("workload.",)),
    ("goal", "Targets", ("goal.",)),
    ("cost", "Cost", ("cost.", "hardware.price.", "hardware.list_price.")),
    ("speculation", "Speculative decoding", ("speculation.",)),
    ("architecture", "Architecture", ("model.",)),
    ("peaks", "Other peaks and power", ("hardware.",)),
    ("kernels", "Kernels and engines", ("hardware.kernels.",)),
    ("scenario", "Scenario", ("name", "notes")),
)
"""Key, title and the paths that belong to each group, in the order of the screen."""

HEAD = ("fidelity", "engine")
"""What stands above the layout, though it is part of none."""
PUBLISHED = ("toy", "paper", "published")
"""The fidelities that know nothing of kernels."""


def group_of(path: str) -> tuple[int, str]:
    """The place and the title of the group that a path belongs to: the one with the longest start."""
    if path in HEAD:
        path = "layout."
    starts = [
        (len(start), at, title)
        for at, (_, title, its) in enumerate(GROUPS)
        for start in its
        if f"{path}.".startswith(start)
    ]
    _, at, title = max(starts)
    return at, title


def _model_summary(scenario: Scenario) -> str:
    model = scenario.model
    kinds = dict.fromkeys(g.attention.kind for g in model.layers if g.attention)
    active = model.active_params
    size = show(model.params, digits=3) + (
        f"/{show(active, digits=3)} active" if active < model.params else ""
    )
    return f"{size} · {'+'.join(kinds)} · {model.precision.weights}"


def _hardware_summary(scenario: Scenario) -> str:
    part = scenario.hardware
    return f"{show(part.hbm.capacity_bytes, BYTES, 3)} · {rent(scenario)}"


def _architecture_summary(scenario: Scenario) -> str:
    model = scenario.model
    return f"{model.layer_count} layers · hidden size {model.d_model}"


def _peaks_summary(scenario: Scenario) -> str:
    limit = scenario.hardware.tdp_W
    return "" if limit is None else f"{limit:g} W"


def _kernels_summary(scenario: Scenario) -> str:
    return "as calibrated" if scenario.hardware.kernels else "defaults"


def _layout_summary(scenario: Scenario) -> str:
    layout = scenario.layout
    gpus = "auto" if layout.gpus is None else f"{layout.gpus:g}"
    engine = "" if scenario.fidelity in PUBLISHED else f" · {scenario.engine}"
    return f"{scenario.fidelity}{engine} · GPUs {gpus}"


def _workload_summary(scenario: Scenario) -> str:
    workload = scenario.workload
    if workload.isl_tok is None and workload.osl_tok is None:
        return f"context {show(workload.context_tok)}"
    lengths = (0.0 if tokens is None else tokens for tokens in (workload.isl_tok, workload.osl_tok))
    return "ISL {} · OSL {}".format(*(show(tokens) for tokens in lengths))


def _goal_summary(scenario: Scenario) -> str:
    goal = scenario.goal
    asked = [
        f"TPOT {show(goal.tpot_s, SECONDS, 3)}" if goal.tpot_s else "",
        f"TTFT {show(goal.ttft_s, SECONDS, 3)}" if goal.ttft_s else "",
        f"{goal.cost_usd_per_mtok:g} USD/Mtok" if goal.cost_usd_per_mtok else "",
        f"{goal.gpus_at_hand} GPUs" if goal.gpus_at_hand else "",
    ]
    return " · ".join(filter(None, asked)) or f"none · speed^{goal.exponent:g} / cost"


def _speculation_summary(scenario: Scenario) -> str:
    speculation = scenario.speculation
    drafter = speculation.draft.id if speculation.draft else speculation.drafter
    if not drafter or (scenario.fidelity in PUBLISHED and speculation.draft is None):
        return "off"
    return f"{drafter} · {100 * speculation.acceptance:g} %"


def _scenario_summary(scenario: Scenario) -> str:
    return "with notes" if scenario.notes else ""


SUMMARIES: dict[str, Callable[[Scenario], str]] = {
    "model": _model_summary,
    "hardware": _hardware_summary,
    "layout": _layout_summary,
    "workload": _workload_summary,
    "goal": _goal_summary,
    "cost": cost_summary,
    "speculation": _speculation_summary,
    "architecture": _architecture_summary,
    "peaks": _peaks_summary,
    "kernels": _kernels_summary,
    "scenario": _scenario_summary,
}
