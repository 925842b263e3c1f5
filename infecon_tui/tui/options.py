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
EDITS = {"--model": "model", "--hardware": "hardware"}
"""Options that change a value of what is opened; `--set PATH=VALUE` changes any."""
_VALUES = {"--model": "ID", "--hardware": "ID", "--set": "PATH=VALUE"}
HELP = {
    "--model": "the model to begin with: an id of the catalogue, or a file",
    "--hardware": "the accelerator to begin with: an id of the catalogue, or a file",
    "--set": "any value to begin with, such as workload.isl=8k; may be repeated",
    "--fresh": "start without the session that was kept",
    "--ascii": "draw with letters only",
    "--no-mouse": "leave the mouse to the terminal",
    "--color": "how many colours to draw with",
    "--theme": "the colours to begin with",
}
"""What each option does, for the manual."""
_ANSWERED_ELSEWHERE = ("--help", "--version")


def spelled(name: str) -> str:
    """An option with what it takes: `--theme dark|light`."""
    taken = _VALUES.get(name) or "|".join(CHOICES.get(name, ()))
    return f"{name} {taken}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line asks of the explorer."""

    scenario: str | None = None
    edits: tuple[tuple[str, str], ...] = ()
    fresh: bool = False
    ascii_only: bool = False
    mouse: bool = True
    color: str = "auto"
    shade: str | None = None

    @property
    def by_session(self) -> bool:
        """Whether the session alone says what is opened."""
        return not (self.scenario or self.edits or self.fresh)


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
        elif name in CHOICES or name in _VALUES:
            given = value if equals else rest.pop(0) if rest else ""
            options = _with(options, name, given)
        elif _is_file(word) and options.scenario is None:
            options = replace(options, scenario=word)
        elif word.startswith("--") and word not in _ANSWERED_ELSEWHERE:
            raise InfeconError(f"no such option: {name}{did_you_mean(name, HELP)}")
        else:
            return None
    return options


def _with(options: Options, name: str, given: str) -> Options:
    """The options with one that takes a value."""
    if name in CHOICES:
        chosen: dict[str, Any] = {_FIELDS[name]: _choice(name, given)}
        return replace(options, **chosen)
    path, equals, value = given.partition("=") if name == "--set" else (EDITS[name], "=", given)
    if not equals or not value:
        raise InfeconError(f"{name}: expected {_VALUES[name]}, found {given!r}")
    return replace(options, edits=(*options.edits, (path.strip(), value)))


def _choice(name: str, given: str) -> str:
    allowed = CHOICES[name]
    if given not in allowed:
        raise InfeconError(
            f"{name}: expected {' | '.join(allowed)}, found {given!r}{did_you_mean(given, allowed)}"
        )
    return given


def _is_file(word: str) -> bool:
    return not word.startswith("-") and (word.endswith((".yaml", ".yml", ".json")) or "/" in word)
