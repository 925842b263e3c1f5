"""What the panes show of the explorer's scenario and of its answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from infecon_tui.tui.late import Late
from infecon_tui.tui.sections import sections_of, tags_of
from infecon_tui.tui.widgets.headline import Subject
from infecon_tui.tui.widgets.section import Section
from infecon_tui.values import one_line

if TYPE_CHECKING:
    from infecon_tui.tui.answers import Shown
    from infecon_tui.tui.explorer import Explorer
    from infecon_tui.tui.screens.main import MainScreen
    from infecon_tui.view.records import Group
    from infecon_tui.view.warnings import Warned


class Display:
    """Gives the panes their rows, metrics, figures and sections.

    `shown` is the last good answer, `trouble` why there is no newer one.
    """

    def __init__(self, screen: MainScreen, explorer: Explorer) -> None:
        self.screen, self.explorer = screen, explorer
        self.groups: tuple[Group, ...] = ()
        self.shown: Shown | None = None
        self.trouble = ""
        self.warnings: tuple[Warned, ...] = ()
        self.late = Late(screen, self.show_why)

    def rows(self) -> None:
        """Gives the inputs their rows."""
        from infecon_tui.spec.scenario_file import base_of
        from infecon_tui.view.editor.forms import editor

        scenario = self.explorer.scenario
        if scenario is not None:
            made = editor(scenario, base_of(scenario), self.explorer.choices)
            self.groups = tuple(map(self._warned, made))
            self.screen.grid.show(self.groups)
            self.screen.explain()
            self.headline()

    def _warned(self, group: Group) -> Group:
        """The group with what the last answer says against values of its rows."""
        said = dict(self.warnings)
        if not any(row.warning or row.path in said for row in group.rows):
            return group
        rows = (replace(row, warning=said.get(row.path, "")) for row in group.rows)
        return replace(group, rows=tuple(rows))

    def answer(self, shown: Shown) -> None:
        """Takes an answer, or why there is none."""
        self.trouble, self.warnings = shown.trouble, shown.warnings
        if not shown.trouble:
            self.shown = shown
        groups = tuple(map(self._warned, self.groups))
        if groups != self.groups:
            self.groups = groups
            self.screen.grid.show(groups)
            self.screen.explain()
        self.headline()
        self.panes()

    def headline(self) -> None:
        """Gives the top of the screen what is looked at, and the metrics of its answer."""
        explorer, shown = self.explorer, self.shown
        scenario = explorer.scenario
        if scenario is None:
            return
        rows = [row for group in self.groups for row in group.rows]
        subject = Subject(
            model=scenario.model.id,
            hardware=scenario.hardware.id,
            fidelity=scenario.fidelity,
            changed=sum(row.changed for row in rows),
            warned=sum(bool(row.warning) for row in rows),
            remark="chosen point" if explorer.picked is not None else "",
            trouble=self.trouble,
            name=one_line(scenario.name),
            pins=tags_of(explorer.board, scenario, shown.pins if shown else ()),
        )
        self.screen.headline.show(subject, shown.metrics if shown else ())

    def panes(self) -> None:
        """Gives the panes on screen the last good answer; faint where the scenario has none."""
        shown = self.shown
        if shown is None or shown.table is None:
            self._no_answer()
            return
        for plot, key in self.screen.figures():
            figure = shown.figure(key)
            if figure is not None:
                plot.show(figure, stale=bool(self.trouble))
        self.screen.table.show(shown.table, shown.chosen)
        self.show_why()

    def show_why(self) -> None:
        """Gives the pane of sections all that is known, and has the rest looked into where it is seen."""
        shown = self.shown
        if shown is None or shown.answer is None:
            return
        if "why" in self.screen.plan:
            self.late.want(shown.answer)
        sections = sections_of(shown, self.groups, self.trouble, self.late)
        self.screen.why.show(sections)

    def _no_answer(self) -> None:
        """Says in every pane why there is no answer, where there never was one."""
        if self.trouble:
            from infecon_tui.view.plots.figures import untold

            for plot, key in self.screen.figures():
                plot.show(untold(key, self.trouble))
            self.screen.why.show((Section(title="Why there is no answer", text=self.trouble),))
