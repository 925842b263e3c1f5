"""Figures and tables as files: what a reader finds in them again."""

import csv
import io
import json
import re
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from export_records import FIGURE, TABLE

from infecon_tui.errors import InfeconError
from infecon_tui.export import EXPORTERS, exporters_of, for_file, named
from infecon_tui.export.notation import figure_json, table_json
from infecon_tui.export.png import figure_png, table_png
from infecon_tui.export.sheet import figure_csv, table_csv
from infecon_tui.export.svg import HEIGHT, WIDTH, figure_svg
from infecon_tui.export.svg_table import table_svg
from infecon_tui.export.text import figure_text, table_text
from infecon_tui.solve import solve
from infecon_tui.spec.scenario_file import default_scenario, edited
from infecon_tui.view.plots.axes import scales_of
from infecon_tui.view.plots.figures import FIGURES
from infecon_tui.view.records import Axis, Figure, Series

SVG = "{http://www.w3.org/2000/svg}"


def drawn(figure):
    return ET.fromstring(figure_svg(figure))


def corners(path):
    return [
        (float(x), float(y)) for x, y in re.findall(r"[ML]([\d.-]+) ([\d.-]+)", path.get("d", ""))
    ]


def lines(root, number):
    """The line of a series; the first path of its class is that of the legend."""
    return [p for p in root.iter(f"{SVG}path") if p.get("class") == f"s{number}"][1:]


def test_a_straight_line_of_logarithms_is_drawn_straight_and_through_its_mark():
    root = drawn(FIGURE)
    (line,) = lines(root, 0)
    (x1, y1), (x2, y2), (x3, y3) = corners(line)
    assert x2 - x1 == pytest.approx(x3 - x2, abs=0.11)
    assert y2 - y1 == pytest.approx(y3 - y2, abs=0.11)
    assert x1 < x2
    assert y1 > y2
    circle = list(root.iter(f"{SVG}circle"))[-1]
    assert (float(circle.get("cx")), float(circle.get("cy"))) == (x2, y2)


def test_words_are_escaped_and_all_there():
    root = drawn(FIGURE)
    texts = [text.text for text in root.iter(f"{SVG}text")]
    for words in ("What does <speed> cost?", "one & only", "dashed", "here", "there"):
        assert words in texts
    assert "speed [tok/s]" in texts
    assert "cost [USD/Mtok]" in texts
    assert {"1", "10", "100"} <= set(texts)


def test_only_dashed_lines_have_dashes():
    root = drawn(FIGURE)
    assert lines(root, 0)[0].get("stroke-dasharray") is None
    assert lines(root, 1)[0].get("stroke-dasharray")


def test_a_picture_links_nowhere_and_is_dark_for_those_who_want_it():
    text = figure_svg(FIGURE)
    assert "prefers-color-scheme:dark" in text
    assert re.findall(r"https?://[^\"]*", text) == ["http://www.w3.org/2000/svg"]
    assert "<script" not in text
    assert text == figure_svg(FIGURE)


def test_points_that_cannot_be_drawn_break_the_line():
    broken = Series(label="b", x=(1.0, 2.0, 3.0, 4.0), y=(1.0, float("inf"), 0.0, 2.0))
    (line,) = lines(drawn(replace(FIGURE, series=(broken,))), 0)
    assert line.get("d").count("M") == 2
    assert "inf" not in line.get("d")


def test_a_figure_without_points_is_its_note():
    empty = Figure(key="f", title="t", x=Axis(label="x"), y=Axis(label="y"), note="it " * 80)
    root = drawn(empty)
    shown = [text.text for text in root.iter(f"{SVG}text")]
    assert " ".join(shown[1:]).split() == ["it"] * 80
    assert not list(root.iter(f"{SVG}path"))


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("fidelity", ["published", "deployment"])
def test_every_plot_stays_inside_its_picture(name, fidelity):
    scenario = edited(default_scenario(), "fidelity", fidelity)
    figure = FIGURES[name].build(solve(edited(scenario, "speculation.heads", "eagle")))
    if not figure.series:
        assert name in ("speculation", "draft", "prefill", "energy")
        assert fidelity == "published"
        return
    root = drawn(figure)
    found = [spot for path in root.iter(f"{SVG}path") for spot in corners(path)]
    assert found
    assert all(-0.1 <= x <= WIDTH and -0.1 <= y <= HEIGHT for x, y in found)
    for text in root.iter(f"{SVG}text"):
        assert -0.1 <= float(text.get("x")) <= WIDTH
    rows = list(csv.DictReader(io.StringIO(figure_csv(figure))))
    assert len(rows) == sum(len(s.x) for s in figure.series) + len(figure.marks)
    assert all(mark.label in figure_text(figure) for mark in figure.marks)
    assert scales_of(figure) is not None


def test_a_figure_as_csv_has_its_units_and_exact_values():
    rows = list(csv.reader(io.StringIO(figure_csv(FIGURE))))
    assert rows[0] == ["series", "kind", "speed [tok/s]", "cost [USD/Mtok]", "name"]
    assert rows[1] == ["one & only", "line", "0.0", "1.0", ""]
    assert rows[-1] == ["there", "mark", "100.0", "100.0", ""]
    assert len(rows) == 1 + 3 + 2 + 2


def test_a_table_as_csv_and_as_text():
    rows = list(csv.reader(io.StringIO(table_csv(TABLE))))
    assert rows == [["name", "tok_s"], ["a", "1.5"], ["bcd", ""]]
    assert table_text(TABLE) == (
        "Points\n======\n\nname  speed [tok/s]\na               1.5\nbcd\n\ntwo of them\n"
    )


def test_a_figure_as_text_lists_marks_and_lines():
    text = figure_text(FIGURE)
    assert text.startswith("What does <speed> cost?\n====")
    assert re.search(r"there +100 +100\n", text)
    assert text.index("one & only") < text.index("dashed\n")


def test_a_png_is_the_picture_twice_as_large():
    pytest.importorskip("resvg_py")
    content = figure_png(FIGURE)
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(content[16:20], "big") == 2 * WIDTH
    assert int.from_bytes(content[20:24], "big") == 2 * HEIGHT
    assert table_png(TABLE)[:8] == content[:8]


def test_a_png_without_its_library_is_one_clear_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(InfeconError, match=r"infecon-tui\[png\]") as caught:
        figure_png(FIGURE)
    assert "\n" not in str(caught.value)


def test_a_png_without_fonts_is_refused_not_drawn_without_letters(monkeypatch):
    class Blank:
        @staticmethod
        def svg_to_bytes(**_):
            return b"the same whatever the letters"

    monkeypatch.setitem(sys.modules, "resvg_py", Blank)
    with pytest.raises(InfeconError, match="font"):
        figure_png(FIGURE)


def test_json_holds_the_values_and_null_for_what_is_infinite():
    assert json.loads(table_json(TABLE)) == [
        {"name": "a", "tok_s": 1.5},
        {"name": "bcd", "tok_s": None},
    ]
    tree = json.loads(figure_json(FIGURE))
    assert tree["x"] == {"label": "speed", "unit": "tok/s", "log": False}
    assert tree["series"][0] == {
        "label": "one & only",
        "x": [0.0, 50.0, 100.0],
        "y": [1.0, 10.0, 100.0],
    }
    assert tree["marks"][1] == {"label": "there", "x": 100.0, "y": 100.0}


def test_a_table_as_a_picture_has_every_cell_inside():
    root = ET.fromstring(table_svg(replace(TABLE, note="words " * 40)))
    width, height = float(root.get("width")), float(root.get("height"))
    texts = list(root.iter(f"{SVG}text"))
    words = [text.text for text in texts]
    assert words[:4] == ["Points", "name", "speed", "tok/s"]
    assert {"a", "1.5", "bcd"} <= set(words)
    assert " ".join(words).count("words") == 40
    for text in texts:
        assert 0 <= float(text.get("x")) <= width
        assert 0 <= float(text.get("y")) <= height
    ends = [float(t.get("x")) for t in texts if t.get("text-anchor") == "end"]
    assert len(set(ends)) == 1


def test_suffixes_name_exporters():
    for takes in ("figure", "table"):
        for exporter in exporters_of(takes):
            for suffix in exporter.suffixes:
                assert for_file(takes, Path(f"a{suffix.upper()}")) is exporter
    with pytest.raises(
        InfeconError, match=r"\.svg \| \.png \| \.txt \| \.csv \| \.json, found '\.gif'"
    ):
        for_file("figure", Path("a.gif"))
    with pytest.raises(InfeconError, match="no suffix"):
        for_file("table", Path("a"))


def test_names_of_a_kind_are_told_apart():
    kinds = [(exporter.takes, exporter.name) for exporter in EXPORTERS]
    assert len(kinds) == len(set(kinds))
    with pytest.raises(InfeconError, match="did you mean 'sglang'"):
        named("launch", "sglan")


def test_names_stand_on_the_lines_and_under_the_points_they_belong_to():
    deployed = edited(edited(default_scenario(), "fidelity", "deployment"), "workload.isl", "2k")
    picture = figure_svg(FIGURES["roofline"].build(solve(deployed)))
    names = [found.start() for found in re.finditer('class="text name"', picture)]
    assert names
    # The legend holds a sample of each, above all of them.
    last_line = max(
        found.start() for found in re.finditer(r'<path class="s\d" d="M[^h]*"', picture)
    )
    assert last_line < names[0]
    assert names[-1] < picture.rindex("<circle")
