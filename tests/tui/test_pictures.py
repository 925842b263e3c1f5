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


DRAFTING = """\
schema: infecon/scenario/1
model: llama-3.1-70b
hardware: h100-sxm
fidelity: deployment
workload: {isl: 2k, osl: 256, cached: 25 %}
speculation: {heads: eagle, draft_tokens: 1-4}
goal: {tpot: 30 ms, gpus_at_hand: 8}
"""
PLAIN = "".join(line for line in DRAFTING.splitlines(True) if not line.startswith("speculation"))
"""The same without drafts, which take the longest where all the catalogue is asked."""
VIEWS = {
    "frontier": ("f", "What does speed cost"),
    "roofline": ("r", "roof"),
    "batch": ("B", "larger batch"),
    "parallelism": ("P", "more GPUs"),
    "context": ("C", "longer context"),
    "memory": ("Z", "beside the weights"),
    "prefill": ("F", "How long does a prompt"),
    "energy": ("J", "energy does a token"),
    "speculation": ("V", "does speculation pay"),
    "draft": ("Y", "worth drafting"),
    "table": ("b", "layout"),
    "why": ("x", "Where the time goes"),
}
PAGES = {
    "accelerators": ("a", "Which accelerator is best"),
    "models": ("M", "Which model is best"),
    "fidelities": ("I", "figure of merit"),
    "layouts": ("T", "do the others lose"),
    "moves": ("X", "What moves cost"),
    "launch": ("G", "vllm serve"),
    "yaml": ("e", "schema: infecon/scenario/1"),
    "help": ("?", "infecon shows"),
}


@pytest.mark.parametrize("size", SIZES)
def test_views(tmp_path, looks_like, size):
    (tmp_path / "drafting.yaml").write_text(DRAFTING)
    with Emulator(tmp_path, "drafting.yaml", size=SIZES[size]) as it:
        it.until(ready)
        for view, (key, shows) in VIEWS.items():
            it.keys(key)
            it.until(shows)
            looks_like(f"{view}-{size}", it)


@pytest.mark.parametrize("size", SIZES)
def test_pages(tmp_path, looks_like, size):
    (tmp_path / "plain.yaml").write_text(PLAIN)
    with Emulator(tmp_path, "plain.yaml", size=SIZES[size]) as it:
        it.until(ready)
        for page, (key, shows) in PAGES.items():
            it.keys("f")
            it.until("What does speed cost")
            it.keys(key)
            # Rows of the catalogue come bit by bit, and the line under them says so.
            it.until(lambda text, shows=shows: shows in text and "so far" not in text)
            looks_like(f"{page}-{size}", it)
            it.keys("esc")
            it.until("tok/s per request")


OWN = """\
model,gpu,engine,engine_version,n_gpus,tp,batch_or_concurrency,isl,osl,kind,purity,tpot_ms
llama-3.1-70b,H100-SXM,vLLM,0.15,4,4,16,2048,256,concurrency,serving,31
llama-3.1-70b,H100-SXM,vLLM,0.15,4,4,32,2048,256,concurrency,serving,43
llama-3.1-70b,H100-SXM,vLLM,0.15,8,8,64,2048,256,concurrency,serving,49
llama-3.1-70b,H100-SXM,vLLM,0.15,8,8,4,2048,256,concurrency,serving,16
"""


@pytest.mark.parametrize("size", SIZES)
def test_measurements(tmp_path, looks_like, size):
    (tmp_path / "own.csv").write_text(OWN)
    with Emulator(tmp_path, size=SIZES[size]) as it:
        it.until(ready)
        for name, key, shows in (
            ("validation", "v", "predicted, ms"),
            ("headroom", "@", "measured"),
            ("calibration", "#", "uncertain by"),
        ):
            it.keys("f")
            it.until("What does speed cost")
            it.keys(key, "ctrl+u", *"own.csv", "enter")
            it.until(shows)
            looks_like(f"{name}-{size}", it)
            if name == "validation":
                it.keys("x")
                it.until("explained best by")
                looks_like(f"validation-why-{size}", it)
                it.keys("esc")
                it.until(shows)
            if name == "headroom":
                it.keys("b")
                it.until("layout    batch")
                looks_like(f"headroom-rows-{size}", it)
                it.keys("?")
                it.until("what the columns mean")
                looks_like(f"headroom-help-{size}", it)
                it.keys("esc", "esc")
                it.until(shows)
            it.keys("esc")


@pytest.mark.parametrize("size", SIZES)
def test_pins(tmp_path, looks_like, size):
    with Emulator(tmp_path, size=SIZES[size]) as it:
        it.until(ready)
        it.keys("A", "a", "g", *"h200-s")
        it.until("h200-sxm  cost")
        it.keys("enter")
        it.until("▲" if size != "80x24" else ready)
        it.keys("f")
        looks_like(f"pins-{size}", it)
        it.keys("x")
        it.until("Compare")
        looks_like(f"pins-why-{size}", it)
        it.keys("b")
        it.until("vs A")
        looks_like(f"pins-table-{size}", it)


@pytest.mark.parametrize("size", SIZES)
def test_the_published_model(tmp_path, looks_like, size):
    (tmp_path / "paper.yaml").write_text(
        "schema: infecon/scenario/1\nmodel: llama-3.1-70b\nhardware: h100-sxm\nfidelity: published\n"
    )
    with Emulator(tmp_path, "paper.yaml", size=SIZES[size]) as it:
        it.until("published")
        it.until(ready)
        looks_like(f"published-{size}", it)


@pytest.mark.parametrize("size", SIZES)
def test_what_goes_wrong(tmp_path, looks_like, size):
    head = "schema: infecon/scenario/1\nmodel: "
    (tmp_path / "bad.yaml").write_text(
        f"{head}llama-3.1-70b\nhardware: h100-smx\nworkloads: {{context: 2k}}\n"
    )
    (tmp_path / "one.yaml").write_text(
        f"{head}llama-3.1-405b\nhardware: h100-sxm\nlayout: {{gpus: 1}}\n"
    )
    (tmp_path / "odd.yaml").write_text(
        f"{head}minimax-m1\nhardware: h100-sxm\nfidelity: published\n"
    )
    with Emulator(tmp_path, "odd.yaml", size=SIZES[size]) as it:
        it.until("no place for")
        it.keys("f")
        looks_like(f"no-answer-{size}", it)
        it.keys("o", "\x15", *"one.yaml", "enter")
        it.until("Does not fit")
        looks_like(f"infeasible-{size}", it)
        it.keys("o", "\x15", *"bad.yaml", "enter")
        it.until("h100-sxm")
        looks_like(f"broken-file-{size}", it)
        it.keys("esc", "i", "m", *"llama-3.1-8b", "enter")
        it.until(ready)
        it.keys("/", *"HBM bandw", "enter", "enter", *"3.35 Gb/", "s", "enter")
        it.until("Gb/s")
        looks_like(f"row-error-{size}", it)
        it.keys("esc", "V")
        it.until("lengths of draft are compared")
        looks_like(f"empty-{size}", it)


def test_too_small(tmp_path):
    with Emulator(tmp_path, size=(50, 12)) as it:
        it.until("terminal too small: needs 60x16, has 50x12")
        it.resize(120, 36)
        it.until(ready)
