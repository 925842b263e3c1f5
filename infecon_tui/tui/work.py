"""Work beside the keys."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable

    from textual.dom import DOMNode
    from textual.worker import WorkType

    from infecon_tui.tui.widgets.plot.plot import PlotView


def start(
    node: DOMNode,
    work: Callable[..., Coroutine[Any, Any, None]],
    *arguments: Any,
    group: str,
    exclusive: bool = True,
) -> None:
    """Begins it; exclusive work ends what else the group does.

    It is handed on as a function: a coroutine that is dropped before it begins would complain. It has a
    description because Textual would make one of everything that the arguments hold, tens of milliseconds long.
    """
    task: WorkType[None] = partial(work, *arguments)
    node.run_worker(task, name=group, group=group, description=group, exclusive=exclusive)


async def wake(plots: Iterable[PlotView]) -> None:
    """Loads what plots are drawn with, away from the screen, and has them drawn."""
    from infecon_tui.tui.app import collect_again
    from infecon_tui.tui.widgets.plot.raster import warm

    await asyncio.to_thread(warm)
    for plot in plots:
        plot.wake()
    collect_again()
