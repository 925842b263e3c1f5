import os
from pathlib import Path
from time import monotonic

import pytest
from svg import svg_of

PICTURES = Path(__file__).parent / "pictures"
PATIENCE_S, QUIET_S = 8.0, 1.5


@pytest.fixture
def alone(tmp_path, monkeypatch):
    """No files but those that a test writes."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def looks_like():
    """Waits until the screen is as kept under a name, as text and as SVG; `UPDATE_PICTURES=1` keeps a new one.

    A busy machine may pause in the middle of a screen, so that one look is not enough.
    """

    def compare(name: str, it) -> None:
        kept, drawn = PICTURES / f"{name}.txt", PICTURES / f"{name}.svg"
        if os.environ.get("UPDATE_PICTURES"):
            while it.feed(QUIET_S):
                pass
            kept.parent.mkdir(exist_ok=True)
            kept.write_text(it.picture())
            drawn.write_text(svg_of(kept.read_text()))
        assert kept.exists(), f"no picture {name}: look at a new one, then UPDATE_PICTURES=1"
        wanted, end = kept.read_text().splitlines(), monotonic() + PATIENCE_S
        while (picture := it.picture()).splitlines() != wanted and monotonic() < end:
            it.feed(0.2)
        assert picture.splitlines() == wanted
        assert svg_of(picture) == drawn.read_text()

    return compare
