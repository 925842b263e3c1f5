"""What is loaded, and how much is on the screen, when it is first painted."""

import subprocess
import sys

import pytest

from infecon_tui.tui.app import InfeconApp
from infecon_tui.tui.options import Options
from infecon_tui.tui.terminal import Terminal

PROGRAM = """
import sys
from infecon_tui.tui.options import Options
from infecon_tui.tui.terminal import Terminal
from infecon_tui.tui.app import InfeconApp
from infecon_tui.tui.screens.main import MainScreen
print(sorted({"numpy", "plotext", "yaml", "argparse"} & set(sys.modules)))
"""


def test_nothing_heavy_is_loaded_before_it():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


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
