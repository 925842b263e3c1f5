"""Tables that take a while: worked out away from the screen."""

from __future__ import annotations

import math
import re
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infecon_tui.scenario import Scenario
    from infecon_tui.view.records import Figure, Table


class Comparing:
    """The preferred point on every accelerator, or (path `model`) of every model, found bit by bit.

    The scenario's own comes first; `left` are those still to come.
    """

    def __init__(self, scenario: Scenario, path: str) -> None:
        self.scenario, self.path = scenario, path
        self.lines: list[tuple[float | str | None, ...]] = []
        self.left: list[str] = []
        self._begun = False

    def go_on(self, seconds: float) -> Table:
        """Works for about so long, on one of them at least; the table so far."""
        from infecon_tui.errors import InfeconError
        from infecon_tui.hardware.accelerator import Accelerator
        from infecon_tui.spec.library import ids, load
        from infecon_tui.view.compare import row_of, table_of
        from infecon_tui.workload.transformer import Transformer

        cls: Any = Accelerator if self.path == "hardware" else Transformer
        if not self._begun:
            own = getattr(self.scenario, self.path).id
            names = [name for name in ids(cls) if not name.startswith("paper/")]
            self.left = sorted(names, key=lambda name: name != own)
            self._begun = True
        end = monotonic() + seconds
        while self.left:
            # A broken file of the user's is told of when it is picked.
            with suppress(InfeconError):
                self.lines.append(row_of(self.scenario, load(cls, self.left.pop(0))))
            if monotonic() > end:
                break
        return table_of(self.lines, parts=self.path == "hardware")

    @property
    def said(self) -> str:
        """How far it is, until it is done."""
        if not self.left:
            return ""
        done = len(self.lines)
        return f"   {done} of {done + len(self.left)} so far; esc stops"


def layout_of_row(row: Sequence[Any]) -> dict[str, str]:
    """The values that fix the layout of a row of that table; of two pools, that of the decoding instances."""
    decoding = re.sub(r"^\d+× ", "", str(row[0]).rpartition("→ ")[2])
    degrees = dict(part.split(" ") for part in decoding.split(" · "))
    fixed = {f"layout.{name.lower()}": degrees.get(name, "1") for name in ("TP", "PP", "EP", "DP")}
    gpus = math.prod(int(degrees.get(name, "1")) for name in ("TP", "PP", "DP"))
    return {"layout.gpus": str(gpus), **fixed}


def reproduced() -> Table:
    """The paper's numbers beside those computed here."""
    from infecon_tui.measure.reproduce import results_of, table_of

    return table_of(tuple(results_of()))


def curve_of(name: str) -> tuple[Figure, str]:
    """The curve behind one of them. Raises InfeconError where there is none."""
    from infecon_tui.errors import InfeconError
    from infecon_tui.measure.reproduce import figure_of

    figure = figure_of(name)
    if figure is None:
        raise InfeconError(f"{name}: a number without a curve; rows of the notebook have one")
    return figure, "dashed: as the notebook prints it"


def fidelities_of(scenario: Scenario) -> Table:
    """Deployment beside published: of the scenario's model as it stands, then of some others."""
    from infecon_tui.spec.library import load
    from infecon_tui.view.fidelity import MODELS, fidelity_table
    from infecon_tui.workload.transformer import Transformer

    own = scenario.model
    others = [load(Transformer, name) for name in MODELS if name != own.id]
    return fidelity_table(scenario, [own, *others])


def layouts_of(scenario: Scenario) -> Table:
    """Every layout of the scenario at its best. Raises InfeconError."""
    from infecon_tui.view.layouts import layouts_table

    return layouts_table(scenario)
