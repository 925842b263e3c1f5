"""One entry: a quantity or a view, its formulas and its effect."""

from __future__ import annotations

from dataclasses import dataclass

SAME = ""
"""In the place of a deployment's formula: as published."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """Formula at the published fidelities, formula of a deployment, and what moves what.

    `name` is the end of a path (`hbm.bandwidth`), or `view frontier`, or `metric tpot`.
    """

    name: str
    published: str
    deployment: str
    moves: str

    def formula(self, fidelity: str) -> str:
        """The formula at a fidelity."""
        return (self.deployment or self.published) if fidelity == "deployment" else self.published
