"""The help: how to use the explorer, all its keys, how to read it, what was found of the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from infecon_tui import __version__
from infecon_tui.tui.commands.keys import key_name
from infecon_tui.tui.commands.places import SECTIONS
from infecon_tui.tui.commands.registry import COMMANDS, keys_of
from infecon_tui.tui.widgets.cells import fitted, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infecon_tui.tui.app import InfeconApp
    from infecon_tui.tui.screens.base import KeyScreen
    from infecon_tui.tui.terminal.detect import Terminal
    from infecon_tui.tui.widgets.cells import Piece

Lines = list[list["Piece"]]

ABOUT = (
    "infecon shows how fast and how cheaply a language model can be served: pick a model (m) and an "
    "accelerator (g), change any number, and everything follows. The frontier holds the least cost at "
    "every speed; its preferred point has the largest speed^exponent / cost, the exponent being a row "
    "of the workload. Choose another point in the table (b, then Enter) to see it in the headline and "
    "in the plots."
)
TYPING = (
    "Digits start typing over a value, Enter edits it. A bare number takes the unit beside the field; "
    "70B, 2k, 3.35 TB/s, 400 Gb/s and 62 % are understood. Enter takes the value, Up and Down take it "
    "and move on, Esc drops it. What cannot be is refused with the reason, and your text stays. Other "
    "letters are commands, but not while you type. In a list of choices, type some letters of the name."
)
READING = (
    ("●", "a value that differs from its spec; d puts it back"),
    ("‹ ›", "arrow keys change this value by a step"),
    ("▾", "Enter opens a list of choices"),
    ("!", "a value that is allowed, but look again"),
    ("speed", "output tokens per second of one request, 1/TPOT"),
    ("cost", "USD per million output tokens"),
    ("TPOT", "time per output token of one request"),
    ("MFU, MBU", "share of the peak arithmetic, and of the peak HBM bandwidth, that a step uses"),
    ("frontier", "no other layout and batch is both faster and cheaper than a point of it"),
    (
        "roofline",
        (
            "arithmetic per byte read from HBM against arithmetic per second: on the slope HBM "
            "binds, on the flat part arithmetic, and below both something else does"
        ),
    ),
    ("dashed roof", "the roof at the efficiencies of the hardware's spec"),
    ("A B C D", "pinned scenarios: in the first line, and dashed in the plots with their points"),
    ("▼ ▲ =", "lower, higher or the same as at the pin with the ▸ beside it"),
)
COPYING = (
    "Copies go to the clipboard by OSC 52, which tmux passes on with `set -g set-clipboard on`, and "
    "always to a file as well, whose name is told. Hold Shift to select text with the mouse, or start "
    "with --no-mouse. The session is saved as you work; --fresh starts without it."
)


def help_lines(
    terminal: Terminal,
    size: tuple[int, int],
    files: list[tuple[str, str]],
    here: Sequence[tuple[str, str]] = (),
) -> Lines:
    """The page for a width: what is under the cursor (`here`), then everything else.

    `files` names the places where things are kept.
    """
    width = min(100, size[0] - 6)
    lines: Lines = []
    if here:
        (_, title), *facts = here
        lines += [[(line, "strong")] for line in wrapped(title, width)]
        lines += _rows(facts, width, 15, "text")
    lines += [[(f"infecon-tui {__version__}", "strong")], []]
    lines += _paragraph(ABOUT, width)
    for where, title in SECTIONS:
        lines += [[(title, "strong")], []]
        rows = [(c.shown, c.help) for c in COMMANDS if c.where == where]
        lines += _rows(rows, width, 12, "accent")
        if where == "inputs":
            lines += _paragraph(TYPING, width)
    lines += [[("How to read it", "strong")], []]
    lines += _rows(list(READING), width, 12, "text")
    lines += [[("Copies, mouse, session", "strong")], []]
    lines += _paragraph(COPYING, width)
    lines += [[("This terminal", "strong")], []]
    found = [("size", f"{size[0]}x{size[1]}"), *terminal.reasons]
    lines += _rows(found, width, 12, "text")
    lines += [[("Files", "strong")], []]
    return lines + _rows(files, width, 12, "text")


def help_over(
    screen: KeyScreen, places: tuple[str, str], name: str, told: Sequence[tuple[str, str]]
) -> None:
    """Opens the help of what covers the explorer: the keys of it and of its pane, and what it shows."""
    from infecon_tui.tui.screens.page import PageScreen

    lines = over_lines(places, min(100, screen.size.width - 6), told)
    copied = cast("InfeconApp", screen.app).main.files.copied("help.txt")
    screen.app.push_screen(PageScreen(f"Help · {name.capitalize()}", lines, copied))


def over_lines(places: tuple[str, str], width: int, told: Sequence[tuple[str, str]]) -> Lines:
    """The lines of that page."""
    where, pane = places
    own = keys_of(where)
    inner = (c for c in COMMANDS if c.where == pane and key_name(c.keys[0]) not in own)
    rows = [(c.shown, c.help) for c in (*(c for c in COMMANDS if c.where == where), *inner)]
    lines: Lines = []
    if told:
        first = min(24, max(len(name) for name, _ in told) + 2)
        lines += [[("What is shown", "strong")], [], *_rows(list(told), width, first, "text")]
    return [*lines, [("Keys", "strong")], [], *_rows(rows, width, 12, "accent")]


def _paragraph(text: str, width: int) -> Lines:
    return [*([(line, "text")] for line in wrapped(text, width)), []]


def _rows(rows: list[tuple[str, str]], width: int, first: int, role: str) -> Lines:
    lines: Lines = []
    for name, text in rows:
        for index, line in enumerate(wrapped(text, width - first - 2)):
            lead = fitted(name if index == 0 else "", first)
            lines.append([(f"  {lead}", role), (line, "text" if role == "accent" else "muted")])
    return [*lines, []]
