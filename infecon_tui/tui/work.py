"""Work beside the keys."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from textual.dom import DOMNode
    from textual.worker import WorkType


def start(
    node: DOMNode,
    work: Callable[..., Coroutine[Any, Any, None]],
    *arguments: Any,
    group: str,
    exclusive: bool = True,
) -> None:
    """Begins it; exclusive work ends what else the group does.

    It is handed on as a function: a coroutine that is dropped before it begins would complain.
    """
    task: WorkType[None] = partial(work, *arguments)
    node.run_worker(task, name=group, group=group, exclusive=exclusive)
