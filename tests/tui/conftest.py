import os
from pathlib import Path
from time import monotonic

import pytest

PICTURES = Path(__file__).parent / "pictures"
PATIENCE_S = 8.0


@pytest.fixture
def looks_like():
    """Waits until the screen is as kept under a name; `UPDATE_PICTURES=1` keeps a new one.

    A busy machine may pause in the middle of a screen, so that one look is not enough.
    """

    def compare(name: str, it) -> None:
        kept = PICTURES / f"{name}.txt"
        if os.environ.get("UPDATE_PICTURES"):
            it.feed(1.0)
            kept.parent.mkdir(exist_ok=True)
            kept.write_text(it.picture())
        assert kept.exists(), f"no picture {name}: look at a new one, then UPDATE_PICTURES=1"
        wanted, end = kept.read_text().splitlines(), monotonic() + PATIENCE_S
        while (picture := it.picture().splitlines()) != wanted and monotonic() < end:
            it.feed(0.2)
        assert picture == wanted

    return compare
