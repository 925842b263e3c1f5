"""`sensitivity` and `ask` from the command line."""

import csv
import io
import json

import pytest
import yaml

DEPLOYED = ("--fidelity", "deployment", "--isl", "2k", "--osl", "256", "--set", "goal.tpot=none")


PUBLISHED = ("--fidelity", "published")


@pytest.mark.parametrize("options", [PUBLISHED, DEPLOYED])
def test_the_table_says_what_binds_and_sorts_by_the_effect_on_cost(run, options):
    status, out, _ = run("sensitivity", *options)
    assert status == 0
    assert "Bound by " in out
    assert "more HBM bandwidth gives" in out
    assert "batch held" in out
    first = next(line for line in out.splitlines() if line.startswith(("hardware.", "model.")))
    assert first.split()[0] in ("hardware.price", "model.layers.count")


@pytest.mark.parametrize("options", [(), DEPLOYED, (*DEPLOYED, "--free")])
def test_the_same_in_every_format(run, options):
    tree = json.loads(run("sensitivity", *options, "--format", "json")[1])
    rows = list(csv.DictReader(io.StringIO(run("sensitivity", *options, "--format", "csv")[1])))
    assert [row["path"] for row in rows] == [row["path"] for row in tree["effects"]]
    price = next(row for row in tree["effects"] if row["path"] == "hardware.price")
    assert price["cost_elasticity"] == pytest.approx(1)
    assert price["cost_at_more"] == pytest.approx(1.1 * tree["now"]["usd_per_mtok"])
    assert tree["layout_held"] == ("--free" not in options)
    assert yaml.safe_load(run("sensitivity", *options, "--format", "yaml")[1]) == tree


def test_the_swing_is_as_asked(run):
    tree = json.loads(run("sensitivity", "--swing", "50%", "--format", "json")[1])
    price = next(row for row in tree["effects"] if row["path"] == "hardware.price")
    assert price["value_at_more"] == pytest.approx(1.5 * price["now"])
    for wrong in ("0", "2", "much"):
        assert run("sensitivity", "--swing", wrong)[0] == 2


def test_nothing_to_explain_where_nothing_fits(run):
    status, out, err = run("sensitivity", "--gpus", 1)
    assert status == 1
    assert out == ""
    assert "Does not fit" in err


def test_an_answer_in_one_sentence(run):
    status, out, _ = run("ask", "hardware.hbm.bandwidth", "--tpot", "5ms", *DEPLOYED)
    assert status == 0
    assert len(out.splitlines()) == 1
    assert out.startswith("HBM bandwidth ")
    assert "reaches TPOT 5 ms" in out


def test_an_answer_as_numbers_is_met_by_a_frontier(run):
    ask = ("ask", "hardware.hbm.bandwidth", "--tpot", "5ms", "--format", "json")
    tree = json.loads(run(*ask, *DEPLOYED)[1])
    assert tree["value"] > tree["now"]
    assert tree["point"]["tpot_s"] <= 0.005 < tree["point_now"]["tpot_s"]
    changed = f"hardware.hbm.bandwidth={tree['value']!r} B/s"
    points = json.loads(run("frontier", *DEPLOYED, "--set", changed, "--format", "json")[1])[
        "points"
    ]
    assert tree["point"] in points


def test_a_target_already_met_and_one_out_of_reach(run):
    status, out, _ = run("ask", "hardware.price", "--cost", "50")
    assert status == 0
    assert "is met now, and stays so up to price" in out
    status, out, _ = run("ask", "hardware.hbm.bandwidth", "--speed", "99999")
    assert status == 1
    assert out.startswith("No value of HBM bandwidth reaches speed")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("hardware.hbm.bandwith", "--tpot", "9ms"), "did you mean 'hardware.hbm.bandwidth'"),
        (("hardware.hbm.bandwidth",), "no target: expected tpot 20ms"),
        (("hardware.hbm.bandwidth", "--tpot", "soon"), "tpot: expected a quantity in s"),
        (("hardware.hbm.bandwidth", "--ttft", "9ms", *PUBLISHED), "only the deployment"),
        (("layout.gpus", "--tpot", "9ms"), "layout.gpus is auto"),
    ],
)
def test_mistakes(run, arguments, says):
    status, out, err = run("ask", *arguments)
    assert (status, out) == (2, "")
    assert says in err
