"""Makes every picture in this folder again: `python screenshots/make.py [FOLDER]`.

Each is the real program at a fixed size, on the shipped catalogue and with an empty session.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from infecon_tui.tui.app import InfeconApp
from infecon_tui.tui.options import Options
from infecon_tui.tui.terminal.detect import Terminal

PATIENCE = 500
"""Times of 20 ms that a screen may take."""


class Picture(NamedTuple):
    """A screen: its size, its theme and the keys that lead to it."""

    columns: int
    rows: int
    theme: str = "dark"
    keys: tuple[str, ...] = ()


PICTURES = {
    "cockpit-200x60-dark": Picture(200, 60),
    "cockpit-200x60-light": Picture(200, 60, "light"),
    "cockpit-120x36-dark": Picture(120, 36),
    "inputs-80x24": Picture(80, 24),
    "frontier-80x24": Picture(80, 24, keys=("f",)),
    "roofline-120x36": Picture(120, 36, keys=("r",)),
    "table-120x36": Picture(120, 36, keys=("b", "down", "down")),
    "why-80x24": Picture(80, 24, keys=("x",)),
    "picker-120x36": Picture(120, 36, keys=("m", "d", "e", "e", "p")),
    "help-120x36": Picture(120, 36, keys=("question_mark",)),
}


async def drawn(picture: Picture) -> str:
    """The screen as SVG, once it has settled."""
    # The session is saved beside the screen, at times just as it ends.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as directory:
        app = InfeconApp(Options(shade=picture.theme, fresh=True), Terminal(), Path(directory))
        async with app.run_test(size=(picture.columns, picture.rows)) as pilot:
            for key in ("", *picture.keys):
                if key:
                    await pilot.press(key)
                for _ in range(PATIENCE):
                    await pilot.pause(0.02)
                    if app.main.rested:
                        break
            await pilot.pause(0.1)
            return app.export_screenshot(title="infecon-tui", simplify=True)


def main() -> None:
    """Writes all pictures to this folder, or to the one given."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    os.environ["INFECON_SPECS"] = str(folder / "none")
    for name, picture in PICTURES.items():
        # Rich names its classes after the content: a changed cell would change every line.
        svg = re.sub(r"\bterminal-\d+-", f"{name}-", asyncio.run(drawn(picture)))
        (folder / f"{name}.svg").write_text(svg + "\n")
        print(name)


if __name__ == "__main__":
    main()
