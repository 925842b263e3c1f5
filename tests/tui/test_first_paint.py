"""What is loaded, and how much is on the screen, when it is first painted."""

import sys

import pytest
from emulator import Emulator

from infecon_tui.tui.app import InfeconApp
from infecon_tui.tui.options import Options
from infecon_tui.tui.terminal.detect import Terminal

PROGRAM = """
import asyncio, sys
from pathlib import Path
from infecon_tui.__main__ import main
from infecon_tui.tui.explorer import Explorer

async def begin(self, *_, **__):
    loaded = {name.partition(".")[0] for name in sys.modules}
    nodes = len(list(self.screen.app.walk_children()))
    Path("seen").write_text(" ".join([str(nodes), *sorted(loaded)]))
    await asyncio.sleep(3600)

Explorer.begin = begin
sys.exit(main([]))
"""
HEAVY = {"numpy", "plotext", "yaml", "argparse"}


class Halted(Emulator):
    """The explorer in a terminal, halted where it would begin to read anything."""

    COMMAND = (sys.executable, "-c", PROGRAM)


def test_it_is_painted_with_nothing_heavy_loaded_and_few_nodes(tmp_path):
    with Halted(tmp_path) as it:
        assert it.until("reading the catalogue").startswith(" infecon")
    nodes, *loaded = (tmp_path / "seen").read_text().split()
    assert int(nodes) <= 40
    assert "textual" in loaded
    assert not HEAVY & set(loaded)


async def test_the_first_screen_has_few_nodes(tmp_path):
    app = InfeconApp(Options(), Terminal(), tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        assert len(list(app.walk_children())) <= 40
        for _ in range(500):
            await pilot.pause(0.02)
            if app.main.settled:
                break
        assert app.main.settled


@pytest.mark.parametrize("size", [(60, 16), (96, 24), (150, 44), (400, 120)])
def test_every_size_is_covered_by_panes_that_do_not_overlap(size):
    from infecon_tui.tui.arrange import Wish, plan

    regions = list(plan(*size, Wish()).values())
    assert sum(region.area for region in regions) == size[0] * size[1]
    assert all(not a.overlaps(b) for i, a in enumerate(regions) for b in regions[i + 1 :])
