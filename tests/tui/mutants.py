"""Specs and files that nobody would write: the catalogue's, with numbers, words and lines changed at random."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from infecon_tui.errors import InfeconError
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.spec.library import ids, load, shipped_root
from infecon_tui.workload.transformer import Transformer

if TYPE_CHECKING:
    import random
    from pathlib import Path

FOLDERS = {"models": Transformer, "hardware": Accelerator}
FACTORS = (0, 1e-6, 0.1, 0.5, 2, 3, 7, 10, 1e3, 1e9, -1, float("inf"), float("nan"))
TEXTS = (
    "",
    "x",
    "-1",
    "1e400",
    "4 us",
    "3 Gb/s",
    "%",
    "auto",
    "🦙",
    "a: b",
    "[",
    "null",
    "7" * 400,
)


def mutated(tree: Any, chance: random.Random, share: float) -> Any:
    """The tree with that share of its leaves changed."""
    if isinstance(tree, dict):
        return {key: mutated(value, chance, share) for key, value in tree.items()}
    if isinstance(tree, list):
        return [mutated(value, chance, share) for value in tree]
    if chance.random() >= share:
        return tree
    if isinstance(tree, bool):
        return not tree
    if isinstance(tree, int) and chance.random() < 0.7:
        return max(1, int(tree * chance.choice((0.5, 2, 3, 10))))
    return tree * chance.choice(FACTORS) if isinstance(tree, float) else chance.choice(TEXTS)


def write_specs(root: Path, chance: random.Random, count: int) -> None:
    """So many changed models and accelerators into a directory of specs; most of them can be read."""
    for folder, kind in FOLDERS.items():
        (root / folder).mkdir(parents=True, exist_ok=True)
        for number in range(count):
            name = chance.choice([one for one in ids(kind) if "/" not in one and "odd" not in one])
            text = next(shipped_root().glob(f"**/{name}.yaml")).read_text()
            tree = mutated(yaml.safe_load(text), chance, chance.choice((0.01, 0.03)))
            file = root / folder / f"odd-{number}.yaml"
            file.write_text(yaml.safe_dump({**tree, "id": file.stem}, allow_unicode=True))


def write_files(folder: Path, chance: random.Random, count: int) -> None:
    """So many scenario files with something wrong, or not, and one that is no text."""
    models, parts = ids(Transformer), ids(Accelerator)
    for number in range(count):
        tree = {
            "schema": "infecon/scenario/1",
            "model": chance.choice(models),
            "hardware": chance.choice(parts),
            "fidelity": chance.choice(("toy", "paper", "published", "deployment")),
            "workload": {"isl": chance.choice((1, 2048, 1e6)), "osl": chance.choice((1, 256))},
            "layout": {"gpus": chance.choice((1, 8, "auto")), "batch": chance.choice((1, "auto"))},
        }
        text = yaml.safe_dump(mutated(tree, chance, chance.choice((0.0, 0.2))), allow_unicode=True)
        if chance.random() < 0.2:
            text = text[: chance.randrange(len(text))]
        (folder / f"f{number}.yaml").write_text(text)
    (folder / "noise.yaml").write_bytes(chance.randbytes(300))


MEASURED = {
    "id": "r1",
    "engine": "vLLM",
    "model": "llama-3.1-8b",
    "gpu": "H100",
    "n_gpus": "1",
    "tp": "1",
    "batch_or_concurrency": "8",
    "isl": "1000",
    "osl": "200",
    "tpot_ms": "10",
    "purity": "serving",
}


def write_measurements(folder: Path, chance: random.Random, count: int) -> None:
    """So many benchmark files `m0.csv`…, each with some cells, columns or lines that are wrong."""
    wrong = (*TEXTS, *map(str, FACTORS), '"', "a,b", "1e9", "\x1b[31m", "DeepSeek-V3", "MI300X")
    for number in range(count):
        columns = list(MEASURED)
        if chance.random() < 0.2:
            columns.remove(chance.choice(columns))
        share = chance.choice((0.0, 0.05, 0.3))
        lines = [",".join(columns)]
        for _ in range(chance.choice((0, 1, 12))):
            row = MEASURED | {"batch_or_concurrency": str(2 ** chance.randrange(10))}
            cells = [
                row[name] if chance.random() >= share else chance.choice(wrong) for name in columns
            ]
            lines.append(",".join(cells))
        (folder / f"m{number}.csv").write_text(chance.choice(("\n", "\r\n")).join(lines))


def readable(root: Path) -> dict[str, list[str]]:
    """Which of the changed specs the reader takes, by folder."""
    found: dict[str, list[str]] = {folder: [] for folder in FOLDERS}
    for folder, kind in FOLDERS.items():
        for file in sorted((root / folder).glob("odd-*.yaml")):
            try:
                load(kind, file.stem)
            except InfeconError:
                continue
            found[folder].append(file.stem)
    return found
