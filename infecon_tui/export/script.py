"""Commands with their flags as a shell script, one command a host."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from infecon_tui.export.records import Launch

HEAD = "HEAD_ADDRESS"
"""Stands for the address of the first host."""
RANK = "$RANK"
"""Stands for the number of a host, where one command serves several."""
ADDRESS = "$HOST"
"""Stands for an instance's own address, where one command serves several."""
SHARED_HOST = "instances that share a host need GPUs (CUDA_VISIBLE_DEVICES) and ports of their own"
"""What no flag says of two pools."""


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


def _quoted(word: str) -> str:
    return word if word.endswith((RANK, ADDRESS)) else shlex.quote(word)


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


def addresses(launch: Launch) -> list[str]:
    """What stands for the instances of one side of two pools: `PREFILL_1`, `PREFILL_2`."""
    return [f"{launch.role.upper()}_{number + 1}" for number in range(launch.instances)]


def pool_text(launch: Launch, parts: Sequence[str]) -> list[str]:
    """The parts that start one kind of instance, under what they start where there are two."""
    if launch.role == "whole":
        return list(parts)
    degrees = {"TP": launch.layout.tensor, "PP": launch.layout.pipeline}
    degrees |= {"EP": launch.layout.expert, "DP": launch.layout.attention_data}
    layout = " ".join(f"{name} {degree}" for name, degree in degrees.items() if degree > 1)
    many = f"{launch.instances} instances" if launch.instances > 1 else "1 instance"
    title = f"# {launch.role}: {many} of {layout or 'one GPU'}, each with its own address in HOST"
    return [f"{title}\n{parts[0]}", *parts[1:]]


def script(launch: Launch, release: str, remarks: Sequence[str], parts: Sequence[str]) -> str:
    """A shell script: what it starts, what no flag says, then its parts."""
    if launch.role != "whole":
        remarks = [*remarks, SHARED_HOST]
    lines = [f"# {launch.subject}; flags of {release}"]
    lines += [f"# {remark}" for remark in (*launch.remarks, *remarks)]
    return "\n\n".join(["\n".join(lines), *parts]) + "\n"


def commands_text(commands: Sequence[Command]) -> list[str]:
    """Each command under the name of its host."""
    return [f"# {one.host}\n{one.text}" if one.host else one.text for one in commands]


def flags(joint: str = "-", /, **given: object) -> tuple[str, ...]:
    """`--max-num-seqs 8` of `max_num_seqs=8`; True is a bare flag, None and False are left out.

    A tuple is a flag of several words. `joint` stands for the underscores of the names.
    """
    found = []
    for name, value in given.items():
        if value is None or value is False:
            continue
        words = [f"--{name.replace('_', joint)}"]
        if value is not True:
            words += [
                _quoted(str(one)) for one in (value if isinstance(value, tuple) else (value,))
            ]
        found.append(" ".join(words))
    return tuple(found)
