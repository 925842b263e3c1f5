"""What an accelerator draws, by what it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from infecon_tui.slots import Info


def _share(help_text: str, label: str) -> Info:
    return Info(help=help_text, label=label, low=0, high=1, percent=True, step="linear", by=0.01)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """Shares of the power limit: `idle` always, the others above it while something lasts.

    Memory and matrix units draw by the work done at their own pace, whichever of them binds. All together
    never draw more than the limit, at which the clock gives way.
    """

    idle: Annotated[float, _share("drawn whatever it does", "idle draw")] = 0.15
    reading: Annotated[
        float, _share("drawn by reading memory at the pace of long reads", "draw of reading")
    ] = 0.65
    computing: Annotated[
        float, _share("drawn by products at the pace they reach", "draw of computing")
    ] = 0.85
    starting: Annotated[float, _share("drawn while kernels start", "draw of starting")] = 0.3
    messages: Annotated[float, _share("drawn while messages pass", "draw of messages")] = 0.3
    waiting: Annotated[
        float, _share("drawn while it waits for the host, or for another stage", "draw of waiting")
    ] = 0.05
