"""The screens as a terminal shows them: characters, and colours by letter. Each was looked at."""

import pytest
from emulator import Emulator

SIZES = {"80x24": (80, 24), "120x36": (120, 36), "200x60": (200, 60)}
TRUE = {"COLORTERM": "truecolor"}


def ready(text: str) -> bool:
    return "USD/Mtok" in text and "reading" not in text


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_cockpit(tmp_path, looks_like, size, theme):
    with Emulator(tmp_path, "--theme", theme, size=SIZES[size], **TRUE) as it:
        it.until(ready)
        looks_like(f"cockpit-{size}-{theme}", it)


@pytest.mark.parametrize(
    ("name", "arguments", "environ"),
    [
        ("256", (), {}),
        ("16", ("--color", "16"), {}),
        ("no-color", (), {"NO_COLOR": "1"}),
        ("ascii", ("--ascii",), {"NO_COLOR": "1"}),
        ("linux-console", (), {"TERM": "linux"}),
    ],
)
def test_few_colours_and_letters(tmp_path, looks_like, name, arguments, environ):
    with Emulator(tmp_path, *arguments, size=(120, 36), **environ) as it:
        it.until(ready)
        looks_like(f"cockpit-120x36-{name}", it)
        picture = it.picture()
    if name in ("ascii", "linux-console"):
        assert picture.isascii()
    if name in ("no-color", "ascii"):
        assert " on default" in picture
        assert "default on default" in picture


@pytest.mark.parametrize(
    ("view", "key", "shows"),
    [
        ("frontier", "f", "What does speed cost"),
        ("roofline", "r", "roof"),
        ("batch", "B", "larger batch"),
        ("parallelism", "P", "more GPUs"),
        ("context", "C", "longer context"),
        ("table", "b", "layout"),
        ("why", "x", "Memory of one GPU"),
        ("help", "?", "infecon shows"),
    ],
)
@pytest.mark.parametrize("size", ["80x24", "120x36"])
def test_views(tmp_path, looks_like, view, key, shows, size):
    with Emulator(tmp_path, size=SIZES[size]) as it:
        it.until(ready)
        it.keys(key)
        it.until(shows)
        looks_like(f"{view}-{size}", it)


@pytest.mark.parametrize("size", SIZES)
def test_the_published_model(tmp_path, looks_like, size):
    (tmp_path / "paper.yaml").write_text(
        "schema: infecon/scenario/1\nmodel: llama-3.1-70b\nhardware: h100-sxm\nfidelity: published\n"
    )
    with Emulator(tmp_path, "paper.yaml", size=SIZES[size]) as it:
        it.until("published")
        it.until(ready)
        looks_like(f"published-{size}", it)


def test_an_error_in_a_row(tmp_path, looks_like):
    with Emulator(tmp_path, size=(120, 36)) as it:
        it.until(ready)
        it.keys("/", *"HBM bandw", "enter", "enter", *"3.35 Gb/", "s", "enter")
        it.until("Gb/s")
        looks_like("row-error-120x36", it)


def test_infeasible(tmp_path, looks_like):
    (tmp_path / "one.yaml").write_text(
        "schema: infecon/scenario/1\nmodel: llama-3.1-405b\nhardware: h100-sxm\nlayout: {gpus: 1}\n"
    )
    with Emulator(tmp_path, "one.yaml", size=(120, 36)) as it:
        it.until("Does not fit")
        looks_like("infeasible-120x36", it)


def test_a_broken_file(tmp_path, looks_like):
    (tmp_path / "bad.yaml").write_text(
        "schema: infecon/scenario/1\nmodel: llama-3.1-70b\nhardware: h100-smx\nworkloads: {context: 2k}\n"
    )
    with Emulator(tmp_path, size=(120, 36)) as it:
        it.until(ready)
        it.keys("o", "\x15", *"bad.yaml", "enter")
        it.until("h100-sxm")
        looks_like("broken-file-120x36", it)


def test_too_small(tmp_path):
    with Emulator(tmp_path, size=(50, 12)) as it:
        it.until("terminal too small: needs 60x16, has 50x12")
        it.resize(120, 36)
        it.until(ready)
