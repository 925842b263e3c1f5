"""Scenario files: a scenario names its model and hardware and holds only what differs from them."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from infecon_tui.errors import InfeconError, Problem, SpecError
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.knobs import Knob, leaves, replaced, with_text
from infecon_tui.scenario import Scenario
from infecon_tui.spec.huggingface import is_config
from infecon_tui.spec.library import SCHEMAS, check_schema, known, load, opening_file, resolve
from infecon_tui.spec.nodes import Mapping, Scalar, describe, parse_yaml, read_text
from infecon_tui.spec.place import place
from infecon_tui.spec.read import record_of
from infecon_tui.spec.write import tree_of, yaml_text
from infecon_tui.values import exact_text
from infecon_tui.workload.transformer import Transformer

SCHEMA = "infecon/scenario/1"
DEFAULT_MODEL, DEFAULT_HARDWARE = "llama-3.1-70b", "h100-sxm"
SPECS = ("model", "hardware", "speculation.draft")
"""The paths at which a whole spec stands."""


def default_scenario(model: str = DEFAULT_MODEL, hardware: str = DEFAULT_HARDWARE) -> Scenario:
    """Two specs of the library and nothing else said: the published model."""
    return Scenario(model=load(Transformer, model), hardware=load(Accelerator, hardware))


def opening_scenario() -> Scenario:
    """What the explorer opens on. Raises InfeconError when a user's own cannot be read."""
    path = opening_file()
    return _opening(str(path), path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _opening(path: str, mtime_ns: int) -> Scenario:  # noqa: ARG001 - a changed file is read again
    return load_scenario(path)


def base_of(scenario: Scenario) -> Scenario:
    """The same specs as they stand in the library, and every number else as the explorer opens.

    The name and the notes are kept: they are not what a scenario asks.
    """
    try:
        opening = opening_scenario()
    except InfeconError:
        opening = default_scenario()
    draft = scenario.speculation.draft
    return replace(
        opening,
        model=_unchanged(scenario.model),
        hardware=_unchanged(scenario.hardware),
        speculation=replace(opening.speculation, draft=draft and _unchanged(draft)),
        name=scenario.name,
        notes=scenario.notes,
    )


def _unchanged(spec: Any) -> Any:
    """The library's spec of this id, or the spec itself when the library has none."""
    return known(type(spec), spec.id) or spec


def edited(scenario: Scenario, path: str, text: str) -> Scenario:
    """The scenario with one value changed to what a user typed. Raises InfeconError."""
    path = _full_path(path)
    text = text.strip()
    if path == "speculation.draft" and text.lower() in ("", "none", "off"):
        return replace(scenario, speculation=replace(scenario.speculation, draft=None))
    if path not in SPECS:
        changed = with_text(scenario, path, text)
        if path == "workload.context":
            # The context last asked for is meant, not one that follows from lengths set before.
            alone = replace(changed.workload, isl_tok=None, osl_tok=None)
            changed = replace(changed, workload=alone)
        _check(changed)
        return changed
    if path == "hardware":
        return replace(scenario, hardware=load(Accelerator, text))
    spec = load(Transformer, text)
    if path == "model":
        return replace(scenario, model=spec)
    return replace(scenario, speculation=replace(scenario.speculation, draft=spec))


def _full_path(path: str) -> str:
    """`precision.weights` is short for the model's."""
    return f"model.{path}" if path.startswith("precision.") else path


def _check(scenario: Scenario) -> None:
    """Raises InfeconError when the numbers of a model contradict each other."""
    models = [("model", scenario.model), ("speculation.draft", scenario.speculation.draft)]
    for path, model in models:
        for group in model.layers if model else ():
            for part in (group.attention, group.feed_forward):
                if found := (part.problems() if part else ()):
                    raise InfeconError(f"{path}: {'; '.join(found)}")


def load_scenario(path: Path | str) -> Scenario:
    """The scenario of a file. Raises SpecError with every problem in it."""
    path = place(str(path))
    return scenario_from_yaml(read_text(path), str(path))


def scenario_from_yaml(text: str, file: str) -> Scenario:
    """The scenario of a YAML text; `file` is the name that problems are reported under."""
    root = parse_yaml(text, file)
    schema = root.get("schema")
    said = schema.text if isinstance(schema, Scalar) else ""
    if said in SCHEMAS.values():
        kind = said.split("/")[1]
        fault = f"is a {kind} spec; name it under `{kind}:` in a scenario, or pass --{kind}"
        raise SpecError(file, [Problem(schema.line if schema else 1, "schema", fault)])
    if is_config(root):
        fault = (
            "is a Hugging Face config.json; name it under `model:` in a scenario, or pass --model"
        )
        raise SpecError(file, [Problem(root.line, "", fault)])
    check_schema(root, SCHEMA, file)
    given = {
        "model": _spec(Transformer, "model", root, file),
        "hardware": _spec(Accelerator, "hardware", root, file),
    }
    root, draft = _without_draft(root, file)
    plain = root.without("schema", "model", "hardware", "precision", "set")
    scenario = record_of(Scenario, plain, file, given)
    if draft is not None:
        scenario = replace(scenario, speculation=replace(scenario.speculation, draft=draft))
    scenario = _overlaid(scenario, root, file)
    if said := scenario.speculation.problem:
        node = root.get("speculation")
        raise SpecError(file, [Problem(node.line if node else root.line, "speculation", said)])
    return scenario


def _spec(cls: Any, key: str, root: Mapping, file: str) -> Any:
    node = root.get(key)
    if node is None:
        raise SpecError(file, [Problem(root.line, key, "is missing")])
    return resolve(cls, node, file)


def _without_draft(root: Mapping, file: str) -> tuple[Mapping, Transformer | None]:
    """The draft is named by id like the model, so it is taken out before the rest is read."""
    node = root.get("speculation")
    named = node.get("draft") if isinstance(node, Mapping) else None
    if not isinstance(node, Mapping) or named is None:
        return root, None
    items = tuple(
        (key, node.without("draft") if key.text == "speculation" else value)
        for key, value in root.items
    )
    off = isinstance(named, Scalar) and (named.null or named.text in ("none", "off"))
    return Mapping(root.line, items), None if off else resolve(Transformer, named, file)


def _overlaid(scenario: Scenario, root: Mapping, file: str) -> Scenario:
    """Applies `precision:` and `set:`, every problem at once."""
    problems: list[Problem] = []
    for key, prefix in (("precision", "model.precision."), ("set", "")):
        node = root.get(key)
        if node is None or (isinstance(node, Scalar) and node.null):
            continue
        if not isinstance(node, Mapping):
            found = f"expected paths and values, found {describe(node)}"
            raise SpecError(file, [Problem(node.line, key, found)])
        for name, value in node.items:
            text = value.text if isinstance(value, Scalar) else ""
            try:
                scenario = edited(scenario, prefix + name.text, text)
            except InfeconError as error:
                problems.append(Problem(name.line, key, str(error)))
    if problems:
        raise SpecError(file, problems)
    return scenario


def scenario_tree(scenario: Scenario) -> dict[str, Any]:
    """A scenario as its difference from the specs it names; a spec the library lacks is held whole."""
    tree: dict[str, Any] = {"schema": SCHEMA}
    if scenario.name:
        tree["name"] = scenario.name
    overlay: dict[str, str] = {}
    for key in ("model", "hardware"):
        tree[key] = _named(getattr(scenario, key), key, overlay)
    rest = tree_of(
        replace(scenario, speculation=replace(scenario.speculation, draft=None)), keep=("fidelity",)
    )
    del rest["model"], rest["hardware"]
    rest.pop("name", None)
    precision = {
        path.removeprefix("model.precision."): overlay.pop(path)
        for path in list(overlay)
        if path.startswith("model.precision.")
    }
    tree["fidelity"] = rest.pop("fidelity")
    if precision:
        tree["precision"] = precision
    if (draft := scenario.speculation.draft) is not None:
        named = _named(draft, "speculation.draft", overlay)
        rest["speculation"] = {"draft": named, **rest.get("speculation", {})}
    return tree | rest | ({"set": overlay} if overlay else {})


def _named(spec: Any, path: str, overlay: dict[str, str]) -> Any:
    """The id of a spec, its changes going to `overlay`; or all of it when more than values differ."""
    base = known(type(spec), spec.id)
    changed = None if base is None else _changed(base, spec)
    if changed is None:
        return {"schema": SCHEMAS[type(spec)], **tree_of(spec)}
    for knob in changed:
        overlay[f"{path}.{knob.path}"] = exact_text(knob.slot, knob.value)
    return spec.id


def _changed(base: Any, spec: Any) -> list[Knob] | None:
    """The values that make one spec of the other; None where no values do (kinds, hidden fields)."""
    before = {knob.path: knob.value for knob in leaves(base)}
    after = leaves(spec)
    if before.keys() != {knob.path for knob in after}:
        return None
    changed = [knob for knob in after if knob.value != before[knob.path]]
    for knob in changed:
        base = replaced(base, knob.path, knob.value)
    return changed if base == spec else None


def scenario_yaml(scenario: Scenario) -> str:
    """The scenario file; `scenario_from_yaml` gives exactly this scenario back."""
    return yaml_text(scenario_tree(scenario))
