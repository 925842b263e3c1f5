"""The same views without a terminal app: for scripts, pipes and screen readers."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from infecon_tui.errors import InfeconError

if TYPE_CHECKING:
    from collections.abc import Sequence

OK, NO_ANSWER, MISTAKE = 0, 1, 2
"""Exit statuses: done; nothing fits or a published number is missed; the user's mistake."""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit status. A user's mistake is one message on stderr."""
    from infecon_tui.cli.options import parser

    arguments = parser().parse_args(argv)
    try:
        status = int(arguments.run(arguments))
        sys.stdout.flush()
    except InfeconError as error:
        print(f"infecon-tui: {error}", file=sys.stderr)
        return MISTAKE
    except BrokenPipeError:
        # The reader (head, less) has gone; without this the interpreter complains once more at exit.
        sys.stderr.close()
        return OK
    except OSError as error:
        print(
            f"infecon-tui: cannot write: {(error.strerror or str(error)).lower()}", file=sys.stderr
        )
        return MISTAKE
    except KeyboardInterrupt:
        return 130
    return status
