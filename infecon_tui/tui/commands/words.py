"""The words of the `:` line that take something; every command of the registry is a word too."""

from __future__ import annotations

from dataclasses import dataclass

from infecon_tui.tui.commands.registry import COMMANDS

VIEW = "view_"
"""Begins the actions that show a plot."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its name, what may follow it, what it does."""

    name: str
    takes: str
    help: str


WORDS: tuple[Word, ...] = (
    Word("set", "PATH VALUE", "change a value; PATH=VALUE alone does the same"),
    Word("reset", "PATH", "put back the value of the spec"),
    Word("model", "ID", "take a model of the catalogue, or of a file"),
    Word("hardware", "ID", "take an accelerator of the catalogue, or of a file"),
    Word("draft", "ID", "take a draft model, or none"),
    Word("fidelity", "LEVEL", "how much of reality is counted"),
    Word("engine", "NAME", "the serving engine"),
    Word("open", "FILE", "open a scenario file"),
    Word("save", "FILE", "save the scenario as YAML"),
    Word("write", "FILE", "write the view: .svg, .png, .txt, .csv or .json"),
    Word("launch", "[ENGINE] [FILE]", "the launch command of the deployment, shown or written"),
    Word("validate", "FILE", "predictions beside a file of measurements"),
    Word("headroom", "FILE", "measurements beside the frontier"),
    Word("calibrate", "FILE", "fit the accelerator to measurements of it"),
    Word("view", "NAME", "show a plot"),
    Word("pane", "NAME", "go to a pane"),
    Word("theme", "[dark|light]", "change the colours"),
)
"""Every word with something after it, in the order of the manual."""

PATHS = {"draft": "speculation.draft"}
"""Words that set a path of another name; `model`, `hardware`, `fidelity` and `engine` are paths themselves."""


def actions() -> dict[str, str]:
    """Name to action of every command that belongs to the whole screen: by its action and by its label."""
    screen = [command for command in COMMANDS if not command.where]
    labels = {command.label.replace(" ", "_"): command.action for command in screen}
    return labels | {command.action: command.action for command in screen}
