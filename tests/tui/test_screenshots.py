"""The pictures in `screenshots/` are those of the program as it is."""

import subprocess
import sys
from pathlib import Path

KEPT = Path(__file__).parents[2] / "screenshots"


def test_one_command_makes_them_again(tmp_path):
    subprocess.run([sys.executable, KEPT / "make.py", tmp_path], check=True, capture_output=True)
    made, kept = (
        {path.name: path.read_text() for path in folder.glob("*.svg")}
        for folder in (tmp_path, KEPT)
    )
    assert made.keys() == kept.keys()
    assert [name for name in made if made[name] != kept[name]] == [], (
        "run: python screenshots/make.py"
    )


def test_the_readme_shows_one_of_them():
    first = (KEPT.parent / "README.md").read_text().splitlines()[0]
    assert (KEPT.parent / first.partition("](")[2].rstrip(")")).is_file()
