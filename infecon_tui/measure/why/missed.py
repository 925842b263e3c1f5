"""Groups of rows whose target is missed, and where their error comes from."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from infecon_tui.measure.statistics import GROUPINGS, Errors, errors_of, members_of
from infecon_tui.measure.why.explained import FEWEST_ROWS, Found, explained
from infecon_tui.measure.why.gathered import gathered
from infecon_tui.measure.why.waited import Waited, waited

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from infecon_tui.measure.evaluate import Outcome, Result

LOOKED_AT = ("tier_gpu", "tier", "gpu", "engine", "model", "purity", "batch", "context")
"""The groupings whose groups are looked at, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Target:
    """The most of |predicted/measured - 1| in the median and at the 90th percentile, and of the bias."""

    median_ape: float
    p90_ape: float = 1.0
    bias: float = 1.0

    def missed(self, errors: Errors) -> bool:
        """Whether a group's errors are beyond it."""
        told = (errors.median_ape, errors.p90_ape, errors.bias)
        most = (self.median_ape, self.p90_ape, self.bias)
        return any(abs(one or 0.0) > limit for one, limit in zip(told, most, strict=True))


TARGETS = {
    "A": Target(median_ape=0.12, p90_ape=0.35, bias=0.05),
    "B": Target(median_ape=0.20),
    "C": Target(median_ape=0.15),
}
"""Of decode steps, whole static batches and loops of clients."""
_TIERS = {"decode": "A", "steady": "A", "static": "B", "closed_loop": "C"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Where the error of a group comes from: over all of its rows, what watts tell of them, and where it
    gathers in some of them, `what` these are, and the same of them and of the others.
    """

    by: str
    group: str
    missed: bool
    all: Found
    watts: Waited | None
    what: str = ""
    inside: Found | None = None
    inside_watts: Waited | None = None
    outside: Found | None = None


def why_missed(result: Result, asked: Sequence[str] = ()) -> list[Why]:
    """Of every group whose target is missed, and of those whose names hold one of the words `asked`; groups
    that are the same rows are told once.
    """
    return list(_whys(result, asked))


def _whys(result: Result, asked: Sequence[str]) -> Iterator[Why]:
    seen: set[tuple[int, ...]] = set()
    for by in LOOKED_AT:
        members = members_of(result.compared, GROUPINGS[by])
        for group, rows in sorted(members.items(), key=lambda item: -len(item[1])):
            lines = tuple(outcome.row.line for outcome in rows)
            missed = target_of(rows).missed(errors_of([outcome.error for outcome in rows]))
            named = any(word.lower() in f"{by} {group}".lower() for word in asked)
            if (missed or named) and group and len(rows) >= FEWEST_ROWS and lines not in seen:
                seen.add(lines)
                yield _why(by, group, rows, missed=missed)


def target_of(outcomes: Sequence[Outcome]) -> Target:
    """The target of the tier that most of the rows are of."""
    tiers = Counter(_tier(outcome) for outcome in outcomes)
    return TARGETS[tiers.most_common(1)[0][0]]


def _tier(outcome: Outcome) -> str:
    assert outcome.question is not None
    told = outcome.row.texts.get("tier", "")
    return told if told in TARGETS else _TIERS[outcome.question.case.serving]


def _why(by: str, group: str, rows: Sequence[Outcome], *, missed: bool) -> Why:
    found, watts = explained(rows), waited(rows)
    where = gathered(rows)
    if where is None:
        return Why(by=by, group=group, missed=missed, all=found, watts=watts)
    return Why(
        by=by,
        group=group,
        missed=missed,
        all=found,
        watts=watts,
        what=where.what,
        inside=explained(where.inside),
        inside_watts=waited(where.inside),
        outside=explained(where.outside),
    )
