"""Who drafts in a scenario, as the deployment engine takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui.cost.serving.drafters import head_of, refused, staged
from infecon_tui.cost.serving.speculate import Drafting
from infecon_tui.errors import InfeconError

if TYPE_CHECKING:
    from infecon_tui.scenario import Scenario, Speculation


def drafting_of(scenario: Scenario) -> Drafting | None:
    """Who drafts in a deployment; None where nothing does, or the engine is known not to run it.

    Raises InfeconError where two are named.
    """
    asked = scenario.speculation
    check_speculation(asked)
    if not (kind := asked.drafter) or refused(scenario.engine, kind):
        return None
    least, most = asked.draft_tokens
    return Drafting(
        drafter=asked.draft or head_of(scenario.model, kind),
        head=asked.draft is None,
        staged=staged(scenario.engine, kind),
        acceptance=asked.acceptance,
        decay=asked.decay,
        least=least,
        most=most,
    )


def drafting_notes(scenario: Scenario) -> tuple[str, ...]:
    """What of the question the engine leaves out."""
    if scenario.speculation.drafter and drafting_of(scenario) is None:
        return (f"{scenario.engine} runs no draft models: speculation left out",)
    return ()


def check_speculation(asked: Speculation) -> None:
    """Raises InfeconError where the question contradicts itself."""
    if asked.problem:
        raise InfeconError(f"speculation: {asked.problem}")
