"""The curves of the paper's figures, as its notebook prints them, and how near one comes."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from infecon_tui.papers.erdil2025.frontier import frontier, preferred
from infecon_tui.papers.erdil2025.records import Question, Speculation

if TYPE_CHECKING:
    from infecon_tui.papers.erdil2025.claims import Inputs


FASTEST = 0.002
"""Tolerance of the fastest speed: the notebook's grid has a step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One curve of a figure: `points` are speed and cost by ascending speed, `preferred` one of them."""

    figure: str
    name: str
    model: str
    accelerator: str
    context: float
    fastest_tok_s: float
    preferred: tuple[float, float]
    points: tuple[tuple[float, float], ...]
    demand_tok_s: float = math.inf
    draft: str = ""
    acceptance: float = 0.8
    draft_tokens: tuple[int, int] = (2, 5)


class Comparison(NamedTuple):
    """A frontier beside a published curve.

    `fastest_tok_s`; `dearest` is the worst ratio of cost at a speed of the curve, infinite where one is
    out of reach by more than `FASTEST`; `merit` the ratio of speed**3 / cost at the preferred points, of
    which `preferred` is this project's: speed and cost.
    """

    fastest_tok_s: float
    dearest: float
    merit: float
    preferred: tuple[float, float]


def published_curves() -> list[Curve]:
    """All of them, from the file beside this module."""
    text = files(__package__).joinpath("curves.json").read_text("utf-8")
    made = []
    for item in json.loads(text)["curves"]:
        facts: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in item.items()
        }
        made.append(Curve(**facts))
    return made


def question_of(curve: Curve, inputs: Inputs, weights: str, draft_weights: str) -> Question:
    """What a curve answers; number formats pick the peaks of the part."""
    speculation = None
    if curve.draft:
        speculation = Speculation(
            draft=inputs.model(curve.draft),
            draft_part=inputs.part(curve.accelerator, draft_weights),
            acceptance=curve.acceptance,
            least_tokens=curve.draft_tokens[0],
            most_tokens=curve.draft_tokens[1],
        )
    return Question(
        model=inputs.model(curve.model),
        part=inputs.part(curve.accelerator, weights),
        fidelity="published",
        context=curve.context,
        demand_tok_s=curve.demand_tok_s,
        speculation=speculation,
    )


def compared(curve: Curve, question: Question) -> Comparison:
    """The frontier of a question beside the curve that answers it."""
    points = frontier(question)
    speed, cost = np.array(curve.points).T
    cheapest = np.minimum.accumulate(points.usd_per_mtok[::-1])[::-1]
    fastest = float(points.speed_tok_s[-1])
    sought = np.where(speed <= fastest * (1 + FASTEST), np.minimum(speed, fastest), speed)
    at = np.searchsorted(points.speed_tok_s, sought * (1 - 1e-7))
    cost_here = np.append(cheapest, np.inf)[at]
    chosen = preferred(points, 3.0)
    wanted_speed, wanted_cost = curve.preferred
    merit = (
        (points.speed_tok_s[chosen] / wanted_speed) ** 3 * wanted_cost / points.usd_per_mtok[chosen]
    )
    return Comparison(
        fastest,
        float(np.max(cost_here / cost)),
        float(merit),
        (float(points.speed_tok_s[chosen]), float(points.usd_per_mtok[chosen])),
    )
