"""Lengths of a benchmark's prompts and answers, and of the context that its steps read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infecon_tui.measure.rows.names import Names
    from infecon_tui.measure.rows.table import Row

UNKNOWN_PROMPT_TOK = 256.0
UNKNOWN_OUTPUT_TOK = 256.0
"""What is taken where a source does not publish its lengths; predictions name such rows."""
ANSWER_SPREAD = 0.7
"""Standard deviation of the lengths of answers over their mean, where models end them themselves. Assumed:
between answers all alike (0) and those that end at any token with one chance (1). `names.yaml` has others."""

_SHORTENED = re.compile(r"0\.8[^;]{0,24}(?:x|nominal|range)", re.IGNORECASE)
_NOMINAL_SHARE = 0.9
"""InferenceX draws lengths evenly from 0.8 to 1.0 of the nominal ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengths:
    """Mean tokens of a prompt and of an answer; `context_tok` is what a step reads, None for prompt and half
    of the answer. `assumed` names what no column of the row tells.
    """

    isl: float
    osl: float
    context_tok: float | None
    assumed: str


def lengths_of(row: Row, names: Names) -> Lengths:
    """The lengths of a row, with what had to be taken for those that it leaves open."""
    isl, osl = row.number("isl"), row.number("osl")
    share = _NOMINAL_SHARE if _SHORTENED.search(row.texts.get("notes", "")) else 1.0
    said = []
    if isl is None:
        prompt = names.prompt_tok(row.texts.get("source", "")) or UNKNOWN_PROMPT_TOK
        said.append(f"prompts of {prompt:g} tokens, not published")
    else:
        prompt = isl * share
    if not osl:
        answer = UNKNOWN_OUTPUT_TOK
        said.append(f"answers of {answer:g} tokens, not published")
    else:
        answer = osl * share
    context, why = _context(row, names, prompt, answer)
    return Lengths(isl=prompt, osl=answer, context_tok=context, assumed="; ".join([*said, *why]))


def _context(row: Row, names: Names, isl: float, osl: float) -> tuple[float | None, list[str]]:
    """Mean context of running sequences, and what it rests on.

    Of the sequences that run at a moment the longer ones are more: their output so far is
    E[L^2] / (2 E[L]), which is half the mean only when all are alike. Neuron's compiled graphs read the
    cache of the whole length that they were compiled for.
    """
    if "neuronx" in row.texts.get("engine", "").lower():
        return isl + osl, ["the cache of the whole length read in every step"]
    if row.texts.get("purity") != "steady_decode" or row.texts.get("kind") != "batch":
        return None, []
    spread = names.answer_spread(row.texts.get("source", "")) or ANSWER_SPREAD
    return isl + osl * (1 + spread**2) / 2, [f"answers spread by {spread:g} of their mean"]
