from dataclasses import dataclass
from typing import Annotated, Literal

import pytest

from infecon_tui.errors import InfeconError, UnitError
from infecon_tui.knobs import at, leaves, replaced, with_text
from infecon_tui.slots import Info, slots_of
from infecon_tui.values import text_of, value_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    rate_Bps: Annotated[float, Info(above=0)] = 1e12
    share: Annotated[float, Info(above=0, high=1, percent=True)] = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    part: Part
    items: tuple[Part, ...]
    count: Annotated[int, Info(low=1)] = 3
    mode: Literal["slow", "fast"] = "slow"
    on: bool = False
    limit_tok_s: Annotated[float | None, Info(none="unlimited")] = None
    ends: Annotated[tuple[int, int], Info(low=1, high=9)] = (2, 5)


WHOLE = Whole(part=Part(), items=(Part(), Part(share=0.25)))


def test_every_value_has_a_path():
    paths = [knob.path for knob in leaves(WHOLE)]
    assert paths == [
        "part.rate", "part.share", "items.0.rate", "items.0.share", "items.1.rate",
        "items.1.share", "count", "mode", "on", "limit", "ends",
    ]  # fmt: skip


def test_one_item_needs_no_number():
    single = Whole(part=Part(), items=(Part(),))
    assert at(single, "items.share").value == 0.5
    assert replaced(single, "items.share", 0.75).items[0].share == 0.75


def test_replaces_one_value_and_nothing_else():
    changed = with_text(WHOLE, "items.1.rate", "3.6 TB/s")
    assert changed.items[1].rate_Bps == 3.6e12
    assert replaced(changed, "items.1.rate", 1e12) == WHOLE


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        ("mode", "FAST", "fast"),
        ("on", "yes", True),
        ("limit", "unlimited", None),
        ("limit", "10k", 10_000.0),
        ("ends", "2-4", (2, 4)),
        ("ends", "3", (3, 3)),
        ("part.share", "75 %", 0.75),
        ("count", "1e2", 100),
    ],
)
def test_reads_a_text_as_the_slot_means_it(path, text, value):
    knob = at(WHOLE, path)
    assert value_of(knob.slot, text) == value
    assert value_of(knob.slot, text_of(knob.slot, value)) == value


@pytest.mark.parametrize(
    ("path", "text", "message"),
    [
        ("mode", "fats", "expected slow | fast, found 'fats'; did you mean 'fast'?"),
        ("on", "perhaps", "expected yes | true | on | no | false | off"),
        ("count", "2.5", "expected a whole number, found 2.5"),
        ("count", "0", "must be at least 1, found 0"),
        ("part.share", "1.75", "must be at most 1"),
        ("part.rate", "-1 TB/s", "must be above 0 B/s, found -1 TB/s"),
        ("ends", "5-2", "lower end first"),
        ("ends", "a-b", 'expected a range such as "2-5"'),
    ],
)
def test_says_what_is_allowed(path, text, message):
    with pytest.raises(UnitError) as caught:
        value_of(at(WHOLE, path).slot, text)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("path", "near"), [("part.rat", "part.rate"), ("moode", "mode"), ("limits", "limit")]
)
def test_a_wrong_path_gets_the_nearest(path, near):
    with pytest.raises(InfeconError, match=f"no such value; did you mean '{near}'"):
        at(WHOLE, path)


def test_units_and_keys_come_from_names():
    slots = {slot.name: slot for slot in slots_of(Whole)}
    assert slots["limit_tok_s"].key == "limit"
    assert slots["limit_tok_s"].unit.symbol == "tok/s"
