"""What a claim is, what it is computed from, and where it is registered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from infecon_tui.papers.erdil2025.frontier import frontier
from infecon_tui.papers.erdil2025.records import Model, Part, Question, Speculation

if TYPE_CHECKING:
    from collections.abc import Callable

    from infecon_tui.papers.erdil2025.points import Points


@dataclass(frozen=True, slots=True)
class Inputs:
    """The paper's models by name, its parts by name and number format; frontiers are kept."""

    model: Callable[[str], Model]
    part: Callable[[str, str], Part]
    _frontiers: dict[tuple[str, ...], Points] = field(default_factory=dict)

    def frontier(
        self, model: str, part: str = "H100", weights: str = "bf16", draft: str = ""
    ) -> Points:
        """The published frontier at no context, with a draft of acceptance 0.8 where one is named."""
        key = (model, part, weights, draft)
        if key not in self._frontiers:
            speculation = draft and Speculation(
                draft=self.model(draft), draft_part=self.part(part, "bf16"), acceptance=0.8
            )
            self._frontiers[key] = frontier(
                Question(
                    model=self.model(model),
                    part=self.part(part, weights),
                    fidelity="published",
                    speculation=speculation or None,
                )
            )
        return self._frontiers[key]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A number of the paper: `tolerance` is relative, and holds what the text rounds away.

    A `reason` says why the text's number does not follow from its model; it is then not a fault.
    """

    key: str
    where: str
    published: float
    unit: str
    tolerance: float
    how: str
    compute: Callable[[Inputs], float]
    reason: str = ""


CLAIMS: list[Claim] = []


def claim(**facts: Any) -> Callable[[Callable[[Inputs], float]], Callable[[Inputs], float]]:
    """Registers the computation of one number."""

    def register(compute: Callable[[Inputs], float]) -> Callable[[Inputs], float]:
        CLAIMS.append(Claim(compute=compute, **facts))
        return compute

    return register
