"""Speculation at the chosen point: what each length of draft gives, and up to which batch it pays."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.cost.frontier.evaluate import evaluate
from infecon_tui.cost.frontier.points import Points, layout_of
from infecon_tui.cost.frontier.times import most_batch
from infecon_tui.cost.plan import Plan
from infecon_tui.solve import DEPLOYMENT, search_of
from infecon_tui.units import three
from infecon_tui.view.describe import number
from infecon_tui.view.records import Axis, Column, Figure, Mark, Series, Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from infecon_tui.cost.case import Layout
    from infecon_tui.solve import Answer

    Values = NDArray[np.float64]

NOTHING = "nothing drafts: set `draft model` or `heads` under Speculative decoding"
_ELSEWHERE = "lengths of draft are compared at the deployment fidelity"
_REFUSED = "the engine runs no such drafter"
_STAGES = "the engine is not known to draft beside pipeline stages: fix PP at 1"
_COUNT = 40
_LINES = 4
"""Lengths that have a line of their own."""
_PAYS = 1.001
"""Speed-up from which speculation pays."""
_COLUMNS = (
    Column(key="draft_tokens", title="draft"),
    Column(key="cycle_tok", title="tok/cycle", help="output tokens of a cycle"),
    Column(key="tpot_s", title="TPOT", unit="ms"),
    Column(key="verify_s", title="verifying", unit="ms", help="of TPOT"),
    Column(key="draft_s", title="drafting", unit="ms", help="of TPOT"),
    Column(key="usd_per_mtok", title="cost", unit="USD/Mtok"),
    Column(key="speed_up", title="speed-up", help="over no draft, at the same layout and batch"),
)
_BATCHES = "Up to which batch does speculation pay?"
_LENGTHS = "How many tokens are worth drafting?"
_TIME = Axis(label="time", unit="ms per token")


def empty(answer: Answer) -> str:
    """Why there is nothing to show, or nothing."""
    if answer.chosen is None:
        return answer.verdict
    if answer.scenario.fidelity != DEPLOYMENT:
        return _ELSEWHERE
    if not answer.scenario.speculation.drafter:
        return NOTHING
    drafting = search_of(answer.scenario)[0].drafting
    if drafting is None:
        return _REFUSED
    return "" if drafting.allowed(Plan.of([_layout(answer)])).all() else _STAGES


def batches_figure(answer: Answer) -> Figure:
    """Speed-up over no draft at the chosen layout against the batch, at the best length and at some."""
    bare = Figure(
        key="speculation",
        title=_BATCHES,
        x=Axis(label="batch", unit="sequences"),
        y=Axis(label="speed-up", unit="over no draft", log=False),
        note=empty(answer),
    )
    if bare.note:
        return bare
    search, _ = search_of(answer.scenario)
    assert search.drafting is not None
    batches = _batches(answer)
    best = _speed_up(answer, batches, None)
    lines = [_line("best length", batches, best)]
    for length in search.drafting.few(_LINES)[1:]:
        line = _speed_up(answer, batches, float(length))
        lines.append(_line(f"draft {length:.0f}", batches, line, dashed=True))
    ends = (float(batches[0]), float(batches[-1]))
    lines.append(Series(label="no draft", x=ends, y=(1.0, 1.0), dashed=True))
    marks = _batch_marks(answer, batches, best)
    return replace(bare, series=tuple(line for line in lines if line.x), marks=marks)


def _batches(answer: Answer) -> Values:
    """From one to the largest that fits the chosen layout, that of the answer among them."""
    search, here = search_of(answer.scenario)[0], _batch(answer)
    most = float(most_batch(search, Plan.of([_layout(answer)]))[0])
    return np.unique(np.append(np.round(np.geomspace(1.0, max(most, here), _COUNT)), here))


def _speed_up(answer: Answer, batches: Values, length: float | None) -> Values:
    """TPOT without a draft over that with one (None: of the best length)."""
    without, with_draft = _at(answer, batches, 0.0), _at(answer, batches, length)
    ratio: Values = without.tpot_s / with_draft.tpot_s
    return ratio


def _at(answer: Answer, batches: Values, length: float | Values | None) -> Points:
    """The chosen layout at batches and a length of draft."""
    search, _ = search_of(answer.scenario)
    return evaluate(search, [_layout(answer)] * len(batches), batches, drafted=length)


def _layout(answer: Answer) -> Layout:
    assert isinstance(answer.points, Points)
    assert answer.chosen is not None
    return layout_of(answer.points, answer.chosen)


def _batch(answer: Answer) -> float:
    assert answer.chosen is not None
    return float(answer.points.batch[answer.chosen])


def _line(label: str, x: Values, y: Values, *, dashed: bool = False) -> Series:
    seen = np.isfinite(y) & (y > 0)
    return Series(label=label, x=tuple(x[seen].tolist()), y=tuple(y[seen].tolist()), dashed=dashed)


def _batch_marks(answer: Answer, batches: Values, best: Values) -> tuple[Mark, ...]:
    here, drafted = _batch(answer), float(answer.points.draft_tokens[answer.chosen])
    gain = float(best[np.searchsorted(batches, here)])
    said = f"draft {drafted:.0f} at batch {number(here)}: {gain:.2f} times as fast"
    marks = [Mark(label=said if drafted else f"no draft at batch {number(here)}", x=here, y=gain)]
    paying = batches[best >= _PAYS]
    last = float(paying[-1]) if len(paying) else 0.0
    if 0 < last < batches[-1]:
        end = f"pays up to batch {number(last)}"
        y = float(best[np.searchsorted(batches, last)])
        marks.append(Mark(label=end, x=last, y=y, glyph="◆", letter="e"))
    return tuple(marks)


def lengths_figure(answer: Answer) -> Figure:
    """TPOT, and what verifying and drafting take of it, against the length of draft."""
    bare = Figure(
        key="draft",
        title=_LENGTHS,
        x=Axis(label="draft", unit="tokens", log=False, ticks="whole"),
        y=_TIME,
        note=empty(answer),
    )
    if bare.note:
        return bare
    points = _lengths(answer)
    x = points.draft_tokens
    parts: tuple[tuple[str, Callable[[Points], Values]], ...] = (
        ("TPOT", lambda p: p.tpot_s),
        ("verifying", lambda p: p.tpot_s - p.draft_s),
        ("drafting", lambda p: p.draft_s),
    )
    lines = [_line(name, x, 1e3 * take(points), dashed=name != "TPOT") for name, take in parts]
    best = int(np.argmin(points.tpot_s))
    named = {0: ("no draft", "◆", "n"), best: (f"draft {x[best]:.0f}", "●", "P")}
    marks = tuple(
        Mark(
            label=f"{word}: {three(float(points.usd_per_mtok[at]))} USD/Mtok",
            x=float(x[at]),
            y=1e3 * float(points.tpot_s[at]),
            glyph=glyph,
            letter=letter,
        )
        for at, (word, glyph, letter) in named.items()
    )
    return replace(bare, series=tuple(line for line in lines if line.x), marks=marks)


def _lengths(answer: Answer) -> Points:
    """The chosen layout and batch without a draft and with one of every length up to the longest."""
    search, _ = search_of(answer.scenario)
    assert search.drafting is not None
    lengths = np.arange(search.drafting.most + 1.0)
    return _at(answer, np.full(len(lengths), _batch(answer)), lengths)


def speculation_table(answer: Answer) -> Table:
    """The lengths of draft at the chosen point, those that fit."""
    note = empty(answer)
    if note:
        return Table(key="speculation", title=_LENGTHS, columns=_COLUMNS, rows=(), note=note)
    points = _lengths(answer)
    values, rows = [], []
    for at in np.flatnonzero(np.isfinite(points.tpot_s)).tolist():
        tpot, draft = float(points.tpot_s[at]), float(points.draft_s[at])
        made, cost = float(points.cycle_tok[at]), float(points.usd_per_mtok[at])
        gain = float(points.tpot_s[0]) / tpot
        values.append((at, made, tpot, tpot - draft, draft, cost, gain))
        times = (three(1e3 * seconds) for seconds in (tpot, tpot - draft, draft))
        rows.append((str(at), three(made), *times, three(cost), three(gain)))
    title = _LENGTHS
    return Table(
        key="speculation", title=title, columns=_COLUMNS, rows=tuple(rows), values=tuple(values)
    )
