"""The `:` line as bare text: what it says, and how it goes on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infecon_tui.errors import InfeconError
from infecon_tui.knobs import leaves
from infecon_tui.spec.scenario_file import default_scenario
from infecon_tui.tui.commands.line import Known, Said, completions, files_like, parse, path_of
from infecon_tui.tui.commands.registry import COMMANDS
from infecon_tui.tui.commands.words import PATHS, WORDS, actions

KNOWN = Known(
    {knob.path: knob for knob in leaves(default_scenario())},
    {
        "model": ("llama-3.1-70b", "qwen3-235b-a22b", "deepseek-v3"),
        "view": ("frontier", "roofline"),
        "engines": ("vllm", "sglang"),
    },
)


def ways(text):
    """Every line that a line can become."""
    start, found = completions(text, KNOWN)
    return [text[:start] + piece for piece in found]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("set hardware.hbm.bandwidth 3.6 TB/s", Said("set", "hardware.hbm.bandwidth 3.6 TB/s")),
        ("hardware.hbm.bandwidth=3.6 TB/s", Said("set", "hardware.hbm.bandwidth 3.6 TB/s")),
        ("set hardware.hbm.bandwidth = 4 TB/s", Said("set", "hardware.hbm.bandwidth 4 TB/s")),
        ("hardware.hbm.bandwidth 3.6 TB/s", Said("set", "hardware.hbm.bandwidth 3.6 TB/s")),
        (":batch 64", Said("set", "layout.batch 64")),
        ("batch", Said(action="view_batch")),
        ("view roofline", Said("view", "roofline")),
        ("theme", Said(action="theme")),
        ("theme light", Said("theme", "light")),
        ("q", Said(action="quit")),
        ("w", Said(action="save")),
        ("w a b.yaml", Said("save", "a b.yaml")),
        ("all_defaults", Said(action="all_defaults")),
        ("model x", Said("model", "x")),
    ],
)
def test_what_a_line_says(text, said):
    assert parse(text, KNOWN) == said


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("sav", "did you mean 'save'"),
        ("hardware.hbm.bandwith 3", "did you mean 'hardware.hbm.bandwidth'"),
        ("undo 3", "undo takes nothing, found '3'"),
        ("", "no command"),
        ("=", "no command"),
    ],
)
def test_what_a_line_does_not_say(text, hint):
    with pytest.raises(InfeconError, match=hint):
        parse(text, KNOWN)


def test_every_word_and_every_command_of_the_screen_is_understood():
    for word in WORDS:
        assert parse(f"{word.name} something", KNOWN) == Said(word.name, "something")
    for command in COMMANDS:
        if not command.where:
            said = parse(command.action, KNOWN)
            assert command.action in (said.action, said.word)
    assert set(PATHS) <= {word.name for word in WORDS}
    assert set(actions().values()) == {c.action for c in COMMANDS if not c.where}


def test_a_short_path_is_understood_where_it_is_the_only_one():
    assert path_of("bandwidth", KNOWN) == "hardware.hbm.bandwidth"
    assert path_of("efficiency", KNOWN) == ""
    assert path_of("", KNOWN) == ""


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("vi", "view "),
        ("view ro", "view roofline"),
        ("model qw235", "model qwen3-235b-a22b"),
        ("hbmband", "hardware.hbm.bandwidth "),
        ("set hbm.band", "set hardware.hbm.bandwidth "),
        ("set fidelity dep", "set fidelity deployment"),
        ("fidelity=dep", "fidelity=deployment"),
        ("set layout.whole y", "set layout.whole yes"),
        ("layout.tensor 2", "layout.tensor 2d"),
        ("launch sg", "launch sglang"),
    ],
)
def test_how_a_line_goes_on(text, first):
    assert ways(text)[0] == first


def test_all_words_are_offered_at_first_and_nothing_where_nothing_fits():
    assert len(ways("")) == len(set(ways(""))) > len(WORDS)
    assert ways("view nothing") == []
    assert ways("set hardware.hbm.bandwidth 3") == []
    assert ways("undo x") == []


PIECES = st.sampled_from(
    [
        *(word.name for word in WORDS),
        *KNOWN.knobs,
        *KNOWN.names["model"],
        *" =.:x3",
        "TB/s",
        "é",
        "none",
    ]
)


@given(st.lists(PIECES, max_size=6), st.sampled_from(["", " "]))
def test_no_text_is_more_than_a_mistake(pieces, joint):
    text = joint.join(pieces)
    start, found = completions(text, KNOWN)
    assert 0 <= start <= len(text)
    assert all(isinstance(piece, str) and piece for piece in found)
    try:
        said = parse(text, KNOWN)
    except InfeconError:
        return
    assert bool(said.word) != bool(said.action)


def test_files_are_offered_by_their_beginning(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "deep").mkdir()
    for name in ("a.yaml", "b.txt", ".hidden.yaml", "deep/c.yaml"):
        (tmp_path / name).write_text("")
    assert files_like("", (".yaml",)) == ("a.yaml", "deep/")
    assert files_like("deep/", (".yaml",)) == ("deep/c.yaml",)
    assert files_like(".h", (".yaml",)) == (".hidden.yaml",)
    assert files_like("none/x", ()) == ()
    assert ways("open a") == ["open a.yaml"]
    assert ways("write b") == ["write b.txt"]
    assert ways("launch vllm d") == ["launch vllm deep/"]


def test_a_model_or_an_accelerator_may_be_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "checkpoint").mkdir()
    for name in ("config.json", "weights.bin"):
        (tmp_path / "checkpoint" / name).write_text("")
    for word in ("model", "hardware", "draft"):
        assert completions(f"{word} ./che", KNOWN) == (len(word) + 1, ("./checkpoint/",))
        found = completions(f"{word} ./checkpoint/", KNOWN)
        assert found == (len(word) + 1, ("./checkpoint/config.json",))
