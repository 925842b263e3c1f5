"""The first token of prompts of many lengths on one layout: where its time goes, and the rate of prompts."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from infecon_tui.cost.frontier.times import most_batch, timed
from infecon_tui.cost.plan import Plan
from infecon_tui.cost.serving.pools import transfer_s
from infecon_tui.cost.serving.prefill_pool import prompt_step

if TYPE_CHECKING:
    from infecon_tui.cost.case import Layout
    from infecon_tui.cost.frontier.points import Points
    from infecon_tui.cost.frontier.search import Search
    from infecon_tui.cost.ledger import Array, Rowed
    from infecon_tui.cost.serving.serve import PromptStep


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstTokens:
    """Seconds by part, one a length: compute (kernels and host), messages (between accelerators, sending of
    the cache among them) and queue (steps under way, and stages that wait). `rate_tok_s` are tokens of
    prompts, cached ones among them, that an instance takes in when it does nothing else.
    """

    compute_s: Array
    messages_s: Array
    queue_s: Array
    rate_tok_s: Array

    @property
    def ttft_s(self) -> Array:
        """All parts."""
        return self.compute_s + self.messages_s + self.queue_s

    def take(self, indices: Any) -> FirstTokens:
        """Those of some lengths."""
        return FirstTokens(
            **{field.name: getattr(self, field.name)[indices] for field in fields(self)}
        )


def between_steps(
    search: Search, layout: Layout, batch: float, isl: Array, cached: Array
) -> FirstTokens:
    """Prompts that an instance takes between its decode steps, at a batch or what of it fits."""
    plan, context = Plan.of([layout] * len(isl)), isl + (search.osl or 0.0) / 2
    held = np.clip(most_batch(search, plan, context), 1.0, batch)
    asked = _with_lengths(search, isl, cached)
    served = timed(asked, plan, held, context)
    return _parts(prompt_step(asked, plan, np.ones(len(isl))), isl, served.ttft_s - served.prompt_s)


def in_a_pool(search: Search, point: Points, isl: Array, cached: Array) -> FirstTokens:
    """Prompts of the first of two pools; `point` is one point, whose numbers of instances are held."""
    ones = np.ones(len(isl))
    first, second = prefill_plan(point, ones), _plan(point, _SECOND, ones)
    asked, count = _with_lengths(search, isl, cached), point.prefill_batch
    step = prompt_step(asked, first, count * ones)
    waits = step.apart_s / 2 + point.tpot_s / 2
    made = _parts(step, isl * count, waits)
    return replace(made, messages_s=made.messages_s + transfer_s(asked, first, second))


def prefill_plan(point: Points, like: Array) -> Plan:
    """How an instance that takes prompts is spread at one point: in two pools, of the first of them."""
    return _plan(point, _FIRST if point.prefill_instances[0] > 0 else _SECOND, like)


def _plan(point: Points, fields: tuple[str, ...], like: Array) -> Plan:
    degrees = {
        name: getattr(point, field) * like for name, field in zip(_DEGREES, fields, strict=True)
    }
    return Plan(**degrees)


_DEGREES = ("tensor", "pipeline", "expert", "data")
_FIRST = ("prefill_tensor", "prefill_pipeline", "prefill_expert", "prefill_data")
_SECOND = ("tensor", "pipeline", "expert", "attention_data")


def _with_lengths(search: Search, isl: Array, cached: Array) -> Search:
    """The question with a value a row."""
    columns: dict[str, Any] = {"isl": isl, "cached_tok": cached}
    return replace(search, **columns)


def _parts(step: PromptStep, tokens: Array, waits: Rowed) -> FirstTokens:
    causes, total = step.work.by_cause(), step.work.total_s
    messages, bubbles = (causes.get(name, 0.0) + 0.0 * total for name in ("messages", "bubbles"))
    return FirstTokens(
        compute_s=total - messages - bubbles,
        messages_s=messages,
        queue_s=waits + bubbles,
        rate_tok_s=tokens / step.apart_s,
    )
