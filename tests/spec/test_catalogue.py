"""Every spec that is shipped: it loads, it comes back from YAML as it was, its numbers add up."""

from pathlib import Path

import pytest
import yaml

from infecon_tui.formats import BYTES_OF
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.knobs import Knob, leaves
from infecon_tui.spec.library import FOLDERS, SCHEMAS, from_node, shipped_root
from infecon_tui.spec.nodes import parse_yaml
from infecon_tui.spec.write import tree_of, yaml_text
from infecon_tui.workload.transformer import Transformer

REFERENCE = Path(__file__).parents[1] / "reference" / "erdil2025" / "models.yaml"


def files(cls):
    return sorted((shipped_root() / FOLDERS[cls]).rglob("*.yaml"))


def spec_id(path):
    return path.relative_to(shipped_root()).with_suffix("").as_posix().split("/", 1)[1]


def spec(cls, path):
    return from_node(cls, parse_yaml(path.read_text(), str(path)), str(path), spec_id(path))


SPECS = {cls: {spec_id(path): spec(cls, path) for path in files(cls)} for cls in FOLDERS}
EVERY = [(cls, name) for cls in FOLDERS for name in SPECS[cls]]
MODELS = [name for name in SPECS[Transformer] if not name.startswith("paper/")]
PAPER = [name for name in SPECS[Transformer] if name.startswith("paper/")]


def model(name):
    return SPECS[Transformer][name]


def test_the_catalogue_is_whole():
    assert len(MODELS) >= 172
    assert len(PAPER) == 21
    assert len(SPECS[Accelerator]) >= 69 + 9


@pytest.mark.parametrize(("cls", "name"), EVERY)
def test_a_spec_comes_back_from_yaml_as_it_was(cls, name):
    record = SPECS[cls][name]
    text = yaml_text({"schema": SCHEMAS[cls], **tree_of(record)})
    assert from_node(cls, parse_yaml(text, name), name, "") == record


@pytest.mark.parametrize(("cls", "name"), EVERY)
def test_every_number_has_a_source(cls, name):
    record = SPECS[cls][name]
    given = {key for key, text in record.sources if text}
    unnamed = [knob.path for knob in leaves(record) if is_number(knob) and not named(knob, given)]
    assert not unnamed
    known = [knob.path for knob in leaves(record)]
    known += ["max_context", "extra_params", "table_params"]
    known += ["published.params", "published.active_params"]
    assert not [key for key in given if not any(f"{path}.".startswith(f"{key}.") for path in known)]


def stated(tree, path=""):
    """Paths of the values in a file but for what only names the part."""
    for key, value in tree.items():
        here = f"{path}.{key}" if path else key
        if isinstance(value, dict):
            yield from stated(value, here)
        elif path or key in ("launch", "price", "list_price", "tdp"):
            yield here


FAMILIES = sorted((shipped_root() / "families").glob("*.yaml"))


@pytest.mark.parametrize("path", [*files(Accelerator), *FAMILIES], ids=lambda path: path.stem)
def test_a_file_says_where_the_numbers_in_it_are_from(path):
    """No number of an accelerator is taken for one of its family's source, nor the other way round."""
    tree = yaml.safe_load(path.read_text())
    given = tree.pop("sources")
    own = [name for name in stated(tree) if not name.endswith(".kind")]
    assert not [name for name in own if not any(f"{name}.".startswith(f"{key}.") for key in given)]
    assert not [key for key in given if not any(f"{name}.".startswith(f"{key}.") for name in own)]


def test_every_family_is_somebodys():
    trees = [yaml.safe_load(path.read_text()) for path in [*files(Accelerator), *FAMILIES]]
    assert {tree["like"] for tree in trees if "like" in tree} == {path.stem for path in FAMILIES}


def is_number(knob: Knob) -> bool:
    return isinstance(knob.value, int | float) and not isinstance(knob.value, bool)


def named(knob: Knob, given: set[str]) -> bool:
    """A source stands under the path of a value or under the start of it."""
    parts = knob.path.split(".")
    return any(".".join(parts[:count]) in given for count in range(1, len(parts) + 1))


@pytest.mark.parametrize("name", MODELS)
def test_params_are_those_published(name):
    said = model(name).published
    assert said.params
    assert stands_for(name, "params", model(name).params + said.beside_params, said.params)
    assert said.note or not said.beside_params


def stands_for(name, key, count, published):
    """Within 1 %, or the published digits after rounding or cutting."""
    path = shipped_root() / "models" / f"{name}.yaml"
    said = str(yaml.safe_load(path.read_text())["published"][key])
    digit = 1 if said.isdecimal() else last_digit(said)
    return abs(count / published - 1) < 0.01 or -digit / 2 <= count - published < digit


@pytest.mark.parametrize("name", MODELS)
def test_what_is_told_beside_the_params_is_the_rest_of_an_exact_count(name):
    """A count to the last element leaves 1 % for norms and biases at most, mostly a tenth of that."""
    said = model(name).published
    rest = said.params - model(name).params - said.beside_params
    exact = said.params % 1_000_000
    assert not exact or -0.0001 * said.params < rest < 0.005 * said.params


def active_counts(spec):
    """With the embeddings, without the input embedding, without both: publishers differ."""
    once = 0 if spec.tied_embeddings else spec.vocab * spec.d_model
    beside = spec.published.beside_params if "active count too" in spec.published.note else 0
    return [spec.active_params + beside - left for left in (0, once, spec.embedding_params)]


def last_digit(text):
    """What the last printed digit of a count counts: 1e8 for 45.9B."""
    scale = {"T": 1e12, "B": 1e9, "M": 1e6}[text[-1]]
    return scale / 10 ** len(text[:-1].partition(".")[2])


@pytest.mark.parametrize("name", [n for n in MODELS if model(n).published.active_params])
def test_active_params_are_those_published(name):
    published = model(name).published.active_params
    counts = active_counts(model(name))
    assert any(stands_for(name, "active_params", count, published) for count in counts)


@pytest.mark.parametrize("name", PAPER)
def test_paper_models_count_what_the_paper_counts(name):
    told = yaml.safe_load(REFERENCE.read_text())[name.removeprefix("paper/")]
    check, record = told["check"], model(name)
    # The paper counts the projection down to the latent vector once for keys and once for values.
    twice = told["layers"] * told.get("latent_kv", 0) * told["d_model"]
    assert record.params + twice == check["total_params"]
    assert record.embedding_params == check["embedding_params"]
    group = record.layers[0]
    assert group.count * group.attention.params(record.d_model) + twice == check["attention_params"]
    assert group.count * group.feed_forward.params(record.d_model) == check["feedforward_params"]
    cache = record.cache_elements(1) * BYTES_OF[record.precision.activations]
    assert cache == check["kv_bytes_per_position"]


KIB = 1024
CACHE_BYTES = [
    # Two times 8 heads of 128 in 80 layers, two bytes each.
    ("llama-3.1-70b", 1, 320 * KIB),
    ("llama-3.1-8b", 1, 128 * KIB),
    ("deepseek-v3", 1, (512 + 64) * 61 * 2),
    # The indexer adds a key of 128 to every layer.
    ("deepseek-v3.2", 1, (512 + 64 + 128) * 61 * 2),
    ("glm-5.3", 1, ((512 + 64) * 78 + 128 * 21) * 2),
    # A window of 4096 in all 32 layers.
    ("mistral-7b-v0.1", 100_000, 2 * 8 * 128 * 4096 * 32 * 2),
    # 18 layers with a window of 128, 18 with all positions; heads of 64.
    ("gpt-oss-120b", 10_000, 2 * 8 * 64 * 18 * (128 + 10_000) * 2),
    # Keys of 192 and values of 128: 4 heads in 9 full layers, 8 in 39 windows of 128.
    ("mimo-v2-flash", 10_000, (192 + 128) * (4 * 9 * 10_000 + 8 * 39 * 128) * 2),
    # 70 layers with a state of 64 heads x 128 x 128; 10 with 8 heads of keys and values.
    ("minimax-m1", 10_000, (70 * 64 * 128 * 128 + 10 * 2 * 8 * 128 * 10_000) * 2),
    # 48 states of 48 heads x 128 x 128 and 3 inputs of 2 x 2048 + 6144 channels; 16 full layers.
    (
        "qwen3.5-27b",
        10_000,
        (48 * (48 * 128 * 128 + 3 * (2 * 2048 + 6144)) + 16 * 2 * 4 * 256 * 10_000) * 2,
    ),
    # 23 states of 64 heads x 64 x 128 and 3 inputs of 4096 + 2 x 8 x 128 channels; 6 full layers.
    (
        "nemotron-3-nano-30b-a3b",
        10_000,
        (23 * (64 * 64 * 128 + 3 * (4096 + 2048)) + 6 * 2 * 2 * 128 * 10_000) * 2,
    ),
    # 43 windows of 128; 21 layers with an entry and an index key for 4 positions, 20 for 128.
    (
        "deepseek-v4-flash",
        12_800,
        (43 * 128 * 512 + 21 * 3200 * (512 + 128) + 20 * 100 * 512) * 2,
    ),
]


@pytest.mark.parametrize(("name", "positions", "expected"), CACHE_BYTES)
def test_cache_bytes(name, positions, expected):
    record = model(name)
    width = BYTES_OF[record.precision.activations]
    assert record.cache_elements(positions) * width == expected


@pytest.mark.parametrize("name", [n for n in SPECS[Accelerator] if not n.startswith("paper/")])
def test_parts_have_what_a_comparison_needs(name):
    part = SPECS[Accelerator][name]
    peaks = [part.arithmetic.peak_flops(kind) for kind in ("bf16", "fp8", "fp4")]
    assert any(peaks)
    assert part.hbm.bandwidth_Bps < max(peak for peak in peaks if peak)
    assert part.scale_up.link_Bps < part.hbm.bandwidth_Bps
    if part.scale_out:
        assert part.scale_out.link_Bps <= part.scale_up.link_Bps * 2
