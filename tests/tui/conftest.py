import os
from pathlib import Path

import pytest

PICTURES = Path(__file__).parent / "pictures"


@pytest.fixture
def looks_like(request):
    """Compares a picture with the one kept under a name; `UPDATE_PICTURES=1` keeps the new one."""

    def compare(name: str, picture: str) -> None:
        kept = PICTURES / f"{name}.txt"
        if os.environ.get("UPDATE_PICTURES"):
            kept.parent.mkdir(exist_ok=True)
            kept.write_text(picture)
        assert kept.exists(), f"no picture {name}: look at a new one, then UPDATE_PICTURES=1"
        assert picture.splitlines() == kept.read_text().splitlines()

    return compare
