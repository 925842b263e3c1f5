"""Plots, launch commands and the manual from the command line."""

import argparse
import csv
import io
import re
import shutil
import subprocess
from xml.etree import ElementTree as ET

import pytest

from infecon_tui.cli.manual import VARIABLES, figure_names
from infecon_tui.cli.manual_forms import Entries, Heading, Text, markdown, roff
from infecon_tui.cli.options import parser
from infecon_tui.export import exporters_of
from infecon_tui.knobs import leaves
from infecon_tui.scenario import Scenario
from infecon_tui.spec.scenario_file import default_scenario, edited
from infecon_tui.tui.commands.places import SECTIONS
from infecon_tui.tui.commands.registry import COMMANDS
from infecon_tui.tui.commands.words import WORDS
from infecon_tui.tui.options import _SWITCHES, _VALUES, CHOICES, HELP
from infecon_tui.view.editor.paths import allowed, places_of, titled
from infecon_tui.view.plots.figures import FIGURES

DEPLOYED = ("--fidelity", "deployment")


def parsers():
    actions = parser()._actions
    return next(a.choices for a in actions if isinstance(a, argparse._SubParsersAction))


def test_the_command_line_knows_every_plot_and_engine():
    assert set(figure_names()) == set(FIGURES)
    launch = next(a for a in parsers()["launch"]._actions if a.dest == "for_engine")
    assert set(launch.choices) == {exporter.name for exporter in exporters_of("launch")}
    plot = next(a for a in parsers()["plot"]._actions if a.dest == "format")
    assert set(plot.choices) == {exporter.name for exporter in exporters_of("figure")}


@pytest.mark.parametrize("name", figure_names())
def test_every_plot_is_written_as_svg(run, tmp_path, name):
    file = tmp_path / f"{name}.svg"
    status, out, err = run("plot", name, "-o", file)
    assert (status, out, err) == (0, "", f"wrote {file}\n")
    words = [element.text for element in ET.parse(file).getroot()]
    assert any(word and word.startswith("llama-3.1-70b on h100-sxm, deployment") for word in words)


def test_a_plot_as_csv_by_its_suffix_and_as_text_to_a_pipe(run, tmp_path):
    file = tmp_path / "f.csv"
    assert run("plot", "frontier", "-o", file)[0] == 0
    rows = list(csv.DictReader(io.StringIO(file.read_text())))
    assert {row["kind"] for row in rows} == {"line", "mark"}
    status, out, _ = run("plot", "frontier")
    assert status == 0
    assert out.startswith("What does speed cost?\n=====")
    assert run("plot", "frontier", "--format", "csv")[1] == file.read_text()


def test_the_format_goes_before_the_suffix(run, tmp_path):
    file = tmp_path / "f.data"
    assert run("plot", "roofline", "-o", file)[0] == 2
    assert not file.exists()
    assert run("plot", "roofline", "-o", file, "--format", "txt")[0] == 0
    assert "roof" in file.read_text()


def test_a_file_is_overwritten_only_when_told(run, tmp_path):
    file = tmp_path / "f.svg"
    file.write_text("mine")
    status, _, err = run("plot", "frontier", "-o", file)
    assert status == 2
    assert "exists already" in err
    assert file.read_text() == "mine"
    assert run("plot", "frontier", "-o", file, "--force")[0] == 0
    assert file.read_text().startswith("<svg")


def test_a_png_is_not_printed(run, tmp_path):
    pytest.importorskip("resvg_py")
    status, out, err = run("plot", "frontier", "--format", "png")
    assert (status, out) == (2, "")
    assert "-o FILE" in err
    assert run("plot", "frontier", "-o", tmp_path / "f.png")[0] == 0
    assert (tmp_path / "f.png").read_bytes().startswith(b"\x89PNG")


def test_what_does_not_fit_is_a_picture_of_why_and_status_1(run, tmp_path):
    file = tmp_path / "f.svg"
    status, _, err = run("plot", "frontier", "--model", "llama-3.1-405b", "--gpus", "1", "-o", file)
    assert status == 1
    assert "Does not fit" in err
    assert "Does not fit" in file.read_text()


def test_a_launch_command_for_each_engine(run, tmp_path):
    status, out, err = run("launch", "vllm", *DEPLOYED)
    assert (status, err) == (0, "")
    assert "\nvllm serve meta-llama/Llama-3.1-70B-Instruct" in out
    assert "sglang.launch_server" in run("launch", "sglang", *DEPLOYED)[1]
    file = tmp_path / "run.sh"
    assert run("launch", "trtllm", *DEPLOYED, "-o", file)[0] == 0
    assert "trtllm-serve" in file.read_text()


def test_a_launch_of_fractions_is_refused(run):
    status, out, err = run("launch", "vllm", "--fidelity", "published")
    assert (status, out) == (2, "")
    assert "choose the deployment fidelity" in err
    assert err.count("\n") == 1


def test_the_manual_has_every_command_option_and_key(run):
    status, page, err = run("docs", "--all")
    assert (status, err) == (0, "")
    page = page.replace("\\", "")
    for name, sub in parsers().items():
        assert re.search(rf"^### {name}\b", page, re.MULTILINE), name
        for action in sub._actions:
            for spelling in action.option_strings:
                assert spelling in page or spelling in ("-h", "--help", "-H"), spelling
    for command in COMMANDS:
        assert f"`{command.shown}`: {command.help} ({command.action})." in page
    for word in WORDS:
        assert f"`:{word.name} {word.takes}`: {word.help}." in page
    assert all(title in page for _, title in SECTIONS)
    assert set(HELP) == set(_SWITCHES) | set(CHOICES) | set(_VALUES)
    assert all(f"`{name}" in page for name in HELP)


def test_the_manual_has_every_path_with_its_bounds(run):
    page = run("docs", "paths")[1].replace("\\", "")
    for place in places_of(Scenario):
        if not place.path.startswith("speculation.draft."):
            line = f"- `{place.path}`: {titled(place)}."
            assert line in page
    assert "`hardware.hbm.efficiency`: share of the peak that long reads reach. Takes" in page
    assert "a number above 0 % up to 100 %." in page


@pytest.mark.parametrize(
    ("model", "hardware"), [("deepseek-v3", "h100-sxm"), ("gpt-oss-120b", "tpu-v5e")]
)
def test_every_value_of_a_scenario_has_a_place_of_the_manual(model, hardware):
    scenario = edited(default_scenario(model, hardware), "speculation.draft", "llama-3.1-8b")
    known = {place.path.replace("[.N]", ""): place for place in places_of(Scenario)}
    for knob in leaves(scenario):
        path = re.sub(r"\.layers\.\d+\.", ".layers.", knob.path)
        assert path in known, knob.path
        assert known[path].slot.unit == knob.slot.unit
        assert allowed(known[path].slot)


def test_the_man_page_is_one(run):
    page = run("docs")[1]
    assert page.startswith('.TH INFECON-TUI 1 "" "infecon-tui ')
    sections = re.findall(r'^\.SH "(.*)"$', page, re.MULTILINE)
    assert sections[:3] == ["NAME", "SYNOPSIS", "DESCRIPTION"]
    assert {"KEYS", "PATHS", "EXIT STATUS", "ENVIRONMENT"} <= set(sections)
    assert page == run("docs", "man", "--format", "roff")[1]
    if shutil.which("groff"):
        words = ["groff", "-man", "-Tutf8", "-ww", "-k"]
        done = subprocess.run(words, input=page, capture_output=True, text=True, check=True)
        assert not done.stderr
        assert "economics" in done.stdout


def test_roff_and_markdown_keep_their_letters_apart():
    blocks = [Heading(1, 'A "b"'), Text(".x - y\\z"), Entries((("'q", "a*b_c [d] <e>"),))]
    page = roff(blocks)
    assert '.SH "A \\(dqB\\(dq"' in page
    assert "\n\\&.x \\- y\\ez\n" in page
    assert "\n.B \\&'q\n" in page
    assert markdown(blocks).splitlines()[-1] == "- `'q`: a\\*b\\_c \\[d\\] \\<e\\>"


def test_the_variables_of_the_manual_are_read_somewhere():
    from pathlib import Path

    import infecon_tui

    code = "".join(p.read_text() for p in Path(infecon_tui.__file__).parent.rglob("*.py"))
    for name, _ in VARIABLES:
        assert code.count(f'"{name}"') >= 2, name


def test_a_dash_is_the_standard_output(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    printed = run("plot", "frontier", "--format", "csv")
    assert run("plot", "frontier", "--format", "csv", "-o", "-") == printed
    assert run("export", "-o", "-")[1] == run("export")[1]
    assert not list(tmp_path.iterdir())
