"""What each command does. Each returns an exit status; heavy imports wait until they are needed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from infecon_tui.errors import InfeconError

if TYPE_CHECKING:
    import argparse

    from infecon_tui.scenario import Scenario
    from infecon_tui.solve import Answer


def _solved(arguments: argparse.Namespace) -> Answer:
    from infecon_tui.cli.scenario_options import scenario_of
    from infecon_tui.solve import solve

    answer = solve(scenario_of(arguments))
    for note in answer.notes:
        print(f"note: {note}", file=sys.stderr)
    for said in filter(None, (answer.verdict, answer.missed)):
        print(said, file=sys.stderr)
    return answer


def _status(answer: Answer) -> int:
    from infecon_tui.cli import NO_ANSWER, OK

    return NO_ANSWER if answer.chosen is None or answer.missed else OK


def frontier(arguments: argparse.Namespace) -> int:
    """Prints the frontier: thinned as a table, every point in the other formats."""
    from infecon_tui.cli.output import emit, frontier_tree
    from infecon_tui.view.tables import all_points, frontier_table

    answer = _solved(arguments)
    if arguments.format == "table":
        emit("table", table=frontier_table(answer, most=30))
    elif arguments.format == "csv":
        emit("csv", table=all_points(answer.points))
    else:
        emit(arguments.format, tree=frontier_tree(answer))
    return _status(answer)


def point(arguments: argparse.Namespace) -> int:
    """Prints one point of the frontier: the preferred one, which is the only one when all is fixed."""
    from infecon_tui.cli.output import emit, point_tree
    from infecon_tui.view.lines import point_table

    answer = _solved(arguments)
    if arguments.format in ("table", "csv"):
        emit(arguments.format, table=point_table(answer))
    else:
        emit(arguments.format, tree=point_tree(answer))
    return _status(answer)


def layouts(arguments: argparse.Namespace) -> int:
    """Prints every layout at its best under the goal's targets."""
    from infecon_tui.cli import NO_ANSWER, OK
    from infecon_tui.cli.output import emit
    from infecon_tui.cli.scenario_options import scenario_of
    from infecon_tui.view.layouts import layouts_table

    table = layouts_table(scenario_of(arguments))
    emit(arguments.format, table=table)
    return OK if any(row[-1] == "best" for row in table.rows) else NO_ANSWER


def export(arguments: argparse.Namespace) -> int:
    """Writes a scenario as YAML, or its frontier as JSON or CSV."""
    from infecon_tui.cli.output import frontier_tree, rendered, saved, write
    from infecon_tui.cli.scenario_options import scenario_of
    from infecon_tui.spec.scenario_file import scenario_yaml
    from infecon_tui.view.tables import all_points

    if arguments.format == "yaml":
        text = scenario_yaml(scenario_of(arguments))
    else:
        answer = _solved(arguments)
        everything = all_points(answer.points)
        text = rendered(arguments.format, table=everything, tree=frontier_tree(answer))
    if arguments.output is None:
        write(text)
        return 0
    return saved(arguments.output, text, force=arguments.force)


def models(arguments: argparse.Namespace) -> int:
    """Lists the models, or prints one in full."""
    from infecon_tui.view.catalogue import models_table
    from infecon_tui.workload.transformer import Transformer

    return _catalogue(arguments, Transformer, models_table)


def hardware(arguments: argparse.Namespace) -> int:
    """Lists the accelerators, or prints one in full."""
    from infecon_tui.hardware.accelerator import Accelerator
    from infecon_tui.view.catalogue import hardware_table

    return _catalogue(arguments, Accelerator, hardware_table)


def _catalogue(arguments: argparse.Namespace, cls: Any, table: Any) -> int:
    from infecon_tui.cli.output import emit, spec_table
    from infecon_tui.spec.library import SCHEMAS, load
    from infecon_tui.spec.write import tree_of

    if arguments.id is None:
        specs, faults = _all_specs(cls)
        emit(arguments.format, table=table(specs))
        for fault in faults:
            print(f"infecon-tui: {fault}", file=sys.stderr)
        return 2 if faults else 0
    spec = load(cls, arguments.id)
    if arguments.format in ("table", "csv"):
        emit(arguments.format, table=spec_table(spec))
    else:
        emit(arguments.format, tree={"schema": SCHEMAS[cls], **tree_of(spec)})
    return 0


def _all_specs(cls: Any) -> tuple[list[Any], list[InfeconError]]:
    """Every spec that can be read; one broken file of the user's does not hide the others."""
    from infecon_tui.spec.library import ids, load

    specs, faults = [], []
    for name in ids(cls):
        try:
            specs.append(load(cls, name))
        except InfeconError as error:
            faults.append(error)
    return specs, faults


def explain(arguments: argparse.Namespace) -> int:
    """Prints what a value, a metric or a view means."""
    from infecon_tui.cli.output import emit
    from infecon_tui.cli.scenario_options import scenario_of
    from infecon_tui.view.explanation import explanation
    from infecon_tui.view.lines import lines_table

    facts = explanation(scenario_of(arguments), arguments.name)
    if arguments.format in ("table", "csv"):
        emit(arguments.format, table=lines_table(arguments.name, ("fact", "text"), facts))
    else:
        emit(arguments.format, tree=dict(facts))
    return 0


def sweep(arguments: argparse.Namespace) -> int:
    """Prints the preferred point with one number turned."""
    from infecon_tui.cli.output import emit
    from infecon_tui.view.prefill import prefill_table
    from infecon_tui.view.speculation import speculation_table
    from infecon_tui.view.sweeps import sweep_table

    answer, kind = _solved(arguments), arguments.kind
    own = {"speculation": speculation_table, "isl": prefill_table}
    table = own[kind](answer) if kind in own else sweep_table(answer, kind)
    emit(arguments.format, table=table)
    return _status(answer)


def compare(arguments: argparse.Namespace) -> int:
    """Prints the scenario's preferred point on every accelerator, or of every model."""
    from infecon_tui.cli.output import emit
    from infecon_tui.cli.scenario_options import scenario_of
    from infecon_tui.hardware.accelerator import Accelerator
    from infecon_tui.view.compare import compared
    from infecon_tui.workload.transformer import Transformer

    scenario = scenario_of(arguments)
    if arguments.what == "fidelity":
        return _fidelities(scenario, arguments)
    specs, faults = _all_specs(Accelerator if arguments.what == "hardware" else Transformer)
    others = [spec for spec in specs if not spec.id.startswith("paper/")]
    watched = sys.stderr.isatty()

    def told(name: str) -> None:
        if watched:
            print(f"\r\x1b[K{name}", end="", file=sys.stderr, flush=True)

    table = compared(scenario, others, arguments.sort, told)
    if watched:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
    emit(arguments.format, table=table)
    for fault in faults:
        print(f"infecon-tui: {fault}", file=sys.stderr)
    return 2 if faults else 0


def _fidelities(scenario: Scenario, arguments: argparse.Namespace) -> int:
    """Prints the deployment beside the published model, for some models."""
    from infecon_tui.cli import NO_ANSWER, OK
    from infecon_tui.cli.output import emit, write
    from infecon_tui.spec.library import load
    from infecon_tui.view.fidelity import MODELS, fidelity_table, without_reasons
    from infecon_tui.workload.transformer import Transformer

    models = [load(Transformer, name) for name in arguments.models or MODELS]
    table = fidelity_table(scenario, models)
    if arguments.format == "table":
        narrow, reasons = without_reasons(table)
        emit("table", table=narrow)
        write(f"\n{reasons}" if reasons else "")
    else:
        emit(arguments.format, table=table)
    return OK if any(row[2] is not None for row in table.values) else NO_ANSWER


def sensitivity(arguments: argparse.Namespace) -> int:
    """Prints what moves cost and speed at the preferred point."""
    from infecon_tui.cli.output import emit
    from infecon_tui.view.sensitivity import sensitivity_table, sensitivity_tree, turned

    answer = _solved(arguments)
    if answer.chosen is not None:
        seen = turned(answer, swing=arguments.swing, free=arguments.free)
        tree = None if arguments.format == "csv" else sensitivity_tree(seen)
        emit(arguments.format, table=sensitivity_table(seen), tree=tree)
    return _status(answer)


def ask(arguments: argparse.Namespace) -> int:
    """Prints the value of one number at which a target is met; status 1 when there is none."""
    from infecon_tui.cli import NO_ANSWER, OK
    from infecon_tui.cli.output import emit, write
    from infecon_tui.cli.scenario_options import scenario_of
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


def diff(arguments: argparse.Namespace) -> int:
    """Prints what differs between two scenario files, and what that does to the preferred point."""
    from infecon_tui.cli import NO_ANSWER, OK
    from infecon_tui.cli.output import emit
    from infecon_tui.solve import FINE
    from infecon_tui.spec.scenario_file import load_scenario
    from infecon_tui.view.difference import difference, difference_table, difference_tree

    before, after = load_scenario(arguments.before), load_scenario(arguments.after)
    found = difference(before, after, FINE)
    if arguments.format in ("table", "csv"):
        emit(arguments.format, table=difference_table(found))
    else:
        emit(arguments.format, tree=difference_tree(found))
    for fault in found.faults:
        print(fault, file=sys.stderr)
    return NO_ANSWER if found.faults else OK


def reproduce(arguments: argparse.Namespace) -> int:
    """Computes every published curve and number; status 1 when one is missed."""
    from infecon_tui.cli.reproduce import run

    return run(arguments.format, arguments.only)


def validate(arguments: argparse.Namespace) -> int:
    """Predicts a file of measurements and says how far off the predictions are."""
    from infecon_tui.cli.validate import run

    return run(arguments)


def headroom(arguments: argparse.Namespace) -> int:
    """Says how far measured deployments are from the frontier."""
    from infecon_tui.cli.headroom import run

    return run(arguments)


def node(arguments: argparse.Namespace) -> int:
    """Lists the accelerators of this machine, or measures what they reach."""
    from infecon_tui.cli.node import run

    return run(arguments)


def calibrate(arguments: argparse.Namespace) -> int:
    """Fits an accelerator's efficiencies to a file of measurements."""
    from infecon_tui.cli.calibrate import run

    return run(arguments)


def predict(arguments: argparse.Namespace) -> int:
    """Evaluates a file of configurations."""
    from infecon_tui.cli.output import emit
    from infecon_tui.cli.predict import predicted, predictions_table
    from infecon_tui.cli.predict_file import read_points

    points = read_points(arguments.points)
    results = predicted(points, arguments.fidelity)
    if arguments.format in ("table", "csv"):
        emit(arguments.format, table=predictions_table(points, results))
    else:
        emit(arguments.format, tree=results)
    return 0
