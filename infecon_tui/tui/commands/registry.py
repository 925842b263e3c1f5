"""Every command once: its keys, name, help and action feed the keys, the key bar, the help and the docs.

`where` is the pane that a command belongs to, or "" for the whole screen. An action is the name of a
method: of the pane for a pane's command, of the main screen otherwise. The order is that of the help;
`bar` orders the key bar (0 keeps a command out of it).
"""

from __future__ import annotations

from functools import cache

from infecon_tui.tui.commands.command import HELP_KEYS, Command
from infecon_tui.tui.commands.keys import key_name
from infecon_tui.tui.commands.over import OVER_COMMANDS
from infecon_tui.tui.commands.places import GRID, PLOT, TABLE, WHY

COMMANDS: tuple[Command, ...] = (
    Command("up", ("up", "k"), "↑ k", "up", "move to the row above", GRID),
    Command("down", ("down", "j"), "↓ j", "down", "move to the row below", GRID),
    Command("step_down", ("left", "-"), "← -", "less", "one step down; the previous choice", GRID),
    Command("step_up", ("right", "+", "="), "→ +", "more", "one step up; the next choice", GRID),
    Command("far_down", ("shift+left", "<", "H"), "⇧← <", "far less", "a far step down", GRID),
    Command("far_up", ("shift+right", ">", "L"), "⇧→ >", "far more", "a far step up", GRID),
    Command(
        "enter",
        ("enter",),
        "⏎",
        "edit",
        "edit the value; open the list of choices; fold or unfold a group",
        GRID,
        bar=1,
    ),
    Command(
        "toggle", ("space",), "space", "switch", "switch yes and no; fold or unfold a group", GRID
    ),
    Command("clear", ("backspace", "delete"), "⌫", "clear", "edit the value from empty", GRID),
    Command("default", ("d",), "d", "default", "put back the value of the spec", GRID),
    Command("page_up", ("pageup",), "PgUp", "page up", "a page up", GRID),
    Command("page_down", ("pagedown",), "PgDn", "page down", "a page down", GRID),
    Command("first", ("home",), "Home", "first", "the first row", GRID),
    Command("last", ("end",), "End", "last", "the last row", GRID),
    Command("group_up", ("[", "ctrl+up"), "[", "group up", "the group before", GRID),
    Command("group_down", ("]", "ctrl+down"), "]", "group down", "the group after", GRID),
    Command("fold_all", ("z",), "z", "fold all", "fold or unfold all groups", GRID),
    Command(
        "left", ("left", "h"), "← h", "point", "the point before under the crosshair", PLOT, 1, "←→"
    ),
    Command("right", ("right", "l"), "→ l", "point", "the next point", PLOT),
    Command("far_left", ("shift+left", "H", "<"), "⇧←", "far", "ten points back", PLOT),
    Command("far_right", ("shift+right", "L", ">"), "⇧→", "far", "ten points on", PLOT),
    Command("first", ("home",), "Home", "first", "the first point", PLOT),
    Command("last", ("end",), "End", "last", "the last point", PLOT),
    Command(
        "other", ("up", "down", "k", "j"), "↑ ↓", "line", "the next line of the plot", PLOT, 2, "↑↓"
    ),
    Command("up", ("up", "k"), "↑ k", "up", "the row above", TABLE),
    Command("down", ("down", "j"), "↓ j", "down", "the row below", TABLE),
    Command("page_up", ("pageup",), "PgUp", "page up", "a page up", TABLE),
    Command("page_down", ("pagedown",), "PgDn", "page down", "a page down", TABLE),
    Command("first", ("home",), "Home", "first", "the first row", TABLE),
    Command("last", ("end",), "End", "last", "the last row", TABLE),
    Command("left", ("left", "h"), "← h", "columns", "columns to the left", TABLE),
    Command("right", ("right", "l"), "→ l", "columns", "columns to the right", TABLE),
    Command("sort", ("s",), "s", "sort", "sort by the next column", TABLE, 2),
    Command("reverse", ("S",), "S", "reverse", "reverse the order", TABLE, 3),
    Command("filter", ("/",), "/", "filter", "only rows with some words", TABLE, 4),
    Command(
        "choose",
        ("enter",),
        "⏎",
        "choose",
        "show this point in the headline and the plots",
        TABLE,
        1,
    ),
    Command("up", ("up", "k"), "↑ k", "up", "a line up", WHY),
    Command("down", ("down", "j"), "↓ j", "down", "a line down", WHY),
    Command("page_up", ("pageup",), "PgUp", "page up", "a page up", WHY),
    Command("page_down", ("pagedown", "space"), "PgDn", "page down", "a page down", WHY),
    Command("first", ("home",), "Home", "top", "the first line", WHY),
    Command("last", ("end",), "End", "end", "the last line", WHY),
    Command("next_pane", ("tab",), "tab", "next pane", "go to the next pane", bar=8),
    Command("previous_pane", ("shift+tab",), "⇧tab", "previous pane", "go to the pane before"),
    Command("pane_inputs", ("i", "1", "escape"), "i", "inputs", "go to the inputs"),
    Command("view_frontier", ("f", "2"), "f", "frontier", "the plot of cost against speed", bar=9),
    Command("view_roofline", ("r", "3"), "r", "roofline", "the plot of the step against the roof"),
    Command("view_batch", ("B",), "B", "batch", "the plot of time over the batch"),
    Command(
        "view_parallelism",
        ("P",),
        "P",
        "parallelism",
        "the plot of time over the GPUs of an instance",
    ),
    Command("view_context", ("C",), "C", "context", "the plot of time over the context"),
    Command("view_memory", ("Z",), "Z", "memory", "the plot of memory over the batch"),
    Command(
        "view_speculation",
        ("V",),
        "V",
        "speculation",
        "the plot of what drafts gain over the batch",
    ),
    Command("view_draft", ("Y",), "Y", "draft lengths", "the plot of time over the tokens drafted"),
    Command("view_prefill", ("F",), "F", "prefill", "the plot of the first token over the prompt"),
    Command("view_energy", ("J",), "J", "energy", "the plot of joules of a token over the speed"),
    Command("pane_table", ("b", "4"), "b", "table", "the table of the frontier's points", bar=10),
    Command("pane_why", ("x", "5"), "x", "why", "where the time and the memory go", bar=11),
    Command("compare_hardware", ("a",), "a", "accelerators", "the scenario on every accelerator"),
    Command("compare_model", ("M",), "M", "models", "every model in place of the scenario's"),
    Command(
        "fidelities",
        ("I",),
        "I",
        "fidelities",
        "the deployment beside the published model, and why they differ",
    ),
    Command(
        "layouts",
        ("T",),
        "T",
        "layouts",
        "every layout under the targets, the best first",
        bar=5,
    ),
    Command("sensitivity", ("X",), "X", "what moves it", "what moves cost and speed most"),
    Command("ask", ("Q",), "Q", "ask backwards", "the value of this row that reaches a target"),
    Command(
        "validate", ("v",), "v", "validate", "predictions beside a file of measurements, as dots"
    ),
    Command(
        "headroom",
        ("@",),
        "@",
        "headroom",
        "a file of measurements beside the frontiers of its workloads: how far they are from them",
    ),
    Command(
        "calibrate", ("#",), "#", "calibrate", "fit the accelerator to a file of measurements of it"
    ),
    Command(
        "node",
        ("$",),
        "$",
        "this node",
        "take the accelerator of this machine, and as many as it has",
    ),
    Command("paper", ("E",), "E", "paper", "the paper's numbers and curves, computed again"),
    Command(
        "pin",
        ("A",),
        "A",
        "pin",
        "pin the scenario as A to D, go to a pin, drop it, or choose the one to compare with",
        bar=13,
    ),
    Command("diff", ("%",), "%", "what differs", "what differs from a pin, a file or the specs"),
    Command("pick_model", ("m",), "m", "model", "pick a model from the catalogue", bar=2),
    Command("pick_hardware", ("g",), "g", "hardware", "pick an accelerator", bar=3),
    Command("pick_draft", ("p",), "p", "draft", "pick a draft model for speculative decoding"),
    Command("find", ("/", "ctrl+f"), "/", "find", "find a row in any group", bar=4),
    Command("find_next", ("n",), "n", "next", "the next row found"),
    Command("find_previous", ("N",), "N", "previous", "the row found before"),
    Command("undo", ("u", "ctrl+underscore"), "u", "undo", "take the last change back", bar=7),
    Command("redo", ("U", "ctrl+r", "ctrl+y"), "U", "redo", "make it again"),
    Command("all_defaults", ("D",), "D", "all defaults", "put back everything, specs kept"),
    Command("save", ("w", "ctrl+s"), "w", "save", "save the scenario as YAML", bar=6),
    Command("open", ("o", "ctrl+o"), "o", "open", "open a scenario file", bar=14),
    Command("recent", ("O",), "O", "recent", "open one of the files last saved or opened"),
    Command("name", ("R",), "R", "name", "give the scenario a name"),
    Command("notes", ("K",), "K", "notes", "write notes that are kept with the scenario"),
    Command("show_yaml", ("e",), "e", "YAML", "show the scenario as YAML"),
    Command(
        "copy_yaml", ("y",), "y", "copy YAML", "copy the scenario (OSC 52, and to a file)", bar=15
    ),
    Command("copy_result", ("c",), "c", "copy result", "copy the headline and the table"),
    Command("write", ("W",), "W", "write", "write the plot or table: SVG, PNG, text, CSV, JSON"),
    Command("launch", ("G",), "G", "launch", "the launch command of the scenario's engine"),
    Command("command_line", (":",), ":", "command", "type a command, or PATH=VALUE", bar=12),
    Command("theme", ("t",), "t", "theme", "dark or light"),
    Command("help", HELP_KEYS, "?", "help", "this page", bar=16),
    Command("redraw", ("ctrl+l",), "^L", "redraw", "draw the whole screen again"),
    Command(
        "suspend",
        ("ctrl+z",),
        "^Z",
        "to the shell",
        "back to the shell for a while; fg goes on here",
    ),
    Command("tour", ("f2",), "F2", "tour", "a tour of three minutes; the next step of it"),
    Command("quit", ("q", "ctrl+q", "ctrl+c"), "q", "quit", "quit; the session is kept", bar=17),
    *OVER_COMMANDS,
)
ALWAYS = ("ctrl+q", "ctrl+c")
"""Keys that quit even while a text is typed."""
TERMINAL = {"ctrl+z": "suspend", "ctrl+l": "redraw"}
"""Keys that are about the terminal and not what it shows: they work over every page, and while typing."""


@cache
def keys_of(where: str) -> dict[str, str]:
    """Key to action, of one pane or (with "") of the whole screen."""
    return {key_name(key): c.action for c in COMMANDS if c.where == where for key in c.keys}
