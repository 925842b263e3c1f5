"""The arrows: which part of the program may import which."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "infecon_tui"
BASE = {"errors", "units", "formats", "slots", "values", "knobs", "pareto"}
SPECS = BASE | {"workload", "hardware"}

ALLOWED = {
    "errors": set(),
    "units": {"errors"},
    "formats": set(),
    "slots": {"units"},
    "values": {"errors", "units", "slots"},
    "knobs": {"errors", "slots", "values"},
    "pareto": set(),
    "layout": BASE,
    "workload": BASE,
    "hardware": BASE,
    "papers": SPECS,
    "scenario": SPECS | {"layout"},
    "targets": BASE | {"scenario"},
    "drafting": SPECS | {"cost", "scenario"},
    "solve": SPECS | {"papers", "cost", "scenario", "targets", "drafting"},
    "spec": SPECS | {"scenario"},
    "cost": SPECS | {"layout"},
    "measure": SPECS | {"cost", "layout", "spec", "scenario", "solve", "papers", "view"},
    "sensitivity": SPECS | {"papers", "cost", "scenario", "solve", "drafting"},
    "view": SPECS | {"papers", "cost", "scenario", "solve", "sensitivity", "targets"},
    "export": SPECS | {"cost", "scenario", "solve", "view", "spec"},
    "cli": SPECS
    | {
        "papers",
        "scenario",
        "solve",
        "sensitivity",
        "view",
        "spec",
        "export",
        "cost",
        "measure",
        "tui",
    },
    "tui": SPECS | {"scenario", "solve", "sensitivity", "view", "spec", "export", "measure"},
    "__main__": {"cli", "tui", "errors"},
    "__init__": set(),
}
"""The rows are the parts of the program, each with the parts it may import (besides itself)."""

ONLY = {"textual": {"tui"}, "plotext": {"tui"}, "yaml": {"spec"}, "rich": {"tui", "cli"}}
"""Packages that only some parts may import."""


REGISTRIES = {
    "infecon_tui.tui." + name
    for name in ("commands.places", "commands.registry", "commands.words", "options")
}
"""All that the command line may know of the explorer: what the manual is made from."""


def part_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{name.name}" for name in node.names}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return found


MODULES = sorted(ROOT.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_follow_the_arrows(path):
    part = part_of(path)
    ours = {name.split(".")[1] for name in imports(path) if name.startswith("infecon_tui.")}
    ours -= {"__version__"}
    assert ours - {part} <= ALLOWED[part]
    for package, parts in ONLY.items():
        used = any(name.split(".")[0] == package for name in imports(path))
        assert not used or part in parts, f"{part} imports {package}"


def test_the_command_line_knows_only_the_explorer_s_registries():
    for path in MODULES:
        if part_of(path) == "cli":
            tui = {name for name in imports(path) if name.startswith("infecon_tui.tui")}
            named = {
                name for name in tui if not any(name.startswith(f"{one}.") for one in REGISTRIES)
            }
            assert named <= REGISTRIES, path.name
            assert not named or path.name in ("manual.py", "options.py")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_and_functions_stay_small(path):
    text = path.read_text()
    assert len(text.splitlines()) <= 250
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno - node.lineno < 40, node.name


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("infecon_tui.view.editor.forms", {"textual", "yaml", "numpy", "plotext"}),
        ("infecon_tui.view.plots.figures", {"textual", "yaml", "plotext"}),
        ("infecon_tui.solve", {"textual", "yaml", "plotext", "rich"}),
        ("infecon_tui.cli.options", {"textual", "numpy", "yaml", "plotext", "rich"}),
        ("infecon_tui.__main__", {"textual", "numpy", "yaml", "plotext", "rich"}),
    ],
)
def test_what_a_part_loads(module, absent):
    code = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not absent & set(done.stdout.split())
