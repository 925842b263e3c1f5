"""Seconds from the arrival of a request among others, that come at random moments, to its first token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from infecon_tui.cost.ledger import Rowed

_TINY = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Steady:
    """A steady batch: the `others` in it beside one, its step without prompts and the mean one, the prompts of
    others to a mean step, a prompt with nothing beside it, the steps it takes, and the micro-batches under way.
    """

    others: Rowed
    plain_s: Rowed
    mean_s: Rowed
    prompts: Rowed
    alone_s: Rowed
    chunks: Rowed
    lanes: Rowed

    @property
    def busy(self) -> Rowed:
        """Share of the time that prompts take."""
        return np.clip(1 - self.plain_s / self.mean_s, 0.0, 1 - _TINY)

    @property
    def prompt_s(self) -> Rowed:
        """What a prompt adds to the steps that hold it."""
        return np.where(
            self.prompts > _TINY,
            (self.mean_s - self.plain_s) / np.maximum(self.prompts, _TINY),
            self.alone_s,
        )

    def at_most_s(self, waits_s: Rowed) -> Rowed:
        """A wait for prompts of others, of whom each has one at most."""
        return np.minimum(waits_s, self.others * self.prompt_s)


def mixed_s(at: Steady) -> Rowed:
    """Where prompts go into decode steps, all that came during a step into the next one.

    Such cycles have a mean of T = plain/(1 - busy) and a variance of busy S T/(1 - busy^2), S being the
    seconds that a prompt adds; an arrival falls into a longer one than the mean (T + variance/T), waits for
    half of it, and shares the next with those that came during all of it.
    """
    met_s = at.mean_s + at.busy * at.prompt_s / (1 - at.busy**2)
    others_s = at.at_most_s((met_s - at.plain_s) / 2 + at.busy * met_s)
    own_s = np.maximum(at.chunks * at.plain_s + at.prompt_s, at.alone_s)
    own_s = np.where(at.prompts > _TINY, own_s, at.alone_s)
    return own_s + (at.plain_s / 2 + others_s) / at.lanes


def apart_s(at: Steady) -> Rowed:
    """Where prompts run in steps of their own, one after another, before those that decode go on.

    The wait of a queue with service times all alike (M/D/1), and half of a decode step: to prompts these
    steps are vacations of the server, which add their residual time whatever the load.
    """
    queue_s = at.at_most_s(at.busy * at.prompt_s / (2 * (1 - at.busy)))
    return at.alone_s + (at.plain_s / 2 + queue_s) / at.lanes
