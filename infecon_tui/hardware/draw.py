"""What an accelerator draws, by what it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from infecon_tui.slots import share


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """Shares of the power limit: `idle` always, the others above it while something lasts.

    Memory and matrix units draw by the work done at their own pace, whichever of them binds. All together
    never draw more than the limit, at which the clock gives way.
    """

    idle: Annotated[float, share("drawn whatever it does", "idle draw", zero=True)] = 0.15
    reading: Annotated[
        float,
        share("drawn by reading memory at the pace of long reads", "draw of reading", zero=True),
    ] = 0.65
    computing: Annotated[
        float, share("drawn by products at the pace they reach", "draw of computing", zero=True)
    ] = 0.85
    starting: Annotated[
        float, share("drawn while kernels start", "draw of starting", zero=True)
    ] = 0.3
    messages: Annotated[
        float, share("drawn while messages pass", "draw of messages", zero=True)
    ] = 0.3
    waiting: Annotated[
        float,
        share(
            "drawn while it waits for the host, or for another stage", "draw of waiting", zero=True
        ),
    ] = 0.05
