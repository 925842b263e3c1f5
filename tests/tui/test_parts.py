"""The parts of the explorer that need no screen: commands, typing, finding, axes, options, terminal."""

import math
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infecon_tui.errors import InfeconError
from infecon_tui.tui import fuzzy
from infecon_tui.tui.acts.moves import FIGURES as FIGURE_NAMES
from infecon_tui.tui.commands.bar import in_bar
from infecon_tui.tui.commands.places import CHECKED, DRAWN, FIGURE, OVER, PAGE, SECTIONS, SHEET
from infecon_tui.tui.commands.registry import COMMANDS, keys_of
from infecon_tui.tui.field import Field
from infecon_tui.tui.kept.state import History, changed, redone, undone
from infecon_tui.tui.options import Options, options_of
from infecon_tui.tui.remarks import reading
from infecon_tui.tui.terminal.detect import detect, obstacle
from infecon_tui.tui.terminal.palette import nearest, rgb
from infecon_tui.tui.terminal.theme import Look
from infecon_tui.tui.widgets.cells import cells_of, changed_spans, cut, fitted, joined
from infecon_tui.tui.widgets.tabs import INPUTS, tab_line
from infecon_tui.tui.widgets.tabs import VIEWS as TABS
from infecon_tui.view.meanings import meaning_of
from infecon_tui.view.plots.axes import Scale, label_of, scale_of, ticks_of
from infecon_tui.view.records import Axis

PANES = [where for where, _ in SECTIONS if where]


@pytest.mark.parametrize("where", [where for where, _ in SECTIONS])
def test_no_key_means_two_things_in_one_place(where):
    keys = [key for c in COMMANDS if c.where == where for key in c.keys]
    assert len(keys) == len(set(keys))
    assert len(keys_of(where)) == len(keys)


def test_every_command_is_helped_and_says_its_key():
    places = {where for where, _ in SECTIONS}
    for command in COMMANDS:
        assert command.where in places
        assert command.help
        assert command.shown


@pytest.mark.parametrize("where", PANES)
def test_help_and_quit_are_last_in_every_bar(where):
    last = [c.action for c in in_bar(where)][-2:]
    assert last[-1] == ("close" if where in OVER else "quit")
    assert where in OVER or last[0] == "help"


def test_a_plot_offers_the_way_back_and_what_takes_it_away():
    offered = [c.action for c in in_bar("plot")]
    assert offered[2:4] == ["pane_inputs", "write"]
    assert len(offered) == len(set(offered))


def test_every_view_has_a_tab():
    views = {c.action for c in COMMANDS if c.action.startswith("view_")}
    assert {tab.action for tab in TABS} == views | {"pane_table", "pane_why"}
    assert all(keys_of("").get(tab.key) == tab.action for tab in (INPUTS, *TABS))


@pytest.mark.parametrize("width", [60, 80, 96, 120, 150])
def test_the_tab_of_the_view_is_always_told_and_the_others_are_a_click_away(width):
    tabs = (INPUTS, *TABS)
    seen = set()
    for tab in tabs:
        pieces, spans = tab_line(tabs, tab.action, (), width, "…")
        assert len(joined(pieces)) <= width
        assert [role for text, role in pieces if text.strip() in {tab.title, tab.short}] == ["chip"]
        line = joined(pieces)
        assert all(line[start:end].strip() for start, end, _ in spans)
        seen |= {action for _, _, action in spans}
    assert seen == {tab.action for tab in tabs}


def test_all_views_are_told_at_once_where_there_is_room():
    for width, titles in ((120, [tab.short for tab in TABS]), (150, [tab.title for tab in TABS])):
        pieces, _ = tab_line(TABS, "view_frontier", (), width, "…")
        assert [text.strip() for text, role in pieces if role != "accent"] == titles


@pytest.mark.parametrize("view", [*FIGURE_NAMES, "why"])
def test_how_to_read_a_view_is_never_cut(view):
    whole = meaning_of(f"view {view}").moves
    for room in (58, 78, 118):
        said = reading(view, room)[0][0]
        assert whole.startswith(said)
        assert whole[len(said) : len(said) + 1] in ("", ";")
    assert len(reading(view, 78)[0][0]) <= 78


def test_every_action_is_a_method_of_who_runs_it():
    from infecon_tui.tui.acts.checks import Checks
    from infecon_tui.tui.acts.explains import Explains
    from infecon_tui.tui.acts.files import Files
    from infecon_tui.tui.acts.moves import Moves
    from infecon_tui.tui.acts.overs import Overs
    from infecon_tui.tui.acts.scenarios import Scenarios
    from infecon_tui.tui.acts.takeaway import TakeAway
    from infecon_tui.tui.commands.command_line import CommandLine
    from infecon_tui.tui.commands.words import VIEW
    from infecon_tui.tui.explorer import Explorer
    from infecon_tui.tui.widgets.bars_view import BarsView
    from infecon_tui.tui.widgets.grid.property_grid import PropertyGrid
    from infecon_tui.tui.widgets.page_view import PageView
    from infecon_tui.tui.widgets.plot.plot import PlotView
    from infecon_tui.tui.widgets.table.view import TableView
    from infecon_tui.view.plots.figures import FIGURES

    panes = {
        "inputs": PropertyGrid,
        "plot": PlotView,
        "table": TableView,
        PAGE: PageView,
        SHEET: TableView,
        FIGURE: PlotView,
        DRAWN: PlotView,
        CHECKED: PlotView,
        "why": BarsView,
    }
    for command in COMMANDS:
        own = ("copy", "close", "filter", "rows", "why", "help", "write")
        if command.where in OVER and command.action in own:
            continue  # the page's screen answers these itself
        if command.action.startswith(VIEW):
            assert command.action.removeprefix(VIEW) in FIGURES
            continue
        screen = (Moves, Overs, Explorer, Explains, Files, Scenarios, TakeAway, Checks, CommandLine)
        owners = (panes[command.where],) if command.where else screen
        assert any(hasattr(owner, f"do_{command.action}") for owner in owners), command.action


KEYS = ["left", "right", "home", "end", "backspace", "delete", "ctrl+w", "ctrl+u", "ctrl+k"]


@given(st.lists(st.sampled_from([*KEYS, *"aé7 .%/"]), max_size=40), st.text(max_size=5))
def test_the_caret_stays_in_the_text(keys, start):
    field = Field(start, selected=True)
    for key in keys:
        field.press(key, key if len(key) == 1 else None)
        assert 0 <= field.caret <= len(field.text)
        assert not field.selected or field.text


def test_the_first_letter_replaces_what_is_selected():
    field = Field("3.35 TB/s", selected=True)
    field.press("5", "5")
    assert field.text == "5"
    field = Field("3.35 TB/s", selected=True)
    field.press("end", None)
    field.press("5", "5")
    assert field.text == "3.35 TB/s5"


def test_a_paste_is_one_line_without_controls():
    field = Field()
    field.insert("4.8\n\x1b[31mTB/s\x00")
    assert field.text == "4.8 [31mTB/s"


@pytest.mark.parametrize(
    ("query", "first"),
    [("dsv3", "deepseek-v3"), ("h100", "h100-sxm"), ("70b", "llama-3.1-70b"), ("", "h100-sxm")],
)
def test_the_best_match_is_first(query, first):
    names = ["h100-sxm", "paper/H100", "llama-3.1-70b", "deepseek-v3", "deepseek-v3.1", "gh200"]
    assert names[fuzzy.best(query, names)[0]] == first


def test_letters_out_of_order_match_nothing():
    assert fuzzy.best("zq", ["h100-sxm"]) == ()


@given(
    st.floats(1e-9, 1e12),
    st.floats(1.0001, 1e12),
    st.integers(2, 12),
    st.booleans(),
)
def test_ticks_are_few_inside_and_rising(low, factor, most, log):
    scale = scale_of(Axis(label="x", log=log), (low, low * factor))
    ticks = ticks_of(scale, most)
    assert 1 <= len(ticks) <= most + 1
    assert all(-1e-6 <= scale.place(tick) <= 1 + 1e-6 for tick in ticks)
    assert all(a < b for a, b in pairwise(ticks))
    assert scale.place(low) >= -1e-9
    assert scale.place(low * factor) <= 1 + 1e-9


@pytest.mark.parametrize("values", [(), (math.inf,), (math.nan, -math.inf), (0.0, -3.0)])
def test_nothing_to_show_has_no_scale(values):
    assert scale_of(Axis(label="x", log=True), values) is None


@pytest.mark.parametrize(
    ("value", "label"),
    [
        (0, "0"),
        (0.03, "0.03"),
        (2.5, "2.5"),
        (300, "300"),
        (1e4, "10k"),
        (1e12, "1T"),
        (1e-5, "1e-5"),
    ],
)
def test_labels_of_ticks(value, label):
    assert label_of(value) == label


def test_one_value_has_room_round_it():
    scale = scale_of(Axis(label="x", log=False), (7.0,))
    assert isinstance(scale, Scale)
    assert 0 < scale.place(7.0) < 1


@given(st.lists(st.text("aé· 字", max_size=9), max_size=5), st.integers(1, 30))
def test_a_cut_line_fits_and_says_that_it_is_cut(texts, width):
    from rich.cells import cell_len

    whole = [(text, "text") for text in texts]
    line = joined(cut(whole, width))
    assert cell_len(line) <= width
    assert line == joined(whole) or line.endswith("…")
    assert line.endswith("…") or cell_len(joined(whole)) <= width


def test_fitted_text_has_exactly_the_width():
    assert fitted("network latency", 9) == "network …"
    assert fitted("HBM", 5, right=True) == "  HBM"


def test_only_changed_cells_are_sent():
    before = [("a", "text")] * 40
    after = [*before]
    assert changed_spans(before, after) == []
    after[3] = after[6] = after[30] = ("b", "text")
    assert changed_spans(before, after) == [(3, 7), (30, 31)]
    blank, faint = (" ", "text"), (" ", "faint")
    assert changed_spans([blank] * 9, [faint] * 9) == []
    assert changed_spans([blank] * 9, [(" ", "chip")] * 9) == [(0, 9)]


def test_a_line_of_wide_characters_has_no_cells_to_compare():
    assert cells_of([("ab", "text"), ("c", "muted")], 5)[2:] == [
        ("c", "muted"),
        (" ", "text"),
        (" ", "text"),
    ]
    assert cells_of([("模型", "text")], 5) == []


@given(st.lists(st.sampled_from(["change", "undo", "redo"]), max_size=60))
def test_undo_and_redo_are_each_other_s_inverse(moves):
    history = History(present=0)
    for number, move in enumerate(moves, 1):
        if move == "change":
            history = changed(history, number)
        elif move == "undo":
            history = undone(history)
        else:
            history = redone(history)
        if history.past:
            assert redone(undone(history)).present == history.present
        if history.future:
            assert undone(redone(history)).present == history.present


def test_steps_of_a_row_join_until_another_row_is_changed():
    history = changed(History(present=0), 1, "a")
    history = changed(history, 2, "a")
    assert undone(history).present == 0
    history = changed(history, 3, "b")
    assert undone(history).present == 2


def test_options():
    assert options_of(["--color=256", "--theme", "light", "x.yaml", "--no-mouse"]) == Options(
        color="256", shade="light", scenario="x.yaml", mouse=False
    )
    assert options_of([]) == Options()
    assert options_of(["frontier", "x.yaml"]) is None
    assert options_of(["--help"]) is None
    begun = options_of(["--model", "qwen3-32b", "--hardware=h200-sxm", "--set", "workload.isl=8k"])
    assert begun == Options(
        edits=(("model", "qwen3-32b"), ("hardware", "h200-sxm"), ("workload.isl", "8k"))
    )
    for words, fault in (
        (["--theme", "lihgt"], "did you mean 'light'"),
        (["--frsh"], "no such option: --frsh; did you mean '--fresh'"),
        (["--model"], "--model: expected ID, found ''"),
        (["--set", "workload.isl"], "--set: expected PATH=VALUE"),
    ):
        with pytest.raises(InfeconError, match=fault):
            options_of(words)


@pytest.mark.parametrize(
    ("environ", "depth", "symbols"),
    [
        ({"TERM": "xterm-256color", "LANG": "en_US.UTF-8"}, "256", "braille"),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "truecolor", "braille"),
        ({"TERM": "xterm-direct"}, "truecolor", "braille"),
        ({"TERM": "screen-256color", "LANG": "C"}, "256", "ascii"),
        ({"TERM": "linux", "LANG": "C.UTF-8"}, "16", "ascii"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "none", "braille"),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, "256", "braille"),
        ({"TERM": "vt100", "LC_ALL": "de_DE.ISO-8859-1"}, "16", "ascii"),
        ({"TERM": "xterm-256color", "INFECON_SYMBOLS": "blocks"}, "256", "blocks"),
        ({}, "16", "braille"),
    ],
)
def test_what_a_terminal_can_show(environ, depth, symbols):
    found = detect(environ)
    assert (found.depth, found.symbols) == (depth, symbols)
    assert dict(found.reasons).keys() == {"colour", "symbols", "mouse"}


def test_options_go_before_what_is_found():
    found = detect({"NO_COLOR": "1"}, color="truecolor", ascii_only=True, mouse=False)
    assert (found.depth, found.symbols, found.mouse) == ("truecolor", "ascii", False)
    assert detect({}, encoding="latin-1").symbols == "ascii"


@pytest.mark.parametrize("said", ["", "1"])
def test_textual_is_told_of_colours_and_not_of_what_the_environment_says(said):
    environ = {"NO_COLOR": said}
    detect(environ, color="256").tell(environ)
    assert "NO_COLOR" not in environ
    detect(environ, color="none").tell(environ)
    assert environ["NO_COLOR"] == "1"


def test_where_the_explorer_cannot_run():
    assert obstacle({"TERM": "dumb"}, tty=True)
    assert obstacle({"TERM": "xterm"}, tty=False)
    assert not obstacle({"TERM": "xterm"}, tty=True)


@pytest.mark.parametrize("shade", ["dark", "light"])
def test_every_colour_is_one_of_the_256(shade):
    look = Look(shade, few_colours=False)
    for role in look._bare:
        for colour in (look[role].color, look[role].bgcolor):
            if colour is not None:
                assert rgb(nearest(*colour.triplet)) == tuple(colour.triplet)


def test_the_themes_name_the_same_roles():
    looks = [Look("dark", few_colours=False), Look("light", few_colours=False)]
    looks.append(Look("dark", few_colours=True))
    assert len({frozenset(look._bare) for look in looks}) == 1


@pytest.mark.parametrize("shade", ["dark", "light"])
def test_text_can_be_read(shade):
    """Contrast by WCAG: 4.5 for what is read, 3 for what carries a meaning beside a glyph."""

    def luminance(triplet):
        parts = [c / 255 for c in triplet]
        parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), parts, strict=True))

    look = Look(shade, few_colours=False)
    for role, least in {
        "text": 4.5, "value": 4.5, "strong": 4.5, "muted": 4.5, "accent": 4.5, "chip": 4.5,
        "bad": 4.5, "warning": 3, "changed": 3, "good": 3, "series0": 3, "series1": 3, "series2": 3,
        "pinA": 3, "pinB": 3, "pinC": 3, "pinD": 3,
    }.items():  # fmt: skip
        high, low = sorted(
            (luminance(look[role].color.triplet), luminance(look[role].bgcolor.triplet)),
            reverse=True,
        )
        assert (high + 0.05) / (low + 0.05) >= least, role


def luminance(colour):
    parts = [
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4
        for c in (part / 255 for part in colour)
    ]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def contrast(style, ground):
    one, other = sorted(map(luminance, (style.color.triplet, ground.triplet)))
    return (other + 0.05) / (one + 0.05)


LINES = re.compile(r"rule|grid|series\d|pin[A-D]|caret|cursor|resting")


@pytest.mark.parametrize("shade", ["dark", "light"])
def test_words_can_be_read_and_lines_be_seen(shade):
    """WCAG 2.1: 4.5 for words, 3 for what is drawn; 3 for words of the row under the cursor, too."""
    look = Look(shade, few_colours=False)
    for role, style in look._styles.items():
        if style.color is None or role in ("rule", "grid"):
            continue
        least = 3.0 if LINES.fullmatch(role) else 4.5
        assert contrast(style, style.bgcolor) >= least, role
    for role in ("text", "muted", "faint", "accent", "strong", "value", "changed", "good", "bad"):
        assert contrast(look[role], look["text cursor"].bgcolor) >= 3.0, role
