"""The explorer's budgets, each measured on a pty in this run, beside a bare Textual app.

    python tests/benchmarks/bench_terminal.py

Start is from the process to the first text on screen; a key's time is from its byte to the last byte of
the answer, less the wait that tells that nothing more comes. "own code" is the work behind a key alone.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path.append(str(Path(__file__).parents[1] / "tui"))

from emulator import Emulator

ROUNDS = 9
PAUSED_S = 1.2
"""Silence after which nothing more comes."""
BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    ENABLE_COMMAND_PALETTE = False
    def compose(self):
        yield Static("infecon bare")
Bare().run()
"""


class BareApp(Emulator):
    """A Textual app of one widget, started like the explorer."""

    COMMAND = (sys.executable, "-c", BARE)


def start_ms(kind: type[Emulator], shows: str) -> float:
    """Median time to the first text, after one start to warm the disk."""
    times = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as home:
            begin = perf_counter()
            with kind(Path(home), size=(120, 40)) as it:
                while shows not in it.text():
                    it.feed(1.0)
                times.append(perf_counter() - begin)
    return 1e3 * median(times[1:])


def keyed(it: Emulator, keys: tuple[str, ...], quiet_s: float = 0.3) -> tuple[float, float]:
    """Median milliseconds from a key to the last byte it causes, and median bytes."""
    times, sizes = [], []
    for number in range(2 * ROUNDS):
        before, begin = it.sent, perf_counter()
        it.write(
            {"down": "\x1b[B", "up": "\x1b[A", "right": "\x1b[C", "left": "\x1b[D"}[
                keys[number % len(keys)]
            ]
        )
        last = begin
        while it.feed(quiet_s):
            last = perf_counter()
        times.append(last - begin)
        sizes.append(it.sent - before)
    return 1e3 * median(times), median(sizes)


def own_ms() -> tuple[float, float]:
    """Median times of the work behind a step: to the numbers, and to forms, figures and table too."""
    from infecon_tui.solve import ON_SCREEN, solve
    from infecon_tui.spec.scenario_file import edited, opening_scenario
    from infecon_tui.view.editor.forms import editor
    from infecon_tui.view.headline import headline
    from infecon_tui.view.plots.figures import FIGURES
    from infecon_tui.view.tables import frontier_table

    base, numbers, everything = opening_scenario(), [], []
    for number in range(2 * ROUNDS):
        begin = perf_counter()
        scenario = edited(base, "hardware.hbm.bandwidth", f"{3.4 + number / 100:.2f} TB/s")
        answer = solve(scenario, ON_SCREEN)
        headline(answer)
        numbers.append(perf_counter() - begin)
        editor(scenario, base)
        for figure in FIGURES.values():
            figure.build(answer)
        frontier_table(answer)
        everything.append(perf_counter() - begin)
    return 1e3 * median(numbers[2:]), 1e3 * median(everything[2:])


def late_ms() -> float:
    """Median time of what is looked into once the keys pause, in a thread: what moves it, and layouts."""
    from infecon_tui.solve import ON_SCREEN, solve
    from infecon_tui.spec.scenario_file import edited, opening_scenario
    from infecon_tui.view.deciding import deciding

    base, times = opening_scenario(), []
    for number in range(2 * ROUNDS):
        scenario = edited(base, "hardware.hbm.bandwidth", f"{5.4 + number / 100:.2f} TB/s")
        answer = solve(scenario, ON_SCREEN)
        begin = perf_counter()
        deciding(answer)
        times.append(perf_counter() - begin)
    return 1e3 * median(times[2:])


def own_bytes(it: Emulator) -> float:
    """Memory of a process that is not shared with others: what each user of a login node adds."""
    lines = Path(f"/proc/{it.process.pid}/status").read_text().splitlines()
    return 1024.0 * next(int(line.split()[1]) for line in lines if line.startswith("RssAnon"))


def report(name: str, value: float, budget: float, unit: str) -> None:
    """One line, with what is over its budget marked."""
    print(
        f"{name:44}{value:10.1f} {unit:6} budget {budget:8.0f}  {'' if value <= budget else 'OVER'}"
    )


def main() -> None:
    """Every budget of the terminal."""
    bare, ours = start_ms(BareApp, "infecon bare"), start_ms(Emulator, "infecon")
    report("first paint, bare Textual", bare, bare, "ms")
    report("first paint, the explorer", ours, bare + 70, "ms")
    numbers, everything = own_ms()
    report("step of a value to numbers, own code", numbers, 16, "ms")
    report("the same with forms, figures and table", everything, 50, "ms")
    print(f"{'what decides beside it, after a pause':44}{late_ms():10.1f} ms")
    with tempfile.TemporaryDirectory() as home, Emulator(Path(home), size=(120, 40)) as it:
        it.until(lambda text: "Layouts" in text)
        it.feed(1.0)
        idle = it.sent
        it.feed(2.0)
        report("idle for two seconds", it.sent - idle, 0, "bytes")
        taken, size = keyed(it, ("down", "up"))
        report("cursor key, to its last byte", taken, 16, "ms")
        report("cursor key", size, 1000, "bytes")
        it.keys("/", *"HBM bandw", "enter")
        # Always up: a value that was there before would be answered from memory.
        taken, size = keyed(it, ("right",))
        report("step of a value, to the redrawn plot", taken, 50, "ms")
        report("step of a value and redrawn plot", size, 7000, "bytes")
        _, size = keyed(it, ("left",), quiet_s=PAUSED_S)
        report("the same with what decides, after a pause", size, 7000, "bytes")
        report("memory, without what is shared", own_bytes(it) / 1e6, 60, "MB")


if __name__ == "__main__":
    main()
