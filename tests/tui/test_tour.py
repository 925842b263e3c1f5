"""The tour: each step goes on when its keys were pressed."""

import pytest
from driver import explorer

from infecon_tui.tui.acts.tour import STEPS

pytestmark = pytest.mark.usefixtures("alone")


DONE = (
    ("down",),
    ("/", *"hbm bandw", "enter"),
    ("right",),
    ("enter", "ctrl+u", *"4 TB/s", "enter"),
    ("u",),
    ("m", *"llama-3.1-405b", "enter"),
    ("f",),
    ("x",),
    ("b",),
)


async def test_doing_what_is_said_goes_through_it(tmp_path):
    async with explorer(tmp_path) as it:
        await it.keys("f2")
        for number, keys in enumerate(DONE):
            assert it.main.tour.at == number, STEPS[number].text
            await it.keys(*keys)
        for number in range(len(DONE), len(STEPS)):
            assert it.main.tour.at == number
            await it.keys("f2")
        assert it.main.tour.at is None
        assert "tour" not in it.status


async def test_every_line_of_it_fits_the_smallest_screens(tmp_path):
    async with explorer(tmp_path, size=(80, 24)) as it:
        for _ in STEPS:
            await it.keys("f2")
            assert len(it.status) <= 80
            assert it.status.rstrip().endswith("F2 next")


async def test_a_new_user_is_told_of_it(tmp_path):
    async with explorer(tmp_path) as it:
        assert "F2" in it.status
    async with explorer(tmp_path, fresh=True) as it:
        assert "F2" not in it.status
