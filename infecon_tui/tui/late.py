"""What is computed of an answer once the keys pause: it costs more than a key may take."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from infecon_tui.tui.work import start

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.dom import DOMNode
    from textual.timer import Timer

    from infecon_tui.solve import Answer
    from infecon_tui.view.deciding import Deciding

PAUSE_S = 0.35
"""How long no other answer may come before this one is looked into."""


class Late:
    """Looks into the newest answer alone; `found` is what is known, and `of` the answer it belongs to."""

    def __init__(self, node: DOMNode, done: Callable[[], None]) -> None:
        self._node, self._done = node, done
        self._timer: Timer | None = None
        self._wanted: Answer | None = None
        self.of: Answer | None = None
        self.found: Deciding | None = None

    @property
    def busy(self) -> bool:
        """Whether something is still to be found."""
        return self._wanted is not None

    def want(self, answer: Answer) -> None:
        """Will look into an answer, unless it was done already."""
        if answer is self.of or answer is self._wanted:
            return
        self._wanted = answer
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._node.set_timer(PAUSE_S, self._begin)

    def _begin(self) -> None:
        if self._wanted is not None:
            start(self._node, self._work, self._wanted, group="late")

    async def _work(self, answer: Answer) -> None:
        from infecon_tui.view.deciding import deciding

        found = await asyncio.to_thread(deciding, answer)
        if answer is self._wanted and self._node.is_attached:
            self._wanted, self.of, self.found = None, answer, found
            self._done()
