"""Commands with their flags as a shell script, one command a host."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from infecon_tui.export.launch import Launch

HEAD = "HEAD_ADDRESS"
"""Stands for the address of the first host."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command: the host it is for (nothing when there is one), what it runs, and its flags in pairs."""

    host: str
    program: tuple[str, ...]
    flags: tuple[str, ...]

    @property
    def text(self) -> str:
        """Over several lines: the program first, then a line for every flag with its value."""
        lines = [" ".join(map(_quoted, self.program)), *self.flags]
        return " \\\n  ".join(lines)


RANK = "$RANK"
"""Stands for the number of a host, where one command serves several."""


def _quoted(word: str) -> str:
    return word if word == RANK else shlex.quote(word)


def per_host(launch: Launch, command: Callable[[str], Command]) -> list[Command]:
    """The command of every host by its number; those of more than two hosts share one but the first."""
    ranks = ["0", *([RANK] if launch.nodes > 2 else ["1"] if launch.nodes == 2 else [])]
    made = [command(rank) for rank in ranks]
    if launch.nodes == 1:
        return [replace(made[0], host="")]
    names = ["host 0", f"hosts 1 to {launch.nodes - 1}, each with its number in RANK"]
    if launch.nodes == 2:
        names[1] = "host 1"
    return [replace(one, host=name) for one, name in zip(made, names, strict=True)]


def script(launch: Launch, release: str, remarks: Sequence[str], parts: Sequence[str]) -> str:
    """A shell script: what it starts, what no flag says, then its parts."""
    lines = [f"# {launch.subject}; flags of {release}"]
    lines += [f"# {remark}" for remark in (*launch.remarks, *remarks)]
    return "\n\n".join(["\n".join(lines), *parts]) + "\n"


def commands_text(commands: Sequence[Command]) -> list[str]:
    """Each command under the name of its host."""
    return [f"# {one.host}\n{one.text}" if one.host else one.text for one in commands]


def flags(joint: str = "-", /, **given: object) -> tuple[str, ...]:
    """`--max-num-seqs 8` of `max_num_seqs=8`; True is a bare flag, None and False are left out.

    `joint` stands for the underscores of the names.
    """
    found = []
    for name, value in given.items():
        if value is None or value is False:
            continue
        flag = f"--{name.replace('_', joint)}"
        found.append(flag if value is True else f"{flag} {_quoted(str(value))}")
    return tuple(found)
