"""What leaves the program: one module a format or engine, each a row of EXPORTERS."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from infecon_tui.errors import InfeconError, did_you_mean
from infecon_tui.export.notation import figure_json, table_json
from infecon_tui.export.png import figure_png, table_png
from infecon_tui.export.sglang import sglang_launch
from infecon_tui.export.sheet import figure_csv, table_csv
from infecon_tui.export.svg import figure_svg
from infecon_tui.export.svg_table import table_svg
from infecon_tui.export.text import figure_text, table_text
from infecon_tui.export.trtllm import trtllm_launch
from infecon_tui.export.vllm import vllm_launch

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from infecon_tui.scenario import Scenario
    from infecon_tui.solve import Answer

Takes = Literal["figure", "table", "launch"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporter:
    """One way out: its name, the suffixes of its files, what it takes, and what makes the content of it.

    A figure's and a table's take the record, a launch takes the answer.
    """

    name: str
    suffixes: tuple[str, ...]
    takes: Takes
    make: Callable[[Any], str | bytes]


EXPORTERS: tuple[Exporter, ...] = (
    Exporter(name="svg", suffixes=(".svg",), takes="figure", make=figure_svg),
    Exporter(name="png", suffixes=(".png",), takes="figure", make=figure_png),
    Exporter(name="txt", suffixes=(".txt", ".text"), takes="figure", make=figure_text),
    Exporter(name="csv", suffixes=(".csv",), takes="figure", make=figure_csv),
    Exporter(name="json", suffixes=(".json",), takes="figure", make=figure_json),
    Exporter(name="csv", suffixes=(".csv",), takes="table", make=table_csv),
    Exporter(name="txt", suffixes=(".txt", ".text"), takes="table", make=table_text),
    Exporter(name="json", suffixes=(".json",), takes="table", make=table_json),
    Exporter(name="svg", suffixes=(".svg",), takes="table", make=table_svg),
    Exporter(name="png", suffixes=(".png",), takes="table", make=table_png),
    Exporter(name="vllm", suffixes=(".sh",), takes="launch", make=vllm_launch),
    Exporter(name="sglang", suffixes=(".sh",), takes="launch", make=sglang_launch),
    Exporter(name="trtllm", suffixes=(".sh",), takes="launch", make=trtllm_launch),
)
"""Every exporter; the first of a kind is its default."""


def exporters_of(takes: Takes) -> tuple[Exporter, ...]:
    """The ways out of one kind of thing."""
    return tuple(exporter for exporter in EXPORTERS if exporter.takes == takes)


def named(takes: Takes, name: str) -> Exporter:
    """The exporter of a name. Raises InfeconError with those that there are."""
    found = exporters_of(takes)
    names = [exporter.name for exporter in found]
    if name not in names:
        hint = did_you_mean(name, names)
        raise InfeconError(f"{takes}: expected {' | '.join(names)}, found {name!r}{hint}")
    return found[names.index(name)]


def for_file(takes: Takes, path: Path) -> Exporter:
    """The exporter of a file's suffix. Raises InfeconError with the suffixes that there are."""
    found, suffix = exporters_of(takes), path.suffix.lower()
    for exporter in found:
        if suffix in exporter.suffixes:
            return exporter
    known = " | ".join(exporter.suffixes[0] for exporter in found)
    raise InfeconError(f"{path}: a {takes} is written as {known}, found {suffix or 'no suffix'!r}")


def engine_of(scenario: Scenario, name: str = "") -> str:
    """The exporter's name for a launch: as said, or the scenario's engine. Raises InfeconError."""
    family = name or scenario.engine.partition("-")[0]
    return named("launch", family).name


def for_engine(scenario: Scenario, name: str) -> Scenario:
    """The scenario on the engine of an exporter, for what one engine runs another may refuse."""
    if scenario.engine.partition("-")[0] == name:
        return scenario
    engine: Any = name
    return replace(scenario, engine=engine)


def launch_text(answer: Answer, name: str) -> str:
    """The launch script of a deployment for an engine. Raises InfeconError."""
    return str(named("launch", name).make(answer))
