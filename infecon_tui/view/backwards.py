"""The answer to a question asked backwards, in words and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infecon_tui.units import SECONDS, show
from infecon_tui.values import text_of
from infecon_tui.view.describe import layout, number
from infecon_tui.view.editor.forms import label_of

if TYPE_CHECKING:
    from infecon_tui.sensitivity.ask import Asked, Reached


def wanted(asked: Asked) -> str:
    """`TPOT 20 ms and cost 0.5 USD/Mtok`."""
    return " and ".join(target.text for target in asked.targets)


def value_text(asked: Asked, value: float) -> str:
    """A value of the number as screens show it."""
    return text_of(asked.knob.slot, value)


def short_answer(asked: Asked) -> str:
    """What was found in few words: `HBM bandwidth 4.1 TB/s (+22 %) reaches TPOT 20 ms`."""
    label, goal = label_of(asked.knob), wanted(asked)
    if asked.found is None:
        return _unchanged(asked, label, goal)
    value = value_text(asked, asked.found.value)
    if asked.now.met:
        less = asked.found.value < asked.knob.value
        side = "down" if less else "up"
        return f"{goal} is met now, and stays so {side} to {label} {value}{_share(asked)}"
    return f"{label} {value}{_share(asked)} reaches {goal}"


def offer(asked: Asked) -> str:
    """Asks whether to take the value found: what is asked first, for lines may be short."""
    found = asked.found
    assert found is not None
    side = "up" if found.value > asked.knob.value else "down"
    goal = wanted(asked)
    gained = f"{goal} is met now, and {side} to that" if asked.now.met else f"reaches {goal}"
    words = f"Put in {value_text(asked, found.value)}{_share(asked)}? y/n"
    return f"{words}   {gained}: {_beside(asked, found)}"


def _beside(asked: Asked, reached: Reached) -> str:
    """The point behind a value in few words: what was not asked for of it, and its layout."""
    points, at = reached.points, reached.index
    assert points is not None
    known = {target.metric.field for target in asked.targets}
    told = [_metric(reached, f) for f in ("usd_per_mtok", "tpot_s") if f not in known]
    return ", ".join([*told, layout(points, at), f"batch {number(float(points.batch[at]))}"])


def _unchanged(asked: Asked, label: str, goal: str) -> str:
    """Where no value looked at makes a difference."""
    if asked.now.met:
        return f"{goal} is met now, whatever {label} is (tried up to a thousandfold)"
    best = asked.best
    if best.points is None:
        return f"No value of {label} reaches {goal}: nothing fits with any value tried"
    nearest = ", ".join(_metric(best, target.metric.field) for target in asked.targets)
    return (
        f"No value of {label} reaches {goal}; nearest {nearest} at {value_text(asked, best.value)}"
    )


def _metric(reached: Reached, field: str) -> str:
    value = float(getattr(reached.points, field)[reached.index])
    return {
        "tpot_s": lambda: show(value, SECONDS, 3),
        "ttft_s": lambda: show(value, SECONDS, 3),
        "speed_tok_s": lambda: f"{value:.3g} tok/s",
        "usd_per_mtok": lambda: f"{value:.3g} USD/Mtok",
    }[field]()


def _share(asked: Asked) -> str:
    now = asked.knob.value
    if asked.found is None or not now or asked.found.value == now:
        return ""
    ratio = asked.found.value / now
    return f" ({100 * (ratio - 1):+.3g} %)" if ratio < 10 else f" ({ratio:.3g} times)"


def sentence(asked: Asked) -> str:
    """The answer with the point behind it."""
    shown = asked.found if asked.found is not None else asked.now if asked.now.met else asked.best
    said = short_answer(asked)
    return f"{said}." if shown.points is None else f"{said}: {_at(shown)}."


def _at(reached: Reached) -> str:
    """The point behind a value."""
    points, at = reached.points, reached.index
    assert points is not None
    gpus, batch = (number(float(values[at])) for values in (points.gpus, points.batch))
    fields = ("tpot_s", "speed_tok_s", "usd_per_mtok")
    merits = ", ".join(_metric(reached, field) for field in fields)
    return f"{merits} on {gpus} GPUs ({layout(points, at)}), batch {batch}"


def asked_tree(asked: Asked) -> dict[str, Any]:
    """The answer for programs, in base units."""
    found = asked.found
    return {
        "path": asked.knob.path,
        "now": asked.knob.value,
        "targets": {target.metric.field: target.value for target in asked.targets},
        "met_now": asked.now.met,
        "value": None if found is None else found.value,
        "sentence": sentence(asked),
        "point": None if found is None else _point(found),
        "point_now": _point(asked.now),
        "nearest": {"value": asked.best.value, "point": _point(asked.best)},
        "scenarios_solved": asked.tries,
    }


def _point(reached: Reached) -> dict[str, Any] | None:
    from infecon_tui.view.tables import point_values

    return None if reached.points is None else point_values(reached.points, reached.index)
