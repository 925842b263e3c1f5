"""The program: a subcommand is answered by the command line, everything else opens the explorer."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

from infecon_tui.errors import InfeconError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infecon_tui.tui.options import Options

MISTAKE, INTERRUPTED = 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the program; returns its exit status."""
    _open_streams()
    try:
        return _run(sys.argv[1:] if argv is None else list(argv))
    except KeyboardInterrupt:  # Before there is a screen, which takes it as a key.
        return INTERRUPTED


def _open_streams() -> None:
    """Gives the program streams where its caller has closed them: what is said there goes nowhere."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115


def _run(arguments: list[str]) -> int:
    from infecon_tui.tui.options import options_of

    try:
        options = options_of(arguments)
    except InfeconError as error:
        print(f"infecon-tui: {error}", file=sys.stderr)
        return MISTAKE
    if options is None:
        from infecon_tui.cli import main as command_line

        return command_line(arguments)
    return _explore(options)


def _explore(options: Options) -> int:
    from infecon_tui.tui.terminal.detect import detect, obstacle

    streams = (sys.__stdin__, sys.__stdout__, sys.__stderr__)
    reason = obstacle(os.environ, tty=all(s is not None and s.isatty() for s in streams))
    if reason:
        return _report(options, reason)
    # Nothing made during a start is garbage; the app collects again after its first picture.
    gc.disable()
    terminal = detect(
        os.environ,
        color=options.color,
        ascii_only=options.ascii_only,
        mouse=options.mouse,
        encoding=getattr(sys.__stderr__, "encoding", "utf-8"),
    )
    terminal.tell(os.environ)
    from infecon_tui.tui.app import run

    return run(options, terminal)


def _report(options: Options, reason: str) -> int:
    """What the explorer would open on, as plain text."""
    from infecon_tui.cli import main as command_line

    command_line(["frontier", *([options.scenario] if options.scenario else [])])
    print(
        f"infecon-tui: the explorer needs a terminal: {reason}; this is the plain report, "
        "`infecon-tui --help` lists the commands",
        file=sys.stderr,
    )
    return MISTAKE


if __name__ == "__main__":
    sys.exit(main())
