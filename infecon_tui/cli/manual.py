"""The manual, from what the program itself goes by: its options, its keys and words, its paths."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from infecon_tui import __version__
from infecon_tui.cli.manual_forms import Entries, Heading, Text, markdown, roff
from infecon_tui.tui.commands.places import SECTIONS
from infecon_tui.tui.commands.registry import COMMANDS
from infecon_tui.tui.commands.words import VIEW, WORDS
from infecon_tui.tui.options import HELP, spelled

if TYPE_CHECKING:
    from collections.abc import Callable

    from infecon_tui.cli.manual_forms import Block

FORMS: dict[str, Callable[[list[Block]], str]] = {"roff": roff, "markdown": markdown}
PART_NAMES = ("man", "keys", "paths")
ABOUT = (
    "Shows how fast and how cheaply a language model can be served: at which batch and parallelism, what "
    "binds, what would change it, and how far a real deployment is from the frontier. Without a command "
    "the terminal explorer opens, on a scenario file where one is named; with one the same views are "
    "printed or written."
)
LINE = (
    "A colon opens the command line of the explorer. Tab completes words, paths, ids and file names, Up and "
    "Down bring back earlier lines. Besides these words every command for the whole screen is one, by its "
    "name: :compare, :undo. What a line changes is one step back for undo."
)
PATHS = (
    "Every number of a scenario has a path. It is a key of scenario files, a row of the inputs, an argument of "
    "--set and of the : line. Where a model has several groups of layers, N is the number of the group from 0; "
    "with one group it is left out. A draft model has the paths of a model under speculation.draft."
)
SPECS = (
    ("model", "the model: an id of the catalogue, or a file"),
    ("hardware", "the accelerator: an id of the catalogue, or a file"),
    ("speculation.draft", "the draft model: an id, a file, or none"),
)
STATUSES = (
    ("0", "done"),
    ("1", "nothing fits, a published number is missed, or nothing was written"),
    ("2", "a mistake in what was asked, told in one message on the error output"),
)
VARIABLES = (
    ("INFECON_STATE", "folder of the session and of copies"),
    ("INFECON_SPECS", "folder of one's own models and hardware"),
    ("INFECON_ASCII", "1 draws with letters only"),
    ("INFECON_SYMBOLS", "braille, blocks or ascii for plots"),
    ("NO_COLOR", "draws without colours"),
)


def figure_names() -> tuple[str, ...]:
    """The plots, by the names of the commands that show them."""
    found = [c.action for c in COMMANDS if c.action.startswith(VIEW)]
    return tuple(action.removeprefix(VIEW) for action in found)


def whole() -> list[Block]:
    """All of it, as a man page is ordered."""
    return [*front(), *_commands(), *keys(), *paths(), *_back()]


def man() -> list[Block]:
    """The man page: all but the paths of models' and accelerators' insides."""
    inside = ("model.", "hardware.")
    return [*front(), *_commands(), *keys(), *paths(without=inside), *_back()]


def front() -> list[Block]:
    """Name, synopsis, description, and the options of the explorer."""
    words = [spelled(name) for name in HELP]
    explorer = " ".join(f"[{word}]" for word in words)
    return [
        Heading(1, "Name"),
        Text("infecon-tui - explore the economics of serving language models"),
        Heading(1, "Synopsis"),
        Text(f"infecon-tui [SCENARIO.yaml] {explorer}"),
        Text("infecon-tui COMMAND [options]"),
        Heading(1, "Description"),
        Text(ABOUT),
        Heading(1, "Options of the explorer"),
        Entries(tuple(zip(words, HELP.values(), strict=True))),
    ]


def _commands() -> list[Block]:
    """Every command with its own options, then those of scenarios once."""
    shared = _scenario_actions()
    blocks: list[Block] = [Heading(1, "Commands")]
    for name, parser in _parsers().items():
        own = [a for a in parser._actions if a.dest != "help" and a.dest not in shared]  # noqa: SLF001
        taken = " [scenario options]" if "model" in {a.dest for a in parser._actions} else ""  # noqa: SLF001
        usage = " ".join([name, *(_usage(action) for action in own)])
        blocks += [Heading(2, usage + taken), Text(_sentence(parser.description or ""))]
        if found := tuple((_spelled(action), _help(action)) for action in own if action.help):
            blocks.append(Entries(found))
    entries = tuple((_spelled(action), _help(action)) for action in shared.values() if action.help)
    return [*blocks, Heading(1, "Scenario options"), Entries(entries)]


def _parsers() -> dict[str, argparse.ArgumentParser]:
    from infecon_tui.cli.options import parser

    actions = parser()._actions  # noqa: SLF001 - argparse has no other way to list its commands
    subs = next(a for a in actions if isinstance(a, argparse._SubParsersAction))  # noqa: SLF001
    return dict(subs.choices)


def _scenario_actions() -> dict[str, argparse.Action]:
    from infecon_tui.cli.scenario_options import add_scenario

    bare = argparse.ArgumentParser(add_help=False)
    add_scenario(bare)
    return {action.dest: action for action in bare._actions}  # noqa: SLF001


def _usage(action: argparse.Action) -> str:
    if action.option_strings:
        return f"[{action.option_strings[0]}{_value(action)}]"
    return f"[{_name(action)}]" if action.nargs == "?" else _name(action)


def _spelled(action: argparse.Action) -> str:
    if not action.option_strings:
        return _name(action)
    return ", ".join(action.option_strings) + _value(action)


def _name(action: argparse.Action) -> str:
    metavar = action.metavar if isinstance(action.metavar, str) else action.dest
    return "|".join(map(str, action.choices)) if action.choices else metavar


def _value(action: argparse.Action) -> str:
    return "" if action.nargs == 0 else f" {_name(action)}"


def _help(action: argparse.Action) -> str:
    given: Any = vars(action)
    return _sentence((action.help or "") % given)


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def keys() -> list[Block]:
    """The keys of every pane, and the words of the `:` line."""
    blocks: list[Block] = [Heading(1, "Keys")]
    for where, title in SECTIONS:
        rows = tuple((c.shown, f"{c.help} ({c.action}).") for c in COMMANDS if c.where == where)
        blocks += [Heading(2, title), Entries(rows)]
    words = tuple((f":{w.name} {w.takes}", _sentence(w.help)) for w in WORDS)
    return [*blocks, Heading(1, "Command line of the explorer"), Text(LINE), Entries(words)]


def paths(without: tuple[str, ...] = ()) -> list[Block]:
    """Every path with its meaning and bounds."""
    from infecon_tui.scenario import Scenario
    from infecon_tui.view.editor.paths import allowed, places_of, titled

    draft = "speculation.draft."
    found = [
        (place.path, f"{_sentence(titled(place))} Takes {allowed(place.slot)}.")
        for place in places_of(Scenario)
        if not place.path.startswith((draft, *without))
    ]
    more = [Text("docs paths lists those of models and accelerators too.")] if without else []
    specs = tuple((path, _sentence(text)) for path, text in SPECS)
    return [Heading(1, "Paths"), Text(PATHS), *more, Entries((*specs, *found))]


def _back() -> list[Block]:
    return [
        Heading(1, "Environment"),
        Entries(tuple((name, _sentence(text)) for name, text in VARIABLES)),
        Heading(1, "Exit status"),
        Entries(tuple((name, _sentence(text)) for name, text in STATUSES)),
        Heading(1, "Version"),
        Text(f"This is infecon-tui {__version__}."),
    ]


PARTS: dict[str, Callable[[], list[Block]]] = {
    "man": man,
    "keys": keys,
    "paths": paths,
    "all": whole,
}
"""Every part of the manual by its name on the command line."""
