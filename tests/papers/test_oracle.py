"""The published model against the notebook's own numbers."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml

from infecon_tui.papers.erdil2025 import Points, evaluate, frontier, preferred
from infecon_tui.papers.erdil2025.inputs import model_of
from infecon_tui.spec.library import load
from infecon_tui.workload.transformer import Transformer

REFERENCE = Path(__file__).parents[1] / "reference" / "erdil2025"
sys.path.append(str(REFERENCE))
from make_grid import question_of, searched  # noqa: E402

PUBLISHED = [
    pytest.param(curve, id=f"{figure}-{name}")
    for figure, curves in json.loads((REFERENCE / "frontiers.json").read_text()).items()
    for name, curve in curves.items()
]
GRID = [
    pytest.param(curve, id="{model}-{accelerator}-{context}-{demand_tok_s}-{draft}".format(**curve))
    for curve in json.loads((REFERENCE / "grid.json").read_text())
]
MODELS = yaml.safe_load((REFERENCE / "models.yaml").read_text())


def dearer(points: Points, speed, cost) -> float:
    """How much more our cheapest point at least as fast costs, at worst; infinite where none is."""
    cheapest = np.minimum.accumulate(points.usd_per_mtok[::-1])[::-1]
    at = np.searchsorted(points.speed_tok_s, speed * (1 - 2e-8))
    found = np.append(cheapest, np.inf)[at]
    return float(np.max(found / cost - 1))


@pytest.mark.parametrize("curve", PUBLISHED)
def test_published_frontier(curve):
    points = frontier(question_of(curve))
    rows = np.array(curve["frontier"])
    assert points.speed_tok_s[-1] == pytest.approx(curve["fastest"]["tok_s"], rel=0.002)
    reached = rows[:, 0] <= points.speed_tok_s[-1]
    assert dearer(points, rows[reached, 0], rows[reached, 1]) <= 0.005
    wanted = curve["preferred_at_exponent_3"]
    chosen = preferred(points, 3)
    merit, published = (s**3 / c for s, c in ((points.speed_tok_s[chosen], points.usd_per_mtok[chosen]),
                                              (wanted["tok_s"], wanted["usd"])))  # fmt: skip
    assert published * (1 - 1e-6) <= merit <= published * 1.05


@pytest.mark.parametrize("curve", PUBLISHED)
def test_published_points_with_their_utilisation(curve):
    # The smallest instance just holds the weights: the printed digits can fall short of it.
    rows = np.array(curve["frontier"])
    points = evaluate(question_of(curve), rows[:, 2] * (1 + 1e-7), rows[:, 3])
    for ours, theirs in ((points.speed_tok_s, 0), (points.usd_per_mtok, 1), (points.mfu, 4)):
        assert ours == pytest.approx(rows[:, theirs], rel=1e-6)


@pytest.mark.parametrize("curve", GRID)
def test_frontier_against_the_whole_grid(curve):
    points = frontier(question_of(curve))
    rows = np.array(curve["rows"])
    assert points.speed_tok_s[-1] == pytest.approx(rows[-1, 0], rel=0.002)
    reached = rows[:, 0] <= points.speed_tok_s[-1]
    assert dearer(points, rows[reached, 0], rows[reached, 1]) <= 0.005


def test_the_grid_search_is_the_notebooks():
    curve = next(p.values[0] for p in PUBLISHED if p.id == "gpus_comparison-A100")
    rows, published = np.array(searched(question_of(curve))), np.array(curve["frontier"])
    nearest = np.abs(rows[:, 0][None] - published[:, 0][:, None]).argmin(axis=1)
    assert rows[nearest, :4] == pytest.approx(published[:, :4], rel=1e-6)


@pytest.mark.parametrize("name", MODELS)
def test_derived_totals(name):
    model, check = model_of(load(Transformer, f"paper/{name}")).model, MODELS[name]["check"]
    ours = {
        "total_params": model.total_params,
        "active_params": model.active_params,
        "kv_cache_bytes_per_position": model.kv_bytes_per_position,
        "sparsity": model.sparsity,
    }
    for key in check.keys() & ours.keys():
        assert ours[key] == pytest.approx(check[key], rel=1e-12), key
    assert check.keys() & ours.keys()
