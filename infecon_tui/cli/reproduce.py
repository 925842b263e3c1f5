"""`infecon-tui reproduce`: the paper's curves and numbers, computed and shown beside the published ones."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from infecon_tui.cli.output import emit
from infecon_tui.measure.reproduce import Result, results_of, table_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def run(form: str, only: str | None = None) -> int:
    """Prints every number; 1 when one is off by more than its tolerance."""
    results = _told(results_of(only))
    emit(form, table=table_of(results))
    missed = [result.name for result in results if result.verdict == "off"]
    explained = sum(result.verdict == "explained" for result in results)
    print(
        f"{len(results)} numbers: {len(results) - len(missed) - explained} agree, "
        f"{explained} differ for a reason given, {len(missed)} off",
        file=sys.stderr,
    )
    return 1 if missed else 0


def _told(results: Iterator[Result]) -> list[Result]:
    """All of them, with a line that counts where someone may be watching."""
    watched, gathered = sys.stderr.isatty(), []
    for result in results:
        gathered.append(result)
        if watched:
            print(f"\r\x1b[K{len(gathered)} {result.name}", end="", file=sys.stderr, flush=True)
    if watched:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
    return gathered
