"""The editors: every number of a scenario as rows, grouped, with what follows from them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from infecon_tui.formats import BYTES_OF, STATE_BYTES
from infecon_tui.knobs import Knob, leaves, source_of
from infecon_tui.units import BYTES, show
from infecon_tui.values import exact_text
from infecon_tui.view.editor.costs import unpaid_paths
from infecon_tui.view.editor.groups import GROUPS, HEAD, PUBLISHED, SUMMARIES
from infecon_tui.view.editor.steps import choices_of, steps_of
from infecon_tui.view.records import Group, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from infecon_tui.scenario import Scenario

DRAFT = "speculation.draft"
_PUBLISHED_ONLY = (
    "scale_to",
    "layout.whole",
    "layout.tensor",
    "layout.pipeline",
    "layout.scaledown",
    "hardware.launch",
    "hardware.hbm.efficiency",
    "hardware.arithmetic.efficiency",
)
_DEPLOYMENT_ONLY = (
    "engine",
    "model.precision.kv_cache",
    "layout.tp",
    "layout.pp",
    "layout.ep",
    "layout.dp",
    "layout.cp",
    "layout.pools",
    "layout.chunk",
    "layout.memory_utilization",
    "workload.isl",
    "workload.osl",
    "workload.cached",
    "goal.ttft",
    "speculation.heads",
    "speculation.decay",
)
_FIRST = (
    "cost.basis",
    "model.precision.weights",
    "model.precision.activations",
    "model.precision.kv_cache",
)
_CHOICES: dict[str, tuple[str, ...]] = {}


def editor(
    scenario: Scenario, base: Scenario, choices: Mapping[str, tuple[str, ...]] | None = None
) -> tuple[Group, ...]:
    """The groups of rows of a scenario. `base` holds the values that rows are compared with.

    `choices` gives the ids to pick from at `model`, `hardware` and `speculation.draft`.
    """
    picks = choices or _CHOICES
    before = {knob.path: _told(knob, base) for knob in leaves(base)}
    hidden = _meaningless(scenario)
    knobs = [_told(knob, scenario) for knob in leaves(scenario) if knob.path not in hidden]
    knobs = [knob for knob in knobs if not knob.path.startswith(f"{DRAFT}.")]
    return tuple(
        Group(
            key=key,
            title=title,
            summary=SUMMARIES[key](scenario),
            rows=_rows(scenario, key, starts, knobs, before, picks),
        )
        for key, title, starts in GROUPS
        if key not in hidden
    )


def _meaningless(scenario: Scenario) -> tuple[str, ...]:
    """Paths and groups that change nothing at the scenario's fidelity and basis of cost."""
    workload, unpaid = scenario.workload, unpaid_paths(scenario)
    unpaid = (*unpaid, *_idle_paths(scenario))
    if scenario.fidelity not in PUBLISHED:
        return (*_PUBLISHED_ONLY, *unpaid)
    given = workload.isl_tok is not None or workload.osl_tok is not None
    shown = ("workload.isl", "workload.osl") if given else ()
    return (*(path for path in _DEPLOYMENT_ONLY if path not in shown), "kernels", *unpaid)


def _idle_paths(scenario: Scenario) -> tuple[str, ...]:
    """What says nothing of such a model, or of a goal whose targets choose the point."""
    spread = any(getattr(group.feed_forward, "experts", 0) for group in scenario.model.layers)
    experts = () if spread else ("model.precision.experts",)
    return (*experts, "goal.exponent") if scenario.goal.targeted else experts


def _told(knob: Knob, scenario: Scenario) -> Knob:
    """The context as it is counted, which lengths may give; a context typed takes their place."""
    if knob.path != "workload.context":
        return knob
    return Knob(knob.path, knob.slot, scenario.workload.mean_context_tok)


def _rows(
    scenario: Scenario,
    key: str,
    starts: tuple[str, ...],
    knobs: list[Knob],
    before: Mapping[str, Knob],
    picks: Mapping[str, tuple[str, ...]],
) -> tuple[Row, ...]:
    others = tuple(start for other, _, its in GROUPS if other != key for start in its)
    elsewhere = tuple(start for start in others if start.startswith(starts))
    mine = [
        knob
        for knob in knobs
        if f"{knob.path}.".startswith(starts)
        and knob.path != DRAFT
        and not (elsewhere and f"{knob.path}.".startswith(elsewhere))
    ]
    mine.sort(key=lambda knob: knob.path not in _FIRST)
    head = _picker(scenario, key, picks)
    above = HEAD if key == "layout" else ()
    fidelity = [knob for knob in knobs if knob.path in above]
    rows = [
        _row(knob, before.get(knob.path), spec_source(knob.path, scenario))
        for knob in (*fidelity, *mine)
    ]
    return (*head, *rows, *_derived(scenario, key))


def _picker(scenario: Scenario, key: str, picks: Mapping[str, tuple[str, ...]]) -> tuple[Row, ...]:
    """The row that names the spec itself."""
    if key in ("model", "hardware"):
        spec, path, label = getattr(scenario, key), key, "preset"
        text, help_text = spec.id, f"{spec.name or spec.id}: Enter picks another from the catalogue"
    elif key == "speculation":
        draft = scenario.speculation.draft
        path, label, text = DRAFT, "draft model", draft.id if draft else "none"
        help_text = "the small model that drafts tokens; none switches speculation off"
    else:
        return ()
    return (
        Row(
            path=path,
            label=label,
            text=text,
            edit=text,
            choices=picks.get(path, (text,)),
            searchable=True,
            help=help_text,
        ),
    )


@lru_cache(4096)
def _row(knob: Knob, before: Knob | None, source: str) -> Row:
    """Kept, as an edit changes one row and the others are asked for again."""
    changed = before is not None and before.value != knob.value
    number, _, unit = knob.text.rpartition(" ")
    split = bool(number) and not isinstance(knob.value, (str, bool))
    return Row(
        path=knob.path,
        label=label_of(knob),
        text=number if split else knob.text,
        unit=unit if split else "",
        edit=knob.text if knob.slot.kind is str else exact_text(knob.slot, knob.value),
        default=before.text if changed and before else "",
        changed=changed,
        choices=choices_of(knob),
        steps=steps_of(knob),
        help=knob.slot.info.help,
        source=source,
    )


def label_of(knob: Knob) -> str:
    """The label, with the group's number where layers are of several kinds."""
    parts = knob.path.split(".")
    if "layers" in parts and (index := parts[parts.index("layers") + 1]).isdigit():
        return f"{knob.slot.label} [{int(index) + 1}]"
    return knob.slot.label


def spec_source(path: str, scenario: Scenario) -> str:
    """Where the spec that a path leads into has its value from."""
    head, _, rest = path.partition(".")
    return source_of(rest, dict(getattr(getattr(scenario, head, None), "sources", ())))


def _derived(scenario: Scenario, key: str) -> tuple[Row, ...]:
    if key != "model":
        return ()
    model = scenario.model
    active = ("active", show(model.active_params), "weights that one token meets")
    facts = (
        ("parameters", show(model.params), "all weights, from the dimensions"),
        *((active,) if model.active_params < model.params else ()),
        (
            "weights in memory",
            show(model.weight_bytes, BYTES, 3),
            "at the precision of the weights",
        ),
        *_kept(scenario),
    )
    return tuple(
        Row(path=f"{key}.={label}", label=label, text=text, editable=False, help=help_text)
        for label, text, help_text in facts
    )


def _kept(scenario: Scenario) -> Iterator[tuple[str, str, str]]:
    """What a sequence keeps for each of its tokens, and whatever its length."""
    model = scenario.model
    width = BYTES_OF[model.precision.cache]
    growth = model.cache_elements(2) - model.cache_elements(1)
    yield "KV cache per token", show(growth * width, BYTES, 3), "of one sequence"
    state = model.cache_elements(1) - growth
    if state > growth / 2:
        each = STATE_BYTES if scenario.fidelity == "deployment" else width
        yield "state", show(state * each, BYTES, 3), "of one sequence, whatever its length"
