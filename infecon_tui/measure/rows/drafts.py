"""What a row says of speculative decoding: who drafts, how many tokens, how often they are right."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from infecon_tui.cost.serving.drafters import head_of, staged
from infecon_tui.cost.serving.speculate import Drafting

if TYPE_CHECKING:
    from infecon_tui.measure.rows.table import Row
    from infecon_tui.workload.transformer import Transformer

NONE = ("", "none", "no", "off", "false", "0", "-")
UNKNOWN_DRAFTED, UNKNOWN_ACCEPTANCE = 3, 0.8
"""What is taken where a source does not publish them; predictions name such rows. TensorRT-LLM's recipe for
DeepSeek-R1 at low latency drafts three with its own head; the acceptance is a scenario's default."""

_HEAD = re.compile(r"\b(?P<kind>mtp|eagle)-?(?P<count>\d*)", re.IGNORECASE)
_MADE = re.compile(r"acceptance length (?:of )?(?P<made>\d+(?:\.\d+)?)", re.IGNORECASE)
_HALVINGS = 40


@dataclass(frozen=True, slots=True)
class Drafts:
    """Who drafts, so many tokens a step, and what of it no column of the row tells."""

    drafting: Drafting
    drafted: int
    assumed: str


def drafts_of(row: Row, model: Transformer, engine: str) -> Drafts | str | None:
    """The drafts of a row, None where it has none, or why they cannot be told: only heads are known by name."""
    text = row.texts.get("spec_dec", "")
    if text.lower() in NONE:
        return None
    head = _HEAD.search(text)
    if head is None:
        return "speculative decoding"
    kind, said = head["kind"].lower(), []
    # EAGLE's number is its version.
    drafted = int(head["count"] or 0) if kind == "mtp" else 0
    if not drafted:
        drafted = UNKNOWN_DRAFTED
        said.append(f"{drafted} tokens drafted, not published")
    made = _MADE.search(text)
    if made is None:
        said.append(f"{UNKNOWN_ACCEPTANCE:.0%} of them accepted, not published".replace("%", " %"))
    chance = UNKNOWN_ACCEPTANCE if made is None else acceptance(float(made["made"]), drafted)
    return Drafts(_drafting(model, kind, engine, chance), drafted, "; ".join(said))


def acceptance(made: float, drafted: int) -> float:
    """The chance that a drafted token is accepted, where a cycle of `drafted` makes `made` on average: as many
    as 1 + a + a^2 + ... tell (Leviathan et al., arXiv 2211.17192), between none and all of them.
    """
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if sum(middle**power for power in range(drafted + 1)) < made:
            low = middle
        else:
            high = middle
    return high


@lru_cache
def _drafting(model: Transformer, kind: str, engine: str, chance: float) -> Drafting:
    return Drafting(
        drafter=head_of(model, kind), head=True, staged=staged(engine, kind), acceptance=chance
    )
