"""Commands that explain: what a value means, what moves cost and speed, what would reach a target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infecon_tui.cli import NO_ANSWER, OK
from infecon_tui.cli.answers import solved, status
from infecon_tui.cli.parsing import command, swing
from infecon_tui.cli.scenario_options import add_scenario, scenario_of

if TYPE_CHECKING:
    import argparse

    from infecon_tui.cli.parsing import Commands


def explain(arguments: argparse.Namespace) -> int:
    """Prints what a value, a metric or a view means."""
    from infecon_tui.cli.output import emit
    from infecon_tui.view.explanation import explanation
    from infecon_tui.view.lines import lines_table

    facts = explanation(scenario_of(arguments), arguments.name)
    emit(
        arguments.format,
        table=lines_table(arguments.name, ("fact", "text"), facts),
        tree=dict(facts),
    )
    return 0


def sensitivity(arguments: argparse.Namespace) -> int:
    """Prints what moves cost and speed at the preferred point."""
    from infecon_tui.cli.output import emit
    from infecon_tui.view.sensitivity import sensitivity_table, sensitivity_tree, turned

    answer = solved(arguments)
    if answer.chosen is not None:
        seen = turned(answer, swing=arguments.swing, free=arguments.free)
        tree = None if arguments.format == "csv" else sensitivity_tree(seen)
        emit(arguments.format, table=sensitivity_table(seen), tree=tree)
    return status(answer)


def ask(arguments: argparse.Namespace) -> int:
    """Prints the value of one number at which a target is met; status 1 when there is none."""
    from infecon_tui.cli.output import emit, write
    from infecon_tui.sensitivity.ask import ask as asked_of
    from infecon_tui.sensitivity.target import METRICS, targets_of
    from infecon_tui.view.backwards import asked_tree, sentence

    given = {name: getattr(arguments, name) for name in METRICS}
    targets = targets_of({name: text for name, text in given.items() if text is not None})
    asked = asked_of(scenario_of(arguments), arguments.path, targets, held=arguments.held)
    if arguments.format == "table":
        write(sentence(asked) + "\n")
    else:
        emit(arguments.format, tree=asked_tree(asked))
    return OK if asked.found is not None or asked.now.met else NO_ANSWER


def add_commands(sub: Commands) -> None:
    """Adds these commands."""
    _add_explain(sub)
    _add_sensitivity(sub)
    _add_ask(sub)


def _add_explain(sub: Commands) -> None:
    made = command(sub, "explain", explain, "what a value, metric or view means, and what it moves")
    made.add_argument("name", metavar="PATH|METRIC|VIEW", help="such as hardware.hbm.bandwidth")
    add_scenario(made)


def _add_sensitivity(sub: Commands) -> None:
    made = command(
        sub, "sensitivity", sensitivity, "what moves cost and speed most, and what binds"
    )
    made.add_argument(
        *("--swing",),
        type=swing,
        default=0.1,
        metavar="SHARE",
        help="how far every number swings to both sides, such as 20%% (10%%)",
    )
    made.add_argument(
        "--free", action="store_true", help="choose layout and batch anew for every number (slower)"
    )
    add_scenario(made)


def _add_ask(sub: Commands) -> None:
    made = command(
        sub,
        "ask",
        ask,
        "ask backwards: the value of one number that reaches a target",
        ("table", "json", "yaml"),
    )
    made.add_argument("path", metavar="PATH", help="the number, such as hardware.hbm.bandwidth")
    for name, text in (
        ("tpot", "time per output token at most, such as 20ms"),
        ("speed", "tokens per second of one request at least"),
        ("cost", "USD per million output tokens at most"),
        ("ttft", "time to the first token at most (deployment)"),
    ):
        made.add_argument(f"--{name}", metavar=name.upper(), help=text)
    made.add_argument(
        "--held", action="store_true", help="hold the preferred point's layout and batch"
    )
    add_scenario(made)
