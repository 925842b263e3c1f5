"""Keys and mouse events of somebody who knows nothing, at random sizes, with random specs.

Nothing but the keys for it ends the explorer; when these end it, it is started again and goes on from its
session. `INFECON_EVENTS` is the number of events (20,000 in `.ci/run`), `INFECON_SEED` another first seed.
"""

import os
import random
import string
from asyncio import sleep
from contextlib import suppress

import pytest
from driver import explorer
from mutants import FACTORS, TEXTS, readable, write_files, write_measurements, write_specs
from textual import events
from textual.errors import NoWidget

from infecon_tui.errors import InfeconError
from infecon_tui.knobs import leaves
from infecon_tui.solve import solve
from infecon_tui.spec.library import user_root
from infecon_tui.spec.scenario_file import scenario_from_yaml
from infecon_tui.tui.commands.registry import COMMANDS
from infecon_tui.tui.commands.words import WORDS, actions
from infecon_tui.tui.kept.session import load

RUNS = 8
EVENTS = int(os.environ.get("INFECON_EVENTS", "1200")) // RUNS
SEED = int(os.environ.get("INFECON_SEED", "0"))
NAMED = sorted({key for command in COMMANDS for key in command.keys if len(key) > 1})
MOVES = ("up", "down", "left", "right", "enter", "tab", "escape", "pagedown", "space", "backspace")
LINES = (
    *("view frontier", "view nothing", "pane table", "theme light", "theme dark", "launch vllm"),
    *("set layout.gpus 8", "set layout.batch 1e99", "reset layout.gpus", "fidelity published"),
    *(
        "fidelity deployment",
        "fidelity paper",
        "fidelity toy",
        "engine trtllm",
        "set",
        "draft none",
    ),
    *(
        "model deepseek-v3",
        "hardware gb200-nvl72",
        "write out.svg",
        "save mine.yaml",
        "open noise.yaml",
    ),
    *("set workload.isl 100k", "set goal.ttft 1 s", "set goal.cost 0.1", "draft llama-3.2-1b"),
)


NAMES = sorted(set(actions()) - {"quit"})
ASKED = ("tpot 20ms", "cost 0.5", "speed 100", "ttft 1s", "tpot", "cost -1", "x", "")


class Hand:
    """Does one thing after another to the explorer."""

    def __init__(self, it, chance, specs):
        self.it, self.chance = it, chance
        self.lines = (
            *LINES,
            *(f"model {name}" for name in specs["models"]),
            *(f"hardware {name}" for name in specs["hardware"]),
            *(f"open f{number}.yaml" for number in range(20)),
            *(f"{word} m{at}.csv" for word in ("validate", "headroom") for at in range(8)),
        )
        self.acts = {
            self.command: 20, self.move: 30, self.named: 12, self.letter: 25, self.type_line: 4,
            self.any_word: 3, self.any_value: 3, self.ask: 1, self.pin: 2,
            self.mouse: 7, self.resize: 1, self.paste: 1,
        }  # fmt: skip

    async def event(self):
        act = self.chance.choices(tuple(self.acts), tuple(self.acts.values()))[0]
        await act()

    async def command(self):
        self.it.burst(self.chance.choice([one for one in COMMANDS if one.action != "quit"]).keys[0])

    async def move(self):
        self.it.burst(*[self.chance.choice(MOVES)] * self.chance.choice((1, 1, 5)))

    async def named(self):
        self.it.burst(self.chance.choice(NAMED))

    async def letter(self):
        self.it.burst(self.chance.choice(string.printable[:95]))

    async def type_line(self):
        self.it.burst("escape", "escape", ":", *self.chance.choice(self.lines), "enter")

    async def any_word(self):
        """A word of the `:` line with what another takes, or an action by its name."""
        name = self.chance.choice([word.name for word in WORDS] + NAMES)
        rest = self.chance.choice((*self.lines, *TEXTS)).partition(" ")[2]
        self.it.burst("escape", "escape", ":", *f"{name} {rest}".strip(), "enter")

    async def any_value(self):
        """A value of the scenario set to something that may be no value of it."""
        paths = [knob.path for knob in leaves(self.it.scenario)]
        value = self.chance.choice((*map(str, FACTORS), *TEXTS, "1e9", "0", "8", "2-5", "yes"))
        self.it.burst("escape", "escape", ":", *f"set {self.chance.choice(paths)} {value}", "enter")

    async def ask(self):
        self.it.burst("escape", "Q", "ctrl+u", *self.chance.choice(ASKED), "enter")

    async def pin(self):
        self.it.burst("escape", "A", self.chance.choice("abcdABCDx"))

    async def paste(self):
        self.it.app.top.paste(
            self.chance.choice(("4 TB/s", "\n\n", "x" * 3000, "a\tb\x00\x1b[31m", "8"))
        )

    async def resize(self):
        width = self.chance.choice((self.chance.randint(1, 260), 80, 120, 200))
        height = self.chance.choice((self.chance.randint(1, 90), 24, 36, 60))
        await self.it.pilot.resize_terminal(width, height)

    async def mouse(self):
        with suppress(NoWidget):  # A size too small for anything at that spot.
            await self.point()

    async def point(self):
        width, height = self.it.app.size
        spot = self.chance.randrange(width), self.chance.randrange(height)
        pilot, times = self.it.pilot, self.chance.choice((1, 1, 2))
        if self.chance.random() < 0.6:
            await pilot.click(offset=spot, times=times)
        elif self.chance.random() < 0.5:
            kind = self.chance.choice((events.MouseScrollDown, events.MouseScrollUp))
            await pilot._post_mouse_events([kind], offset=spot, button=0)
        else:
            await pilot.mouse_down(offset=spot)
            await pilot.hover(offset=(spot[0] // 2, spot[1] // 2))
            await pilot.mouse_up(offset=(spot[0] // 2, spot[1] // 2))


async def some_events(directory, chance, specs, count):
    """Events until so many are done, or the explorer was told to quit; how many were done."""
    async with explorer(directory, size=(120, 36)) as it:
        hand = Hand(it, chance, specs)
        for done in range(count):
            await hand.event()
            if done % 11 == 0:
                await it.pilot.pause()
            if it.app._exit:
                return done + 1
        await sleep(0)
        it.burst("escape", "escape", "escape")
        await it.pilot.resize_terminal(120, 36)
        await it.settled()
    return count


@pytest.mark.parametrize("seed", range(SEED, SEED + RUNS))
async def test_nothing_but_the_keys_for_it_ends_the_explorer(tmp_path, monkeypatch, seed):
    monkeypatch.chdir(tmp_path)
    chance = random.Random(seed)
    write_specs(user_root(), chance, 12)
    write_files(tmp_path, chance, 20)
    write_measurements(tmp_path, chance, 8)
    specs, left = readable(user_root()), EVENTS
    assert any(specs.values())
    while left > 0:
        left -= await some_events(tmp_path, chance, specs, left)
        session, fault = load(tmp_path / "state")
        assert not fault
        if not session.scenario:
            continue  # It was told to quit before anything was changed.
        scenario = scenario_from_yaml(session.scenario, "the session")
        with suppress(InfeconError):  # What a model of a paper has no place for is refused by name.
            assert solve(scenario).scenario == scenario
