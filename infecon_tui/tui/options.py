"""The options of the explorer, read by hand: argparse alone would cost a tenth of the start."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from infecon_tui.errors import InfeconError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

CHOICES = {
    "--color": ("auto", "truecolor", "256", "16", "none"),
    "--theme": ("dark", "light"),
}
HELP = {
    "--fresh": "start without the session that was kept",
    "--ascii": "draw with letters only",
    "--no-mouse": "leave the mouse to the terminal",
    "--color": "how many colours to draw with",
    "--theme": "the colours to begin with",
}
"""What each option does, for the manual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line asks of the explorer."""

    scenario: str | None = None
    fresh: bool = False
    ascii_only: bool = False
    mouse: bool = True
    color: str = "auto"
    shade: str | None = None


_SWITCHES: dict[str, dict[str, Any]] = {
    "--fresh": {"fresh": True},
    "--ascii": {"ascii_only": True},
    "--no-mouse": {"mouse": False},
}
_FIELDS = {"--color": "color", "--theme": "shade"}


def options_of(argv: Sequence[str]) -> Options | None:
    """The options, or None when the command line is for a subcommand. Raises InfeconError."""
    options, rest = Options(), list(argv)
    while rest:
        word = rest.pop(0)
        name, equals, value = word.partition("=")
        if word in _SWITCHES:
            options = replace(options, **_SWITCHES[word])
        elif name in CHOICES:
            given = value if equals else rest.pop(0) if rest else ""
            chosen: dict[str, Any] = {_FIELDS[name]: _choice(name, given)}
            options = replace(options, **chosen)
        elif _is_file(word) and options.scenario is None:
            options = replace(options, scenario=word)
        else:
            return None
    return options


def _choice(name: str, given: str) -> str:
    allowed = CHOICES[name]
    if given not in allowed:
        raise InfeconError(
            f"{name}: expected {' | '.join(allowed)}, found {given!r}{did_you_mean(given, allowed)}"
        )
    return given


def _is_file(word: str) -> bool:
    return not word.startswith("-") and (word.endswith((".yaml", ".yml")) or "/" in word)
