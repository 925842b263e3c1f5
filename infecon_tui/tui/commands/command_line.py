"""The `:` line at work: it completes, hints, remembers, and acts."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from infecon_tui.errors import InfeconError, did_you_mean
from infecon_tui.tui.acts.moves import FIGURES
from infecon_tui.tui.arrange import PANES, PLOTS
from infecon_tui.tui.commands.line import Known, completions, parse, path_of
from infecon_tui.tui.commands.words import PATHS, VIEW, WORDS
from infecon_tui.tui.field import Field
from infecon_tui.tui.kept import state
from infecon_tui.tui.widgets.questions import LineQuestion

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from infecon_tui.knobs import Knob
    from infecon_tui.tui.screens.main import MainScreen

KEPT = 50
"""Lines that are remembered."""
_USAGE = {word.name: word for word in WORDS}


class CommandLine:
    """Asks for a line on the status line, and does what it says."""

    def __init__(self, screen: MainScreen) -> None:
        self.screen = screen
        self.past: list[str] = []
        self._question: LineQuestion | None = None
        self._at = 0
        self._typed = ""
        self._ring: tuple[int, tuple[str, ...], int] | None = None
        self._known = Known({})
        self._does: dict[str, Callable[[str], None]] = {
            "set": self._set,
            "reset": self._reset,
            "open": screen.files.open_file,
            "save": screen.files.save_as,
            "write": screen.takeaway.write_to,
            "launch": self._launch,
            "validate": screen.checks.validate,
            "headroom": screen.checks.headroom,
            "calibrate": screen.checks.calibrate,
            "view": self._view,
            "pane": self._pane,
            "theme": self._theme,
        }

    def do_command_line(self) -> None:
        """Opens the line."""
        self._known = self._known_now()
        self._at, self._typed, self._ring = len(self.past), "", None
        self._question = LineQuestion(":", self.run, changed=self.follow, takes=self.takes)
        self.follow("")
        self.screen.status.ask(self._question)

    def _known_now(self) -> Known:
        from infecon_tui.knobs import leaves

        explorer = self.screen.explorer
        knobs = {} if explorer.scenario is None else {k.path: k for k in leaves(explorer.scenario)}
        names = {
            "model": explorer.choices.get("model", ()),
            "hardware": explorer.choices.get("hardware", ()),
            "draft": explorer.choices.get("speculation.draft", ()),
            "fidelity": _options(knobs, "fidelity"),
            "engine": _options(knobs, "engine"),
            "view": FIGURES,
            "pane": tuple(pane for pane in PANES if pane not in PLOTS[1:]),
            "theme": ("dark", "light"),
            "reset": tuple(knobs),
            "engines": _launchable(),
        }
        return Known(knobs, names)

    # While it is typed

    def takes(self, key: str) -> bool:
        """Takes the keys that a line of text has no use for; whether it was one."""
        if key in ("tab", "shift+tab"):
            self._complete(1 if key == "tab" else -1)
        elif key in ("up", "down"):
            self._recall(-1 if key == "up" else 1)
        else:
            self._ring = None
            return False
        return True

    def _put(self, text: str) -> None:
        assert self._question is not None
        self._question.field = Field(text)

    def _complete(self, step: int) -> None:
        """The best way to go on; pressed again, the next one."""
        assert self._question is not None
        text = self._question.field.text
        if self._ring is None:
            start, found = completions(text, self._known)
            self._ring = start, found, -1 if step > 0 else 0
        start, found, index = self._ring
        if not found:
            self._ring = None
            return
        index = (index + step) % len(found)
        self._put(text[:start] + found[index])
        self._ring = (start, found, index) if len(found) > 1 else None
        here = [*found[index:], *found[:index]]
        self._question.hint = self._hint() if len(found) == 1 else _listed(here)

    def _recall(self, step: int) -> None:
        """An earlier line, or the one that was being typed."""
        assert self._question is not None
        if self._at == len(self.past):
            self._typed = self._question.field.text
        self._ring, self._at = None, max(0, min(len(self.past), self._at + step))
        self._put((*self.past, self._typed)[self._at])
        self._question.hint = self._hint()

    def follow(self, text: str) -> None:  # noqa: ARG002 - the field has it
        """Says what the line would do now."""
        if self._question is not None:
            self._question.hint = self._hint()

    def _hint(self) -> str:
        """What the line would do, or how it can go on."""
        assert self._question is not None
        text = self._question.field.text
        name, _, rest = text.strip().partition(" ")
        if told := self._value_hint(text):
            return told
        usage = _USAGE.get(name)
        if usage is not None and not rest and not text.endswith(" "):
            return f"{usage.takes}: {usage.help}"
        _, found = completions(text, self._known)
        if not found and usage is not None:
            return usage.help
        return _listed(found) if text.strip() else "tab lists the words; PATH=VALUE sets a value"

    def _value_hint(self, text: str) -> str:
        """For a value of a path: what is wrong with it, or what it changes from."""
        from infecon_tui.view.editor.paths import allowed

        history = self.screen.explorer.history
        try:
            said = parse(text, self._known)
        except InfeconError:
            return ""
        path, _, value = said.rest.partition(" ")
        path = path_of(path, self._known)
        if (
            said.word != "set"
            or not path
            or history is None
            or not text.endswith((" ", "=", value))
        ):
            return ""
        knob = self._known.knobs[path]
        fault = state.judge(history, path, value) if value else ""
        return fault or f"now {knob.text}; takes {allowed(knob.slot)}"

    # When it is given

    def run(self, text: str) -> None:
        """Does what a line says; what is wrong with it is one line."""
        if not text:
            return
        self.past = [*(line for line in self.past if line != text), text][-KEPT:]
        try:
            said = parse(text, self._known_now())
            if said.action:
                self.screen.act(said.action)
            elif said.word in self._does:
                self._does[said.word](said.rest)
            else:
                self._set(f"{PATHS.get(said.word, said.word)} {said.rest}")
        except InfeconError as error:
            self.screen.status.say(str(error).split("\n")[0], "bad")

    def _set(self, rest: str) -> None:
        path, _, value = rest.partition(" ")
        if not value.strip():
            usage = _USAGE.get(path, _USAGE["set"])
            raise InfeconError(f"{usage.name}: expected {usage.takes}")
        full = path_of(path, self._known_now()) or path
        self._become(lambda history: state.edit(history, full, value.strip()))

    def _reset(self, path: str) -> None:
        known = self._known_now()
        full = path_of(path, known) or path
        if full not in (*known.knobs, "model", "hardware", "speculation.draft"):
            raise InfeconError(f"{path or 'reset'}: no such value{did_you_mean(path, known.knobs)}")
        self._become(lambda history: state.reset(history, full))

    def _become(self, change: Callable[[state.History], state.History]) -> None:
        """One change of the scenario, one step of undo, told in words."""
        before = self.screen.explorer.history
        if before is None:
            return
        after = change(before)
        if after.present == before.present:
            self.screen.status.say("nothing changed", "plain")
            return
        self.screen.explorer.become(after)
        self.screen.status.say(state.difference(before.present, after.present))

    def _launch(self, rest: str) -> None:
        """`ENGINE FILE`, either left out."""
        engine, _, file = rest.partition(" ")
        if engine and engine not in _launchable() and not file and "." in engine:
            engine, file = "", engine
        self.screen.takeaway.launch_to(engine, file.strip())

    def _view(self, name: str) -> None:
        self.screen.act(f"{VIEW}{_one_of('view', name, FIGURES)}")

    def _pane(self, name: str) -> None:
        pane = _one_of("pane", name, tuple(self._known_now().names["pane"]))
        self.screen.moves.to(self.screen.wish.to(pane))

    def _theme(self, name: str) -> None:
        shade = _one_of("theme", name, ("dark", "light"))
        if shade != self.screen.infecon.look.shade:
            self.screen.moves.do_theme()


def _options(knobs: Mapping[str, Knob], path: str) -> tuple[str, ...]:
    return tuple(map(str, get_args(knobs[path].slot.kind))) if path in knobs else ()


def _launchable() -> tuple[str, ...]:
    from infecon_tui.export import exporters_of

    return tuple(exporter.name for exporter in exporters_of("launch"))


def _listed(found: Sequence[str]) -> str:
    return "  ".join(name.strip() for name in found)


def _one_of(word: str, name: str, names: tuple[str, ...]) -> str:
    if name not in names:
        hint = did_you_mean(name, names)
        raise InfeconError(f"{word}: expected {' | '.join(names)}, found {name!r}{hint}")
    return name
