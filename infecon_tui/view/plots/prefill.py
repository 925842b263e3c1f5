"""The first token over the length of the prompt, with and without a cached prefix: a plot and a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from infecon_tui.cost.frontier.points import Points as DeployedPoints
from infecon_tui.cost.frontier.points import layout_of
from infecon_tui.cost.serving.first_token import FirstTokens, between_steps, in_a_pool
from infecon_tui.solve import search_of
from infecon_tui.units import SECONDS, show
from infecon_tui.view.describe import number
from infecon_tui.view.records import Axis, Column, Figure, Mark, Series, Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from infecon_tui.scenario import Workload
    from infecon_tui.solve import Answer

    Array = NDArray[np.float64]

_TITLE = "How long does a prompt take, and what does a cached prefix spare?"
_X = Axis(label="ISL", unit="tokens")
_Y = Axis(label="TTFT", unit="ms")
_LEAST, _MOST, _COUNT = 64.0, 131_072.0, 49
_COMPARED = 0.5
"""Share of the prompt that the second line takes as cached where the scenario has nothing cached."""
_NO_PROMPTS = "the published model has no prompts: take fidelity deployment"


def prefill_figure(answer: Answer) -> Figure:
    """TTFT and its parts at the chosen layout and batch, and TTFT with other contents of the cache."""
    bare = Figure(key="prefill", title=_TITLE, x=_X, y=_Y, note=answer.verdict)
    if answer.chosen is None:
        return bare
    if not _has_prompts(answer):
        return Figure(key="prefill", title=_TITLE, x=_X, y=_Y, note=_NO_PROMPTS)
    isl = _lengths(answer)
    made, name, other = _both(answer, isl)
    lines = (
        ("TTFT", made.ttft_s),
        (name, other.ttft_s),
        ("compute", made.compute_s),
        ("messages", made.messages_s),
        ("queue", made.queue_s),
    )
    series = tuple(_line(label, isl, values) for label, values in lines if (values > 0).any())
    return Figure(
        key="prefill", title=_TITLE, x=_X, y=_Y, series=series, marks=(_now(answer, isl, made),)
    )


def prefill_table(answer: Answer) -> Table:
    """The same by length, with the rate at which an instance takes prompts in."""
    columns = (
        Column(key="isl_tok", title="ISL"),
        Column(key="ttft_s", title="TTFT", unit="ms"),
        Column(key="compute_s", title="compute", unit="ms"),
        Column(key="messages_s", title="messages", unit="ms"),
        Column(key="queue_s", title="queue", unit="ms"),
        Column(
            key="prompt_tok_s", title="prompts", unit="tok/s", help="of an instance without outputs"
        ),
        Column(key="compared_ttft_s", title="TTFT", unit="ms"),
    )
    if answer.chosen is None or not _has_prompts(answer):
        note = answer.verdict or _NO_PROMPTS
        return Table(key="isl", title=_TITLE, columns=columns, rows=(), note=note)
    isl = _lengths(answer)
    made, name, other = _both(answer, isl)
    parts = (
        made.ttft_s,
        made.compute_s,
        made.messages_s,
        made.queue_s,
        made.rate_tok_s,
        other.ttft_s,
    )
    values = tuple(zip(isl.tolist(), *(part.tolist() for part in parts), strict=True))
    return Table(
        key="isl",
        title=_TITLE,
        columns=columns,
        rows=tuple(_shown(row) for row in values),
        values=values,
        note=f"the last column: {name}",
    )


def _shown(row: tuple[float, ...]) -> tuple[str, ...]:
    isl, *times, rate, other = row
    milliseconds = [f"{1e3 * seconds:.4g}" for seconds in times]
    return number(isl), *milliseconds, f"{rate:.4g}", f"{1e3 * other:.4g}"


def _has_prompts(answer: Answer) -> bool:
    return isinstance(answer.points, DeployedPoints)


def _isl(answer: Answer) -> float:
    """Tokens of a prompt; as long as the context where lengths are not given."""
    work = answer.scenario.workload
    return work.mean_context_tok if work.isl_tok is None else work.isl_tok


def _lengths(answer: Answer) -> Array:
    """Lengths evenly spaced in their logarithm, the one of now among them."""
    now = max(_isl(answer), 1.0)
    most = max(float(answer.scenario.model.max_context or _MOST), 2 * now)
    return np.unique(np.append(np.geomspace(_LEAST, min(most, max(_MOST, 2 * now)), _COUNT), now))


def _both(answer: Answer, isl: Array) -> tuple[FirstTokens, str, FirstTokens]:
    """At the chosen point with what the scenario has cached; and, by name, with half of the prompt cached,
    or with nothing of it where the scenario has some.
    """
    work, count = answer.scenario.workload, len(isl)
    has_some = work.cached > 0
    other = 0.0 * isl if has_some else _COMPARED * isl
    cached = np.concatenate([_cached(work, isl), other])
    every = _first(answer, np.tile(isl, 2), cached)
    name = "nothing cached" if has_some else f"{100 * _COMPARED:.0f} % cached"
    return every.take(slice(count)), name, every.take(slice(count, None))


def _first(answer: Answer, isl: Array, cached: Array) -> FirstTokens:
    """At the chosen point, with so many tokens of each prompt cached, of which one is always new."""
    points, at = answer.points, answer.chosen
    assert isinstance(points, DeployedPoints)
    assert at is not None
    search, _ = search_of(answer.scenario)
    cached = np.minimum(cached, np.maximum(isl - 1, 0.0))
    if search.apart:
        return in_a_pool(search, points.take(np.array([at])), isl, cached)
    return between_steps(search, layout_of(points, at), float(points.batch[at]), isl, cached)


def _cached(work: Workload, isl: Array) -> Array:
    return work.cached * isl if work.cached <= 1 else work.cached + 0.0 * isl


def _line(label: str, isl: Array, seconds: Array) -> Series:
    seen = np.isfinite(seconds) & (seconds > 0)
    values = (1e3 * seconds[seen]).tolist()
    return Series(label=label, x=tuple(isl[seen].tolist()), y=tuple(values), dashed=label != "TTFT")


def _now(answer: Answer, isl: Array, made: FirstTokens) -> Mark:
    at = int(np.searchsorted(isl, max(_isl(answer), 1.0)))
    seconds, rate_tok_s = float(made.ttft_s[at]), float(made.rate_tok_s[at])
    rate = f"prompts at {show(rate_tok_s, digits=3)} tok/s an instance"
    return Mark(
        label=f"{number(float(isl[at]))} tokens in {show(seconds, SECONDS, 3)}, {rate}",
        x=float(isl[at]),
        y=1e3 * seconds,
    )
