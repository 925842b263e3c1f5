"""What differs between two scenarios: every value by its path, and what that does to their metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from infecon_tui.errors import InfeconError
from infecon_tui.knobs import leaves
from infecon_tui.solve import ON_SCREEN, solve
from infecon_tui.values import exact_text
from infecon_tui.view.editor.groups import group_of
from infecon_tui.view.headline import headline
from infecon_tui.view.pins import MERITS, change, merit_pair
from infecon_tui.view.records import Change, Column, Metric, Table

if TYPE_CHECKING:
    from infecon_tui.knobs import Knob
    from infecon_tui.scenario import Scenario
    from infecon_tui.solve import Answer

ABSENT = "–"
DRAFT = "speculation.draft"
COLUMNS = tuple(
    Column(key=key, title=key, left=True)
    for key in ("group", "path", "label", "before", "after", "change")
)


class Differing(NamedTuple):
    """One value that differs, as screens show it; `exact` is as files hold it, None where absent."""

    group: str
    path: str
    label: str
    before: str
    after: str
    exact: tuple[str | None, str | None]


class Effect(NamedTuple):
    """One metric of both scenarios, how far the second is from the first, and the numbers behind it."""

    key: str
    label: str
    before: str
    after: str
    change: Change | None
    values: tuple[float, float] | None


class Difference(NamedTuple):
    """All of it; `faults` say why one of the two has no answer."""

    values: tuple[Differing, ...]
    effects: tuple[Effect, ...]
    faults: tuple[str, ...]


def difference(before: Scenario, after: Scenario, step: float = ON_SCREEN) -> Difference:
    """What differs and what comes of it. Solves both."""
    answers, faults = [], []
    for name, scenario in (("before", before), ("after", after)):
        answer, fault = _answer(scenario, step)
        answers.append(answer)
        faults += [f"{name}: {fault}"] if fault else []
    return Difference(differing(before, after), _effects(*answers), tuple(faults))


# The values


def differing(before: Scenario, after: Scenario) -> tuple[Differing, ...]:
    """Every value that differs, in the order of the editor's groups."""
    old, new = ({knob.path: knob for knob in leaves(s)} for s in (before, after))
    specs = (("model", _model), ("hardware", _hardware), (DRAFT, _draft))
    found = [
        Differing(group_of(path)[1], path, _LABELS[path], *ids, ids)
        for path, name in specs
        if (ids := (name(before), name(after))) and ids[0] != ids[1]
    ]
    drafted = before.speculation.draft is not None and after.speculation.draft is not None
    for path in dict.fromkeys([*new, *old]):
        if path.startswith(f"{DRAFT}.") and not drafted:
            continue  # The line of the draft itself says that there is none on one side.
        was, now = old.get(path), new.get(path)
        if was is None or now is None or was.value != now.value:
            found.append(_value(path, was, now))
    return tuple(sorted(found, key=lambda one: group_of(one.path)[0]))


_LABELS = {"model": "model", "hardware": "hardware", DRAFT: "draft model"}


def _model(scenario: Scenario) -> str:
    return scenario.model.id


def _hardware(scenario: Scenario) -> str:
    return scenario.hardware.id


def _draft(scenario: Scenario) -> str:
    draft = scenario.speculation.draft
    return "none" if draft is None else draft.id


def _value(path: str, old: Knob | None, new: Knob | None) -> Differing:
    knob = new or old
    assert knob is not None
    texts = [ABSENT if k is None else k.text for k in (old, new)]
    exact = [None if k is None else exact_text(k.slot, k.value) for k in (old, new)]
    return Differing(
        group_of(path)[1], path, knob.slot.label, texts[0], texts[1], (exact[0], exact[1])
    )


# The metrics


def _answer(scenario: Scenario, step: float) -> tuple[Answer | None, str]:
    try:
        answer = solve(scenario, step)
    except InfeconError as error:
        return None, str(error)
    return (answer, "") if answer.chosen is not None else (None, answer.verdict)


def _effects(before: Answer | None, after: Answer | None) -> tuple[Effect, ...]:
    """The metrics of the headline that are told of either."""
    olds, news = (
        {} if answer is None else {metric.key: metric for metric in headline(answer)}
        for answer in (before, after)
    )
    made = []
    for key in dict.fromkeys([*news, *olds]):
        old, new = olds.get(key), news.get(key)
        pair = merit_pair(key, before, after) if before and after else None
        told = change(*pair, MERITS[key].better) if pair else None
        known = new or old
        assert known is not None
        made.append(Effect(key, known.label, _text(old), _text(new), told, pair))
    return tuple(made)


def _text(metric: Metric | None) -> str:
    return ABSENT if metric is None else f"{metric.value} {metric.unit}".strip()


# As a table and as a tree


def difference_table(found: Difference) -> Table:
    """Both parts as lines; the metrics last."""
    rows = [(v.group, v.path, v.label, v.before, v.after, "") for v in found.values]
    rows += [
        (
            "Answer",
            effect.key,
            effect.label,
            effect.before,
            effect.after,
            change_text(effect.change),
        )
        for effect in found.effects
    ]
    note = "" if found.values else "nothing differs"
    return Table(
        key="diff",
        title="What differs",
        columns=COLUMNS,
        rows=tuple(rows),
        values=tuple(rows),
        note=note,
    )


def difference_tree(found: Difference) -> dict[str, object]:
    """Both parts for programs: texts as files hold them, metrics as numbers in base units."""
    return {
        "values": [
            {"path": v.path, "group": v.group, "before": v.exact[0], "after": v.exact[1]}
            for v in found.values
        ],
        "metrics": [
            {"key": MERITS[e.key].name, "before": e.values[0], "after": e.values[1]}
            for e in found.effects
            if e.values is not None
        ],
        "faults": list(found.faults),
    }


def change_text(told: Change | None) -> str:
    """`-12 %`, `+3.4 %`, or nothing."""
    if told is None or not told.sign:
        return ""
    return f"{'+' if told.sign > 0 else '-'}{told.text}"
