"""Why targets are missed, as a table, and as a tree for programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, NamedTuple

from infecon_tui.measure.why.explained import FEWEST_ROWS
from infecon_tui.view.describe import number
from infecon_tui.view.records import Column, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from infecon_tui.measure.why.explained import Explanation, Found
    from infecon_tui.measure.why.missed import Why
    from infecon_tui.measure.why.waited import Waited

NOTHING = "nothing stands out"
_MOST = 2
"""Explanations of a group in the table; programs get all."""

_COLUMNS = (
    Column(key="by", title="missed by", left=True),
    Column(key="group", title="group", left=True),
    Column(key="rows", title="rows"),
    Column(key="median_ape", title="error", help="median of |predicted/measured - 1|"),
    Column(key="bias", title="bias"),
    Column(
        key="cause",
        title="explained best by",
        left=True,
        help="one cause at another size than predicted; nothing of it enters predictions",
    ),
    Column(key="leaves", title="leaves", help="the error with it"),
    Column(key="held", title="unseen", help="... of rows left out of the fit, in turn"),
    Column(
        key="first",
        title="best in",
        help="times it explained the other rows best, as models (or batches, or rows) were left out",
    ),
    Column(key="watts", title="watts", left=True, help="of rows slower than predicted"),
    Column(key="settled_by", title="what would settle it", left=True),
)


def missed_table(whys: Sequence[Why]) -> Table:
    """A line for every explanation of every group, and of the rows in which its error gathers."""
    lines = [line for why in whys for line in _lines(why)]
    note = "" if whys else f"no group of {FEWEST_ROWS} rows or more misses its target"
    return Table(
        key="missed",
        title="Where the error comes from",
        columns=_COLUMNS,
        rows=tuple(_shown(line) for line in lines),
        values=tuple(line.values for line in lines),
        note=note,
    )


class _Line(NamedTuple):
    """The values of a line, and whether it goes on with what the one before it tells of."""

    values: tuple[Any, ...]
    further: bool


def _lines(why: Why) -> Iterator[_Line]:
    yield from _found_lines(why.by, why.group, why.all, why.watts)
    if why.inside is not None and why.outside is not None:
        inside = f"{why.group} · in {why.what}"
        yield from _found_lines(why.by, inside, why.inside, why.inside_watts, most=1)
        others = f"{why.group} · in the others"
        yield from _found_lines(why.by, others, why.outside, None, most=1)


def _found_lines(
    by: str, group: str, found: Found, watts: Waited | None, most: int = _MOST
) -> Iterator[_Line]:
    errors, told = found.errors, _watts_text(watts)
    head = (by, group, errors.rows, errors.median_ape, errors.bias)
    if not found.explanations:
        yield _Line((*head, NOTHING, None, None, "", told, ""), further=False)
    for place, one in enumerate(found.explanations[:most]):
        first = f"{one.first} of {one.folds}"
        values = explanation_text(one), one.median_ape, one.held_median_ape, first
        yield _Line((*head, *values, told, one.settled_by), further=place > 0)


def _shown(line: _Line) -> tuple[str, ...]:
    """As screens show it: what the line before said is not said again."""
    by, group, rows, error, bias, cause, leaves, held, first, watts, settled_by = line.values
    head = [by, group, str(rows), _percent(error), _percent(bias, "+")]
    if line.further:
        head, watts = [""] * len(head), ""
    elif " · " in group:
        head[:2] = "", f"· {group.partition(' · ')[2]}"
    return (*head, cause, _percent(leaves), _percent(held), first, watts, settled_by)


def explanation_text(one: Explanation) -> str:
    """`messages × 2.14 (2.71 ms predicted)`, `host: +4.04 ms a step (0.7 ms a step predicted)`."""
    if one.way == "times":
        return f"{one.suspect} × {one.amount:.3g} ({_time(one.predicted_s)} predicted)"
    if one.way == "least":
        return f"{one.suspect}: a step takes {_time(one.amount)} at least"
    more = f"{one.suspect}: +{_time(one.amount)} a {one.each}"
    return f"{more} ({_time(one.predicted_s)} a step predicted)"


def _time(seconds: float) -> str:
    return f"{number(1e3 * seconds)} ms" if seconds >= 1e-3 else f"{number(1e6 * seconds)} µs"


def _watts_text(watts: Waited | None) -> str:
    """`it waited: 460 W; 824 working, 466 waiting (30 rows)`."""
    if watts is None:
        return ""
    told = {"waited": "it waited: ", "worked": "it worked: "}.get(watts.said, "")
    return (
        f"{told}{watts.measured_W:.0f} W; {watts.predicted_W:.0f} working, {watts.waiting_W:.0f} waiting "
        f"({watts.rows} rows)"
    )


def _percent(value: float | None, sign: str = "") -> str:
    return "" if value is None else f"{100 * value:{sign}.1f} %"


def missed_tree(whys: Sequence[Why]) -> list[dict[str, Any]]:
    """The groups and what explains them, for programs; times in seconds."""
    return [_tree(why) for why in whys]


def _tree(why: Why) -> dict[str, Any]:
    tree = {"by": why.by, "group": why.group, "missed": why.missed}
    tree |= _found_tree(why.all, why.watts)
    if why.inside is not None and why.outside is not None:
        tree["gathers"] = {
            "in": why.what,
            **_found_tree(why.inside, why.inside_watts),
            "others": _found_tree(why.outside, None),
        }
    return tree


def _found_tree(found: Found, watts: Waited | None) -> dict[str, Any]:
    told = [
        {"said": explanation_text(one), **asdict(one), "left_out": found.left_out}
        for one in found.explanations
    ]
    tree: dict[str, Any] = {**asdict(found.errors), "explanations": told}
    if watts is not None:
        tree["watts"] = asdict(watts)
    return tree
