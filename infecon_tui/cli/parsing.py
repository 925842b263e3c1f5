"""How commands are made, and what their options mean."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from infecon_tui.errors import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - has no other name

FORMATS = ("table", "json", "csv", "yaml")

_CHOICE = re.compile(r"invalid choice: '(.*?)' \(choose from (.*)\)$")
_QUOTED = re.compile(r"'?([\w-]+)'?")


class Parser(argparse.ArgumentParser):
    """Tells a mistake in one line, without the usage before it."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """A command answers itself for options that it does not have: it knows those that it has."""
        found, rest = super().parse_known_args(args, namespace)
        unknown = next((word for word in rest if word.startswith("--")), None)
        if unknown:
            name = unknown.partition("=")[0]
            hint = did_you_mean(name, self._option_string_actions)
            self.error(f"no such option: {name}{hint}")
        return found, rest

    def error(self, message: str) -> NoReturn:
        choice = _CHOICE.search(message)
        if choice:
            message += did_you_mean(choice[1], _QUOTED.findall(choice[2]))
        self.exit(2, f"{self.prog}: {message} (see `{self.prog} --help`)\n")


def command(
    sub: Commands,
    name: str,
    run: Callable[[argparse.Namespace], int],
    text: str,
    formats: tuple[str, ...] = FORMATS,
) -> argparse.ArgumentParser:
    """A command that runs a function, with `--format` where it prints in several."""
    made = sub.add_parser(name, help=text, description=text)
    made.set_defaults(run=run)
    if formats:
        made.add_argument(
            "--format", choices=formats, default=formats[0], help="how to print (%(default)s)"
        )
    return made


def measurements(name: str) -> Path:
    """A file of measurements, or the shipped one: `published`."""
    from infecon_tui.spec.library import measurements_file

    return measurements_file(name)


def share(text: str) -> float:
    """A share of a whole: `0.25` or `25%`."""
    number = float(text.removesuffix("%").strip()) / (100 if text.endswith("%") else 1)
    if not 0 <= number < 1:
        raise argparse.ArgumentTypeError(f"expected a share below 1, found {text}")
    return number


def swing(text: str) -> float:
    """A share above 0 and below 1."""
    part = share(text)
    if part == 0:
        raise argparse.ArgumentTypeError("expected a share above 0")
    return part
